"""Columns that give the target away: one alone predicts it nearly without error, so it was probably made from it.

A quick check, column by column, on train rows: half of them say what each value of the column means, the other half are
predicted. Columns that are merely very good may be found too: it is a warning, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dlrun.data.prepared import Task
from dlrun.data.streams import stream
from dlrun.data.table import Column, Numeric, Table
from dlrun.data.understanding import Meaning, values_of

MOST_ROWS = 20_000
FEWEST_ROWS = 40
"""Below so many rows a perfect column is nothing strange."""
MOST_CORRELATED = 0.999
MOST_ACCURATE = 0.995
ERRORS_LEFT = 0.1
"""... and no more than this share of the errors that the trivial predictor makes."""
FEWEST_OTHERS = 20
"""Rows outside the most frequent class below which chance alone may sort them out."""
BINS = 256


@dataclass(frozen=True)
class Giveaway:
    """A column that predicts the target alone."""

    column: str
    score: float
    """Accuracy on held-out rows for classes; absolute correlation for a number."""
    measure: str
    """accuracy or correlation."""

    def __str__(self) -> str:
        how = f"alone predicts the target with accuracy {self.score:.4g}"
        if self.measure == "correlation":
            how = f"has correlation {self.score:.5g} with the target"
        return f"Column {self.column!r} {how}: was it made from it? If new rows will not have it, `exclude` it."


def giveaways(
    train: Table, features: Sequence[str], meanings: Mapping[str, Meaning], task: Task, targets: np.ndarray
) -> tuple[Giveaway, ...]:
    """The columns among the features that give the target away, the best first.

    Args:
        targets: (rows,) class indices or amounts, in any unit.
    """
    if train.white is not None or train.keep_constant or len(train) < FEWEST_ROWS:
        return ()
    rows = _sample(len(train))
    y = targets[rows]
    found = [
        _of_column(name, _codes_and_values(train.columns[name].take(rows), meanings[name]), y, task)
        for name in features
    ]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.score))


def _sample(rows: int) -> np.ndarray:
    """Positions in random order, at most `MOST_ROWS`: the first half tells, the second is predicted."""
    return stream(0, "giveaway").permutation(rows)[:MOST_ROWS]


def _codes_and_values(column: Column, meaning: Meaning) -> tuple[np.ndarray, np.ndarray | None]:
    """int (rows,) of the cell each row falls in, and the numbers, where the column is one of numbers."""
    if meaning.kind == "category":
        text = column.as_text() if isinstance(column, Numeric) else column
        return text.codes + 1, None
    values = values_of(column, meaning)
    distinct, codes = np.unique(values, return_inverse=True)
    if len(distinct) > BINS:
        edges = np.quantile(values[~np.isnan(values)], np.linspace(0, 1, BINS + 1)[1:-1])
        codes = np.where(np.isnan(values), BINS, np.searchsorted(edges, values))
    return codes.reshape(-1), values


def _of_column(name: str, column: tuple[np.ndarray, np.ndarray | None], y: np.ndarray, task: Task) -> Giveaway | None:
    codes, values = column
    if task.kind == "regression":
        score = max(_correlation(values, y), _correlation(_means(codes, y), y, second_half=True))
        return Giveaway(name, score, "correlation") if score > MOST_CORRELATED else None
    classes = len(task.classes)
    others = len(y) - int(np.bincount(y, minlength=classes).max())
    if others < FEWEST_OTHERS:
        return None
    accuracy = _majority(codes, y, classes)
    if values is not None:
        accuracy = max(accuracy, _nearest(values, y), _stump(values, y) if classes == 2 else 0.0)
    good = accuracy >= MOST_ACCURATE and 1 - accuracy <= ERRORS_LEFT * others / len(y)
    return Giveaway(name, accuracy, "accuracy") if good else None


def _correlation(values: np.ndarray | None, y: np.ndarray, second_half: bool = False) -> float:
    """Absolute Pearson correlation over the rows that have a value; 0 where it is not defined."""
    if values is None:
        return 0.0
    known = ~np.isnan(values)
    if second_half:
        known[: len(y) // 2] = False
    if known.sum() < FEWEST_ROWS / 2 or known.sum() < len(y) / 4:
        return 0.0
    with np.errstate(all="ignore"):
        a, b = values[known] - values[known].mean(), y[known] - y[known].mean()
        score = abs(float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())))
    return min(score, 1.0) if np.isfinite(score) else 0.0


def _means(codes: np.ndarray, y: np.ndarray) -> np.ndarray:
    """float64 (rows,): the mean target of the first half's rows in the same cell; NaN where there are none."""
    half, cells = len(y) // 2, int(codes.max()) + 1
    sums = np.bincount(codes[:half], weights=y[:half], minlength=cells)
    counts = np.bincount(codes[:half], minlength=cells)
    means = np.divide(sums, counts, out=np.full(cells, np.nan), where=counts > 0)
    return np.asarray(means[codes])


def _majority(codes: np.ndarray, y: np.ndarray, classes: int) -> float:
    """Accuracy on the second half of the most frequent class of each cell in the first half."""
    half, cells = len(y) // 2, int(codes.max()) + 1
    table = np.bincount(codes[:half] * classes + y[:half], minlength=cells * classes).reshape(cells, classes)
    usual = int(np.bincount(y[:half], minlength=classes).argmax())
    guess = np.where(table.sum(axis=1) > 0, table.argmax(axis=1), usual)
    return float((guess[codes[half:]] == y[half:]).mean())


def _nearest(values: np.ndarray, y: np.ndarray) -> float:
    """Accuracy on the second half of the class of the nearest value in the first; rows without a value are errors."""
    half = len(y) // 2
    known = np.flatnonzero(~np.isnan(values[:half]))
    if not len(known):
        return 0.0
    known = known[np.argsort(values[known], kind="stable")]
    middles = (values[known][1:] + values[known][:-1]) / 2
    guess = y[known][np.searchsorted(middles, values[half:])]
    return float(((guess == y[half:]) & ~np.isnan(values[half:])).mean())


def _stump(values: np.ndarray, y: np.ndarray) -> float:
    """Accuracy of the best single threshold for two classes; rows without a value count as errors."""
    known = ~np.isnan(values)
    order = np.argsort(values[known], kind="stable")
    x, ones = values[known][order], y[known][order] == 1
    if not len(x):
        return 0.0
    before = np.concatenate([[0], np.cumsum(ones)])  # ones among the first i
    below = np.arange(len(x) + 1)
    right = (below - before) + (before[-1] - before)  # zeros below the cut and ones above it
    cuts = np.concatenate([[True], x[1:] > x[:-1], [True]])
    best = max(right[cuts].max(), (len(x) - right[cuts]).max())
    return float(best / len(y))
