"""Descents as plain documents: paths on a surface, or where many starts come to rest. JSON, figures and tables take
these."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dlrun.insight.explore.descent import NAMES, Walked, findings, row_of
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said


class Ground(Protocol):
    """A surface, as `dlrun.training.surfaces.Surface` is one."""

    @property
    def name(self) -> str: ...
    @property
    def formula(self) -> str: ...
    @property
    def x(self) -> Sequence[float]: ...
    @property
    def y(self) -> Sequence[float]: ...
    @property
    def minima(self) -> Sequence[tuple[float, float]]: ...
    @property
    def levels(self) -> Sequence[float]: ...
    @property
    def lowest(self) -> float: ...
    @property
    def minimum_values(self) -> Sequence[float]: ...


class Ended(Protocol):
    """A descent from one of many starts, as `dlrun.training.descent.End` is one."""

    @property
    def start(self) -> tuple[float, float]: ...
    @property
    def end(self) -> tuple[float, float]: ...
    @property
    def value(self) -> float: ...
    @property
    def minimum(self) -> int | None: ...


def document(surface: Ground, relief: Mapping[str, Any], paths: Sequence[Walked]) -> dict[str, Any]:
    """A surface, its paths point by point and the `rows` that tell of them. Numbers that are not finite are None."""
    rows = [row_of(path, surface.lowest) for path in paths]
    told = [
        {
            "optimizer": path.optimizer,
            "learning_rate": path.learning_rate,
            **{key: [_finite(v) for v in getattr(path, key)] for key in ("x", "y", "value", "slope")},
        }
        for path in paths
    ]
    return {**_ground(surface), "relief": relief, "rows": rows, "paths": told}


def starts_document(surface: Ground, relief: Mapping[str, Any], ends: Mapping[str, Sequence[Ended]]) -> dict[str, Any]:
    """A surface, and per optimizer where its descents from many starts ended and how often in which minimum."""
    told = [
        {
            "optimizer": optimizer,
            "starts": len(found),
            "reached": [sum(end.minimum == place for end in found) for place in range(len(surface.minima))],
            "nowhere": sum(end.minimum is None for end in found),
            "ends": [
                {
                    "x": end.start[0], "y": end.start[1], "end_x": _finite(end.end[0]), "end_y": _finite(end.end[1]),
                    "value": _finite(end.value), "minimum": end.minimum,
                }
                for end in found
            ],
        }
        for optimizer, found in ends.items()
    ]  # fmt: skip
    return {**_ground(surface), "relief": relief, "starts": told}


def findings_of(one: Mapping[str, Any]) -> list[Said]:
    """What a document shows."""
    if "rows" in one:
        return findings(one["rows"])
    values = [_told(value) for value in one["minimum_values"]]
    return [
        Said(
            "explore.starts",
            {
                "name": NAMES[found["optimizer"]],
                "starts": found["starts"],
                "lowest": _count_of_lowest(one, found),
                "value": values[0],
                "others": found["starts"] - _count_of_lowest(one, found) - found["nowhere"],
                "nowhere": found["nowhere"],
            },
        )
        for found in one["starts"]
    ]


def starts_table(one: Mapping[str, Any], language: str = "en") -> Table:
    """A line per optimizer, a column per minimum."""
    minima = [
        Column(f"minimum_{place}", f"({x:.2f}, {y:.2f}): {_told(value)}", "count", rank=8)
        for place, ((x, y), value) in enumerate(zip(one["minima"], one["minimum_values"], strict=True))
    ]
    columns = (
        Column("name", said("explore.optimizer", language), "text", rank=9),
        *minima,
        Column("nowhere", said("explore.nowhere", language), "count", rank=7),
    )
    rows = [
        {
            "name": NAMES[found["optimizer"]],
            "nowhere": found["nowhere"],
            **{f"minimum_{place}": count for place, count in enumerate(found["reached"])},
        }
        for found in one["starts"]
    ]
    return Table(columns, rows)


def _count_of_lowest(one: Mapping[str, Any], found: Mapping[str, Any]) -> int:
    """Descents that ended in a minimum as low as the lowest."""
    limit = one["lowest"] + 1e-6
    pairs = zip(one["minimum_values"], found["reached"], strict=True)
    return sum(count for value, count in pairs if value <= limit)


def _ground(surface: Ground) -> dict[str, Any]:
    return {
        "surface": surface.name,
        "formula": surface.formula,
        "x": list(surface.x),
        "y": list(surface.y),
        "lowest": surface.lowest,
        "minima": [list(minimum) for minimum in surface.minima],
        "minimum_values": list(surface.minimum_values),
        "levels": list(surface.levels),
    }


def _told(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= 0.005 else "0"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
