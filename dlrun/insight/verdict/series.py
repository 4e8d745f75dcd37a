"""Numbers of one curve: its noise, its slope, what it is without its noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

_OF_MEDIAN = 1.4826
"""Standard deviation of normal values over the median of their sizes."""
_OF_BENDS = math.sqrt(1.5)
"""Standard deviation of y[i] - (y[i-1] + y[i+1]) / 2 over that of independent errors in y."""

WIDEST = 50
"""Epochs on either side in a mean, at most."""


def noise(values: Sequence[float]) -> float | None:
    """The standard deviation of the error from epoch to epoch, whatever the trend; None for fewer than five values.

    From the median bend (half a second difference), which neither a trend nor a few spikes change.
    """
    if len(values) < 5:
        return None
    around = zip(values, values[1:], values[2:], strict=False)
    bends = [abs(middle - (before + after) / 2) for before, middle, after in around]
    return _OF_MEDIAN * median(bends) / _OF_BENDS


def slope(values: Sequence[float]) -> float:
    """The change per epoch of the straight line through the values by least squares; 0 for a single one."""
    middle = (len(values) - 1) / 2
    spread = sum((place - middle) ** 2 for place in range(len(values)))
    return sum((place - middle) * value for place, value in enumerate(values)) / spread if spread else 0.0


def slope_error(count: int, error: float) -> float:
    """The standard error of `slope` over so many values with independent errors of this size."""
    return error / math.sqrt(count * (count * count - 1) / 12) if count > 1 else math.inf


def window(count: int) -> int:
    """How many values `smoothed` takes the mean of."""
    return 2 * min(count // 20, WIDEST) + 1


def smoothed(values: Sequence[float]) -> list[float]:
    """Each value's mean with its neighbours, over about a tenth of the epochs; the ends over as many as there are."""
    reach = window(len(values)) // 2
    if reach == 0:
        return list(values)
    count = len(values)
    parts = (values[max(0, place - reach) : place + reach + 1] for place in range(count))
    return [sum(part) / len(part) for part in parts]


def rises(values: Sequence[float], size: float) -> int:
    """In how many epochs the curve rises by more than `size`."""
    return sum(after - before > size for before, after in pairwise(values))


def tail(values: Sequence[float], share: float, least: int) -> Sequence[float]:
    """The last values: this share of them, at least `least`."""
    return values[-max(least, math.ceil(len(values) * share)) :]
