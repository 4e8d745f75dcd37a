"""How two configurations differ that were measured on the same validation rows, row by row: what other rows, and other
seeds, would have made of the difference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlrun.insight.configuration import Configuration
from dlrun.insight.grouping import split_of
from dlrun.insight.metrics import bare, greater_is_better
from dlrun.insight.row_intervals import measured_rows
from dlrun.insight.statistics import half_width
from dlrun.insight.statistics.rows import bootstrap_half

if TYPE_CHECKING:
    import numpy as np

BETTER, WORSE, TIE, CANNOT_TELL = "better", "worse", "tie", "cannot tell"
UNKNOWN, GROUPED, DIVERGED = "unknown", "grouped", "diverged"
Part = tuple[object, int | None]
"""A division of the rows: which split, which fold."""


@dataclass(frozen=True)
class RowsDifference:
    """The first configuration less the second."""

    mean: float
    half: float | None
    """Half of its 95 % interval; None where it cannot be known."""
    rows: int
    """Validation rows behind it."""
    with_seeds: bool
    """Whether the interval covers other seeds too; a configuration of one run says nothing of its own."""
    outcome: str
    why: str | None = None
    """Of `cannot tell`: not `unknown` alone, but rows that belong together, or seeds that have no value."""

    @property
    def sure(self) -> bool:
        return self.outcome in (BETTER, WORSE)


def rows_difference(one: Configuration, other: Configuration) -> RowsDifference | None:
    """How a configuration does against another one on the same rows; None where either has no value.

    Each row's values are averaged over seeds, and their differences between the two are drawn again (bootstrap); the
    intervals of both means over seeds are added to it as independent errors are. Folds are put together: each row is
    validated on once.

    Of values that are no means over rows (auc), or without stored predictions, the interval is not known; nor is it of
    rows in groups, which are drawn together or not at all: which row is of which group is not stored. Seeds that
    diverged have no value, so those that are left flatter their side: it is never called the better one.
    """
    mean, reference = one.mean(one.monitor), other.mean(one.monitor)
    if mean is None or reference is None:
        return None
    change = mean - reference
    found = _differences(one, other)
    rows = 0 if found is None else len(found)
    over_rows = None if found is None else bootstrap_half(found)
    if over_rows is None or _in_groups(one) or _in_groups(other):
        return RowsDifference(change, None, rows, False, CANNOT_TELL, UNKNOWN if over_rows is None else GROUPED)
    over_seeds = [half for half in map(_over_seeds, (one, other)) if half is not None]
    half = math.hypot(over_rows, *over_seeds)
    outcome = _outcome(change, half, one.monitor)
    more_lost = one.sample(one.monitor).lost - other.sample(other.monitor).lost
    if (outcome == BETTER and more_lost > 0) or (outcome == WORSE and more_lost < 0):
        return RowsDifference(change, None, rows, False, CANNOT_TELL, DIVERGED)
    return RowsDifference(change, half, rows, bool(over_seeds), outcome)


def _in_groups(group: Configuration) -> bool:
    """Whether its rows belong together in groups, as those of one patient do."""
    return bool(group.entries[0].record.get("spec", {}).get("data.group"))


def _outcome(change: float, half: float, monitor: str) -> str:
    if abs(change) <= half:
        return TIE
    return BETTER if (change > 0) == greater_is_better(monitor) else WORSE


def _over_seeds(group: Configuration) -> float | None:
    """Half of the interval of its mean over seeds, each seed's mean over the folds being one value; None for one."""
    by_seed: dict[int | None, list[float]] = {}
    for unit, value in group.sample(group.monitor).values.items():
        by_seed.setdefault(unit.seed, []).append(value)
    return half_width([sum(values) / len(values) for values in by_seed.values()])


def _differences(one: Configuration, other: Configuration) -> np.ndarray | None:
    """(rows,) over all divisions that both were measured on; None where some run of them has no stored predictions."""
    import numpy as np

    if bare(one.monitor) == "root_mean_squared_error":
        return None  # the root of a mean over rows, whose difference is no mean over rows
    left, right = _by_part(one), _by_part(other)
    if left is None or right is None or left.keys() != right.keys() or not left:
        return None
    if any(len(left[part]) != len(right[part]) for part in left):
        return None
    return np.concatenate([left[part] - right[part] for part in left])


def _by_part(group: Configuration) -> Mapping[Part, np.ndarray] | None:
    """Each division of the rows with the mean over seeds of the value of each of its validation rows."""
    import numpy as np

    found: dict[Part, list[np.ndarray]] = {}
    for entry in group.usable:
        values = measured_rows(group, entry)
        if values is None:
            return None
        found.setdefault((split_of(entry.record), entry.record.get("fold")), []).append(values)
    if any(len(values) != len(several[0]) for several in found.values() for values in several):
        return None
    return {part: np.mean(np.stack(several), axis=0) for part, several in found.items()}
