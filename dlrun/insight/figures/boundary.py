"""Decision boundaries as a picture: a panel per epoch, the classes as colours, darker where the net is sure, with train
and validation points over them."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.explore.boundary import Document, answers, boundaries, findings, is_wrong
from dlrun.insight.figures.style import INK, colors, inline_rows, steps, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.words import said

ALONE, ONE_OF_MANY = 430, 236
ACROSS = 3
MOST_POINTS = 1500
"""Of more points every so-manieth is drawn; wrong ones always."""
FEW_POINTS = 30
"""So few are drawn larger."""
_PALEST, _DARKEST = 0.10, 0.60
"""How much of a class's colour stands where the net is not sure at all, and where it is wholly."""
_STEPS = 9


def chart(found: Document, language: str = "en") -> Any:
    """The figure, an altair chart.

    Args:
        found: as `dlrun.runner.boundary.boundary` and `strip` give it.
    """
    import altair as alt

    panels = [_panel(found, panel, language) for panel in found["panels"]]
    across = min(ACROSS, len(panels))
    figure = panels[0] if len(panels) == 1 else alt.concat(*panels, columns=across, spacing=16)
    wide = _size(found)[0] * across + 140
    told = [one.text(language) for one, panel in zip(findings(found), found["panels"], strict=True) if panel["kept"]]
    return styled(figure, found["run"], wrapped(told, wide), limit=wide)


def _size(found: Document) -> tuple[float, float]:
    """Width and height of a panel: one scale for both axes where their ranges are much the same."""
    side = ALONE if len(found["panels"]) == 1 else ONE_OF_MANY
    ratio = (found["y"][-1] - found["y"][0]) / (found["x"][-1] - found["x"][0])
    return (side, side * ratio) if 0.5 <= ratio <= 1.3 else (side, side * 0.85)


def _panel(found: Document, panel: Mapping[str, Any], language: str) -> Any:
    import altair as alt

    width, height = _size(found)
    x, y = (_axis(found, place) for place in (0, 1))
    middle = {"x": (found["x"][0] + found["x"][-1]) / 2, "y": (found["y"][0] + found["y"][-1]) / 2}
    ground = {**middle, "url": picture(found, panel)}
    line = "white" if found["kind"] == "regression" else INK
    layers = [
        alt.Chart(inline_rows([ground]))
        .mark_image(width=width, height=height, aspect=False)
        .encode(x=x, y=y, url="url:N"),
        alt.Chart(inline_rows(_line_rows(found, panel)))
        .mark_line(clip=True, stroke=line, strokeWidth=1.2, opacity=0.8)
        .encode(x=x, y=y, detail="line:N", order="place:Q"),
        _points(found, panel, x, y, language),
    ]
    figure = alt.layer(*layers).properties(width=width, height=height)
    if len(found["panels"]) == 1:
        return figure
    key = "explore.kept_epoch" if panel["kept"] else "explore.epoch"
    return figure.properties(title=alt.Title(said(key, language, epoch=panel["epoch"]), fontSize=13, offset=6))


def _axis(found: Document, place: int) -> Any:
    import altair as alt

    ends = found["xy"[place]]
    alone = len(found["panels"]) == 1
    made = (alt.X, alt.Y)[place]
    return made(
        f"{'xy'[place]}:Q",
        title=found["features"][place],
        scale=alt.Scale(domain=[ends[0], ends[-1]], nice=False),
        axis=alt.Axis(grid=False, tickCount=6 if alone else 4),
    )


def _points(found: Document, panel: Mapping[str, Any], x: Any, y: Any, language: str) -> Any:
    import altair as alt

    sides = {side: said(f"explore.{side}", language) for side in ("train", "validation")}
    right, wrong = said("explore.right", language), said("explore.wrong", language)
    rows = [
        {
            "x": point["x"], "y": point["y"], "side": sides[point["side"]], "true": point["true"],
            "predicted": predicted, "answer": wrong if is_wrong(found, point, predicted) else right,
        }
        for point, predicted in _thinned(found, panel)
    ]  # fmt: skip
    size = (46 if len(found["panels"]) == 1 else 22) * (3 if len(rows) <= FEW_POINTS else 1)
    shown = [sides[side] for side in sides if any(point["side"] == side for point in found["points"])]
    shape = alt.Shape(
        "side:N", scale=alt.Scale(domain=shown, range=["circle", "triangle-up"][: len(shown)]),
        legend=alt.Legend(title=None, symbolFillColor="#777777", symbolStrokeColor="white", symbolSize=70),
    )  # fmt: skip
    any_wrong = any(
        is_wrong(found, point, predicted)
        for other in found["panels"]
        for point, predicted in zip(found["points"], other["predicted"], strict=True)
    )
    stroke = alt.Stroke(
        "answer:N", scale=alt.Scale(domain=[right, wrong], range=["white", "black"]),
        legend=alt.Legend(title=None, values=[wrong], symbolFillColor="white", symbolStrokeWidth=2, symbolSize=70)
        if any_wrong else None,
    )  # fmt: skip
    alone = len(found["panels"]) == 1
    heavy = alt.condition(alt.datum.answer == wrong, alt.value(1.8 if alone else 1.1), alt.value(0.7 if alone else 0.4))
    kind = "Q" if found["kind"] == "regression" else "N"
    drawn = alt.Chart(inline_rows(rows)).mark_point(filled=True, size=size, opacity=1, clip=True)
    return drawn.encode(
        x=x, y=y, shape=shape, stroke=stroke, strokeWidth=heavy, fill=_fill(found),
        tooltip=["x:Q", "y:Q", "side:N", f"true:{kind}", f"predicted:{kind}"],
    )  # fmt: skip


def _fill(found: Document) -> Any:
    import altair as alt

    if found["kind"] == "regression":
        low, high = found["low"], found["high"]
        places = [low + (high - low) * step / (_STEPS - 1) for step in range(_STEPS)]
        scale = alt.Scale(domain=places, range=list(steps(_STEPS)), clamp=True)
        return alt.Fill("true:Q", title=found["target"], scale=scale, legend=alt.Legend(gradientLength=160))
    classes = found["classes"]
    scale = alt.Scale(domain=classes, range=list(colors(len(classes))))
    return alt.Fill("true:N", title=found["target"], scale=scale, legend=alt.Legend(symbolStrokeWidth=0, symbolSize=90))


def _thinned(found: Document, panel: Mapping[str, Any]) -> Sequence[tuple[Mapping[str, Any], Any]]:
    """Of many points evenly fewer, with all wrong ones; wrong ones last, so that they lie on top."""
    pairs = list(zip(found["points"], panel["predicted"], strict=True))
    every = 1 + (len(pairs) - 1) // MOST_POINTS
    kept = [pair for place, pair in enumerate(pairs) if place % every == 0 or is_wrong(found, *pair)]
    return sorted(kept, key=lambda pair: is_wrong(found, *pair))


def _line_rows(found: Document, panel: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"line": number, "place": place, "x": float(f"{x:.6g}"), "y": float(f"{y:.6g}")}
        for number, line in enumerate(boundaries(found, panel))
        for place, (x, y) in enumerate(line)
    ]


def picture(found: Document, panel: Mapping[str, Any]) -> str:
    """The plane as a PNG in a `data:` address, a pixel per place of the grid: rectangles would leave seams."""
    from PIL import Image

    inks = _inks(found)
    rows = answers(found, panel)[::-1]
    pixels = bytes(channel for row in rows for place, sure in row for channel in inks(place, sure))
    image = Image.frombytes("RGB", (len(rows[0]), len(rows)), pixels)
    held = io.BytesIO()
    image.resize((4 * image.width, 4 * image.height), Image.Resampling.BILINEAR).save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


def _inks(found: Document) -> Any:
    if found["kind"] == "regression":
        ramp = [_channels(color) for color in steps(256)]
        return lambda place, sure: ramp[round(sure * 255)]
    full = [_channels(color) for color in colors(len(found["classes"]))]
    return lambda place, sure: _mixed(full[place], _PALEST + (_DARKEST - _PALEST) * sure)


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _mixed(channels: tuple[int, int, int], share: float) -> tuple[int, ...]:
    """So much of a colour in white."""
    return tuple(round(255 + (channel - 255) * share) for channel in channels)
