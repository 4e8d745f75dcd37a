"""The picture of lesson 15: the activations of five layers as histograms, a row per start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.gallery.drawing import finished
from dlrun.insight.figures.style import FEW, QUIET, inline_rows
from dlrun.insight.words import said

WIDTH, HEIGHT = 104, 44
FULLEST = 0.25
"""Bins that hold a larger share of all values are drawn up to the edge."""
ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 4.0)}


def chart(
    looked: Mapping[str, Sequence[Mapping[str, Any]]], rows: Sequence[Mapping[str, Any]], title: str, language: str
) -> Any:
    """The figure.

    Args:
        looked: start -> its layers with `low`, `high` and `counts` of their histograms.
        rows: start and the accuracy that was learnt from it.
    """
    import altair as alt

    lines = []
    for place, row in enumerate(rows):
        name = row["start"]
        first, last = place == 0, place == len(rows) - 1 or ends_of(name) != ends_of(rows[place + 1]["start"])
        words = said(f"gallery_network.initial_weights_{name}", language)
        learnt = said("gallery_network.initial_weights_learnt", language, accuracy=f"{row['accuracy']:.0%}")
        frames = [
            histogram(layer, ends_of(name), last, layer_title(layer, language) if first else "")
            for layer in looked[name]
        ]
        lines.append(alt.hconcat(label([words, learnt], first), *frames, spacing=10, bounds="flush"))
    subtitle = said("gallery_network.initial_weights_subtitle", language, share=f"{FULLEST:.0%}")
    return finished(alt.vconcat(*lines, spacing=6), title, subtitle)


def ends_of(name: str) -> tuple[float, float]:
    """The axis of a start's activations."""
    return ENDS[name.rpartition("_")[2]] if name.rpartition("_")[2] in ENDS else ENDS["sigmoid"]


def layer_title(layer: Mapping[str, Any], language: str) -> str:
    return said("gallery_network.initial_weights_layer", language, number=layer["layer"])


def label(texts: Sequence[str], first: bool) -> Any:
    """What stands at the left of a row of histograms."""
    import altair as alt

    mark = alt.Chart(inline_rows([{"text": "\n".join(texts)}])).mark_text(
        align="left", baseline="middle", lineBreak="\n", fontSize=12, color="#333333", lineHeight=16
    )
    found = mark.encode(x=alt.value(0), y=alt.value(HEIGHT / 2), text="text:N").properties(width=150, height=HEIGHT)
    return found.properties(title=alt.Title(" ", fontSize=12)) if first else found


def histogram(layer: Mapping[str, Any], ends: tuple[float, float], labelled: bool, title: str) -> Any:
    """One layer: the share of values in each bin."""
    import altair as alt

    step = (layer["high"] - layer["low"]) / max(1, len(layer["counts"]))
    whole = sum(layer["counts"]) or 1
    thin = (ends[1] - ends[0]) / 60
    rows = [
        bar(layer["low"] + place * step, step, thin, ends[1]) | {"share": min(count / whole, FULLEST)}
        for place, count in enumerate(layer["counts"])
        if count
    ]
    axis = alt.Axis(values=[ends[0], sum(ends) / 2, ends[1]], labels=labelled, ticks=labelled, title=None,
                    format="~g", labelColor=QUIET, labelFontSize=10, labelFlush=True)  # fmt: skip
    x = alt.X("low:Q", scale=alt.Scale(domain=list(ends), nice=False), axis=axis)
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, FULLEST]), axis=None)
    bars = (
        alt.Chart(inline_rows(rows)).mark_rect(color=FEW[0], clip=True).encode(x=x, x2="high:Q", y=y, y2=alt.datum(0))
    )
    found = bars.properties(width=WIDTH, height=HEIGHT)
    heading = alt.Title(title, fontSize=12, fontWeight="normal", anchor="start", offset=4)
    return found.properties(title=heading) if title else found


def bar(low: float, step: float, thin: float, end: float) -> dict[str, float]:
    """Where a bin is drawn: wide enough to be seen, and within the frame."""
    high = max(low + step, low + thin)
    return {"low": min(low, end - thin), "high": min(high, end)}
