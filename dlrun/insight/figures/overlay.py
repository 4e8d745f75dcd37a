"""Curves of many runs or configurations: a frame for train and one for validation, names beside the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight.curve_rows import TRAIN, VALIDATION, CurveRows, Point
from dlrun.insight.figures.axes import cut_off, epoch_axis, shown_baseline, value_axis
from dlrun.insight.figures.coloring import ALL_NAMED, Coloring
from dlrun.insight.figures.panel import Panel, baseline_words
from dlrun.insight.figures.placing import Place
from dlrun.insight.figures.style import INK, inline_rows, styled
from dlrun.insight.numbers import number

FRAME_WIDTH, FRAME_HEIGHT = 400, 340
ONE_FRAME_WIDTH = 560


def overlay_chart(rows: CurveRows, hover: bool = False) -> Any:
    """The figure, an altair chart. Up to twelve lines have a colour and a name each; more are coloured by the setting
    that tells most about their order, and the best three stand out.

    Args:
        hover: lines say what they are, for a page.
    """
    import altair as alt

    coloring = Coloring.of(rows)
    curves = rows.curves or [VALIDATION]
    x = epoch_axis([point["epoch"] for point in rows.points], FRAME_WIDTH if len(curves) > 1 else ONE_FRAME_WIDTH)
    y = value_axis(rows, FRAME_HEIGHT)
    frames = [
        _frame(rows, curve, Panel(x, y, labelled_y=curve == curves[0]), coloring, hover, named=curve == curves[-1])
        for curve in curves
    ]
    figure = alt.hconcat(*frames, spacing=18) if len(frames) > 1 else frames[0]
    return styled(figure, rows.title, _subtitle(rows, coloring, cut_off(rows, y)))


def _subtitle(rows: CurveRows, coloring: Coloring, cut: str) -> list[str]:
    parts = ["dot: best epoch"] if rows.best else []
    if any(len(line.entries) > 1 for line in rows.lines):
        parts.append("line: mean over seeds")
    if len(rows.lines) > ALL_NAMED and coloring.named:
        parts.append(f"the best {len(coloring.named)} are named")
    parts += [cut] if cut else []
    return ["; ".join(parts)] if parts else []


def _frame(rows: CurveRows, curve: str, panel: Panel, coloring: Coloring, hover: bool, named: bool) -> Any:
    """One curve of all lines."""
    import altair as alt

    points = [_at_edge(point, panel) for point in rows.points if point["curve"] == curve]
    layers = [*_lines(points, panel, coloring, hover), *_dots(rows, curve, panel, coloring)]
    layers += _rules(rows, curve, panel, points)
    if named:
        layers += _names(rows, points, panel, coloring)
    frame = panel.frame(*layers)
    if curve not in (TRAIN, VALIDATION) or len(rows.curves) == 1:
        return frame
    return frame.properties(title=alt.Title(curve, anchor="middle", fontSize=13, fontWeight="normal", offset=6))


def _at_edge(point: Point, panel: Panel) -> Point:
    """The point, drawn at the frame's edge where its value lies beyond: clipping every line takes seconds."""
    value = min(max(point["value"], panel.y.low), panel.y.high)
    return point if value == point["value"] else Point(**{**point, "value": value})


def _lines(points: Sequence[Point], panel: Panel, coloring: Coloring, hover: bool) -> list[Any]:
    """The background first, then what is named, with a dark edge where it must be seen in a crowd."""
    front = [point for point in points if coloring.is_named(point["line"])]
    back = [point for point in points if not coloring.is_named(point["line"])]
    many = len(coloring.lines) > ALL_NAMED
    layers = []
    if back:
        faint = max(0.2, min(0.75, 12 / len(coloring.lines) ** 0.65))
        layers.append(_line(back, panel, coloring, hover, width=1.2, opacity=faint))
    if many and front:
        edge = _plain(front, 3.8, INK)
        layers.append(edge.encode(x=panel.encode_x(), y=panel.encode_y(), detail="line:N"))
    if front:
        layers.append(_line(front, panel, coloring, hover, width=2.2 if many else 1.9, opacity=1.0))
    return layers


def _plain(points: Sequence[Point], width: float, color: str) -> Any:
    """A chart of plain lines in one colour."""
    import altair as alt

    return alt.Chart(inline_rows(points)).mark_line(strokeWidth=width, color=color, strokeJoin="round")


def _line(points: Sequence[Point], panel: Panel, coloring: Coloring, hover: bool, width: float, opacity: float) -> Any:
    import altair as alt

    base = alt.Chart(inline_rows(coloring.rows(points)))
    if panel.x.high - panel.x.low <= 1:  # a line of one epoch has no length
        marks = base.mark_point(size=45, strokeWidth=2, strokeOpacity=opacity)
    else:
        marks = base.mark_line(strokeWidth=width, strokeOpacity=opacity, strokeJoin="round")
    encoded = marks.encode(x=panel.encode_x(), y=panel.encode_y(), detail="line:N", stroke=coloring.stroke())
    return encoded.encode(tooltip=alt.Tooltip("line:N", title="run")) if hover else encoded


def _dots(rows: CurveRows, curve: str, panel: Panel, coloring: Coloring) -> list[Any]:
    import altair as alt

    best = [point for point in rows.best if point["curve"] == curve and coloring.is_named(point["line"])]
    if not best:
        return []
    marks = alt.Chart(inline_rows([{**point, "color": coloring.color(point["line"])} for point in best]))
    dots = marks.mark_point(size=60, stroke="white", strokeWidth=1.2, opacity=1, fillOpacity=1)
    fill = alt.Fill("color:N", scale=None, legend=None)
    return [dots.encode(x=panel.encode_x(), y=panel.encode_y(), fill=fill)]


def _rules(rows: CurveRows, curve: str, panel: Panel, points: Sequence[Point]) -> list[Any]:
    """The trivial predictor's value, or the gap of 0."""
    lines = _places(points, panel) if len(rows.lines) <= ALL_NAMED else []  # among many there is no free place
    if rows.is_gap:
        return panel.rule(0.0, "no gap", lines)
    baseline = shown_baseline(rows)
    if baseline is None or (curve == TRAIN and VALIDATION in rows.curves):
        return []
    return panel.rule(baseline, baseline_words(baseline, rows.percent), lines)


def _places(points: Sequence[Point], panel: Panel) -> list[list[Place]]:
    found: dict[str, list[Place]] = {}
    for point in points:
        found.setdefault(point["line"], []).append(panel.place(point))
    return list(found.values())


def _names(rows: CurveRows, points: Sequence[Point], panel: Panel, coloring: Coloring) -> list[Any]:
    """The named lines' labels; where only the best are named, with their rank and value."""
    ends = {point["line"]: point for point in points if coloring.is_named(point["line"])}
    lines = [line for line in coloring.named if line.label in ends]
    many = len(rows.lines) > ALL_NAMED
    texts = [
        f"{rank}.  {worded(line.score, rows)}  {line.label}" if many and line.score is not None else line.label
        for rank, line in enumerate(lines, start=1)
    ]
    colors = [coloring.color(line.label) for line in lines]
    return panel.margin_labels([ends[line.label] for line in lines], texts, colors) if lines else []


def worded(value: float, rows: CurveRows) -> str:
    """A value in a label."""
    return f"{value:.1%}" if rows.percent else number(value)
