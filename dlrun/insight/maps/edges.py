"""Where the best of a map lies at its edge: the sweep ended too early on that side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlrun.insight.maps.axis import Axis, is_regular
from dlrun.insight.words import Said

if TYPE_CHECKING:
    from dlrun.insight.maps.swept import Swept

_LOWEST = {"model.depth": 0, "model.width": 1, "fit.batch_size": 1, "fit.epochs": 1}
"""Values below which a key has none; any other key has none below 0."""
_HIGHEST = {"data.train_fraction": 1, "model.dropout": 0.95, "fit.label_smoothing": 0.95, "data.validation_split": 0.95}
_AT_LEAST_ONE_STEP = ("model.depth", "model.deepen", "model.widen")
"""Keys that are counted one by one, whatever the ratio of their levels."""


@dataclass(frozen=True)
class Edge:
    """A side at which the best cell lies."""

    key: str
    side: str
    """low or high."""
    at: float
    """The level there."""
    values: tuple[float, ...]
    """What to try beyond it."""
    flat: bool
    """Whether a cell further inside is within one standard error, so that little is to be expected beyond."""
    said: Said


def edges(
    axes: Sequence[Axis],
    cells: Sequence[Mapping[str, Any]],
    best: Mapping[str, Any],
    error: float | None,
    swept: Swept,
) -> tuple[Edge, ...]:
    """The sides at which the best cell lies and beyond which there is something to try.

    Args:
        axes: of x and y.
        error: the standard error of the best cell's mean.
    """
    found = []
    for axis, place in zip(axes, ("x_place", "y_place"), strict=True):
        side = _side(axis, best[place])
        values = _beyond(axis, side) if side else ()
        if side and values:
            inside = [cell for cell in cells if cell[place] != best[place] and cell.get(swept.monitor) is not None]
            flat = error is not None and any(
                swept.sign * (cell[swept.monitor] - best[swept.monitor]) <= error for cell in inside
            )
            said = Said(
                f"maps.edge_{side}{'_flat' if flat else ''}", {"key": axis.title, "value": axis.labels[best[place]]}
            )
            found.append(Edge(axis.key, side, axis.levels[best[place]], values, flat, said))
    return tuple(found)


def _side(axis: Axis, place: int) -> str | None:
    if not axis.numeric or len(axis.levels) < 2:
        return None
    return "low" if place == 0 else "high" if place == len(axis.levels) - 1 else None


def _beyond(axis: Axis, side: str) -> tuple[float, ...]:
    """Up to two values that go on from the edge in the same steps; none where the key ends there."""
    levels = axis.levels if side == "high" else axis.levels[::-1]
    last, before = levels[-1], levels[-2]
    by_ratio = axis.key not in _AT_LEAST_ONE_STEP and is_regular(axis.levels) == "ratio" and last > 0 and before > 0
    step = last / before if by_ratio else last - before
    whole = all(isinstance(level, int) for level in axis.levels)
    values = []
    for _ in range(2):
        last = last * step if by_ratio else last + step
        values.append(round(last) if whole else float(f"{last:.2g}"))
    low, high = _LOWEST.get(axis.key, 0), _HIGHEST.get(axis.key, float("inf"))
    kept = [value for value in dict.fromkeys(values) if low <= value <= high and value not in axis.levels]
    return tuple(sorted(kept))
