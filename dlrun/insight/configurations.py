"""One row per configuration: its seeds and folds together, the best one first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, TypeVar

from dlrun.insight import numbers
from dlrun.insight.comparison import FAILED, common_monitor, differing_settings, metric_words
from dlrun.insight.intervals import half_width
from dlrun.insight.labels import short_ids
from dlrun.insight.metrics import greater_is_better, main_metric
from dlrun.insight.spec_values import SpecValues
from dlrun.insight.table import Column, Table
from dlrun.store import Entry
from dlrun.store.names import visible

_ROWS_FROM = ("data.source", "data.inline", "data.rows", "data.noise", "data.validation_source", "data.test_source")
"""Where rows come from; which rows they are says the fingerprint."""
_LAYERS = ("model.units", "model.widen", "model.deepen")
_NOT_SETTINGS = ("name", "seed")
_INTERVAL = "_interval"
"""Ending of the key of the column beside a mean."""
_VALIDATION = (_INTERVAL, "val_", "gap")
"""Columns that are left out where they are empty, as all rows are trained on."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Configuration:
    """The runs of one configuration: its seeds and folds."""

    entries: tuple[Entry, ...]
    monitor: str
    runs: int
    """How many there are to be."""

    @property
    def usable(self) -> list[Entry]:
        """The runs that came to a number and did not fail."""
        kept = [entry for entry in self.entries if entry.record["status"] not in FAILED]
        return [entry for entry in kept if entry.record.get("metrics", {}).get(self.monitor) is not None]

    def values(self, key: str) -> list[float]:
        """A metric of the usable runs, where they have it."""
        found = (entry.record.get("metrics", {}).get(key) for entry in self.usable)
        return [value for value in found if value is not None]

    def mean(self, key: str) -> float | None:
        values = self.values(key)
        return fmean(values) if values else None

    @property
    def order(self) -> tuple[float, bool, float]:
        """Sorts the best first: those of which more runs are usable, those that were not ended early, the mean."""
        mean = self.mean(self.monitor)
        sign = -1 if greater_is_better(self.monitor) else 1
        pruned = any(entry.record["status"] == "pruned" for entry in self.entries)
        return (-len(self.usable) / self.runs, pruned, 0.0 if mean is None else sign * mean)

    @property
    def best_run(self) -> Entry:
        """The run with the best value; of a configuration without any, its first."""
        sign = -1 if greater_is_better(self.monitor) else 1
        by_value = sorted(self.usable, key=lambda entry: sign * (entry.record["metrics"][self.monitor] or 0.0))
        return (by_value or list(self.entries))[0]


def configurations(entries: Sequence[Entry], monitor: str | None = None, seeds: int = 1) -> Table:
    """One flat row per configuration, the best by the monitor first, those of which no run came to a number last.

    Columns: the settings that differ, the means of `train_loss`, `val_loss`, `gap` = val_loss - train_loss and the main
    metric over the runs that came to a number, 95 % intervals of the monitor and the main metric (Student's t over
    runs), how many runs that are, the median best epoch, parameters, seconds of all runs together. `id` is that of the
    configuration's best run.

    Args:
        monitor: the curve that decides; the one by which most of the runs choose their best epoch when not given.
        seeds: how many a configuration is to have, where some may be missing.
    """
    decides = monitor or common_monitor([entry.record for entry in entries])
    found = [Configuration(tuple(runs), decides, planned(runs, seeds)) for runs in by_configuration(entries)]
    groups = sorted(found, key=lambda group: group.order)
    settings, setting_columns = differing_settings([group.entries[0] for group in groups], {"backend": "text"})
    columns = [*_losses(main_metric([entry.record for entry in entries]), decides), *_COSTS]
    short = short_ids([group.best_run.folder.id for group in groups])
    rows = [
        _row(group, columns) | values | {"short_id": shown}
        for group, values, shown in zip(groups, settings, short, strict=True)
    ]
    optional = _VALIDATION if decides.startswith("train_") else (_INTERVAL,)
    empty = [column for column in columns if _is_named(column.key, optional) and not _any(rows, column.key)]
    shown_columns = [column for column in columns if column not in empty]
    head = _HEAD if len({row["name"] for row in rows}) > 1 else _HEAD[:1]
    return Table((*head, *setting_columns, *shown_columns), rows)


def planned(runs: Sequence[Entry], seeds: int) -> int:
    """How many runs a configuration is to have: one per seed and fold."""
    folds = runs[0].record.get("spec", {}).get("data.folds") or 1
    return max(len(runs), seeds * folds)


def _is_named(key: str, words: Sequence[str]) -> bool:
    """Whether a column's key begins or ends with one of these words."""
    return any(key.startswith(word) or key.endswith(word) for word in words)


def _any(rows: Sequence[Mapping[str, Any]], key: str) -> bool:
    return any(row.get(key) is not None for row in rows)


_HEAD = (
    Column("id", "best run", "text", rank=9, shown="short_id"),
    Column("name", "name", "text", rank=4),
)
_COSTS = (
    Column("runs", "runs", "text", rank=6),
    Column("best_epoch", "best epoch", "amount", rank=3),
    Column("parameters", "parameters", "count", rank=4),
    Column("seconds", "time", "seconds", rank=2),
    Column("status", "status", "text", rank=5),
)


def _losses(metric: str | None, monitor: str) -> list[Column]:
    """The measured columns; those that decide, and the main metric, with the column of their interval."""
    titles = {"train_loss": "train loss", "val_loss": "val loss", "gap": "gap"}
    if metric:
        titles[f"val_{metric}"] = f"val {metric_words(metric)}"
    titles.setdefault(monitor, monitor.replace("_", " "))
    columns = []
    for key, title in titles.items():
        columns.append(Column(key, title, rank=9 if key == monitor else 7))
        if key in (monitor, f"val_{metric}"):
            columns.append(Column(f"{key}{_INTERVAL}", "± 95 %", rank=8 if key == monitor else 6))
    return columns


def _row(group: Configuration, columns: Sequence[Column]) -> dict[str, Any]:
    first, usable = group.entries[0].record, group.usable
    train, val = group.mean("train_loss"), group.mean("val_loss")
    epochs = [epoch for entry in usable if (epoch := entry.record.get("best_epoch")) is not None]
    row = {
        "id": group.best_run.folder.id,
        "name": first["name"],
        "backend": first.get("backend"),
        "gap": None if train is None or val is None else val - train,
        "runs": f"{len(usable)} of {group.runs}",
        "best_epoch": median(epochs) if epochs else None,
        "parameters": next((count for entry in group.entries if (count := entry.record.get("parameters"))), None),
        "seconds": sum(entry.record.get("seconds", {}).get("total") or 0.0 for entry in group.entries),
        "status": _status([entry.record["status"] for entry in group.entries]),
    }
    for column in columns:
        key = column.key.removesuffix(_INTERVAL)
        if column.key not in row:
            row[column.key] = group.mean(key) if key == column.key else half_width(group.values(key))
    return row


def _status(statuses: Sequence[str]) -> str:
    """`completed`, or `2 completed, 1 diverged`."""
    counts = Counter(statuses)
    return statuses[0] if len(counts) == 1 else ", ".join(f"{count} {status}" for status, count in counts.items())


def best_line(table: Table, monitor: str) -> str:
    """The first row in words: its settings, its mean and interval, how many others lie within it; empty where no
    configuration came to a number."""
    best = table.rows[0] if table.rows else {}
    mean, around = best.get(monitor), best.get(f"{monitor}{_INTERVAL}")
    if mean is None:
        return ""
    settings = [f"{column.title} {_said_of(column, best)}" for column in settings_of(table) if _is_set(column, best)]
    within = f" ± {numbers.number(around)}" if around is not None else ""
    over = "" if best["runs"] == "1 of 1" else f" ({best['runs']} runs)"
    words = visible(", ".join(settings) or str(best["name"]))
    return f"best: {words}: {monitor} {numbers.number(mean)}{within}{over}{_ties(table, monitor)}"


def _is_set(column: Column, row: Mapping[str, Any]) -> bool:
    """Whether a row has the key at all: `schedule.decay_epochs` belongs to some schedules alone."""
    return row.get(column.key) is not None or not column.key.startswith(("optimizer.", "schedule."))


def _said_of(column: Column, row: Mapping[str, Any]) -> str:
    value = row.get(column.key)
    return "null" if value is None else column.text(value)


def _ties(table: Table, monitor: str) -> str:
    """How many other means lie within the best one's interval."""
    mean, around = table.rows[0][monitor], table.rows[0].get(f"{monitor}{_INTERVAL}")
    others = [row[monitor] for row in table.rows[1:] if row.get(monitor) is not None]
    count = sum(abs(other - mean) <= around for other in others) if around is not None else 0
    return f"; {count} other{'s' * (count != 1)} within its interval" if count else ""


def settings_of(table: Table) -> list[Column]:
    """The columns of the settings that differ."""
    return [column for column in table.columns if "." in column.key]


# --- which runs belong together --------------------------------------------------------------------------------------


def by_configuration(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The runs of each configuration together, in the order in which the first of them comes."""
    alike = _grouped(entries, [_token(_said(entry)) for entry in entries])  # cheap: most seeds say the same
    values = SpecValues([group[0] for group in alike])
    keys = [key for key in values.changed_keys() if not key.startswith(_ROWS_FROM)]
    columns = {key: values.column(key) for key in dict.fromkeys([*keys, *_LAYERS])}
    specs = [_as_built({key: column[place] for key, column in columns.items()}) for place in range(len(alike))]
    tokens = [_token([spec, _origin(group[0])]) for spec, group in zip(specs, alike, strict=True)]
    return [[entry for group in groups for entry in group] for groups in _grouped(alike, tokens)]


def _grouped(items: Sequence[Item], keys: Sequence[str]) -> list[list[Item]]:
    found: dict[str, list[Item]] = {}
    for item, key in zip(items, keys, strict=True):
        found.setdefault(key, []).append(item)
    return list(found.values())


def _said(entry: Entry) -> list[Any]:
    """What a record says of its configuration; of a run without one nothing that others share."""
    spec = entry.record.get("spec")
    if spec is None:
        return [entry.folder.id]
    return [{key: value for key, value in spec.items() if key not in _NOT_SETTINGS}, _origin(entry)]


def _origin(entry: Entry) -> list[Any]:
    """The rows and the backend."""
    record = entry.record
    return [record.get("data", {}).get("fingerprint"), record.get("backend"), record.get("kind")]


def _as_built(spec: dict[str, Any]) -> dict[str, Any]:
    """The settings with the layers as they are built: `widen` and `deepen` carried out."""
    units, widen, deepen = (spec.get(key) for key in _LAYERS)
    if units is None:
        return spec
    hidden = [unit * (widen or 1) for unit in units for _ in range(deepen or 1)]
    return {key: value for key, value in spec.items() if key not in _LAYERS} | {"model.units": hidden}


def _token(value: Any) -> str:
    """Equal for equal values; 1 and 1.0 are."""
    return json.dumps(_plain(value), sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
