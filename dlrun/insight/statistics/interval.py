"""The interval of a mean: over seeds on one split, or over splits and folds, which share rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.insight.statistics.moments import deviation, mean
from dlrun.insight.statistics.sample import Sample
from dlrun.insight.statistics.student import PROBABILITY, t_quantile


@dataclass(frozen=True)
class Interval:
    """A mean and how sure it is."""

    mean: float
    error: float | None = None
    """Standard error; None for one value."""
    half: float | None = None
    """Half of the 95 % interval; None for one value."""
    count: int = 1
    """Values behind it."""

    @property
    def low(self) -> float | None:
        return None if self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        return None if self.half is None else self.mean + self.half


def mean_interval(values: Sequence[float], overlap: float = 0.0, probability: float = PROBABILITY) -> Interval | None:
    """The mean and its interval by Student's t; None without values.

    Args:
        values: one per independent repetition; where they come from folds or splits of the same rows, one per fold or
            split, and `overlap` is not 0.
        overlap: validation rows per train row. Splits of the same rows are not independent, so the variance of the mean
            is (1/n + overlap) s^2 in place of s^2/n (Nadeau & Bengio 2003, "Inference for the generalization error").
    """
    if not values:
        return None
    count = len(values)
    if count == 1:
        return Interval(values[0])
    error = math.sqrt(1 / count + overlap) * deviation(values)
    return Interval(mean(values), error, t_quantile(count - 1, probability) * error, count)


def half_width(values: Sequence[float]) -> float | None:
    """Half of the 95 % interval of the mean by Student's t; None for fewer than two values."""
    found = mean_interval(values)
    return None if found is None else found.half


def interval_of(sample: Sample) -> Interval | None:
    """The interval of a configuration's mean, over what its runs differ in; None without values."""
    return mean_interval(sample.replicates, sample.shared)
