"""Curves as a still picture: where lines, dots and ticks go. The page draws it with nothing but markup, so that it is
there for readers whose browser runs no scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from dlrun.insight.report.curve_data import RunCurves
from dlrun.insight.ticks import linear_ticks, log_ticks

WIDTH, HEIGHT = 760, 360
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 12, 42
SIDES = ("train", "validation")
_WIDE = 100
"""The vertical axis is logarithmic where the values are positive and span more than this factor."""
_WIDE_ACROSS = 8
"""The same for the horizontal axis."""

Spot = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """One line to draw."""

    color: int
    side: str
    """One of `SIDES`."""
    spots: list[Spot]
    dots: list[Spot] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One line, drawn."""

    color: int
    side: str
    points: str
    """Of an SVG polyline."""


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Still:
    """A picture of `WIDTH` x `HEIGHT`."""

    lines: list[Line] = field(default_factory=list)
    dots: list[tuple[float, float, int]] = field(default_factory=list)
    """x, y and colour."""
    across: list[Tick] = field(default_factory=list)
    up: list[Tick] = field(default_factory=list)


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high, value = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        share = (value - low) / (high - low) if high > low else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, most: int) -> list[Tick]:
        pick = log_ticks if self.log else linear_ticks
        return [Tick(self(at), f"{at:,g}") for at in pick(self.low, self.high, most) if self.low <= at <= self.high]


def still(picked: Sequence[Sequence[RunCurves]], measure: str = "loss") -> Still:
    """Train and validation curves of some configurations, each with its runs: a colour per configuration."""
    curves = [curve for color, group in enumerate(picked) for run in group for curve in _curves(run, measure, color)]
    return drawn(curves, across_log=False)


def drawn(curves: Sequence[Curve], across_log: bool | None = None) -> Still:
    """The picture of some curves; an empty one where there is nothing to draw.

    Args:
        across_log: whether the horizontal axis is logarithmic; None decides by the values.
    """
    spots = [spot for curve in curves for spot in curve.spots]
    if not spots:
        return Still()
    x = _across([spot[0] for spot in spots], across_log)
    y = _up([spot[1] for spot in spots])
    lines = [
        Line(curve.color, curve.side, " ".join(f"{x(at):g},{y(value):g}" for at, value in curve.spots))
        for curve in curves
        if curve.spots
    ]
    dots = [(x(at), y(value), curve.color) for curve in curves for at, value in curve.dots]
    return Still(lines, dots, x.ticks(10), y.ticks(10 if y.log else 7))


def _across(values: Sequence[float], log: bool | None) -> _Scale:
    low, high = min(values), max(values)
    return _Scale(low, high, LEFT, WIDTH - RIGHT, low > 0 and high > _WIDE_ACROSS * low if log is None else log)


def _up(values: Sequence[float]) -> _Scale:
    low, high = min(values), max(values)
    log = low > 0 and high > _WIDE * low
    if not log and 0 <= low < 0.5 * high:
        low = 0.0
    if low == high:
        low, high = low - 0.5, high + 0.5
    return _Scale(low, high, HEIGHT - BOTTOM, TOP, log)


def _curves(run: RunCurves, measure: str, color: int) -> list[Curve]:
    """Both curves of a run, the best epoch's dot on that of validation, or on the only one."""
    found = []
    columns = run.values[measure]
    for place, side in enumerate(SIDES):
        pairs = zip(run.epochs, columns[place], strict=False)
        spots = [(float(epoch), value) for epoch, value in pairs if value is not None]
        is_marked = side == SIDES[1] or not columns[1]
        found.append(Curve(color, side, spots, [spot for spot in spots if is_marked and spot[0] == run.best]))
    return found
