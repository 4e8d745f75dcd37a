"""Student's t without scipy, whose import takes longer than all of `compare`."""

from __future__ import annotations

import math
from functools import cache

PROBABILITY = 0.95
"""Of every interval."""
_STEPS = 200
_MOST_TERMS = 2000
_ENOUGH = 1e-15


@cache
def t_quantile(freedom: float, probability: float = PROBABILITY) -> float:
    """The t that a variable with so many degrees of freedom stays below, in size, with this probability.

    Newton's method from the left: the tail is convex there, so that no step goes too far.
    """
    t, tail = 0.5, 1 - probability
    for _ in range(_STEPS):
        step = (two_sided(t, freedom) - tail) / (2 * _density(t, freedom))
        t += step
        if abs(step) <= 1e-13 * t:
            break
    return t


def two_sided(t: float, freedom: float) -> float:
    """The chance that Student's t is at least so far from 0: the p-value. Degrees of freedom need not be whole."""
    if math.isinf(t):
        return 0.0
    whole = freedom + t * t
    return _incomplete_beta(freedom / 2, 0.5, freedom / whole, t * t / whole)  # 1 - x would lose a small t


def _density(t: float, freedom: float) -> float:
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for x from 0 to 1 (DLMF 8.17.22, 8.17.4)."""
    return _incomplete_beta(a, b, x, 1 - x)


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b), where `rest` is 1 - x, to more digits than the subtraction gives."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, rest, x)
    beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return math.exp(a * math.log(x) + b * math.log(rest) - beta) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 1 + d1/(1 + d2/(1 + ...)), by Lentz' method."""
    value, c, d = 1.0, 1.0, 0.0
    for place in range(1, _MOST_TERMS):
        term = _term(place, a, b, x)
        d = 1 / (1 + term * d)
        c = 1 + term / c
        value *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return value


def _term(place: int, a: float, b: float, x: float) -> float:
    m = place // 2
    if place % 2 == 0:
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
