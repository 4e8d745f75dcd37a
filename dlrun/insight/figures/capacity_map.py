"""The capacity map as a picture: a panel per value, cells coloured and numbered, verdicts as marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.figures.round_ticks import ticks_within
from dlrun.insight.figures.style import INK, QUIET, continuous, diverging, inline_rows, styled
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.maps.capacity import DIVERGED, OK, CapacityMap, findings, lower_is_better, value_title
from dlrun.insight.maps.shading import by_ratio, position, span_of
from dlrun.insight.words import said
from dlrun.store.names import visible

PANELS = ("val_loss", "train_loss", "gap")
"""Shown where no value is named; the first two share their colours."""
_SHAPES = {
    "underfit": "triangle-down",
    "not converged": "triangle-right",
    "good fit": "circle",
    "overfit": "triangle-up",
    "learning rate too high": "square",
    "diverged": "cross",
    "too noisy to tell": "diamond",
}
_EMPTY = "#EDEDED"
_BESIDE = 90
"""Points that axis and legend of a panel take."""
_NARROWEST = 520
_ROW = 1130
"""Points of width that panels side by side may take."""


def chart(found: CapacityMap, values: Sequence[str] = (), language: str = "en") -> Any:
    """The figure, an altair chart.

    Args:
        values: the columns of cells to show, a panel each; losses and gap when not given.
    """
    import altair as alt

    shown = list(values) or [key for key in PANELS if key in found.values] or [found.monitor]
    size = _cell_size(found)
    panels = [
        _panel(found, key, shown, size, language, last=place == len(shown) - 1) for place, key in enumerate(shown)
    ]
    width = size[0] * len(found.x.levels) + _BESIDE
    columns = max(1, min(len(panels), _ROW // width))
    figure = alt.concat(*panels, columns=columns, spacing=26, align="each").resolve_scale(
        color="independent", shape="shared"
    )
    return styled(figure, found.name, wrapped(_subtitle(found, language), max(columns * width, _NARROWEST)))


def _subtitle(found: CapacityMap, language: str) -> list[str]:
    words = [one.text(language) for one in findings(found)[:2]]
    frames = [said("maps.frame_best", language)] if found.best else []
    if found.smallest and found.smallest is not found.best:
        frames.append(said("maps.frame_smallest", language))
    return [*words, *([", ".join(frames)] if frames else [])]


def _cell_size(found: CapacityMap) -> tuple[int, int]:
    """Width and height of a cell in points: smaller where there are many."""
    across, up = len(found.x.levels), len(found.y.levels)
    return max(46, min(64, 700 // across)), max(30, min(54, 420 // up))


def _panel(found: CapacityMap, key: str, shown: Sequence[str], size: tuple[int, int], language: str, last: bool) -> Any:
    import altair as alt

    rows, scale = _rows(found, key, shown, language), _scale(found, key, shown)
    x = alt.X("x:O", sort=list(found.x.labels), title=visible(found.x.title), axis=_axis(found.x.labels, size[0]))
    y = alt.Y("y:O", sort=list(found.y.labels)[::-1], title=visible(found.y.title), axis=alt.Axis(labelLimit=160))
    base = alt.Chart(inline_rows(rows)).encode(x=x, y=y)
    legend = None if _is_repeated(key, shown) else _legend(scale, size[1] * len(found.y.levels))
    tooltip = [
        alt.Tooltip(f"{name}:N", title=name)
        for name in ("x", "y", "shown", "verdict", "runs", "weights")
        if name in rows[0]
    ]
    with_value, without = "datum.value !== null", "datum.value === null"
    layers = [
        base.transform_filter(without).mark_rect(stroke="white", strokeWidth=2, fill=_EMPTY).encode(tooltip=tooltip),
        base.transform_filter(with_value)
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(color=alt.Color("value:Q", scale=scale[0], title=None, legend=legend), tooltip=tooltip),
        base.mark_text(fontSize=12 if size[0] >= 54 else 11, dy=-7 if size[1] >= 40 else -5).encode(
            text="shown:N", color=_ink_of_rows()
        ),
    ]
    if any(row["shape"] for row in rows):
        layers.append(_marks(base, rows, size, language))
    for name, dash in (("best", [1, 0]), ("smallest", [5, 3])):
        layers += [_frame(base, name, [1, 0], "white", 6), _frame(base, name, dash, "black", 3)]
    width, height = (each * len(levels) for each, levels in zip(size, (found.x.levels, found.y.levels), strict=True))
    return alt.layer(*layers).properties(
        width=width,
        height=height,
        title=alt.Title(value_title(key, language), fontSize=13, fontWeight="normal", anchor="start"),
    )


def _ink_of_rows() -> Any:
    import altair as alt

    tests = [{"test": f"datum.ink === '{ink}'", "value": ink} for ink in ("white", QUIET)]
    return alt.ColorValue(INK, condition=tests)


def _axis(labels: Sequence[str], room: int) -> Any:
    """Labels lie flat while they fit into their column."""
    import altair as alt

    longest = max(len(label) for label in labels)
    return alt.Axis(labelAngle=0 if longest * 7.5 < room else -40, labelLimit=150, labelOverlap=False)


def _marks(base: Any, rows: Sequence[Any], size: tuple[int, int], language: str) -> Any:
    """The verdict's mark below the number."""
    import altair as alt

    present = [verdict for verdict in _SHAPES if any(row["key"] == verdict for row in rows)]
    names = [said("verdict." + verdict.replace(" ", "_"), language) for verdict in present]
    legend = alt.Legend(title=None, orient="bottom", columns=4, symbolSize=80, symbolStrokeWidth=1.2, symbolOpacity=1)
    shape = alt.Shape("shape:N", scale=alt.Scale(domain=names, range=[_SHAPES[v] for v in present]), legend=legend)
    marks = base.transform_filter("datum.shape !== null").mark_point(
        strokeWidth=1, opacity=1, size=55 if size[1] >= 40 else 34,
        yOffset=12 if size[1] >= 40 else 8,
    )  # fmt: skip
    return marks.encode(shape=shape, fill=alt.value("white"), stroke=alt.value(INK))


def _frame(base: Any, name: str, dash: list[int], stroke: str, width: float) -> Any:
    """A frame around the cells that carry this mark."""
    return base.transform_filter(f"datum.{name}").mark_rect(
        fill=None, stroke=stroke, strokeWidth=width, strokeDash=dash
    )


def _is_repeated(key: str, shown: Sequence[str]) -> bool:
    """Whether a later panel shows the same colours."""
    return _is_loss(key) and any(_is_loss(other) for other in shown[shown.index(key) + 1 :])


def _is_loss(key: str) -> bool:
    return key in ("val_loss", "train_loss")


def _scale(found: CapacityMap, key: str, shown: Sequence[str]) -> tuple[Any, tuple[float, float], bool]:
    """The colours, the ends of their scale, whether it is logarithmic. Losses share theirs; dark is better."""
    alike = [other for other in shown if _is_loss(other)] if _is_loss(key) else [key]
    low, high = span_of(found, alike) or (0.0, 1.0)
    if high <= low:
        high = low + (abs(low) or 1.0) * 1e-3
    if key == "gap":
        reach = max(abs(low), abs(high))
        return diverging(reach), (-reach, reach), False
    ratio = by_ratio(key, low, high)
    return continuous(low, high, ratio, lower_is_better(key) is False), (low, high), ratio


def _legend(scale: tuple[Any, tuple[float, float], bool], height: int) -> Any:
    import altair as alt

    (low, high), ratio = scale[1], scale[2]
    ticks = ticks_within(low, high, 6, ratio)
    return alt.Legend(
        values=ticks,
        gradientLength=min(height, 200),
        gradientThickness=12,
        labelColor=QUIET,
        labelExpr="format(datum.value, ',.3~r')",  # a format alone is overruled on logarithmic scales
    )


def _rows(found: CapacityMap, key: str, shown: Sequence[str], language: str) -> list[dict[str, Any]]:
    """A flat row per cell: what is written, in which ink, which mark."""
    _, (low, high), ratio = _scale(found, key, shown)
    rows = []
    for cell in found.cells:
        value = cell.get(key)
        place = 0.0 if value is None else position(value, low, high, ratio)
        verdict = cell.get("verdict") or ("diverged" if cell["state"] == DIVERGED else None)
        word = said("verdict." + verdict.replace(" ", "_"), language) if verdict else None
        rows.append(
            {
                "x": cell["x"],
                "y": cell["y"],
                "value": value,
                "shown": _shown(key, value) if value is not None else _absent(cell["state"], language),
                "ink": QUIET if value is None else _ink(key, place),
                "shape": word if verdict in _SHAPES else None,
                "key": verdict,
                "verdict": word,
                "runs": cell.get("runs"),
                "weights": numbers.count(cell.get("parameters")),
                "best": cell["best"],
                "smallest": cell["smallest"] and not cell["best"],
            }
        )
    return rows


def _shown(key: str, value: float) -> str:
    if key == "parameters":
        return numbers.count(value) if value < 1e5 else f"{value / 1e6:.2f}M" if value >= 1e6 else f"{value / 1e3:.0f}k"
    if key == "seconds":
        return f"{value:.3g}"
    return f"{value:#.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _absent(state: str, language: str) -> str:
    if state in (OK, DIVERGED):
        return "" if state == DIVERGED else numbers.ABSENT
    return numbers.ABSENT if state == "missing" else "…"


def _ink(key: str, place: float) -> str:
    """White on dark colours, dark on light ones."""
    if key == "gap":
        return INK if 0.12 < place < 0.88 else "white"
    dark = place if lower_is_better(key) is not False else 1 - place
    return "white" if dark < 0.62 else INK
