"""Effects as a picture: a panel per key, its levels with means and intervals, the configurations behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight.figures.round_ticks import ticks_within
from dlrun.insight.figures.style import FEW, PALE, QUIET, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.maps.capacity import value_said
from dlrun.insight.maps.effect import Effects, KeyEffect
from dlrun.insight.maps.effect_findings import findings
from dlrun.insight.words import said
from dlrun.store.names import visible

HEIGHT, COLUMNS, PER_LEVEL = 240, 3, 52
_MOST_WORDS = 3


def chart(found: Effects, language: str = "en") -> Any:
    """The figure, an altair chart: panels in the order of the shares that keys explain, on one vertical axis."""
    import altair as alt

    scale, ticks = _scale(found)
    panels = [_panel(found, key, scale, ticks, place % COLUMNS == 0, language) for place, key in enumerate(found.keys)]
    figure = alt.concat(*panels, columns=COLUMNS, spacing=22)
    words = [one.text(language) for one in findings(found)]
    shown = words[:_MOST_WORDS] + words[-1:] if len(words) > _MOST_WORDS else words
    width = sum(_width(key) + 40 for key in found.keys[:COLUMNS]) + 40
    return styled(figure, found.name, wrapped(shown, width))


def _panel(
    found: Effects, key: KeyEffect, scale: Any, ticks: Sequence[float] | None, first: bool, language: str
) -> Any:
    import altair as alt

    y_title = (
        said("maps.mean_log" if found.log else "maps.mean", language, value=value_said(found.monitor))
        if first
        else None
    )
    axis = alt.Axis(values=list(ticks), format="~g") if ticks else alt.Axis(tickCount=6)
    x = _x(key)
    y = alt.Y("mean:Q", title=y_title, scale=scale, axis=axis)
    levels = alt.Chart(inline_rows(_levels(key)))
    behind = alt.Chart(inline_rows([{"level": level, "mean": mean} for level, mean in key.points]))
    middle = alt.Chart(inline_rows([{"mean": found.mean}]))
    color = alt.Color("ink:N", scale=None)
    layers = [
        middle.mark_rule(stroke=QUIET, strokeDash=[2, 3]).encode(y=y),
        behind.mark_point(filled=True, fill=PALE, size=18, opacity=0.7).encode(x=x, y=y),
        levels.mark_line(stroke=FEW[0], strokeWidth=1.5, opacity=0.5).encode(x=x, y=y) if key.in_order else None,
        levels.transform_filter("datum.low !== null")
        .mark_rule(strokeWidth=3)
        .encode(x=x, y=alt.Y("low:Q", scale=scale, title=y_title), y2="high:Q", color=color),
        levels.mark_point(filled=True, size=34, opacity=1).encode(
            x=x, y=y, color=color, tooltip=["level:N", "mean:Q", "low:Q", "high:Q", "configurations:Q"]
        ),
    ]
    title = alt.Title(
        visible(key.title),
        subtitle=said("maps.explains", language, share=f"{100 * key.share:.0f}"),
        fontSize=13,
        fontWeight="normal",
        anchor="start",
    )
    drawn = [layer for layer in layers if layer is not None]
    return alt.layer(*drawn).properties(width=_width(key), height=HEIGHT, title=title)


def _width(key: KeyEffect) -> int:
    return 260 if key.by_value else max(130, min(420, PER_LEVEL * len(key.levels)))


def _x(key: KeyEffect) -> Any:
    import altair as alt

    title = visible(key.key)
    if not key.by_value:
        labels = [level.label for level in key.levels]
        longest = max(map(len, labels))
        axis = alt.Axis(labelAngle=0 if longest * 7 < PER_LEVEL else -40, labelLimit=140, labelOverlap=False)
        return alt.X("level:O", sort=labels, title=title, axis=axis)
    values = [value for value, _ in key.points]
    if key.wide:
        axis = alt.Axis(values=ticks_within(min(values), max(values), 6, True), format="~g")
        return alt.X("level:Q", title=title, scale=alt.Scale(type="log", nice=False, padding=8), axis=axis)
    return alt.X("level:Q", title=title, scale=alt.Scale(zero=False, nice=False, padding=8), axis=alt.Axis(tickCount=5))


def _levels(key: KeyEffect) -> list[dict[str, Any]]:
    return [
        {
            "level": level.value if key.by_value else level.label,
            "mean": level.mean,
            "low": level.low,
            "high": level.high,
            "configurations": level.configurations,
            "ink": FEW[1] if place == key.best else FEW[0],
        }
        for place, level in enumerate(key.levels)
    ]


def _scale(found: Effects) -> tuple[Any, list[float] | None]:
    """The vertical axis of all panels, logarithmic where effects are factors."""
    import altair as alt

    means = [mean for key in found.keys for _, mean in key.points]
    bounds = [v for key in found.keys for level in key.levels for v in (level.low, level.high) if v is not None]
    low, high = min([*means, *bounds]), max([*means, *bounds])
    if found.log:
        low, high = low / 1.1, high * 1.1
        return alt.Scale(type="log", domain=[low, high], nice=False), ticks_within(low, high, 8, True)
    room = 0.05 * (high - low) or 1.0
    return alt.Scale(domain=[low - room, high + room], nice=False), None
