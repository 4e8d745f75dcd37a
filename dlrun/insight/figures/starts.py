"""Many starts as a picture: where each descent began, in the colour of the minimum that it reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.explore.contours import contour
from dlrun.insight.explore.descent import NAMES
from dlrun.insight.figures.style import FEW, INK, PALE, QUIET, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.words import said

ACROSS = 3
_SIDE, _LOWEST = 250, 150


def chart(descents: Sequence[Mapping[str, Any]], language: str = "en") -> Any:
    """The figure, an altair chart: a row of panels per surface, a panel per optimizer.

    Args:
        descents: one per surface, as `descent_document.starts_document` gives them, with `findings` (sentences).
    """
    import altair as alt

    return styled(
        alt.vconcat(*(_block(one, language) for one in descents), spacing=34).resolve_scale(color="independent")
    )


def _block(one: Mapping[str, Any], language: str) -> Any:
    import altair as alt

    panels = [_panel(one, found, language) for found in one["starts"]]
    wide = max(2, min(ACROSS, len(panels))) * _SIDE + 60
    title = alt.Title(
        f"{said('explore.surface_' + one['surface'], language)}: {one['formula']}",
        subtitle=wrapped(one["findings"], wide),
        limit=wide + 100,
    )
    return alt.concat(*panels, columns=min(ACROSS, len(panels)), spacing=18).properties(title=title)


def _panel(one: Mapping[str, Any], found: Mapping[str, Any], language: str) -> Any:
    import altair as alt

    def axis(name: str) -> dict[str, Any]:
        return {
            "title": None, "scale": alt.Scale(domain=list(one[name]), nice=False),
            "axis": alt.Axis(grid=False, tickCount=5),
        }  # fmt: skip

    x, y = alt.X("x:Q", **axis("x")), alt.Y("y:Q", **axis("y"))
    labels = [f"({a:.2f}, {b:.2f})" for a, b in one["minima"]]
    nowhere = said("explore.nowhere", language)
    named = [*labels, nowhere] if any(other["nowhere"] for other in one["starts"]) else labels
    inks = [*FEW[: len(labels)], QUIET]
    legend = alt.Legend(title=said("explore.minimum_reached", language), orient="right")
    color = alt.Color("reached:N", scale=alt.Scale(domain=named, range=inks[: len(named)]), legend=legend)
    starts = [
        {"x": end["x"], "y": end["y"], "reached": nowhere if end["minimum"] is None else labels[end["minimum"]]}
        for end in found["ends"]
    ]
    minima = [{"x": a, "y": b, "reached": label} for (a, b), label in zip(one["minima"], labels, strict=True)]
    layers = [
        alt.Chart(inline_rows(contour_rows(one)))
        .mark_line(clip=True, stroke=PALE, strokeWidth=1)
        .encode(x=x, y=y, detail="line:N", order="place:Q"),
        alt.Chart(inline_rows(starts)).mark_point(filled=True, size=26, opacity=0.8, clip=True).encode(
            x=x, y=y, color=color, tooltip=["x:Q", "y:Q", "reached:N"]
        ),
        alt.Chart(inline_rows(minima))
        .mark_point(shape="cross", size=130, stroke=INK, strokeWidth=1.2, filled=True, opacity=1)
        .encode(x=x, y=y, color=color),
    ]  # fmt: skip
    ratio = (one["y"][1] - one["y"][0]) / (one["x"][1] - one["x"][0])
    title = alt.Title(NAMES[found["optimizer"]], fontSize=13, offset=6)
    return alt.layer(*layers).properties(width=_SIDE, height=max(_LOWEST, min(_SIDE, _SIDE * ratio)), title=title)


def contour_rows(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A flat row per point of each contour line of a surface: `line`, `place`, `x`, `y`."""
    relief = one["relief"]
    lines = [line for level in one["levels"] for line in contour(relief["x"], relief["y"], relief["values"], level)]
    return [
        {"line": number, "place": place, "x": round(x, 4), "y": round(y, 4)}
        for number, line in enumerate(lines)
        for place, (x, y) in enumerate(line)
    ]
