"""Descents as a picture: per surface the path of each optimizer over contour lines, and the value over the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.explore.descent import NAMES
from dlrun.insight.figures.starts import contour_rows
from dlrun.insight.figures.style import FEW, INK, PALE, QUIET, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.ticks import log_ticks
from dlrun.insight.words import said

ACROSS = 3
_WIDTH = 250
_LOWEST, _HIGHEST = 150, 250
_FLOOR = 1e-6
"""Values closer to the minimum are drawn at this height: a logarithmic axis knows no 0."""


def chart(descents: Sequence[Mapping[str, Any]], language: str = "en") -> Any:
    """The figure, an altair chart.

    Args:
        descents: one per surface: `surface`, `formula`, `x` and `y` (what is shown, low and high), `relief` (`x`, `y`,
            `values`), `levels`, `minima`, `lowest`, `paths` (`optimizer`, `learning_rate`, `x`, `y`, `value`) and
            `findings` (sentences).
    """
    import altair as alt

    blocks = [_block(one, language) for one in descents]
    return styled(alt.vconcat(*blocks, spacing=34).resolve_scale(color="independent"))


def _block(one: Mapping[str, Any], language: str) -> Any:
    """All panels of a surface."""
    import altair as alt

    inks = _inks(one["paths"])
    panels = [_panel(one, path, inks) for path in one["paths"]]
    panels.append(_values(one, inks, language))
    title = alt.Title(
        f"{said('explore.surface_' + one['surface'], language)}: {one['formula']}",
        subtitle=wrapped(one["findings"], ACROSS * _WIDTH + 100),
        limit=ACROSS * _WIDTH + 150,
    )
    return alt.concat(*panels, columns=min(ACROSS, len(panels)), spacing=18).properties(title=title)


def _inks(paths: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    order = list(NAMES)
    return {path["optimizer"]: FEW[order.index(path["optimizer"]) % len(FEW)] for path in paths}


def _height(one: Mapping[str, Any]) -> float:
    """Both axes to one scale where that gives a usable panel."""
    ratio = (one["y"][1] - one["y"][0]) / (one["x"][1] - one["x"][0])
    return float(min(_HIGHEST, max(_LOWEST, _WIDTH * ratio)))


def _panel(one: Mapping[str, Any], path: Mapping[str, Any], inks: Mapping[str, str]) -> Any:
    import altair as alt

    ink = inks[path["optimizer"]]
    x = alt.X(
        "x:Q", title=None, scale=alt.Scale(domain=list(one["x"]), nice=False), axis=alt.Axis(grid=False, tickCount=5)
    )
    y = alt.Y(
        "y:Q", title=None, scale=alt.Scale(domain=list(one["y"]), nice=False), axis=alt.Axis(grid=False, tickCount=5)
    )
    steps = [
        {"step": step, "x": a, "y": b, "value": value}
        for step, (a, b, value) in enumerate(zip(path["x"], path["y"], path["value"], strict=True))
        if None not in (a, b, value)
    ]
    walked = alt.Chart(inline_rows(steps)).encode(x=x, y=y)
    tooltip = ["step:Q", "x:Q", "y:Q", "value:Q"]
    minima = [{"x": a, "y": b} for a, b in one["minima"]]
    layers = [
        alt.Chart(inline_rows(contour_rows(one)))
        .mark_line(clip=True, stroke=PALE, strokeWidth=1)
        .encode(x=x, y=y, detail="line:N", order="place:Q"),
        alt.Chart(inline_rows(minima))
        .mark_point(shape="cross", size=70, fill=INK, stroke=None, clip=True)
        .encode(x=x, y=y),
        walked.mark_line(clip=True, stroke=ink, strokeWidth=1.6).encode(order="step:Q"),
        walked.mark_point(clip=True, filled=True, fill=ink, size=18, opacity=1).encode(tooltip=tooltip),
        alt.Chart(inline_rows(steps[:1]))
        .mark_point(clip=True, fill="white", stroke=ink, strokeWidth=2, size=60, opacity=1)
        .encode(x=x, y=y),
    ]
    name = f"{NAMES.get(path['optimizer'], path['optimizer'])}, {path['learning_rate']:g}"
    title = alt.Title(name, fontSize=13, color=ink, offset=6)
    return alt.layer(*layers).properties(width=_WIDTH, height=_height(one), title=title)


def _values(one: Mapping[str, Any], inks: Mapping[str, str], language: str) -> Any:
    """How far above the lowest minimum each path is after each step."""
    import altair as alt

    rows = [
        {
            "name": NAMES.get(path["optimizer"], path["optimizer"]),
            "step": step,
            "left": max(value - one["lowest"], _FLOOR),
        }
        for path in one["paths"]
        for step, value in enumerate(path["value"])
        if value is not None
    ]
    names = [NAMES.get(optimizer, optimizer) for optimizer in inks]
    color = alt.Color("name:N", scale=alt.Scale(domain=names, range=list(inks.values())), legend=None)
    top = max(path["value"][0] - one["lowest"] for path in one["paths"])
    low, high = max(min(row["left"] for row in rows), _FLOOR), 3 * top
    ticks = alt.Axis(values=log_ticks(low, high, 6), format="~g")
    y = alt.Y("left:Q", title=None, scale=alt.Scale(type="log", domain=[low, high], nice=False), axis=ticks)
    x = alt.X("step:Q", title=said("explore.step", language), axis=alt.Axis(grid=False, tickCount=5))
    title = alt.Title(said("explore.value_left", language), fontSize=13, color=QUIET, fontWeight="normal", offset=6)
    drawn = alt.Chart(inline_rows(rows)).mark_line(clip=True, strokeWidth=1.8)
    return drawn.encode(x=x, y=y, color=color).properties(width=_WIDTH, height=_height(one), title=title)
