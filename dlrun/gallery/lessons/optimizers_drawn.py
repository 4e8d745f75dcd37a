"""The table and the picture of the lesson on optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, lines, panel, panels, points
from dlrun.insight.figures.style import FEW, PALE, inline_rows
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

NAMES = {"sgd": "SGD", "momentum": "momentum", "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam"}
ON_PATHS = ("sgd", "momentum", "adam")
"""Whose paths are drawn: more of them would hide each other."""
HIGH = 230.0


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_descent.optimizers_{key}", language), kind, rank=5)

    columns = (
        column("optimizer", "text"), column("rate", "setting"), column("loss"), column("lowest"), column("highest"),
        column("turns", "count"),
    )  # fmt: skip
    return Table(columns, [{**one, "optimizer": NAMES[one["optimizer"]]} for one in rows])


def chart(
    bowl: Mapping[str, dict[str, Any]],
    slope: Mapping[str, np.ndarray],
    best: Mapping[str, dict[str, Any]],
    title: str,
    language: str,
) -> Any:
    """Paths on the bowl, the rate that is left, and the net's curves."""
    three = [on_bowl(bowl, language), left(slope, language), curves(best, language)]
    return finished(panels(three, spacing=30), title, said("gallery_descent.optimizers_subtitle", language))


def groups(names: tuple[str, ...], legend: str | None = "bottom") -> Groups:
    inks = dict(zip(NAMES, FEW, strict=False))
    return Groups(
        "name", tuple(NAMES[name] for name in names), colors=tuple(inks[name] for name in names), legend=legend
    )


def on_bowl(bowl: Mapping[str, dict[str, Any]], language: str) -> Any:
    import altair as alt

    from dlrun.insight.figures.starts import contour_rows
    from dlrun.training.descent import relief
    from dlrun.training.surfaces import SURFACES

    surface = SURFACES["bowl"]
    across, up = Axis("x", domain=surface.x, grid=False), Axis("y", domain=surface.y, grid=False)
    contours = contour_rows({"relief": relief(surface), "levels": surface.levels})
    around = (
        alt.Chart(inline_rows(contours))
        .mark_line(clip=True, stroke=PALE, strokeWidth=1)
        .encode(x=across.channel(alt.X, "x"), y=up.channel(alt.Y, "y"), detail="line:N", order="place:Q")
    )
    rows = [
        {"name": NAMES[name], "step": step, "x": x, "y": y}
        for name in ON_PATHS
        for step, (x, y) in enumerate(zip(bowl[name]["x"], bowl[name]["y"], strict=True))
    ]
    walked = lines(rows, "x", "y", across, up, groups(ON_PATHS), thick=1.6).encode(order="step:Q")
    dots = points(rows, "x", "y", across, up, groups(ON_PATHS), size=16)
    heading = said("gallery_descent.optimizers_bowl", language)
    return panel(around + walked + dots, heading, (320, HIGH))


def left(slope: Mapping[str, np.ndarray], language: str) -> Any:
    names = tuple(slope)
    rows = [{"name": NAMES[name], "step": step, "rate": float(rate)}
            for name, rates in slope.items() for step, rate in enumerate(rates, 1)]  # fmt: skip
    last = max(map(len, slope.values()))
    across = Axis(said("gallery_descent.optimizers_step", language), domain=(1.0, float(last)))
    up = Axis(log=True, values=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5), format="~g")
    heading = said("gallery_descent.optimizers_left", language)
    return panel(lines(rows, "step", "rate", across, up, groups(names)), heading, (220, HIGH))


def curves(best: Mapping[str, dict[str, Any]], language: str) -> Any:
    rows = [
        {"name": NAMES[name], "epoch": epoch, "loss": float(np.exp(np.log(values).mean()))}
        for name, one in best.items()
        for epoch, values in enumerate(zip(*one["curves"], strict=True), 1)
    ]
    last = len(best["sgd"]["curves"][0])
    across = Axis(said("gallery_descent.epoch", language), domain=(1.0, float(last)))
    up = Axis(log=True, values=(1e-4, 1e-3, 1e-2, 1e-1, 1), format="~g")
    heading = said("gallery_descent.optimizers_curves", language)
    return panel(lines(rows, "epoch", "loss", across, up, groups(tuple(best))), heading, (260, HIGH))
