"""The values of a swept key in order: as they are, or in ranges where there are too many."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dlrun.insight import numbers
from dlrun.store.names import visible

WIDE = 20
"""Positive numbers that span more than this factor are divided by ratios."""

_ALL_DIGITS = 17
"""Significant digits that tell any two numbers apart."""


@dataclass(frozen=True)
class Axis:
    """A key, its levels from low to high, and which level each configuration has."""

    key: str
    title: str
    levels: tuple[Any, ...]
    """The values; of ranges their middles."""
    labels: tuple[str, ...]
    places: tuple[int, ...]
    """Per configuration the position of its level."""
    ranges: tuple[tuple[float, float] | None, ...] = ()
    """The lowest and the highest value in each level, where levels are ranges; None for the level of those without a
    value."""

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """The ranges of numbers alone."""
        return tuple(span for span in self.ranges if span is not None)

    @property
    def numeric(self) -> bool:
        """Whether all levels are numbers, so that there is a direction."""
        return all(_is_number(level) for level in self.levels)

    @property
    def log(self) -> bool:
        """Whether equal ratios are the natural steps: positive numbers over a wide span."""
        return self.numeric and min(self.levels) > 0 and max(self.levels) > WIDE * min(self.levels)


def axis_of(key: str, title: str, column: Sequence[Any], most: int, ranges: int, alike: bool = False) -> Axis:
    """The axis of a key.

    Args:
        column: the value in each configuration.
        most: with more different values than this numbers are put into ranges; those without a value (None) stay a
            level of their own, before the ranges.
        ranges: how many.
        alike: ranges hold equally many configurations; else they are equally long, by ratio where the span is wide.
    """
    values = sorted({_token(value): value for value in column}.values(), key=_order)
    given = [value for value in values if value is not None]
    if len(values) > most and all(_is_number(value) for value in given):
        filled = [value for value in column if value is not None]
        found = _ranged(key, title, filled, _quantiles(filled, ranges) if alike else _steps(given, ranges))
        return found if len(given) == len(values) else _with_nothing(found, column)
    known = {_token(value): place for place, value in enumerate(values)}
    labels = tuple(visible(numbers.setting(value)) for value in values)
    return Axis(key, title, tuple(values), labels, tuple(known[_token(value)] for value in column))


def _ranged(key: str, title: str, column: Sequence[float], edges: Sequence[float]) -> Axis:
    """Levels between edges; those that hold nothing are left out."""
    places = [min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2) for value in column]
    used = sorted(set(places))
    inside = [[value for value, place in zip(column, places, strict=True) if place == level] for level in used]
    spans = tuple((min(values), max(values)) for values in inside)
    wide = min(column) > 0 and max(column) > WIDE * min(column)
    middles = _apart([_middle(*span, wide) for span in spans])
    labels = tuple(f"≈{numbers.setting(middle)}" for middle in middles)
    return Axis(key, title, middles, labels, tuple(used.index(place) for place in places), spans)


def _with_nothing(axis: Axis, column: Sequence[Any]) -> Axis:
    """The axis with a level in front for configurations without a value, which are not among its places."""
    places = iter(axis.places)
    all_places = tuple(0 if value is None else 1 + next(places) for value in column)
    label = visible(numbers.setting(None))
    return Axis(axis.key, axis.title, (None, *axis.levels), (label, *axis.labels), all_places, (None, *axis.ranges))


def _apart(values: Sequence[float]) -> tuple[float, ...]:
    """The values to two significant digits, or to as many as tell them apart: levels with one label would be drawn at
    one place."""
    for digits in range(2, _ALL_DIGITS):
        rounded = tuple(float(f"{value:.{digits}g}") for value in values)
        if len(set(rounded)) == len(values):
            return rounded
    return tuple(values)


def _steps(values: Sequence[float], ranges: int) -> list[float]:
    low, high = values[0], values[-1]
    if low > 0 and high > WIDE * low:
        return [low * (high / low) ** (step / ranges) for step in range(ranges + 1)]
    return [low + (high - low) * step / ranges for step in range(ranges + 1)]


def _quantiles(column: Sequence[float], ranges: int) -> list[float]:
    """Edges between which equally many values lie; equal values stay together."""
    ordered = sorted(column)
    inner = [ordered[round(len(ordered) * step / ranges)] for step in range(1, ranges)]
    edges = sorted({ordered[0], *inner, math.nextafter(ordered[-1], math.inf)})
    return edges if len(edges) > 1 else [ordered[0], ordered[-1]]


def _middle(low: float, high: float, wide: bool) -> float:
    return math.sqrt(low * high) if wide else (low + high) / 2


def is_regular(levels: Sequence[float]) -> str | None:
    """`ratio` or `step`: whether the last steps are equal by ratio or by difference; None for fewer than two levels.

    Of two levels it is the ratio where both are above 0.
    """
    if len(levels) < 2:
        return None
    if levels[0] > 0:
        ratios = [right / left for left, right in pairwise(levels)]
        if max(ratios) < 1.6 * min(ratios) and (len(levels) == 2 or not _equal_steps(levels)):
            return "ratio"
    return "step"


def _equal_steps(levels: Sequence[float]) -> bool:
    steps = [right - left for left, right in pairwise(levels)]
    return max(steps) - min(steps) <= 1e-9 * max(abs(level) for level in levels)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _order(value: Any) -> tuple[Any, ...]:
    """Nothing first, then numbers, then lists by their length, then texts."""
    if value is None:
        return (0,)
    if isinstance(value, (int, float)):
        return (1, value)
    if isinstance(value, (list, tuple)):
        return (2, len(value), [_order(item) for item in value])
    return (3, str(value))


def _token(value: Any) -> tuple[str, str]:
    kind = "number" if _is_number(value) else type(value).__name__
    return kind, repr(float(value)) if kind == "number" else repr(value)
