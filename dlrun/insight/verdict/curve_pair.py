"""The two losses of a run as far as they are finite, and the places in them that count."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dlrun.insight.verdict import series
from dlrun.store import Record


@dataclass(frozen=True)
class CurvePair:
    """Train and validation loss per epoch, finite throughout, the measured start (epoch 0) left out."""

    first: int
    """The epoch of the first value."""
    train: Sequence[float]
    val: Sequence[float]
    """Empty where there are no validation rows."""
    broken: bool
    """Whether a value came that is not finite."""

    @property
    def watched(self) -> Sequence[float]:
        """The curve that decides: validation, else train."""
        return self.val or self.train

    @cached_property
    def best(self) -> int:
        """The place of its lowest value."""
        return min(range(len(self.watched)), key=self.watched.__getitem__)

    @cached_property
    def smooth_train(self) -> list[float]:
        return series.smoothed(self.train)

    @cached_property
    def smooth_val(self) -> list[float]:
        return series.smoothed(self.val)

    @cached_property
    def noise_train(self) -> float | None:
        return series.noise(self.train)

    @cached_property
    def noise_val(self) -> float | None:
        return series.noise(self.val)

    @cached_property
    def signed(self) -> bool:
        """Whether a loss falls below 0, so that its zero means nothing."""
        return min(min(self.train), min(self.watched)) < 0

    def kept(self, record: Record) -> int:
        """The place of the weights that are kept; of a run that says nothing of it, the best."""
        epoch = record.get("kept_epoch")
        place = self.best if epoch is None else epoch - self.first
        return place if 0 <= place < len(self.train) else self.best


def curve_pair(curves: Mapping[str, Sequence[float]]) -> CurvePair:
    """Both losses up to the first epoch in which one is not finite."""
    train, val = list(curves.get("train_loss", ())), list(curves.get("val_loss", ()))
    epochs = list(curves.get("epoch") or range(1, len(train) + 1))
    start = 1 if epochs and epochs[0] == 0 else 0
    end = start
    while end < len(train) and math.isfinite(train[end]) and (not val or math.isfinite(val[end])):
        end += 1
    first = int(epochs[start]) if start < len(epochs) else 1
    return CurvePair(first, train[start:end], val[start:end], end < len(train))
