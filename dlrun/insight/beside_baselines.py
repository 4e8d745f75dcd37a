"""One run beside the best classical method on the same rows: does it beat it, and is that more than luck?

Nothing of it is remembered: a baseline may come or go while the run's record stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.beside_nets import named, shown_value, size_of, why
from dlrun.insight.configuration import Configuration
from dlrun.insight.configurations import compared
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.rows_difference import BETTER, CANNOT_TELL, WORSE, RowsDifference, rows_difference
from dlrun.insight.same_rows import USABLE, baselines_on, is_net
from dlrun.insight.words import Said
from dlrun.store import Entry, Record, Store


@dataclass(frozen=True)
class BesideBaseline:
    """A run and the best baseline on the same rows."""

    baseline: Configuration
    value: float
    """What the run measured."""
    change: RowsDifference
    """The run less the baseline."""

    @property
    def monitor(self) -> str:
        return self.baseline.monitor

    @property
    def reference(self) -> Record:
        """What `diagnose` names beside the run: the baseline's means."""
        return Record(metrics={"val_loss": self.baseline.mean("val_loss")})

    def finding(self) -> Said:
        """What there is to say of it."""
        greater = greater_is_better(self.monitor)
        ahead = self.change.mean > 0 if greater else self.change.mean < 0
        words = {BETTER: "beats", WORSE: "loses", CANNOT_TELL: "ahead" if ahead else "behind"}
        return Said(
            f"baselines.{words.get(self.change.outcome, 'ahead' if ahead else 'level')}",
            {
                "baseline": named(self.baseline),
                "metric": self.monitor,
                "value": numbers.number(self.value),
                "other": shown_value(self.baseline),
                "change": size_of(self.change),
                "why": why(self.change),
            },
        )

    def document(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "id": self.baseline.best_run.folder.id,
            "name": self.baseline.entries[0].record["name"],
            "metric": self.monitor,
            "value": self.baseline.mean(self.monitor),
            "difference": self.change.mean,
            "half": self.change.half,
            "outcome": self.change.outcome,
            "why": self.change.why,
        }


def beside_baseline(entry: Entry) -> BesideBaseline | None:
    """The run beside the best baseline of its store on the same rows; None where there is none, or nothing to
    compare: of runs that are not finished, or without validation rows."""
    record = entry.record
    monitor = record.get("monitor") or "val_loss"
    value = record.get("metrics", {}).get(monitor)
    if record["status"] not in USABLE or not is_net(record) or value is None or monitor.startswith("train_"):
        return None
    baselines = _on_the_fold(baselines_on(Store(entry.folder.path.parents[1]), record), record)
    groups = [group for group in compared(baselines, monitor).groups if group.usable] if baselines else []
    if not groups:
        return None
    change = rows_difference(Configuration((entry,), monitor, 1), groups[0])
    return None if change is None else BesideBaseline(groups[0], value, change)


def _on_the_fold(baselines: Sequence[Entry], record: Record) -> list[Entry]:
    return [entry for entry in baselines if entry.record.get("fold") == record.get("fold")]
