"""Where every value stands on one axis that all configurations share, in per cent of its length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.insight import numbers

_MARGIN = 2.0
_WIDE = 10
"""The axis is logarithmic where the values are positive and span more than this factor."""


@dataclass(frozen=True)
class Strip:
    """One configuration's values, its mean and its interval."""

    dots: list[float]
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Strips:
    """All configurations, and what the ends of the axis stand for."""

    rows: list[Strip]
    low: str
    high: str
    log: bool


def strips(values: Sequence[Sequence[float]], means: Sequence[float | None], around: Sequence[float | None]) -> Strips:
    """The strips of some configurations.

    Args:
        values: per configuration those of its runs.
        around: half of each mean's 95 % interval; None where it is not known.
    """
    every = [value for row in values for value in row]
    low, high = min(every, default=0.0), max(every, default=0.0)
    log = low > 0 and high > _WIDE * low

    def place(value: float) -> float:
        ends = [math.log10(max(v, low)) if log else v for v in (low, high, value)]
        share = (ends[2] - ends[0]) / (ends[1] - ends[0]) if ends[1] > ends[0] else 0.5
        return round(_MARGIN + (100 - 2 * _MARGIN) * min(1.0, max(0.0, share)), 2)

    rows = [
        Strip(
            [place(value) for value in row],
            None if mean is None else place(mean),
            None if mean is None or half is None else place(mean - half),
            None if mean is None or half is None else place(mean + half),
        )
        for row, mean, half in zip(values, means, around, strict=True)
    ]
    return Strips(rows, numbers.number(low if every else None), numbers.number(high if every else None), log)
