"""The forward pass as a picture and a table: an image on its way to ten probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, bars, finished, panel, panels, plane
from dlrun.insight.figures.style import FEW, INK, inline_rows
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

LARGE = 16
"""Pixels of the picture per pixel of the image."""
GREY = ("#FFFFFF", "#222222")
LOW = 150.0


def table(steps: list[dict[str, Any]], language: str) -> Table:
    rows = [{**one, "tensor": text(f"is_{one['what']}", language), "shape": str(tuple(one["shape"]))} for one in steps]
    columns = (
        Column("tensor", text("tensor", language), "text", 7), Column("numpy", "numpy", "text", 6),
        Column("shape", text("shape", language), "text", 9), Column("rank", text("rank", language), "count", 8),
    )  # fmt: skip
    return Table(columns, rows)


def chart(x: np.ndarray, one: dict[str, Any], title: str, language: str) -> Any:
    """One image, the same as a row of numbers, what the hidden units make of it, and the probabilities.

    Args:
        x: a row of a square image's pixels, from 0 to 1.
        one: `hidden`, `by_hand` and `keras`: lists of numbers.
    """
    side = round(len(x) ** 0.5)
    large = np.kron(np.flipud(x.reshape(side, side)), np.ones((LARGE, LARGE)))
    places = Axis(domain=(0, side), values=(), grid=False)
    image = plane(large, places, places, GREY, (LOW, LOW))
    frames = [
        panel(image, text("image", language, shape=(side, side)), (LOW, LOW)),
        panel(numbered(x, text("pixel", language)), text("row", language, shape=(len(x),)), (230, LOW)),
        panel(numbered(one["hidden"], text("unit", language)), text("hidden", language, shape=(len(one["hidden"]),)),
              (170, LOW)),
        panel(probabilities(one, language), text("outputs", language, shape=(len(one["by_hand"]),)), (190, LOW)),
    ]  # fmt: skip
    return finished(panels(frames, 4), title, text("subtitle", language))


def numbered(values: Any, across: str) -> Any:
    rows = [{"at": at, "value": float(value)} for at, value in enumerate(values)]
    return bars(rows, "at", "value", across, Axis(), ticks=range(0, len(rows), 8 if len(rows) > 30 else 5))


def probabilities(one: dict[str, Any], language: str) -> Any:
    """Bars by hand, and what Keras gives as rings on them."""
    import altair as alt

    up = Axis(domain=(0, 1), percent=True)
    rows = [{"at": at, "value": value} for at, value in enumerate(one["by_hand"])]
    theirs = [{"at": at, "value": value} for at, value in enumerate(one["keras"])]
    rings = alt.Chart(inline_rows(theirs)).mark_point(filled=False, size=45, color=INK, opacity=1, strokeWidth=1.5)
    across = text("digit", language)
    return bars(rows, "at", "value", across, up, FEW[1]) + rings.encode(x="at:O", y=up.channel(alt.Y, "value"))


def text(name: str, language: str, **values: Any) -> str:
    return said(f"gallery_perceptron.forward_pass_{name}", language, **values)
