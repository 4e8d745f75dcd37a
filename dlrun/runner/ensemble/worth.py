"""What an ensemble and its members are worth on the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dlrun.data import Rows
from dlrun.spec.names import greater_is_better
from dlrun.store.ensemble_file import DifferenceRow
from dlrun.training.bootstrap import interval, resampled
from dlrun.training.combining.opinions import Opinions
from dlrun.training.metrics import Scored, measure
from dlrun.training.objective import Objective
from dlrun.training.trivial import row_losses

PREFERRED = ("accuracy", "root_mean_squared_error")
"""Metrics that stand beside the loss where they are measured; else the first one does."""


@dataclass(frozen=True)
class Measure:
    """Measures outputs on rows as runs are measured."""

    objective: Objective
    metrics: tuple[str, ...]
    blocks: np.ndarray | None = None
    """int (rows,): rows with the same number are drawn together for intervals; None where each is drawn by itself."""

    def of(self, rows: Rows, outputs: np.ndarray, side: str) -> dict[str, float]:
        """`<side>_loss` in its reported unit, then `<side>_<metric>`."""
        scored = self._scored(rows, outputs)
        found = {f"{side}_loss": float(self._losses(rows, outputs).mean(dtype=np.float64))}
        return found | {f"{side}_{name}": measure(name, scored) for name in self.metrics}

    @property
    def compared(self) -> tuple[str, ...]:
        """The metric that an ensemble is compared with its best member by, beside the loss."""
        preferred = [name for name in PREFERRED if name in self.metrics]
        return tuple([*preferred, *self.metrics][:1])

    def differences(self, rows: Rows, outputs: np.ndarray, other: np.ndarray) -> list[DifferenceRow]:
        """Outputs less others in loss and main metric, with 95 % bootstrap intervals over pairs of rows or of
        blocks."""
        drawn, drawn_other = self._drawn(rows, outputs), self._drawn(rows, other)
        values, values_other = self.of(rows, outputs, "val"), self.of(rows, other, "val")
        found = []
        for name in drawn:
            low, high = interval(drawn[name] - drawn_other[name])
            key = f"val_{name}"
            found.append(
                DifferenceRow(
                    metric=name, value=values[key] - values_other[key], low=low, high=high,
                    smaller_is_better=not greater_is_better(key),
                )
            )  # fmt: skip
        return found

    def _drawn(self, rows: Rows, outputs: np.ndarray) -> Mapping[str, np.ndarray]:
        means = {"loss": self._losses(rows, outputs)}
        return resampled(self.compared, self._scored(rows, outputs), means, seed=0, blocks=self.blocks)

    def _scored(self, rows: Rows, outputs: np.ndarray) -> Scored:
        return Scored(rows.y, outputs, self.objective.task, self.objective.threshold)

    def _losses(self, rows: Rows, outputs: np.ndarray) -> np.ndarray:
        """(rows,): in the reported unit; nan where an output is not finite."""
        losses = row_losses(self.objective, rows.y, outputs) * self.objective.unit
        return np.where(np.isfinite(outputs).all(axis=1), losses, np.nan)


def best_column(found: Sequence[Mapping[str, float]], monitor: str) -> int | None:
    """The place of the best by the monitored curve, or by the validation loss where that is no curve of theirs; None
    where there is a single one, or no number."""
    key = monitor if monitor in found[0] else "val_loss"
    sign = -1 if greater_is_better(key) else 1
    known = [place for place, one in enumerate(found) if np.isfinite(one.get(key, np.nan))]
    return min(known, key=lambda place: sign * found[place][key]) if known and len(found) > 1 else None


def disagreement(opinions: Opinions, objective: Objective) -> float | None:
    """Classes: the share of rows for which not all columns name the same one. Amounts: the mean over rows of the
    standard deviation between columns, in the target's own unit. None for a single column or no rows."""
    if opinions.column_count < 2 or not opinions.rows:
        return None
    said, task = opinions.by_column(), objective.task
    if task.kind == "regression":
        return float(said[:, :, 0].std(axis=0).mean() * abs(task.spread))
    named = np.stack([Scored(np.zeros(0), one, task, objective.threshold).classes for one in said])
    return float((named != named[0]).any(axis=0).mean())
