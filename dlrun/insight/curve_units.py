"""What the vertical axis of some curves shows: its words, its unit, and which runs may share one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.errors import UsageError
from dlrun.insight.metrics import bare
from dlrun.store import Entry, Record
from dlrun.store.names import visible

_SHARES = ("accuracy", "balanced_accuracy", "precision", "recall")
"""Metrics that are shares of rows, shown in percent."""
_IN_UNITS = ("mean_absolute_error", "root_mean_squared_error")
"""Metrics in the target's own unit."""


@dataclass(frozen=True)
class Unit:
    """How a metric's values are written on an axis."""

    title: str
    """The metric with its unit: `loss (cross-entropy)`, `accuracy (%)`."""
    short: str
    """The unit alone: `nats`."""
    percent: bool = False
    """Values are shares, written as percentages."""


def unit_of(entries: Sequence[Entry], metric: str) -> Unit:
    """The unit that all these runs share.

    Raises:
        UsageError: their losses are different measures, which no axis can hold together.
    """
    if metric == "loss":
        measure = _common_loss(entries)
        return Unit(f"loss ({measure})", measure.rpartition(", ")[2])
    words = visible(metric).replace("_", " ")
    if is_share(metric):
        return Unit(f"{words} (%)", "percentage points", percent=True)
    targets = {visible(target["name"]) for entry in entries if (target := entry.record.get("target"))}
    if metric in _IN_UNITS and targets:
        unit = f"in units of {targets.pop()}" if len(targets) == 1 else "own units"
        return Unit(f"{words} ({unit})", unit)
    return Unit(f"{words} (score)", "score")


def is_share(column: str) -> bool:
    """Whether a metric, with or without `train_` or `val_`, is a share of rows."""
    return bare(column) in _SHARES


def _common_loss(entries: Sequence[Entry]) -> str:
    """The one measure by which these losses are taken."""
    runs: dict[str, str] = {}
    for entry in entries:
        if words := loss_words(entry.record):
            runs.setdefault(words, visible(entry.folder.path.name))
    if len(runs) > 1:
        (one, first), (other, second), *_ = runs.items()
        raise UsageError(
            f"curves: losses on one axis must be the same measure. Received: {one} ({first}) and {other} ({second}). "
            "Draw them apart, or a metric that both have: --metric"
        )
    return next(iter(runs), "data loss")


def loss_words(record: Record) -> str | None:
    """The measure and unit of a run's loss; None where its record does not say."""
    target, spec = record.get("target"), record.get("spec", {})
    asked = spec.get("fit.loss", "auto")
    if asked in ("auto", "mean_squared_error") and target:
        return f"mean squared error, squared units of {visible(target['name'])}"
    if asked == "mean_absolute_error" and target:
        return f"mean absolute error, units of {visible(target['name'])}"
    if asked != "auto" and not asked.endswith("categorical_crossentropy") and asked != "binary_crossentropy":
        return visible(str(asked)).replace("_", " ")
    return "cross-entropy, nats" if asked != "auto" or record.get("classes") else None
