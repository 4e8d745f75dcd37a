"""What each layer makes of the rows, in two dimensions, and what a line can read from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, means, panel, panels, points
from dlrun.gallery.over_seeds import mean_row
from dlrun.insight.figures.style import FEW
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said

SMALL = (132.0, 132.0)
WAYS = ("together", "one_by_one")


def table(numbers: dict[str, Any], language: str) -> Table:
    rows = [
        {"layer": layer_name(depth, language), "together": mean(one), "one_by_one": mean(other)}
        for depth, (one, other) in enumerate(zip(*(numbers[way] for way in WAYS), strict=True))
    ]
    rows.append({
        "layer": text("whole", language),
        "together": mean(numbers["joint_accuracy"]),
        "one_by_one": mean(numbers["greedy_accuracy"]),
    })  # fmt: skip
    return Table((Column("layer", text("read_from", language), "text", 9), *(
        Column(way, text(way, language), rank=8) for way in WAYS
    )), rows)  # fmt: skip


def chart(seen: Sequence[np.ndarray], labels: Sequence[int], numbers: dict[str, Any], title: str, language: str) -> Any:
    """A panel per layer, and the probes' accuracies below.

    Args:
        seen: per layer the validation rows in two dimensions.
        labels: their classes.
    """
    frames = [panel(scattered(one, labels), layer_name(depth, language), SMALL) for depth, one in enumerate(seen)]
    width = len(seen) * SMALL[0] + (len(seen) - 1) * 24
    whole = panels([panels(frames, len(frames)), accuracies(numbers, width, language)], 1)
    return finished(whole, title, text("subtitle", language))


def scattered(rows: np.ndarray, labels: Sequence[int]) -> Any:
    """Points on axes of the same scale, without numbers: only where they lie to each other tells something."""
    reach = 1.08 * float(np.abs(rows).max())
    ends = Axis(domain=(-reach, reach), values=(), grid=False)
    groups = Groups("class", ("0", "1"), colors=FEW[:2], legend=None)
    found = [
        {"x": round(float(x), 3), "y": round(float(y), 3), "class": str(label)}
        for (x, y), label in zip(rows, labels, strict=True)
    ]
    return points(found, "x", "y", ends, ends, groups, size=14, opacity=0.8)


def accuracies(numbers: dict[str, Any], width: float, language: str) -> Any:
    names = {way: text(way, language) for way in WAYS}
    rows = [
        {"layer": layer_name(depth, language), "way": names[way], **within(mean_row(each))}
        for depth in range(len(numbers["together"]))
        for way in WAYS
        for each in (numbers[way][depth],)
    ]
    groups = Groups("way", tuple(names.values()), colors=(FEW[2], FEW[6]), legend="bottom")
    up = Axis(text("accuracy", language), percent=True, domain=(0.5, 1.0))
    return means(rows, "layer", up, "", groups, width=width, height=190)


def within(interval: dict[str, float]) -> dict[str, float]:
    """The interval as far as there are accuracies: Student's knows of no 100 %."""
    return {key: min(1.0, value) for key, value in interval.items()}


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def layer_name(depth: int, language: str) -> str:
    return text("layer", language, depth=depth) if depth else text("inputs", language)


def text(name: str, language: str, **values: Any) -> str:
    return said(f"gallery_perceptron.representations_{name}", language, **values)
