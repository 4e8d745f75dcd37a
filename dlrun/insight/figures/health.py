"""Layer health as a picture: what comes back to each layer, dead or saturated shares, steps, and activations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight.figures.round_ticks import ticks_within
from dlrun.insight.figures.style import INK, PALE, QUIET, continuous, inline_rows, steps, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.health.records import Bins, Health
from dlrun.insight.health.rules import Finding
from dlrun.insight.health.telling import title
from dlrun.insight.words import said

WIDTH, HEIGHT = 400, 190
GAP = 40
WHOLE = 2 * WIDTH + GAP + 90
"""Points of width of the figure."""
EXTENT = 46
"""Points that the labels of a vertical axis take at least, so that panels stand in line."""
LABEL = "format(datum.value, datum.value < 0.0001 || datum.value >= 10000 ? '.0e' : '~g')"
NAMED = 8
"""So many layers have a colour and a name each; beyond it depth is a scale of colours."""
DRAWN = 6
"""Layers whose activations are drawn; of more, some from the first to the last."""
USUAL = (3e-4, 3e-3)
"""The band around Karpathy's rule of thumb, a thousandth of the weights per step."""
EPOCHS = ("#9CC3DE", "#3E8BBE", "#0B3C64")
"""Colours of the start, the middle and the end: other ones than those of layers."""
TOLD = 3
"""Findings below the title."""

Row = dict[str, Any]


def chart(health: Health, found: Sequence[Finding], heading: str, language: str = "en") -> Any:
    """The figure, an altair chart.

    Args:
        found: the findings; the first few stand below the title.
        heading: the title.
    """
    import altair as alt

    panels = [panel for panel in _panels(health, language) if panel is not None]
    grid = alt.concat(*panels, columns=2, spacing=GAP).resolve_scale(color="independent")
    figure = alt.vconcat(grid, _activations(health, language), spacing=26).resolve_scale(color="independent")
    told = [f"{title(one, language)}: {one.what.text(language)}" for one in found[:TOLD]]
    return styled(figure, heading, wrapped(told, WHOLE), limit=WHOLE)


def _panels(health: Health, language: str) -> list[Any]:
    flat = "saturated" if _rows(health, "saturated") else "dead"
    if len(health.epochs) < 2:
        return [_over_depth(health, name, language, legend=False) for name in ("gradient", "signal", "spread", flat)]
    return [
        _over_epochs(health, "gradient", language, legend=True),
        _over_depth(health, "signal", language, legend=True),
        _over_epochs(health, flat, language),
        _over_epochs(health, "update", language),
    ]


# --- lines -----------------------------------------------------------------------------------------------------------


def _rows(health: Health, measure: str) -> list[Row]:
    """A flat row per layer and epoch with a number that can be drawn."""
    log = measure not in ("dead", "saturated")
    return [
        {"layer": layer.name, "depth": place + 1, "epoch": epoch, "value": value}
        for place, layer in enumerate(health.layers)
        for epoch, value in zip(health.epochs, health.values(measure, place), strict=False)
        if value is not None and (value > 0 or not log)
    ]


def _over_epochs(health: Health, measure: str, language: str, legend: bool = False) -> Any:
    """A line per layer over the epochs; None where nothing was measured."""
    import altair as alt

    rows = _rows(health, measure)
    if not rows:
        return None
    x = alt.X("epoch:Q", title=said("health.epoch", language), axis=_whole_numbers(health.epochs),
              scale=alt.Scale(domain=[health.epochs[0], health.epochs[-1]], nice=False))  # fmt: skip
    encoded = alt.Chart(inline_rows(rows)).encode(
        x=x,
        y=_y(measure, rows, language),
        color=_depth_color(health, language, legend),
        detail="depth:O",
        order="epoch:Q",
        tooltip=["layer:N", "epoch:Q", alt.Tooltip("value:Q", format=".3g")],
    )
    few = len({row["epoch"] for row in rows}) < 4
    lines = encoded.mark_line(strokeWidth=2 if len(health.layers) <= NAMED else 1.2, point=few)
    band = [_band()] if measure == "update" else []
    return _panel(alt.layer(*band, lines), f"health.figure_{measure}", language)


def _over_depth(health: Health, measure: str, language: str, legend: bool) -> Any:
    """A line per telling epoch over the layers; None where nothing was measured."""
    import altair as alt

    shown = [epoch for epoch, _ in health.histograms]
    names = _epoch_names(shown, language)
    rows = [{**row, "when": names[row["epoch"]]} for row in _rows(health, measure) if row["epoch"] in names]
    if not rows or len(health.layers) < 2:
        return None
    last = len(health.layers)
    ticks = list(range(1, last + 1, max(1, round(last / 10))))
    colors = epoch_colors(len(shown))
    encoded = alt.Chart(inline_rows(rows)).encode(
        x=alt.X("depth:Q", title=said("health.depth", language), axis=alt.Axis(values=ticks, format="d", grid=False),
                scale=alt.Scale(domain=[0.6, last + 0.4], nice=False)),
        y=_y(measure, rows, language),
        color=alt.Color("when:N", scale=alt.Scale(domain=list(names.values()), range=list(colors)),
                        legend=alt.Legend(title=None, orient="top", symbolType="stroke") if legend else None),
        tooltip=["layer:N", "when:N", alt.Tooltip("value:Q", format=".3g")],
    )  # fmt: skip
    figure = alt.layer(encoded.mark_line(strokeWidth=2), encoded.mark_point(filled=True, size=36, opacity=1))
    return _panel(figure.resolve_scale(color="shared"), f"health.figure_{measure}", language)


def _y(measure: str, rows: Sequence[Row], language: str) -> Any:
    import altair as alt

    if measure in ("dead", "saturated"):
        top = max(0.1, *(row["value"] for row in rows))
        return alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, min(1.0, 1.05 * top)]),
                     axis=alt.Axis(format="~%", tickCount=5, minExtent=EXTENT))  # fmt: skip
    values = [row["value"] for row in rows] + (list(USUAL) if measure == "update" else [])
    low, high = min(values), max(values)
    if low == high:
        low, high = low / 2, high * 2
    ticks = ticks_within(low / 1.3, high * 1.3, 6, log=True)
    return alt.Y("value:Q", title=None, scale=alt.Scale(type="log", domain=[low / 1.3, high * 1.3], nice=False),
                 axis=alt.Axis(values=ticks, labelExpr=LABEL, minExtent=EXTENT))  # fmt: skip


def _depth_color(health: Health, language: str, legend: bool) -> Any:
    """Dark is near the inputs, light near the outputs."""
    import altair as alt

    names = [layer.name for layer in health.layers]
    if len(names) <= NAMED:
        shown = alt.Legend(title=None, orient="top", columns=4, symbolType="stroke") if legend else None
        return alt.Color("layer:N", scale=alt.Scale(domain=names, range=list(steps(len(names)))), legend=shown)
    depth = said("health.depth", language)
    shown = alt.Legend(title=depth, orient="top", gradientLength=180, gradientThickness=10) if legend else None
    return alt.Color("depth:Q", scale=continuous(1, len(names)), legend=shown)


def _band() -> Any:
    """What is usual for a step."""
    import altair as alt

    rows = [{"low": USUAL[0], "high": USUAL[1]}]
    return alt.Chart(inline_rows(rows)).mark_rect(color=PALE, opacity=0.35).encode(y=alt.Y("low:Q"), y2="high:Q")


def _whole_numbers(epochs: Sequence[int]) -> Any:
    import altair as alt

    return alt.Axis(format="d", tickMinStep=1, tickCount=min(10, max(1, epochs[-1])), grid=False)


def _panel(figure: Any, key: str, language: str) -> Any:
    import altair as alt

    heading = alt.Title(said(key, language), fontSize=13, fontWeight="normal", anchor="start", color=INK)
    return figure.properties(width=WIDTH, height=HEIGHT, title=heading)


def epoch_colors(count: int) -> list[str]:
    """So many, the end's always dark."""
    return list(EPOCHS[len(EPOCHS) - count :])


def _epoch_names(epochs: Sequence[int], language: str) -> dict[int, str]:
    return {epoch: said("health.at_epoch", language, epoch=epoch) for epoch in epochs}


# --- activations -----------------------------------------------------------------------------------------------------


def drawn_layers(count: int) -> list[int]:
    """The places of the layers whose activations are drawn, the first and the last among them."""
    if count <= DRAWN:
        return list(range(count))
    return sorted({round(place * (count - 1) / (DRAWN - 1)) for place in range(DRAWN)})


def _activations(health: Health, language: str) -> Any:
    """A column of ridges per layer, an epoch each, the start on top."""
    import altair as alt

    places = drawn_layers(len(health.layers))
    width = min(WIDTH, (WHOLE - 60 - 24 * (len(places) - 1)) // len(places))
    columns = [_ridges(health, place, width, language, first=place == places[0]) for place in places]
    text = said("health.figure_activations", language)
    if len(places) < len(health.layers):
        text += f"; {said('health.some_layers', language, shown=len(places), all=len(health.layers))}"
    heading = alt.Title(text, fontSize=13, fontWeight="normal", anchor="start", color=INK)
    return alt.hconcat(*columns, spacing=24, title=heading)


def _ridges(health: Health, place: int, width: int, language: str, first: bool) -> Any:
    import altair as alt

    epochs = [epoch for epoch, _ in health.histograms]
    names, colors = list(_epoch_names(epochs, language).values()), epoch_colors(len(epochs))
    rows = [
        row
        for at, (epoch, layers) in enumerate(health.histograms)
        if (bins := layers[place]) is not None
        for row in ridge(bins, len(epochs) - 1 - at, names[at])
    ]
    ticks = [len(epochs) - 1 - at + 0.35 for at in range(len(epochs))]
    labels = " : ".join(f"datum.value == {tick} ? '{name}'" for tick, name in zip(ticks, names, strict=True)) + " : ''"
    axis = alt.Axis(values=ticks, labelExpr=labels, ticks=False, domain=False, grid=False) if first else None
    figure = alt.Chart(inline_rows(rows)).mark_rect(stroke=None).encode(
        x=alt.X("low:Q", title=None, axis=alt.Axis(tickCount=3, grid=False, format="~g"),
                scale=alt.Scale(nice=False, zero=False)),
        x2="high:Q",
        y=alt.Y("floor:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, len(epochs)], nice=False)),
        y2="top:Q",
        color=alt.Color("when:N", scale=alt.Scale(domain=names, range=list(colors)), legend=None),
        tooltip=["when:N", "low:Q", "high:Q", alt.Tooltip("share:Q", format=".1%")],
    )  # fmt: skip
    layer = health.layers[place]
    heading = alt.Title(layer.name, subtitle=layer.activation, fontSize=12, fontWeight="normal", anchor="middle",
                        subtitleColor=QUIET, subtitleFontSize=11, color=INK, offset=4)  # fmt: skip
    return figure.properties(width=width, height=44 * len(epochs) + 6, title=heading)


def ridge(bins: Bins, floor: int, when: str) -> list[Row]:
    """The bars of one histogram. Their height is the square root of their share, so that a spike at 0, as relu has,
    does not press the rest flat."""
    size = (bins.high - bins.low) / len(bins.counts)
    rows, most = sum(bins.counts), max(bins.counts)
    return [
        {
            "low": bins.low + at * size,
            "high": bins.low + (at + 1) * size,
            "floor": floor,
            "top": floor + 0.92 * (count / most) ** 0.5,
            "share": count / rows,
            "when": when,
        }
        for at, count in enumerate(bins.counts)
        if count
    ]
