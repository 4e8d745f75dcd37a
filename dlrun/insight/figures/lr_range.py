"""A learning-rate range test as a picture: loss over rate, each seed thin, their mean thick, the suggested range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dlrun.insight.explore.lr_range import shown
from dlrun.insight.figures.style import FEW, HEIGHT, WIDTH, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.ticks import log_ticks
from dlrun.insight.words import said

TOP = 1.4
"""The vertical axis ends at the loss at the start and this share of the fall above the lowest."""
_LABELS = "datum.value < 0.001 ? format(datum.value, '~e') : format(datum.value, '~g')"


def chart(found: Mapping[str, Any], sentences: Sequence[str], language: str = "en") -> Any:
    """The figure, an altair chart.

    Args:
        found: as `dlrun.insight.explore.lr_range.document` gives it.
        sentences: what it shows, for below the title.
    """
    import altair as alt

    ends = [found["mean"]["rate"][0], max(curve["rate"][-1] for curve in found["curves"] if curve["rate"])]
    ticks = alt.Axis(values=log_ticks(ends[0], ends[1], 9), grid=False, labelExpr=_LABELS)
    scale = alt.Scale(type="log", domain=ends, nice=False)
    x = alt.X("rate:Q", title=said("explore.rate", language), scale=scale, axis=ticks)
    low, high = _heights(found)
    y_scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    y = alt.Y("loss:Q", title=said("explore.training_loss", language), scale=y_scale, axis=alt.Axis(tickCount=6))
    seeds = [
        {"seed": curve["seed"], "rate": rate, "loss": loss}
        for curve in found["curves"]
        for rate, loss in zip(curve["rate"], curve["smoothed"], strict=True)
    ]
    mean = [
        {"rate": rate, "loss": loss}
        for rate, loss in zip(found["mean"]["rate"], found["mean"]["smoothed"], strict=True)
    ]
    layers = [
        *_range(found, x, low, high),
        alt.Chart(inline_rows(seeds))
        .mark_line(stroke=FEW[4], strokeWidth=1, opacity=0.75, clip=True)
        .encode(x=x, y=y, detail="seed:N", tooltip=["seed:N", "rate:Q", "loss:Q"]),
        alt.Chart(inline_rows(mean)).mark_line(stroke=FEW[0], strokeWidth=2.6, clip=True).encode(x=x, y=y),
        *_marks(found, x, ends, high, language),
    ]
    title = said("explore.lr_title", language, name=found["name"], optimizer=found["optimizer"])
    figure = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return styled(figure, title, wrapped(sentences, WIDTH + 80), limit=WIDTH + 80)


def _heights(found: Mapping[str, Any]) -> tuple[float, float]:
    """The lowest loss, and a little above that at the start: what blows up at the end is cut."""
    values = [loss for curve in found["curves"] for loss in curve["smoothed"]]
    starts = [curve["smoothed"][0] for curve in found["curves"] if curve["smoothed"]]
    low, start = min(values), max(starts)
    high = low + TOP * (start - low) if found["suggestion"] is not None else max(values)
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room


def _range(found: Mapping[str, Any], x: Any, low: float, high: float) -> list[Any]:
    import altair as alt

    if found["suggestion"] is None:
        return []
    row = {"rate": found["suggestion"]["low"], "to": found["suggestion"]["high"], "low": low, "high": high}
    y = alt.Y("low:Q")
    band = alt.Chart(inline_rows([row])).mark_rect(fill=FEW[2], opacity=0.16, clip=True)
    return [band.encode(x=x, x2="to:Q", y=y, y2="high:Q")]


def _marks(found: Mapping[str, Any], x: Any, ends: Sequence[float], high: float, language: str) -> list[Any]:
    """Upright lines with their names: the suggestion at the top, the config's rate below it."""
    import altair as alt

    rows = []
    if found["suggestion"] is not None:
        rate = found["suggestion"]["suggested"]
        rows.append({"rate": rate, "text": f"{said('explore.suggested', language)} {shown(rate)}", "ink": FEW[2]})
    rate = found["learning_rate"]
    if ends[0] <= rate <= ends[1]:
        rows.append({"rate": rate, "text": f"{said('explore.config', language)} {shown(rate)}", "ink": FEW[1]})
    found_marks = []
    for place, row in enumerate(rows):
        one = alt.Chart(inline_rows([{**row, "loss": high}]))
        others = [other["rate"] for other in rows if other is not row]
        near_left = row["rate"] / ends[0] < (ends[1] / ends[0]) ** 0.25
        align: Literal["left", "right"] = (
            "left" if near_left or all(row["rate"] >= other for other in others) else "right"
        )
        found_marks += [
            one.mark_rule(stroke=row["ink"], strokeWidth=1.6, strokeDash=[4, 3]).encode(x=x),
            one.mark_text(
                align=align, baseline="top", dx=5 if align == "left" else -5, dy=4 + 16 * place, fontSize=12,
                color=row["ink"], fontWeight=600,
            ).encode(x=x, y="loss:Q", text="text:N"),
        ]  # fmt: skip
    return found_marks
