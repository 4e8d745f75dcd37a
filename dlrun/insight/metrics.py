"""Which of a record's metrics count, and which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.store import Record

_SIDES = ("train_", "val_")
_SCORES = ("accuracy", "auc", "f1", "balanced_accuracy", "precision", "recall", "average_precision", "r2")
"""Metrics of which more is better, as in `dlrun.spec.names`, whose package takes too long to load (a test compares)."""


def bare(column: str) -> str:
    """The metric of a curve: `val_accuracy` -> `accuracy`."""
    for side in _SIDES:
        column = column.removeprefix(side)
    return column


def metric_names(metrics: Mapping[str, Any]) -> list[str]:
    """The metrics among these columns, loss included, in their order."""
    return list(dict.fromkeys(bare(key) for key in metrics if key.startswith(_SIDES)))


def main_metric(records: Sequence[Record]) -> str | None:
    """The metric shown beside the loss: accuracy, RMSE, else the first one any run has; None without any."""
    found = dict.fromkeys(
        name for record in records for name in metric_names(record.get("metrics", {})) if name != "loss"
    )
    preferred = [name for name in ("accuracy", "root_mean_squared_error") if name in found]
    return next(iter([*preferred, *found]), None)


def greater_is_better(column: str) -> bool:
    """Whether a larger value of this column is the better one."""
    return column.startswith(_SIDES) and bare(column) in _SCORES


def trivial_value(record: Record, column: str) -> float | None:
    """The trivial predictor's value beside that of a curve, under the same or the bare name."""
    trivial = record.get("trivial", {})
    return trivial.get(column, trivial.get(bare(column)))
