"""What data becomes before training: arrays, a task, and all that is needed to prepare new rows the same way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from dlrun.data.streams import stream

_IMAGES_FOR_BACKGROUND = 1000


@dataclass(frozen=True)
class Task:
    """What is predicted."""

    kind: Literal["binary", "multiclass", "regression"]
    target: str
    """The target's name."""
    classes: tuple[str, ...] = ()
    """Labels as text, in the order of the class indices; empty for regression."""
    mean: float = 0.0
    spread: float = 1.0
    """Regression: a value in its own unit is `mean + spread * standardised value`."""
    shares: tuple[float, ...] = ()
    """The share of each class in all labelled rows, in the order of `classes`; empty for regression or if unknown."""

    @property
    def outputs(self) -> int:
        """Units of the output layer."""
        return len(self.classes) if self.kind == "multiclass" else 1


@dataclass(frozen=True)
class Rows:
    """Rows ready for training."""

    x: np.ndarray
    """float32 (rows, features), scaled."""
    y: np.ndarray
    """Class indices, int32 (rows,); regression: standardised targets, float32 (rows,)."""
    numbers: np.ndarray
    """int64 (rows,): each row's position in its source, from 0."""

    def __len__(self) -> int:
        return len(self.x)

    def take(self, indices: np.ndarray) -> Rows:
        """The rows at these positions."""
        return Rows(self.x[indices], self.y[indices], self.numbers[indices])


@dataclass(frozen=True)
class Prepared:
    """An experiment's data: split, scaled, fitted on train rows only."""

    train: Rows
    validation: Rows | None
    test: Rows | None
    task: Task
    feature_names: tuple[str, ...]
    preprocessing: dict[str, Any]
    """JSON-able: what was fitted, enough to prepare new rows the same way."""
    fingerprint: str
    """Hex digest of the data's content, without its path."""
    split_seed: int = 0
    notes: tuple[str, ...] = ()
    """What a user should know: rows dropped, columns left out."""
    source_rows: int = 0
    image: tuple[int, int, int] | None = None
    """(height, width, colours) where each row is an image's pixels, row after row and colour by colour."""
    numeric: np.ndarray | None = None
    """bool (features,): inputs that hold an amount, not a category, a truth value or a part of a date; None for all."""

    @cached_property
    def measured_train(self) -> Rows:
        """The train rows on which the honest train loss is measured: a fixed seeded subset as large as the
        validation rows, or all of them where there are fewer or nothing is held out. In source order."""
        if self.validation is None or len(self.validation) >= len(self.train):
            return self.train
        chosen = stream(self.split_seed, "measure").choice(len(self.train), len(self.validation), replace=False)
        return self.train.take(np.sort(chosen))

    @cached_property
    def background(self) -> np.ndarray:
        """(colours,): what images have around their subject: the median of the pixels at the edges of train images,
        as they are scaled. Raises LookupError where rows are no images."""
        if self.image is None:
            raise LookupError("image")
        some = self.train.x[:: 1 + (len(self.train) - 1) // _IMAGES_FOR_BACKGROUND].reshape(-1, *self.image)
        edges = (some[:, 0], some[:, -1], some[:, :, 0], some[:, :, -1])
        return np.asarray(np.median(np.concatenate(edges, axis=1), axis=(0, 1)).astype(np.float32))
