"""Where the best of a map lies at its edge: the sweep ended too early on that side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlrun.insight.maps.axis import Axis, is_regular
from dlrun.insight.words import Said

if TYPE_CHECKING:
    from dlrun.insight.maps.swept import Swept

_COUNTS = ("width", "batch_size", "epochs", "widen", "deepen", "rows", "folds", "every", "ns_steps")
"""Last words of keys that have no value below 1."""
_POSITIVE = (
    "learning_rate", "max_learning_rate", "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor", "epsilon",
    "epsilon_1", "epsilon_2", "clip_threshold", "adam_lr_ratio", "factor", "decay_rate", "decay_epochs", "power",
    "m_mul", "pct_start", "scale", "train_fraction",
)  # fmt: skip
"""Last words of keys that are above 0; any other key has no value below 0."""
_BELOW_ONE = ("momentum", "rho", "test_split", "validation_split", "label_smoothing", "pct_start", "zoom")
"""Last words of keys that are below 1, beside all that hold `dropout` or `beta_`."""
_HIGHEST = {
    "data.train_fraction": 1, "model.dropout": 0.95, "fit.label_smoothing": 0.95, "data.validation_split": 0.95,
    "optimizer.ema_momentum": 1, "schedule.factor": 1, "schedule.decay_rate": 1, "schedule.m_mul": 1,
}  # fmt: skip
"""Values above which a key has none."""
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
    kept = [value for value in dict.fromkeys(values) if _is_allowed(axis.key, value) and value not in axis.levels]
    return tuple(sorted(kept))


def _is_allowed(key: str, value: float) -> bool:
    """Whether a key may have this value, so that nobody is told to sweep what the config refuses."""
    last = key.rpartition(".")[2]
    if value < (1 if last in _COUNTS else 0) or (value == 0 and last in _POSITIVE):
        return False
    below_one = last in _BELOW_ONE or "dropout" in last or "beta_" in last
    return not (below_one and value >= 1) and value <= _HIGHEST.get(key, float("inf"))
