"""Axes with round values, whose ends are known before anything is drawn: so a label can be put where it is free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dlrun.insight.curve_rows import TRAIN, CurveRows, Range
from dlrun.insight.figures.style import FEW
from dlrun.insight.ticks import linear_ticks, log_ticks

FEW_LINES = len(FEW)
"""So many lines are drawn with both curves in one frame; more of them get a frame for each curve."""
NEAR = 0.35
"""A baseline is shown when it lies within so much of the values' span beyond them."""
FAR = 2.0
"""Values are drawn at the edge where the outermost hundredth spans so many times what all others span."""


@dataclass(frozen=True)
class Axis:
    """One axis of a figure, in data and in points."""

    low: float
    high: float
    size: float
    """Length in points."""
    ticks: tuple[float, ...]
    title: str = ""
    log: bool = False
    format: str = ",~g"

    def place(self, value: float) -> float:
        """Points from the low end."""
        return (self._scaled(value) - self._scaled(self.low)) / self._span * self.size

    def value(self, place: float) -> float:
        """The value at so many points from the low end, which may lie beyond the axis."""
        scaled = self._scaled(self.low) + place / self.size * self._span
        return 10.0**scaled if self.log else scaled

    def scale(self) -> Any:
        """The `alt.Scale`."""
        import altair as alt

        if self.log:
            return alt.Scale(type="log", domain=[self.low, self.high], nice=False)
        return alt.Scale(domain=[self.low, self.high], nice=False, zero=False)

    def axis(self, labels: bool = True, grid: bool = True) -> Any:
        """The `alt.Axis`."""
        import altair as alt

        return alt.Axis(
            values=list(self.ticks),
            format=self.format,
            labels=labels,
            grid=grid,
            ticks=labels,
            titleLimit=max(self.size + 40, 200.0),
        )

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.log else value

    @property
    def _span(self) -> float:
        return self._scaled(self.high) - self._scaled(self.low)


def epoch_axis(epochs: Sequence[float], size: float) -> Axis:
    """Whole epochs; a lone one stands in the middle."""
    first, last = min(epochs, default=1), max(epochs, default=1)
    if first == last:
        return Axis(first - 0.5, first + 0.5, size, (first,), "epoch", format=",.0f")
    margin = (last - first) * 0.012
    ticks = [tick for tick in linear_ticks(first, last, max(3, int(size // 45))) if tick == int(tick)]
    return Axis(first - margin, last + margin, size, tuple(ticks), "epoch", format=",.0f")


def value_axis(rows: CurveRows, size: float) -> Axis:
    """The axis for all values of the rows, their bands and the baseline where it is near."""
    values = [point["value"] for point in (*rows.points, *rows.best)]
    values += [value for row in shown_band(rows) for value in (row["low"], row["high"])]
    low, high = reach(values, rows.log) if len(rows.lines) > FEW_LINES else _ends(values)
    if shown_baseline(rows) is not None:
        low, high = min(low, rows.baseline or low), max(high, rows.baseline or high)
    if rows.is_gap:
        low, high = min(low, 0.0), max(high, 0.0)
    return axis_between(low, high, size, rows.value_title, rows.log, rows.percent)


def axis_between(low: float, high: float, size: float, title: str, log: bool = False, percent: bool = False) -> Axis:
    """An axis with some room at both ends. A linear one begins at 0 where the values come near it, and shares end
    at 100 %."""
    most = max(3, int(size // 34))
    if log:
        ticks = log_ticks(low, high, 2 * most)
        room = (high / low) ** 0.03 * 1.02
        return Axis(low / room, high * room, size, tuple(ticks), title, log=True, format=_format(ticks, percent))
    if low == high:
        low, high = low - (abs(low) or 1.0) * 0.1, high + (abs(high) or 1.0) * 0.1
    room = (high - low) * 0.04
    bottom = 0.0 if 0 <= low < 0.5 * high else low - room
    top = min(high + room, 1.0) if percent and high <= 1.0 else high + room
    ticks = linear_ticks(bottom, top, most)
    return Axis(bottom, top, size, tuple(ticks), title, format=_format(ticks, percent))


def cut_off(rows: CurveRows, axis: Axis) -> str:
    """Says what lies beyond the axis; empty where it shows everything."""
    ends = _ends([point["value"] for point in rows.points])
    parts = [f"above {axis.high:.3g}"] if ends[1] > axis.high else []
    parts += [f"below {axis.low:.3g}"] if ends[0] < axis.low else []
    return f"values {' and '.join(parts)} are drawn at the edge" if parts else ""


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values, default=0.1), max(values, default=1.0)


def reach(values: Sequence[float], log: bool = False) -> tuple[float, float]:
    """The lowest and highest value to be shown: a few that lie far from all others are left out."""
    if not values:
        return (0.1, 1.0) if log else (0.0, 1.0)
    found = sorted(math.log10(value) if log else value for value in values)
    edge = len(found) // 100
    low, high = found[edge], found[-1 - edge]
    far = FAR * (high - low)
    near = [value for value in found if low - far <= value <= high + far]
    low, high = near[0], near[-1]
    return (10.0**low, 10.0**high) if log else (low, high)


def shown_band(rows: CurveRows) -> list[Range]:
    """The bands that are drawn: both of a lone line, of several those of validation, of many none."""
    if len(rows.lines) > FEW_LINES:
        return []
    return [row for row in rows.band if len(rows.lines) == 1 or row["curve"] != TRAIN]


def shown_baseline(rows: CurveRows) -> float | None:
    """The trivial predictor's value where it lies near the curves, so that showing it does not flatten them."""
    baseline = rows.baseline
    values = [point["value"] for point in rows.points]
    if baseline is None or not values or (rows.log and baseline <= 0):
        return None
    ends = reach(values, rows.log)
    low, high, place = (math.log10(value) if rows.log else value for value in (*ends, baseline))
    room = NEAR * (high - low)
    return baseline if low - room <= place <= high + room else None


def _format(ticks: Sequence[float], percent: bool) -> str:
    """d3's format; as many digits as tell neighbouring ticks apart."""
    if percent:
        steps = [abs(other - tick) for tick, other in pairwise(ticks)]
        digits = max(0, -math.floor(math.log10(min(steps, default=1.0) * 100) + 1e-9))
        return f".{digits}%"
    sizes = [abs(tick) for tick in ticks if tick]
    return ",.0f" if max(sizes, default=0) >= 1e5 and min(sizes) >= 1 else ",~g"  # 5,000,000 rather than 5e+6
