"""Which runs can be compared at all: those on the same data, whose values have the same unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dlrun.errors import UsageError
from dlrun.insight.grouping import rows_of
from dlrun.insight.metrics import bare
from dlrun.insight.numbers import setting
from dlrun.store import Entry, Record
from dlrun.store.names import visible

_ALIASES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
}
_NAMED = 4


class Measured(NamedTuple):
    """What a value was measured on, and in which unit."""

    rows: str
    target: str
    """The classes, or the target of a regression."""
    loss: str
    """Empty where the value compared is no loss."""


@dataclass(frozen=True)
class Comparable:
    """Runs that can be compared, and what was found of the others."""

    entries: list[Entry]
    left_out: list[str]
    """Labels of the data that the others are on."""
    mixed: str = ""
    """Why not all can be compared; empty where all can."""


def comparable(entries: Sequence[Entry], metric: str) -> Comparable:
    """The runs that can be compared with the newest one, those of which too little is known among them.

    Args:
        entries: the newest first.
        metric: the curve that is compared.
    """
    kinds = [measured(entry.record, metric) for entry in entries]
    found: dict[Measured, list[Entry]] = {}
    for entry, kind in zip(entries, kinds, strict=True):
        if kind is not None:
            found.setdefault(kind, []).append(entry)
    if len(found) < 2:
        return Comparable(list(entries), [])
    newest = next(kind for kind in kinds if kind is not None)
    kept = [entry for entry, kind in zip(entries, kinds, strict=True) if kind in (None, newest)]
    labels = {kind: _label(kind, some[0].record, found) for kind, some in found.items()}
    counted = [f"{labels[kind]} ({len(some)} run{'s' * (len(some) != 1)})" for kind, some in found.items()]
    return Comparable(kept, [labels[kind] for kind in found if kind != newest], _listed(counted))


def all_comparable(entries: Sequence[Entry], metric: str) -> None:
    """Raises UsageError where runs are on different data, or their values have different units."""
    mixed = comparable(entries, metric).mixed
    if mixed:
        raise UsageError(
            f"compare: runs must be on the same data, with the same target and loss. Received: {mixed}. Name runs of "
            "one of them; --anyway compares them all the same"
        )


def measured(record: Record, metric: str) -> Measured | None:
    """What a run's value was measured on; None where it is not recorded: of unfinished and damaged runs."""
    rows = rows_of(record)
    if rows is None or "spec" not in record:
        return None
    classes, target = record.get("classes"), record.get("target")
    what = setting(sorted(classes)) if classes else str(target["name"]) if target else ""
    loss = loss_of(record) if bare(metric) in ("loss", "gap") else ""
    return Measured(rows, what, loss)


def loss_of(record: Record) -> str:
    """Keras' name of a run's loss; the sparse cross-entropy is the categorical one."""
    loss = record.get("spec", {}).get("fit.loss", "auto")
    if loss == "auto":
        classes = record.get("classes")
        loss = "binary_crossentropy" if classes and len(classes) == 2 else "categorical_crossentropy"
        loss = loss if classes else "mean_squared_error"
    return _ALIASES.get(loss, str(loss))


def _label(kind: Measured, record: Record, found: dict[Measured, list[Entry]]) -> str:
    """The data's source; with the loss, or the beginning of the fingerprint, where the source says too little."""
    label = visible(str(record.get("data", {}).get("source") or "data"))
    sources = [str(some[0].record.get("data", {}).get("source")) for some in found.values()]
    if sources.count(str(record.get("data", {}).get("source"))) < 2:
        return label
    if len({other.rows for other in found}) > 1:
        label += f" {visible(kind.rows[:6])}" if kind.rows.isalnum() else f" {visible(kind.rows)}"
    if len({other.target for other in found}) > 1:
        label += f", target {visible(kind.target)[:40]}"
    return f"{label}, {kind.loss}" if len({other.loss for other in found}) > 1 else label


def _listed(labels: Sequence[str]) -> str:
    rest = len(labels) - _NAMED
    return ", ".join(labels[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
