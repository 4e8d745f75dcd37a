"""Curves of a few runs or configurations: train dashed, validation solid, a band over seeds, the best epoch dotted."""

from __future__ import annotations

from typing import Any

from dlrun.insight.curve_rows import GAP, TRAIN, VALIDATION, CurveRows
from dlrun.insight.figures.axes import FEW_LINES, Axis, axis_between, epoch_axis, shown_band, shown_baseline, value_axis
from dlrun.insight.figures.overlay import overlay_chart
from dlrun.insight.figures.panel import Panel, baseline_words
from dlrun.insight.figures.placing import Place
from dlrun.insight.figures.style import FEW, HEIGHT, INK, QUIET, WIDTH, colors, inline_rows, styled
from dlrun.insight.numbers import number

RATE_HEIGHT = 70


def chart(rows: CurveRows, hover: bool = False) -> Any:
    """The figure, an altair chart, of whatever the rows hold: one line, a few, many, or their gap.

    Args:
        hover: with points that say their values, for a page.
    """
    if len(rows.lines) > FEW_LINES:
        return overlay_chart(rows, hover)
    return styled(_few(rows, hover), rows.title, subtitle(rows), limit=WIDTH + 40)


def subtitle(rows: CurveRows) -> list[str]:
    """What the marks mean, in words."""
    parts = []
    if rows.best:
        parts.append("dot: best epoch")
    seeds = sorted({len(line.entries) for line in rows.lines if len(line.entries) > 1})
    if rows.band and seeds:
        runs = str(seeds[0]) if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
        parts.append(f"line: mean, band: lowest to highest of {runs} runs")
    return ["; ".join(parts)] if parts else []


def _few(rows: CurveRows, hover: bool) -> Any:
    import altair as alt

    x = epoch_axis([point["epoch"] for point in (*rows.points, *rows.rates)], WIDTH)
    panel = Panel(x, value_axis(rows, HEIGHT), labelled_x=not rows.rates)
    color = _Colors(rows)
    layers = [
        *_bands(rows, panel, color),
        *_rules(rows, panel),
        *_lines(rows, panel, color),
        *_dots(rows, panel, color),
        *(_hover(rows, panel) if hover else []),
    ]
    values = panel.frame(*layers)
    if not rows.rates:
        return values
    return alt.vconcat(values, _rates(rows, panel.x, color), spacing=14).resolve_scale(
        color="independent", strokeDash="independent"
    )


class _Colors:
    """A lone line has a colour for each of its curves; of several each has its own."""

    def __init__(self, rows: CurveRows):
        self.alone = len(rows.lines) == 1
        self.curves = rows.curves
        self.names = rows.curves if self.alone else [line.label for line in rows.lines]
        of_curve = {TRAIN: FEW[1], VALIDATION: FEW[0], GAP: FEW[2]}
        palette = [of_curve[curve] for curve in rows.curves] if self.alone else colors(len(self.names))
        self.of = dict(zip(self.names, palette, strict=True))
        self.dashed = len(self.curves) > 1

    def encoding(self, of_curves: Any = None) -> Any:
        """The colours' encoding, with its legend.

        Args:
            of_curves: the legend of curves that are drawn as dots; that of dashes when not given.
        """
        import altair as alt

        shown: Any = None
        if not self.alone:
            symbol: Any = "circle" if of_curves else "stroke"
            shown = alt.Legend(title=None, orient="right", symbolType=symbol, symbolStrokeWidth=3, symbolDash=[1, 0])
        elif self.dashed:
            shown = of_curves or _top_legend()
        scale = alt.Scale(domain=list(self.names), range=list(self.of.values()))
        return alt.Color(f"{'curve' if self.alone else 'line'}:N", scale=scale, legend=shown)

    def dash(self) -> Any:
        import altair as alt

        dashes = [[5, 3] if curve == TRAIN else [1, 0] for curve in self.curves]
        return alt.StrokeDash(
            "curve:N",
            scale=alt.Scale(domain=list(self.curves), range=dashes),
            legend=_top_legend() if self.dashed else None,
        )


def _top_legend() -> Any:
    import altair as alt

    return alt.Legend(title=None, orient="top", symbolSize=400, symbolType="stroke", symbolStrokeWidth=2.5, offset=8)


def _dot_legend() -> Any:
    import altair as alt

    return alt.Legend(title=None, orient="top", offset=8, symbolSize=90)


def _bands(rows: CurveRows, panel: Panel, color: _Colors) -> list[Any]:
    """Of a lone line both curves have a band; of several validation alone, or they would hide each other."""
    import altair as alt

    shown = [{**row, "color": color.of[row["curve"] if color.alone else row["line"]]} for row in shown_band(rows)]
    if not shown:
        return []
    area = alt.Chart(inline_rows(shown)).mark_area(fillOpacity=0.18 if color.alone else 0.13)
    return [
        area.encode(
            x=panel.encode_x(),
            y=panel.encode_y("low"),
            y2="high:Q",
            fill=alt.Fill("color:N", scale=None, legend=None),
            detail=["line:N", "curve:N"],
        )
    ]


def _lines(rows: CurveRows, panel: Panel, color: _Colors) -> list[Any]:
    import altair as alt

    width = 2.2 if len(rows.lines) <= 4 else 1.8
    base = alt.Chart(inline_rows(rows.points))
    opacity = alt.condition(alt.datum.curve == TRAIN, alt.value(1.0 if color.alone else 0.65), alt.value(1.0))
    encoded = {"x": panel.encode_x(), "y": panel.encode_y(), "color": color.encoding(), "detail": "line:N"}
    if panel.x.high - panel.x.low <= 1:  # a line of one epoch has no length
        encoded["color"] = color.encoding(_dot_legend())
        return [base.mark_point(size=90, filled=True, opacity=1).encode(**encoded, shape=_shape(color))]
    lines = base.mark_line(strokeWidth=width, strokeJoin="round")
    return [lines.encode(**encoded, strokeDash=color.dash(), opacity=opacity)]


def _shape(color: _Colors) -> Any:
    import altair as alt

    shapes = ["triangle-up" if curve == TRAIN else "circle" for curve in color.curves]
    scale = alt.Scale(domain=list(color.curves), range=shapes)
    return alt.Shape("curve:N", scale=scale, legend=_dot_legend())


def _dots(rows: CurveRows, panel: Panel, color: _Colors) -> list[Any]:
    """A dot per best epoch; for a lone line its epoch and value in words too."""
    import altair as alt

    if not rows.best:
        return []
    dots = [{**point, "color": color.of[point["curve"] if color.alone else point["line"]]} for point in rows.best]
    marks = alt.Chart(inline_rows(dots)).mark_point(size=80, stroke="white", strokeWidth=1.3, opacity=1, fillOpacity=1)
    fill = alt.Fill("color:N", scale=None, legend=None)
    layers = [marks.encode(x=panel.encode_x(), y=panel.encode_y(), fill=fill)]
    if color.alone:
        layers += panel.note(rows.best[0], best_words(rows), _drawn(rows, panel))
    return layers


def best_words(rows: CurveRows) -> str:
    """`best epoch 12: 0.1280`; of several runs the median epoch and the mean there."""
    point, runs = rows.best[0], len(rows.lines[0].entries)
    value = f"{point['value']:.2%}" if rows.percent else number(point["value"])
    return f"best epoch {point['epoch']:g}{f' (median of {runs})' if runs > 1 else ''}: {value}"


def _drawn(rows: CurveRows, panel: Panel) -> list[list[Place]]:
    """Where lines, the edges of bands and the baseline run."""
    found: dict[tuple[str, ...], list[Place]] = {}
    for point in rows.points:
        found.setdefault((point["line"], point["curve"]), []).append(panel.place(point))
    for row in shown_band(rows):
        for end, value in (("low", row["low"]), ("high", row["high"])):
            place = panel.place({"epoch": row["epoch"], "value": value})
            found.setdefault((row["line"], row["curve"], end), []).append(place)
    rules = [value for value in (shown_baseline(rows), 0.0 if rows.is_gap else None) if value is not None]
    across = [[(0.0, panel.y.place(value)), (panel.x.size, panel.y.place(value))] for value in rules]
    return [*found.values(), *across]


def _rules(rows: CurveRows, panel: Panel) -> list[Any]:
    """The trivial predictor's value, or the gap of 0."""
    lines = _drawn(rows, panel)[:-1]
    baseline = shown_baseline(rows)
    if rows.is_gap:
        return panel.rule(0.0, "no gap", lines)
    return [] if baseline is None else panel.rule(baseline, baseline_words(baseline, rows.percent), lines)


def _rates(rows: CurveRows, x: Axis, color: _Colors) -> Any:
    import altair as alt

    values = [point["value"] for point in rows.rates]
    log = min(values) > 0 and max(values) / min(values) > 30
    panel = Panel(x, axis_between(min(values), max(values), RATE_HEIGHT, "learning rate", log))
    drawn = [{**point, "color": INK if color.alone else color.of[point["line"]]} for point in rows.rates]
    lines = alt.Chart(inline_rows(drawn)).mark_line(strokeWidth=1.6, interpolate="step-after")
    stroke = alt.Stroke("color:N", scale=None, legend=None)
    return panel.frame(lines.encode(x=panel.encode_x(), y=panel.encode_y(), stroke=stroke, detail="line:N"))


def _hover(rows: CurveRows, panel: Panel) -> list[Any]:
    """Invisible points that say what they are when the mouse is near."""
    import altair as alt

    form = ".2%" if rows.percent else ".4~g"
    words = [
        alt.Tooltip("line:N", title="run"),
        alt.Tooltip("curve:N"),
        alt.Tooltip("epoch:Q", format=",.0f"),
        alt.Tooltip("value:Q", format=form),
    ]
    fields = ["line", "curve", "epoch"]
    near = alt.selection_point(name="near", on="pointerover", nearest=True, empty=False, fields=fields)
    marks = alt.Chart(inline_rows(rows.points)).mark_point(size=70, filled=True, color=QUIET)
    opacity = alt.condition(near, alt.value(1.0), alt.value(0.0))
    encoded = marks.encode(x=panel.encode_x(), y=panel.encode_y(), tooltip=words, opacity=opacity)
    return [encoded.add_params(near)]
