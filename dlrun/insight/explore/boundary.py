"""What a run's answers over the plane of its two features say: which class where, how sure, which points on the wrong
side. Takes the document of `dlrun.runner.boundary.boundary`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.explore.contours import Line, contour
from dlrun.insight.ticks import linear_ticks
from dlrun.insight.words import Said

Document = Mapping[str, Any]
LEVELS = 9
"""Of a regression's contour lines, at most."""


def answers(found: Document, panel: Mapping[str, Any]) -> list[list[tuple[int, float]]]:
    """For each grid place the class that is answered and how sure, from 0 (on the boundary) to 1; of a regression 0 and
    where the value stands between the document's `low` and `high`. A list along x for each y."""
    low, high = found["low"], found["high"]
    if found["kind"] == "regression":
        return [[(0, _clipped((value - low) / (high - low))) for value in row] for row in panel["values"]]
    if found["kind"] == "binary":
        return [[_of_two(value, found["level"], low, high) for value in row] for row in panel["values"]]
    columns = range(len(found["x"]))
    return [
        [_of_many([grid[row][column] for grid in panel["values"]], low, high) for column in columns]
        for row in range(len(found["y"]))
    ]


def boundaries(found: Document, panel: Mapping[str, Any]) -> list[Line]:
    """The lines between the classes; of a regression the lines of equal values."""
    x, y, values = found["x"], found["y"], panel["values"]
    if found["kind"] == "regression":
        return [line for level in levels(found) for line in contour(x, y, values, level)]
    if found["kind"] == "binary":
        return contour(x, y, values, found["level"])
    return [line for place in range(len(values)) for line in contour(x, y, _lead(values, place), 0.0)]


def levels(found: Document) -> list[float]:
    """The values of a regression at which lines are drawn."""
    return linear_ticks(found["low"], found["high"], LEVELS)


def is_wrong(found: Document, point: Mapping[str, Any], predicted: Any) -> bool:
    """Whether a point lies on the wrong side; of a regression none does."""
    return bool(found["kind"] != "regression" and point["true"] != predicted)


def summary(found: Document, panel: Mapping[str, Any]) -> dict[str, Any]:
    """Per side its `points` and how many are `wrong`; of a regression the `mean_absolute_error`."""
    told: dict[str, Any] = {}
    for side in ("train", "validation"):
        pairs = [
            (point, one)
            for point, one in zip(found["points"], panel["predicted"], strict=True)
            if point["side"] == side
        ]
        if not pairs:
            continue
        told[side] = {"points": len(pairs)}
        if found["kind"] == "regression":
            told[side]["mean_absolute_error"] = sum(abs(point["true"] - one) for point, one in pairs) / len(pairs)
        else:
            told[side]["wrong"] = sum(point["true"] != one for point, one in pairs)
    return told


def findings(found: Document) -> list[Said]:
    """A sentence per panel."""
    said = []
    for panel in found["panels"]:
        sides = [_side(side, told) for side, told in summary(found, panel).items()]
        both = sides[0] if len(sides) == 1 else Said("explore.and", {"one": sides[0], "other": sides[1]})
        if panel["epoch"] is None:
            said.append(both)
            continue
        key = "explore.at_kept_epoch" if panel["kept"] else "explore.at_epoch"
        said.append(Said(key, {"epoch": panel["epoch"], "sides": both}))
    return said


def document(found: Document, language: str = "en") -> dict[str, Any]:
    """The document as JSON, with what each panel shows."""
    panels = [
        {**panel, **summary(found, panel), "finding": said.text(language)}
        for panel, said in zip(found["panels"], findings(found), strict=True)
    ]
    return {**found, "panels": panels}


def _side(side: str, told: Mapping[str, Any]) -> Said:
    if "wrong" in told:
        return Said(f"explore.wrong_{side}", {"wrong": told["wrong"], "points": told["points"]})
    return Said(f"explore.error_{side}", {"error": numbers.number(told["mean_absolute_error"])})


def _of_two(value: float, level: float, low: float, high: float) -> tuple[int, float]:
    above = value > level
    return int(above), _clipped((value - level) / (high - level) if above else (level - value) / (level - low))


def _of_many(values: Sequence[float], low: float, high: float) -> tuple[int, float]:
    """Sure is how far the highest lies above an equal share."""
    place = max(range(len(values)), key=values.__getitem__)
    share = low + (high - low) / len(values)
    return place, _clipped((values[place] - share) / (high - share))


def _lead(values: Sequence[Sequence[Sequence[float]]], place: int) -> list[list[float]]:
    """How far a class is above the highest of the others."""
    others = [grid for number, grid in enumerate(values) if number != place]
    return [
        [own - max(grid[row][column] for grid in others) for column, own in enumerate(line)]
        for row, line in enumerate(values[place])
    ]


def _clipped(value: float) -> float:
    return min(1.0, max(0.0, value))
