"""How often each class occurs, is given and is given rightly: all that accuracy, precision, recall and F1 need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tally:
    """Counts per class, each (classes,) or (resamples, classes)."""

    support: np.ndarray
    """Rows of the class."""
    given: np.ndarray
    """Rows that the net calls it."""
    hits: np.ndarray
    """Rows of the class that the net calls it."""

    @property
    def precision(self) -> np.ndarray:
        """Share of the rows called a class that are of it; 0 where no row is called so, as in scikit-learn."""
        return ratio(self.hits, self.given)

    @property
    def recall(self) -> np.ndarray:
        """Share of the rows of a class that are called it; 0 where there are none."""
        return ratio(self.hits, self.support)

    @property
    def f1(self) -> np.ndarray:
        """The harmonic mean of precision and recall; 0 where both are."""
        return ratio(2 * self.hits, self.support + self.given)

    @property
    def seen(self) -> np.ndarray:
        """Whether a class occurs or is given: over these scikit-learn takes its macro mean."""
        return np.asarray(self.support + self.given > 0)


def tally(true: np.ndarray, given: np.ndarray, classes: int, counts: np.ndarray | None = None) -> Tally:
    """The counts for class indices true and given, each (rows,).

    Args:
        classes: how many there are.
        counts: (resamples, rows): how often each row is drawn; once where not given.
    """
    right = true == given
    if counts is None:
        parts = [np.bincount(indices, minlength=classes) for indices in (true, given, true[right])]
    else:
        drawn = counts.astype(np.float32)  # a product of matrices, exact for counts below 2**24
        of_class = np.eye(classes, dtype=np.float32)
        parts = [drawn @ of_class[true], drawn @ of_class[given], drawn[:, right] @ of_class[true[right]]]
    return Tally(*(part.astype(np.float64) for part in parts))


def confusion_matrix(true: np.ndarray, given: np.ndarray, classes: int) -> np.ndarray:
    """int64 (classes, classes): rows are what is true, columns what the net says."""
    cells = np.bincount(true.astype(np.int64) * classes + given, minlength=classes * classes)
    return np.asarray(cells.reshape(classes, classes))


def mean_over(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """The mean along the last axis over the places where `among` holds; nan where it holds nowhere."""
    return ratio((values * among).sum(axis=-1), among.sum(axis=-1), np.nan)


def ratio(part: np.ndarray, whole: np.ndarray, without: float = 0.0) -> np.ndarray:
    """part / whole, and `without` where the whole is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(whole > 0, part / whole, without))
