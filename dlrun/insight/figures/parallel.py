"""Parallel coordinates: a line per configuration through its settings to its result, the best in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight.figures.style import HEIGHT, INK, QUIET, continuous, inline_rows, styled
from dlrun.insight.parallel_rows import ParallelRows, best_words
from dlrun.insight.telling import wants_log

APART = 165
"""Points between two axes."""
BEST = 3
FAN = 0.045
"""Lines through one place of an axis are fanned out over so much of it, the best on top, so that each is seen."""
FANNED_FROM = 8
"""With fewer lines there is nothing to fan out."""


def parallel_chart(rows: ParallelRows, hover: bool = False) -> Any:
    """The figure, an altair chart.

    Args:
        hover: lines say what they are, for a page.
    """
    import altair as alt

    width = APART * (len(rows.axes) - 1)
    points = _points(rows)
    best = [line.label for line in rows.lines[:BEST]] if len(rows.lines) > FANNED_FROM else [rows.lines[0].label]
    front = [point for point in points if point["line"] in best]
    back = [point for point in points if point["line"] not in best]
    faint = max(0.25, min(0.9, 20 / len(rows.lines) ** 0.7))
    pale: dict[str, Any] = {"strokeOpacity": faint, "strokeWidth": 1.4, "interpolate": "monotone"}
    layers = [
        *([_lines(back, rows, hover).mark_line(**pale)] if back else []),
        _places(front).mark_line(color=INK, strokeWidth=3.6, interpolate="monotone").encode(detail="line:N"),
        _lines(front, rows, hover).mark_line(strokeWidth=2.2, interpolate="monotone"),
        *_axes(rows),
    ]
    figure = alt.layer(*layers).properties(width=width, height=HEIGHT)
    return styled(
        figure, rows.title, f"{best_words(rows)}; the last axis has its best value on top", limit=max(width, 500)
    )


def _points(rows: ParallelRows) -> list[dict[str, Any]]:
    """A point per line and axis."""
    number = len(rows.lines)
    offsets = [FAN * (0.5 - rank / (number - 1)) if number > FANNED_FROM else 0.0 for rank in range(number)]
    last = len(rows.axes) - 1
    return [
        {"line": line.label, "axis": axis, "place": place + (offset if axis < last else 0.0), "result": line.value}
        for line, offset in zip(reversed(rows.lines), reversed(offsets), strict=True)
        for axis, place in enumerate(line.places)
    ]


def _places(points: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    # without domains of its own each layer would stretch to its rows
    return alt.Chart(inline_rows(points)).encode(x=_x(points), y=_y())


def _x(points: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    last = max((point["axis"] for point in points), default=1)
    return alt.X("axis:Q", axis=None, scale=alt.Scale(domain=[0, last], nice=False))


def _y(field: str = "place") -> Any:
    import altair as alt

    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[-FAN, 1 + FAN], nice=False))


def _lines(points: Sequence[dict[str, Any]], rows: ParallelRows, hover: bool) -> Any:
    import altair as alt

    values = [line.value for line in rows.lines]
    dark_is_high = rows.lines[0].value > rows.lines[-1].value
    scale = continuous(min(values), max(values), log=wants_log(values), reverse=dark_is_high)
    chart = _places(points).encode(stroke=alt.Stroke("result:Q", scale=scale, legend=None), detail="line:N")
    if not hover:
        return chart
    return chart.encode(tooltip=[alt.Tooltip("line:N", title="configuration"), alt.Tooltip("result:Q", format=".4~g")])


def _axes(rows: ParallelRows) -> list[Any]:
    """A rule per axis with its title above and its values beside it, which are legible on any line."""
    import altair as alt

    last = len(rows.axes) - 1
    heads = [{"axis": at, "place": 1 + FAN, "foot": -FAN, "text": axis.title} for at, axis in enumerate(rows.axes)]
    ticks: list[dict[str, Any]] = [
        {"axis": at, "place": place, "text": text} for at, axis in enumerate(rows.axes) for place, text in axis.ticks
    ]
    rules = alt.Chart(inline_rows(heads)).mark_rule(stroke="#999999").encode(x=_x(heads), y=_y(), y2="foot:Q")
    titles = alt.Chart(inline_rows(heads)).mark_text(baseline="bottom", dy=-8, fontSize=13, color=INK, limit=APART - 10)
    layers = [rules, titles.encode(x=_x(heads), y=_y(), text="text:N")]
    layers += _tick_words([tick for tick in ticks if tick["axis"] < last], "right", heads)
    return layers + _tick_words([tick for tick in ticks if tick["axis"] == last], "left", heads)


def _tick_words(ticks: Sequence[dict[str, Any]], align: Any, heads: Sequence[dict[str, Any]]) -> list[Any]:
    import altair as alt

    base = alt.Chart(inline_rows(ticks)).encode(x=_x(heads), y=_y(), text="text:N")
    looks: dict[str, Any] = {"align": align, "baseline": "middle", "dx": -9 if align == "right" else 9, "fontSize": 12,
                             "limit": APART - 20}  # fmt: skip
    halo = base.mark_text(stroke="white", strokeWidth=5, strokeJoin="round", opacity=0.9, **looks)
    marks = alt.Chart(inline_rows(ticks)).mark_tick(orient="horizontal", size=9, color="#999999", thickness=1)
    return [marks.encode(x=_x(heads), y=_y()), halo, base.mark_text(color=QUIET, **looks)]
