"""Charts that lessons share: lines, means with intervals, points, planes of values, panels beside each other.

Each function takes plain rows (no NaN) and gives an altair chart without looks; layers are put together with `+`,
panels with `panels`, and `finished` comes once, last. Titles are texts in the language of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.insight.figures.style import FEW, INK, PALE, colors, inline_rows, styled

Rows = Sequence[Mapping[str, Any]]
WIDTH, HEIGHT = 420, 260
"""Points, of a lone frame."""
TWO_CLASSES, PALE_CLASSES = (FEW[0], FEW[1]), ("#D3E4F1", "#F8DFD0")
"""Of points, and of what lies behind them: class 0 and class 1."""
SQUARE = (220.0, 220.0)
"""Points, of a frame among `panels`: width and height."""


@dataclass(frozen=True)
class Axis:
    """One axis: what stands beside it, and how its values are laid out."""

    title: str = ""
    log: bool = False
    percent: bool = False
    domain: tuple[float, float] | None = None
    """First and last value shown; from the rows where not given."""
    values: tuple[float, ...] | None = None
    """Where ticks stand; chosen by Vega where not given."""
    format: str | None = None
    """d3's; `.0%` where it is percent."""
    grid: bool = True

    def channel(self, kind: Any, field: str) -> Any:
        """An `alt.X` or `alt.Y` (kind) of a field with numbers."""
        import altair as alt

        scale: dict[str, Any] = {"type": "log"} if self.log else {"zero": False}
        if self.domain is not None:
            scale |= {"domain": list(self.domain), "nice": False}
        axis: dict[str, Any] = {"grid": self.grid, "title": self.title or None, "titleLimit": 400}
        if self.values is not None:
            axis["values"] = list(self.values)
        if self.percent or self.format:
            axis["format"] = self.format or ".0%"
        return kind(f"{field}:Q", scale=alt.Scale(**scale), axis=alt.Axis(**axis))


@dataclass(frozen=True)
class Groups:
    """What colours mean."""

    field: str
    """Of the rows; a text."""
    order: tuple[str, ...]
    """All its values, in the order of the legend."""
    title: str = ""
    colors: tuple[str, ...] = ()
    """One per value; the house's where not given."""
    legend: str | None = "right"
    """Where it stands (right, bottom, top); None for no legend."""

    def channel(self) -> Any:
        """The `alt.Color`."""
        import altair as alt

        scale = alt.Scale(domain=list(self.order), range=list(self.colors or colors(len(self.order))))
        legend: Any = None
        if self.legend is not None:
            placed: Any = self.legend
            across = alt.Undefined if placed == "right" else 3
            legend = alt.Legend(title=self.title or None, orient=placed, columns=across, symbolOpacity=1)
        return alt.Color(f"{self.field}:N", scale=scale, legend=legend, sort=list(self.order))


def lines(
    rows: Rows, x: str, y: str, across: Axis, up: Axis, groups: Groups | None = None, detail: str | None = None,
    thick: float = 2.0, opacity: float = 1.0, dashed: bool = False,
) -> Any:  # fmt: skip
    """One line per group, or per value of `detail` (such as the seed) within it, in the order of x."""
    import altair as alt

    dash: Any = [5, 4] if dashed else alt.Undefined
    mark = alt.Chart(inline_rows(rows)).mark_line(strokeWidth=thick, opacity=opacity, strokeDash=dash, clip=True)
    return mark.encode(x=across.channel(alt.X, x), y=up.channel(alt.Y, y), **_looks(groups, detail))


def points(
    rows: Rows, x: str, y: str, across: Axis, up: Axis, groups: Groups | None = None, size: float = 60,
    shape: str | None = None, opacity: float = 1.0, outline: str | None = None,
) -> Any:  # fmt: skip
    """A point per row.

    Args:
        shape: a field whose texts choose the shape of the point.
        outline: the colour of a thin line around each, which sets it off from what lies below.
    """
    import altair as alt

    around: dict[str, Any] = {"stroke": outline, "strokeWidth": 1.2} if outline else {}
    looks = _looks(groups, None)
    if outline and groups:
        looks["fill"] = alt.Fill(**looks.pop("color").to_dict())
    mark = alt.Chart(inline_rows(rows)).mark_point(filled=True, size=size, opacity=opacity, clip=True, **around)
    if shape is not None:
        looks["shape"] = alt.Shape(f"{shape}:N", legend=None)
    return mark.encode(x=across.channel(alt.X, x), y=up.channel(alt.Y, y), **looks)


def means(
    rows: Rows, at: str, up: Axis, across: Axis | str = "", groups: Groups | None = None, width: float = WIDTH,
    height: float = HEIGHT,
) -> Any:  # fmt: skip
    """A point at each row's `mean` with a bar from `low` to `high`.

    Args:
        at: the field that says where along the axis.
        across: an `Axis` where that is a number; the axis' title where it is a text, then in the order of the rows.
        groups: colours; in a text axis the groups of one place stand beside each other.
    """
    import altair as alt

    base = alt.Chart(inline_rows(rows)).encode(**_looks(groups, None))
    if isinstance(across, Axis):
        base = base.encode(x=across.channel(alt.X, at))
    else:
        axis = alt.Axis(labelAngle=0, title=across or None, labelLimit=200)
        base = base.encode(x=alt.X(f"{at}:N", sort=None, axis=axis))
        if groups is not None:
            base = base.encode(xOffset=alt.XOffset(f"{groups.field}:N", sort=list(groups.order)))
    ink: dict[str, Any] = {} if groups else {"color": FEW[0]}
    bars = base.mark_rule(strokeWidth=2, **ink).encode(y=up.channel(alt.Y, "low"), y2="high:Q")
    middle = base.mark_point(filled=True, size=90, opacity=1, **ink).encode(y=up.channel(alt.Y, "mean"))
    return (bars + middle).properties(width=width, height=height)


def bars(rows: Rows, at: str, y: str, across: str, up: Axis, color: str = FEW[0], ticks: Sequence[Any] = ()) -> Any:
    """A bar per row, in the order of the rows.

    Args:
        at: the field that says which bar.
        across: the axis' title.
        ticks: the values of `at` that are written below the axis; all where there are none.
    """
    import altair as alt

    axis = alt.Axis(labelAngle=0, title=across or None, values=list(ticks) or alt.Undefined)
    mark = alt.Chart(inline_rows(rows)).mark_bar(color=color)
    return mark.encode(x=alt.X(f"{at}:O", sort=None, axis=axis), y=up.channel(alt.Y, y))


def plane(
    values: np.ndarray,
    across: Axis,
    up: Axis,
    ends: tuple[str, str] = PALE_CLASSES,
    size: tuple[float, float] = SQUARE,
) -> Any:
    """A rectangle of values from 0 to 1 as colours: what lies behind points in two dimensions. One small image, as a
    mark per value would make pictures of megabytes.

    Args:
        values: (rows, columns), the first row lowest; evenly over the domains of both axes, which must be given.
        ends: the colours of 0 and of 1.
        size: width and height of its frame in points; it fills the frame.
    """
    import altair as alt

    width, height = size
    mark = alt.Chart(inline_rows([{"url": _image(values, ends)}])).mark_image(
        width=width, height=height, aspect=False, align="left", baseline="top"
    )
    picture = mark.encode(x=alt.value(0), y=alt.value(0), url="url:N")
    edges = {end: [axis.domain[end] if axis.domain else end for axis in (across, up)] for end in (0, 1)}
    frame = alt.Chart(inline_rows([{"x": x, "y": y} for x, y in edges.values()])).mark_point(opacity=0)
    return picture + frame.encode(x=across.channel(alt.X, "x"), y=up.channel(alt.Y, "y"))


def _image(values: np.ndarray, ends: tuple[str, str]) -> str:
    """The values as a PNG in a data URL."""
    import base64
    import io

    from PIL import Image

    low, high = (np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], float) for color in ends)
    share = np.clip(np.flipud(values), 0, 1)[..., None]
    stream = io.BytesIO()
    Image.fromarray(np.round(low + share * (high - low)).astype("uint8")).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def texts(rows: Rows, x: str, y: str, across: Axis, up: Axis, text: str = "text", size: int = 12, **looks: Any) -> Any:
    """A text per row, in ink; `looks` are those of altair's text mark (`dx`, `dy`, `align`, `baseline`)."""
    import altair as alt

    mark = alt.Chart(inline_rows(rows)).mark_text(fontSize=size, **({"color": INK} | looks))
    return mark.encode(x=across.channel(alt.X, x), y=up.channel(alt.Y, y), text=f"{text}:N")


def level(value: float, up: Axis, color: str = PALE, dashed: bool = True) -> Any:
    """A thin horizontal line."""
    import altair as alt

    mark = alt.Chart(inline_rows([{"value": value}]))
    dash: Any = [4, 3] if dashed else alt.Undefined
    return mark.mark_rule(strokeWidth=1.2, strokeDash=dash, color=color).encode(y=up.channel(alt.Y, "value"))


def panels(charts: Sequence[Any], columns: int = 3, spacing: float = 24) -> Any:
    """The charts beside each other, row after row; each keeps its own axes and colours."""
    import altair as alt

    rows = [alt.hconcat(*charts[at : at + columns], spacing=spacing) for at in range(0, len(charts), columns)]
    whole = rows[0] if len(rows) == 1 else alt.vconcat(*rows, spacing=spacing)
    return whole.resolve_scale(color="independent", fill="independent", stroke="independent", shape="independent")


def panel(chart: Any, title: str = "", size: tuple[float, float] = SQUARE) -> Any:
    """A chart (or layers of it) as one frame of `panels`, with a title of its own."""
    import altair as alt

    heading = alt.Title(title, fontSize=13, fontWeight="normal", anchor="start", frame="group", offset=6)
    named: dict[str, Any] = {"title": heading} if title else {}
    return chart.properties(width=size[0], height=size[1], **named)


def finished(figure: Any, title: str, subtitle: str | Sequence[str] = "") -> Any:
    """The figure with its titles and the looks that all figures of dlrun share."""
    return styled(figure, title, subtitle)


def _looks(groups: Groups | None, detail: str | None) -> dict[str, Any]:
    import altair as alt

    looks: dict[str, Any] = {} if groups is None else {"color": groups.channel()}
    if groups is None:
        looks["color"] = alt.value(FEW[0])
    if detail is not None:
        looks["detail"] = f"{detail}:N"
    return looks
