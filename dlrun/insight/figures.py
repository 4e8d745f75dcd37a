"""Curves as a picture: PNG or SVG, drawn by Vega from the rows of `curve_rows`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlrun.insight.curve_rows import TRAIN, VALIDATION, CurveRows, Point
from dlrun.insight.ticks import log_ticks
from dlrun.store.files import write_whole

FEW = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#444444")
"""Okabe and Ito's colours, which people with any colour vision tell apart (jfly.uni-koeln.de/color); no yellow."""
MANY = (
    "#332288", "#88CCEE", "#117733", "#DDAA33", "#CC6677", "#AA4499",
    "#44AA99", "#882255", "#999933", "#0077BB", "#EE7733", "#666666",
)  # fmt: skip
"""Paul Tol's muted scheme (personal.sron.nl/~pault), lengthened to twelve."""

FONT = "Noto Sans, NanumGothic, Noto Sans CJK KR, DejaVu Sans, sans-serif"
WIDTH, HEIGHT, RATE_HEIGHT = 560, 320, 70
SCALE = 2
"""Pixels of a PNG per point of the figure."""


def save_png(rows: CurveRows, path: Path) -> None:
    """Writes the figure as PNG, whole or not at all.

    Raises:
        StoreNotWritable: the file cannot be written.
    """
    figure = chart(rows)
    write_whole(path, lambda aside: figure.save(str(aside), format="png", scale_factor=SCALE))


def save_svg(rows: CurveRows, path: Path) -> None:
    """Writes the figure as SVG, whole or not at all.

    Raises:
        StoreNotWritable: the file cannot be written.
    """
    figure = chart(rows)
    write_whole(path, lambda aside: figure.save(str(aside), format="svg"))


def chart(rows: CurveRows) -> Any:
    """The figure, an altair chart: the values (train dashed and lighter, validation solid, a dot at the best epoch),
    the learning rates below where they change."""
    import altair as alt

    color = _color(rows)
    panels: list[Any] = [_values(rows, color)]
    if rows.rates:
        panels.append(_rates(rows, color))
    name = rows.runs[0] if len(rows.runs) == 1 else f"{len(rows.runs)} runs"
    title = alt.Title(name, subtitle="the dot marks the best epoch" if rows.best else "")
    figure = alt.vconcat(*panels, spacing=14).resolve_scale(x="shared", color="shared")
    return _styled(figure.properties(title=title, background="white", padding=14))


def colors(number: int) -> tuple[str, ...]:
    """So many colours; beyond twelve they begin again."""
    palette = FEW if number <= len(FEW) else MANY
    return tuple(palette[place % len(palette)] for place in range(number))


def _color(rows: CurveRows) -> Any:
    import altair as alt

    legend = None
    if len(rows.runs) > 1:
        legend = alt.Legend(title=None, orient="right", symbolType="stroke", symbolStrokeWidth=3, labelLimit=320)
    scale = alt.Scale(domain=list(rows.runs), range=list(colors(len(rows.runs))))
    return alt.Color("run:N", scale=scale, legend=legend)


def _values(rows: CurveRows, color: Any) -> Any:
    import altair as alt

    x = _epoch_axis(rows, labelled=not rows.rates)
    y = _value_axis(rows.value_title, [point["value"] for point in rows.points], rows.log)
    curves = [curve for curve in (TRAIN, VALIDATION) if any(p["curve"] == curve for p in rows.points)]
    dash = alt.StrokeDash(
        "curve:N",
        scale=alt.Scale(domain=curves, range=[[5, 3] if curve == TRAIN else [1, 0] for curve in curves]),
        legend=alt.Legend(title=None, orient="top", symbolSize=400, symbolStrokeColor="#444", offset=8),
    )
    opacity = alt.condition(alt.datum.curve == TRAIN, alt.value(0.6), alt.value(1.0))
    width = 2.2 if len(rows.runs) <= 4 else 1.7
    lines = alt.Chart(_data(rows.points)).mark_line(strokeWidth=width, strokeJoin="round")
    encoded = lines.encode(x=x, y=y, color=color, strokeDash=dash, opacity=opacity, detail="run:N")
    return alt.layer(encoded, *_best(rows, x, y, color)).properties(width=WIDTH, height=HEIGHT)


def _best(rows: CurveRows, x: Any, y: Any, color: Any) -> list[Any]:
    """A dot per best epoch; for a single run its epoch and value in words too."""
    import altair as alt

    marks = alt.Chart(_data(rows.best))
    dots = marks.mark_point(filled=True, size=75, stroke="white", strokeWidth=1.2, opacity=1)
    layers = [dots.encode(x=x, y=y, color=color)]
    if len(rows.runs) == 1:
        words = alt.Text("label:N")
        last = max((point["epoch"] for point in rows.points), default=1)
        end: Any = "right" if any(point["epoch"] > 0.7 * last for point in rows.best) else "left"
        text = marks.mark_text(align=end, dx=-4 if end == "right" else 4, dy=-14, fontSize=12, color="#333")
        layers.append(text.encode(x=x, y=y, text=words))
    return layers


def _rates(rows: CurveRows, color: Any) -> Any:
    import altair as alt

    values = [point["value"] for point in rows.rates]
    log = min(values) > 0 and max(values) / min(values) > 100
    y = _value_axis("learning rate", values, log, ticks=3)
    lines = alt.Chart(_data(rows.rates)).mark_line(strokeWidth=1.6, interpolate="step-after")
    encoded = lines.encode(x=_epoch_axis(rows), y=y, color=color, detail="run:N")
    return encoded.properties(width=WIDTH, height=RATE_HEIGHT)


def _epoch_axis(rows: CurveRows, labelled: bool = True) -> Any:
    import altair as alt

    epochs = [point["epoch"] for point in rows.points] or [1]
    first, last = min(epochs), max(*epochs, min(epochs) + 1)
    ticks = min(12, int(last - first) + 1)
    axis = alt.Axis(tickMinStep=1, tickCount=ticks, labels=labelled, format=",.0f")
    scale = alt.Scale(domain=[first, last], nice=False, padding=6)
    return alt.X("epoch:Q", title="epoch" if labelled else None, scale=scale, axis=axis)


def _value_axis(title: str, values: Sequence[float], log: bool, ticks: int = 6) -> Any:
    """The vertical axis. It begins at 0 where the values come near it; a logarithmic one has its lines at 1, 2, 5."""
    import altair as alt

    if log:
        places = log_ticks(min(values), max(values), 2 * ticks)
        scale = alt.Scale(type="log", domain=[min(values) / 1.25, max(values) * 1.25], nice=False)
        return alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(values=places, format="~g"))
    near_zero = bool(values) and 0 <= min(values) < 0.5 * max(values)
    scale = alt.Scale(zero=near_zero, nice=True)
    form = ",.0f" if max(map(abs, values), default=0) >= 1000 else "~g"
    return alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=ticks, format=form))


def _data(points: Sequence[Point]) -> Any:
    """Inline rows, without pandas; the best epoch's words are made here."""
    import altair as alt

    rows: list[dict[str, Any]] = [
        {**point, "label": f"epoch {point['epoch']:g}: {point['value']:.4g}"} for point in points
    ]
    return alt.InlineData(values=rows)


def _styled(figure: Any) -> Any:
    grey = "#555555"
    return (
        figure.configure(font=FONT)
        .configure_view(stroke=None)
        .configure_title(fontSize=15, fontWeight=600, anchor="start", offset=10, color="#222222", limit=760,
                         subtitleColor=grey, subtitleFontSize=12)
        .configure_axis(
            labelFontSize=12, titleFontSize=13, titleFontWeight="normal", titleColor=grey, labelColor=grey,
            gridColor="#ECECEC", domainColor="#BBBBBB", tickColor="#BBBBBB", titlePadding=8,
        )
        .configure_legend(labelFontSize=12, labelColor="#333333", rowPadding=4)
    )  # fmt: skip
