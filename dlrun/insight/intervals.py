"""Intervals of a mean over a few runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import stdev

PROBABILITY = 0.95


def half_width(values: Sequence[float]) -> float | None:
    """Half of the 95 % interval of the mean by Student's t; None for fewer than two values."""
    if len(values) < 2:
        return None
    return t_quantile(len(values) - 1) * stdev(values) / math.sqrt(len(values))


@cache
def t_quantile(freedom: int) -> float:
    """The t that a variable with so many degrees of freedom stays below, in size, with a chance of 95 %."""
    low, high = 0.0, 1000.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if t_share(middle, freedom) < PROBABILITY else (low, middle)
    return (low + high) / 2


def t_share(t: float, freedom: int) -> float:
    """The chance that Student's t lies between -t and t; whole degrees of freedom (Abramowitz & Stegun 26.7.3-4)."""
    angle = math.atan(t / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    if freedom % 2 == 0:
        return math.sin(angle) * _series(square, first=1, terms=freedom // 2)
    rest = math.sin(angle) * math.cos(angle) * _series(square, first=2, terms=(freedom - 1) // 2)
    return 2 / math.pi * (angle + rest)


def _series(square: float, first: int, terms: int) -> float:
    """1 + n/(n+1) x + n(n+2)/((n+1)(n+3)) x^2 + ..., where n is `first`."""
    total, term = 0.0, 1.0
    for place in range(terms):
        total += term
        term *= square * (first + 2 * place) / (first + 2 * place + 1)
    return total
