"""The curve and what nets of each width make of it; their errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, points
from dlrun.insight.figures.style import INK, steps
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

DRAWN = 100
"""Places of a line."""
SIZE = (160.0, 160.0)


def table(rows: list[dict[str, Any]], language: str) -> Table:
    columns = (
        Column("width", text("width", language), "count", 9),
        Column("parameters", text("parameters", language), "count", 5),
        Column("mean", text("mean", language), rank=8),
        Column("best", text("best", language), rank=6),
        Column("worst", text("worst", language), rank=6),
        Column("farthest", text("farthest", language), rank=7),
    )
    return Table(columns, rows)


def chart(x: np.ndarray, y: np.ndarray, fits: np.ndarray, rows: list[dict[str, Any]], title: str, language: str) -> Any:
    """A panel per width with a line per seed on the curve, and the errors of all widths.

    Args:
        x: (places,).
        y: the curve there.
        fits: (widths, seeds, places).
    """
    colors = steps(len(rows) + 1)
    frames = [
        panel(fit(x, y, nets, color), text("units", language, width=one["width"]), SIZE)
        for nets, one, color in zip(fits, rows, colors, strict=False)
    ]
    return finished(panels([*frames, panel(errors(rows, colors, language), text("error", language), SIZE)], 5), title,
                    text("subtitle", language))  # fmt: skip


def fit(x: np.ndarray, y: np.ndarray, nets: np.ndarray, color: str) -> Any:
    import altair as alt

    across, up = Axis("x", values=(-1, 0, 1), format="d"), Axis("y", domain=(-1.6, 1.6), values=(-1, 0, 1), format="d")
    every = np.linspace(0, len(x) - 1, DRAWN).round().astype(int)
    rows = [
        {"x": round(float(x[at]), 4), "y": round(float(net[at]), 4), "seed": seed}
        for seed, net in enumerate(nets)
        for at in every
    ]
    wave = [{"x": round(float(x[at]), 4), "y": round(float(y[at]), 4)} for at in every]
    under = lines(wave, "x", "y", across, up, thick=5, opacity=0.25).encode(color=alt.value(INK))
    return under + lines(rows, "x", "y", across, up, detail="seed", thick=1.3).encode(color=alt.value(color))


def errors(rows: list[dict[str, Any]], colors: tuple[str, ...], language: str) -> Any:
    """One point per seed, so that nothing is hidden behind a mean."""
    widths, all_errors = [one["width"] for one in rows], [error for one in rows for error in one["errors"]]
    ends = (widths[0] / 1.6, widths[-1] * 1.6)
    decades = range(math.floor(math.log10(min(all_errors))), math.ceil(math.log10(max(all_errors))) + 1)
    across = Axis(text("width", language), log=True, domain=ends, values=tuple(widths), grid=False)
    ticks = tuple(10.0**one for one in decades)
    up = Axis(log=True, domain=(ticks[0], ticks[-1]), values=ticks, format="~g")
    groups = Groups("name", tuple(str(one["width"]) for one in rows), colors=colors[: len(rows)], legend=None)
    found = [
        {"width": one["width"], "error": error, "name": str(one["width"])} for one in rows for error in one["errors"]
    ]
    return points(found, "width", "error", across, up, groups, size=36, opacity=0.8)


def text(name: str, language: str, **values: Any) -> str:
    return said(f"gallery_perceptron.universal_approximation_{name}", language, **values)
