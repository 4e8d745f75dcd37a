"""What the paths of optimizers say: how far each came, how long it took, whether it zigzags, how its steps shrink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

CLOSE = 0.01
"""Of the way down that was there at the start: what is left when a descent has arrived."""
ZIGZAG = 0.5
"""A path that turns back, up or down, in more than this share of its steps zigzags."""
DIED = 5.0
"""An effective rate that falls to less than one part in so many of its start has died."""
NAMES = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}


class Walked(Protocol):
    """A descent, as `dlrun.training.descent.Path` is one."""

    @property
    def optimizer(self) -> str: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def x(self) -> Sequence[float]: ...
    @property
    def y(self) -> Sequence[float]: ...
    @property
    def value(self) -> Sequence[float]: ...
    @property
    def slope(self) -> Sequence[float]: ...


Row = dict[str, Any]


def row_of(path: Walked, lowest: float) -> Row:
    """What is told of a path.

    Args:
        lowest: the surface's value at its lowest minimum.
    Returns: flat: `optimizer`, `name`, `learning_rate`, `steps`, `start` and `end` (values), `x` and `y` (the end),
        `length` (of the path), `arrived` (the first step from which on no more than 1 % of the way down is left; None
        where that never comes), `turns` (steps after which it goes back up or down along y), `first_rate` and
        `last_rate`: the effective rate, the length of a step divided by that of the gradient. Values that are not
        finite are None.
    """
    lengths = [math.hypot(b - a, d - c) for (a, c), (b, d) in _pairs(path)]
    moves = [after - before for before, after in pairwise(path.y)]
    rates = [length / slope for length, slope in zip(lengths, path.slope, strict=False) if slope > 0]
    return {
        "optimizer": path.optimizer,
        "name": NAMES.get(path.optimizer, path.optimizer),
        "learning_rate": path.learning_rate,
        "steps": len(lengths),
        "start": _finite(path.value[0]),
        "end": _finite(path.value[-1]),
        "x": _finite(path.x[-1]),
        "y": _finite(path.y[-1]),
        "length": _finite(sum(lengths)),
        "arrived": _arrived(path.value, lowest),
        "turns": sum(one * other < 0 for one, other in pairwise(moves)),
        "first_rate": _finite(rates[0]) if rates else None,
        "last_rate": _finite(rates[-1]) if rates else None,
    }


def table(rows: Sequence[Row], language: str = "en") -> Table:
    """A line per optimizer."""
    columns = (
        Column("name", said("explore.optimizer", language), "text", rank=9),
        Column("learning_rate", said("explore.rate", language), "amount", rank=7),
        Column("end", said("explore.value_at_end", language), rank=9),
        Column("arrived", said("explore.steps_to_1", language), "count", rank=8),
        Column("length", said("explore.length", language), rank=6),
        Column("turns", said("explore.turns", language), "count", rank=7),
        Column("first_rate", said("explore.first_rate", language), rank=4),
        Column("last_rate", said("explore.last_rate", language), rank=5),
    )
    return Table(columns, [dict(row) for row in rows])


def findings(rows: Sequence[Row]) -> list[Said]:
    """What the rows of one surface show, most telling first."""
    lost = [row for row in rows if row["end"] is None or row["end"] > row["start"]]
    found = [Said("explore.higher", {"names": _named(lost)})] if lost else []
    arrived = sorted((row for row in rows if row["arrived"] is not None), key=lambda row: row["arrived"])
    if arrived:
        order = ", ".join(f"{row['name']} {row['arrived']}" for row in arrived)
        found.append(Said("explore.arrived", {"order": order}))
    stuck = [row for row in rows if row["arrived"] is None and row not in lost]
    if stuck:
        found.append(Said("explore.not_arrived", {"names": _named(stuck), "steps": stuck[0]["steps"]}))
    for row in rows:
        if row["turns"] > ZIGZAG * row["steps"]:
            found.append(Said("explore.zigzag", {"name": row["name"], "turns": row["turns"], "steps": row["steps"]}))
    return [*found, *_dying(rows)]


def _dying(rows: Sequence[Row]) -> list[Said]:
    """AdaGrad divides by all gradients it has seen, RMSProp by the latest: told where the paths show it."""
    by_name = {row["optimizer"]: row for row in rows if row["first_rate"] and row["last_rate"]}
    ada, rms = by_name.get("adagrad"), by_name.get("rmsprop")
    if ada is None or ada["first_rate"] < DIED * ada["last_rate"]:
        return []
    told = {"first": f"{ada['first_rate']:.3g}", "last": f"{ada['last_rate']:.2g}"}
    if rms is None or rms["first_rate"] > DIED * rms["last_rate"]:
        return [Said("explore.adagrad", told)]
    other = {"rms_first": f"{rms['first_rate']:.3g}", "rms_last": f"{rms['last_rate']:.3g}"}
    return [Said("explore.adagrad_rmsprop", {**told, **other})]


def _pairs(path: Walked) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    places = list(zip(path.x, path.y, strict=True))
    return list(pairwise(places))


def _arrived(values: Sequence[float], lowest: float) -> int | None:
    """The step after the last one at which more than 1 % was left."""
    limit = lowest + CLOSE * (values[0] - lowest)
    above = [step for step, value in enumerate(values) if not value <= limit]
    first = above[-1] + 1 if above else 0
    return first if first < len(values) else None


def _named(rows: Sequence[Row]) -> str:
    return ", ".join(row["name"] for row in rows)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
