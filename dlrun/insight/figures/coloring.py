"""Which colour each of many lines has: its own, or that of a setting's value; and which lines are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dlrun.insight.curve_lines import Line
from dlrun.insight.curve_rows import CurveRows
from dlrun.insight.figures.style import FEW, MANY, PALE, colors, continuous, steps
from dlrun.insight.numbers import setting
from dlrun.insight.table import Column
from dlrun.insight.telling import GROUPS, is_numeric, telling_setting, wants_log
from dlrun.insight.ticks import linear_ticks, log_ticks
from dlrun.store.names import visible

ALL_NAMED = len(MANY)
"""So many lines are all named; of more only the best."""
BEST_NAMED = 3


@dataclass(frozen=True)
class Coloring:
    """The colours of some lines."""

    lines: tuple[Line, ...]
    named: tuple[Line, ...]
    """Lines that have a name beside them and stand in front."""
    setting: Column | None
    """The setting by which lines are coloured; None where they have colours of their own."""
    own: Mapping[str, str]
    """Label -> colour of those that have one of their own."""

    @classmethod
    def of(cls, rows: CurveRows) -> Coloring:
        """Up to twelve lines have a colour each; more go by the setting that tells most about their order."""
        if len(rows.lines) <= ALL_NAMED:
            return cls(rows.lines, rows.lines, None, dict(zip(_labels(rows.lines), _each(rows), strict=True)))
        best = tuple(rows.ranked[:BEST_NAMED])
        return cls(rows.lines, best, telling_setting(rows.lines, rows.settings), dict(zip(_labels(best), FEW)))  # noqa: B905

    def is_named(self, label: str) -> bool:
        return label in self._named

    def color(self, label: str) -> str:
        """A line's own colour, else that of its value; on a continuous scale a dark ink."""
        if self.setting is None:
            return self.own.get(label, PALE)
        return self._by_value.get(self._text(label), "#222222")

    def rows(self, points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The points with what decides their colour."""
        if self.is_continuous:
            return [{**point, "setting": self._value[point["line"]]} for point in points]
        if self.setting is not None:
            return [{**point, "setting": self._text(point["line"])} for point in points]
        return [{**point, "color": self.own.get(point["line"], PALE)} for point in points]

    def stroke(self) -> Any:
        """The encoding (`alt.Stroke`) of rows made by `rows`, with a legend of the setting's values."""
        import altair as alt

        if self.setting is None:
            return alt.Stroke("color:N", scale=None, legend=None)
        place: dict[str, Any] = {"title": visible(self.setting.title), "orient": "top", "titleOrient": "left"}
        if self.is_continuous:
            known = [value for value in self._value.values() if value is not None]
            low, high, log = min(known), max(known), wants_log(known)
            scale = continuous(low, high, log=log)
            ticks = [tick for tick in (log_ticks if log else linear_ticks)(low, high, 5) if low <= tick <= high]
            legend = alt.Legend(**place, gradientLength=180, gradientThickness=10, format=",~g", values=ticks)
            return alt.Stroke("setting:Q", scale=scale, legend=legend)
        scale = alt.Scale(domain=list(self._by_value), range=list(self._by_value.values()))
        legend = alt.Legend(**place, symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1)
        return alt.Stroke("setting:N", scale=scale, legend=legend)

    @cached_property
    def is_continuous(self) -> bool:
        """Whether the setting is a number of so many values that it needs a continuous scale."""
        values = list(self._value.values())
        return self.setting is not None and len(set(map(setting, values))) > GROUPS and is_numeric(values)

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(_labels(self.named))

    @cached_property
    def _value(self) -> dict[str, Any]:
        return {line.label: line.settings.get(self.setting.key) if self.setting else None for line in self.lines}

    @cached_property
    def _by_value(self) -> dict[str, str]:
        """A colour per value of the setting, the values in their order: from dark to light where they are numbers."""
        values = list(self._value.values())
        texts = list(dict.fromkeys(self._text(line.label) for line in sorted(self.lines, key=self._order)))
        return dict(zip(texts, steps(len(texts)) if is_numeric(values) else colors(len(texts)), strict=True))

    def _text(self, label: str) -> str:
        return visible(setting(self._value[label]))

    def _order(self, line: Line) -> tuple[bool, float, str]:
        value = self._value[line.label]
        number = float(value) if isinstance(value, (int, float)) else 0.0
        return (value is not None, number, str(value))


def _labels(lines: Sequence[Line]) -> list[str]:
    return [line.label for line in lines]


def _each(rows: CurveRows) -> Sequence[str]:
    """A colour per line; where one number alone differs, from dark to light."""
    if len(rows.settings) == 1 and is_numeric([line.settings.get(rows.settings[0].key) for line in rows.lines]):
        return steps(len(rows.lines))
    return colors(len(rows.lines))
