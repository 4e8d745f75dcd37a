"""The charts of lessons: each is a Vega-Lite chart that holds, and can be drawn."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dlrun.gallery.drawing import (
    Axis,
    Groups,
    bars,
    finished,
    level,
    lines,
    means,
    panel,
    panels,
    plane,
    points,
    texts,
)
from dlrun.insight.figures.saving import definition, svg

ROWS: list[dict[str, Any]] = [
    {"x": at, "y": at**2 + shift, "net": name, "seed": seed}
    for shift, name in enumerate(("relu", "한글 <b>&"))
    for seed in (0, 1)
    for at in (1, 2, 3)
]
GROUPS = Groups("net", ("relu", "한글 <b>&"), "net")
ACROSS, UP = Axis("x [epochs]"), Axis("y")
SPREADS = [{"at": at, "net": name, "mean": 0.5, "low": 0.4, "high": 0.6} for at in ("1", "2") for name in GROUPS.order]

CHARTS = {
    "lines": lambda: lines(ROWS, "x", "y", ACROSS, UP, GROUPS, detail="seed", dashed=True),
    "lines of one colour": lambda: lines(ROWS, "x", "y", Axis(log=True), Axis(log=True), detail="net"),
    "points": lambda: points(ROWS, "x", "y", ACROSS, UP, GROUPS, outline="white", shape="net"),
    "points without groups": lambda: points(ROWS, "x", "y", ACROSS, UP),
    "means of words": lambda: means(SPREADS, "at", Axis(percent=True), "layers", GROUPS),
    "means of numbers": lambda: means([{**row, "at": 3} for row in SPREADS], "at", UP, Axis(log=True)),
    "bars": lambda: bars(ROWS[:3], "x", "y", "unit", UP, ticks=[1, 3]),
    "level": lambda: level(0.5, UP),
    "texts": lambda: texts([{"x": 1, "y": 1, "text": "한글 <b>&"}], "x", "y", ACROSS, UP, dx=4, align="left"),
    "plane": lambda: plane(np.eye(3), Axis(domain=(0, 1)), Axis(domain=(0, 1))),
    "nothing": lambda: lines([], "x", "y", ACROSS, UP, GROUPS),
    "legend below": lambda: lines(ROWS, "x", "y", ACROSS, UP, Groups("net", GROUPS.order, legend="bottom")),
    "no legend": lambda: lines(ROWS, "x", "y", ACROSS, UP, Groups("net", GROUPS.order, legend=None)),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_holds_and_is_drawn(name: str) -> None:
    figure = finished(CHARTS[name](), "한글 <title>", "below")
    figure.to_dict()  # altair checks it against Vega-Lite's schema
    assert "<svg" in svg(figure)


def test_panels_beside_and_below_each_other() -> None:
    figure = finished(panels([panel(CHARTS["lines"](), str(place)) for place in range(5)], 3), "title")
    figure.to_dict()
    found = definition(figure)
    assert [len(row["hconcat"]) for row in found["vconcat"]] == [3, 2]
    text = svg(figure)
    assert all(f">{place}<" in text for place in range(5))


def test_colours_do_not_depend_on_the_rows() -> None:
    found = definition(lines(ROWS[6:], "x", "y", ACROSS, UP, GROUPS))
    scale = found["encoding"]["color"]["scale"]
    assert scale["domain"] == list(GROUPS.order)
    assert len(scale["range"]) == 2


def test_a_plane_is_an_image_the_right_way_up() -> None:
    values = np.array([[0.0, 1.0], [0.5, 2.0]])  # the first row is the lowest; what is above 1 is drawn as 1
    figure = plane(values, Axis(domain=(0, 1)), Axis(domain=(0, 1)), ("#000000", "#FFFFFF"))
    (row,) = next(rows for rows in definition(figure)["datasets"].values() if "url" in rows[0])
    image = Image.open(io.BytesIO(base64.b64decode(row["url"].partition(",")[2])))
    assert np.asarray(image)[..., 0].tolist() == [[128, 255], [0, 255]]
