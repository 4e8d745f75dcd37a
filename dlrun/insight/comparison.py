"""Runs side by side: what differs between them, both losses and their gap, what they cost. The best one first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.labels import short_ids
from dlrun.insight.metrics import greater_is_better, main_metric
from dlrun.insight.same_rows import epochs_of, kind_of
from dlrun.insight.spec_values import LAYERS, SpecValues, all_equal
from dlrun.insight.table import Column, Kind, Table
from dlrun.insight.verdict import Told
from dlrun.store import Entry, Record
from dlrun.store.configuration import built_layers

FAILED = ("diverged", "failed", "damaged")

_COSTS = (
    Column("best_epoch", "best epoch", "count", rank=6),
    Column("epochs", "epochs", "count", rank=3),
    Column("parameters", "parameters", "count", rank=4),
    Column("seconds", "time", "seconds", rank=2),
    Column("status", "status", "text", rank=5),
)

_MARKS: dict[str, Kind] = {"kind": "text", "backend": "text", "seed": "count", "fold": "count"}
"""What tells runs of one configuration apart; a column where it differs."""


@dataclass(frozen=True)
class View:
    """How runs and configurations are shown."""

    last: bool = False
    """Values of the last epoch, in place of the kept one's."""
    everything: bool = False
    """All columns, not only the settings that differ."""
    language: str = "en"


def compare(
    entries: Sequence[Entry],
    sort: str | None = None,
    view: View | None = None,
    monitor: str | None = None,
    told: Sequence[Told | None] | None = None,
) -> Table:
    """One flat row per run, the best by the runs' monitor first, those that diverged or failed last.

    Columns: the settings that differ between the runs (layers as width and depth), backend, seed and fold where they
    differ, `train_loss`, `val_loss` and `gap` = val_loss - train_loss at the kept epoch, the main metric, the costs.

    Args:
        sort: a column's key or title to sort by in place of the monitor.
        monitor: the curve to sort by; the runs' own when not given.
        told: the verdict of each run.
    Raises:
        UsageError: there is no such column.
    """
    view = view or View()
    settings, columns = differing_settings(entries, _MARKS, view.everything)
    metric = main_metric([entry.record for entry in entries])
    short = short_ids([e.folder.id for e in entries])
    decides = monitor or common_monitor([entry.record for entry in entries])
    rows = [
        _row(entry, mark, metric, decides, view.last) | values
        for entry, mark, values in zip(entries, short, settings, strict=True)
    ]
    costs = list(_COSTS)
    if told is not None:
        rows = [row | {"verdict": one.verdict if one else None} for row, one in zip(rows, told, strict=True)]
        costs.insert(0, Column("verdict", "verdict", "text", rank=6))
    table = Table((*_HEAD, *columns, *_losses(metric), *costs), rows)
    return sorted_by(table, sort) if sort else _sorted(table, decides)


def sorted_by(table: Table, name: str, monitor: str | None = None) -> Table:
    """The table sorted by a column's key or title: the better first, else the smaller; what failed last.

    Args:
        monitor: the curve that differences are of.
    Raises:
        UsageError: there is no such column.
    """
    return _sorted(table, _column_of(table, name), monitor)


_SHOWN_ELSEWHERE = (*LAYERS, "baseline.name", "ensemble.method", "ensemble.members")
"""The layers as width and depth, a method as the name of its runs."""
_HEAD = (
    Column("id", "id", "text", rank=9, shown="short_id"),
    Column("name", "name", "text", rank=9),
)


def common_monitor(records: Sequence[Record]) -> str:
    """The curve by which most of the runs choose their best epoch."""
    monitors = Counter(monitor for record in records if (monitor := record.get("monitor")))
    return monitors.most_common(1)[0][0] if monitors else "val_loss"


def _losses(metric: str | None) -> list[Column]:
    columns = [
        Column("train_loss", "train loss", rank=8),
        Column("val_loss", "val loss", rank=8),
        Column("gap", "gap", rank=8),
    ]
    if metric:
        columns += [
            Column(f"train_{metric}", f"train {metric_words(metric)}", rank=1),
            Column(f"val_{metric}", f"val {metric_words(metric)}", rank=7),
        ]
    return columns


def _row(entry: Entry, short: str, metric: str | None, monitor: str, last: bool) -> dict[str, Any]:
    record = entry.record
    metrics = record.get("metrics_last", {}) if last else record.get("metrics", {})
    train, val = metrics.get("train_loss"), metrics.get("val_loss")
    row = {
        "id": entry.folder.id,
        "short_id": short,
        "name": record["name"],
        "seed": record.get("seed"),
        "fold": record.get("fold"),
        "kind": kind_of(record),
        "backend": record.get("backend"),
        "train_loss": train,
        "val_loss": val,
        "gap": None if train is None or val is None else val - train,
        "seconds": record.get("seconds", {}).get("total"),
        "monitor": metrics.get(monitor),
        **epochs_of(record),
        **{key: record.get(key) for key in ("parameters", "status")},
    }
    if metric:
        row |= {key: metrics.get(key) for key in (f"train_{metric}", f"val_{metric}")}
    return row


def differing_settings(
    entries: Sequence[Entry], marks: Mapping[str, Kind], everything: bool = False
) -> tuple[list[dict[str, Any]], list[Column]]:
    """What differs between the runs: per run a mapping, and the columns.

    Args:
        marks: fields of records that have a column where they differ.
        everything: also the settings that are the same in all runs, where they are not the defaults.
    """
    values = SpecValues(entries)
    keys = [key for key in (values.changed_keys() if everything else values.differing()) if key not in _SHOWN_ELSEWHERE]
    columns = {key: values.column(key) for key in keys}
    if everything or any(key in values.changed_keys() for key in LAYERS):
        columns = _layers(values, everything) | columns
    rows = [{key: column[place] for key, column in columns.items()} for place in range(len(entries))]
    titles = _titles(list(columns))
    shown = [Column(key, title, _kind(columns[key]), rank=7) for key, title in zip(columns, titles, strict=True)]
    for key, kind in marks.items():
        if everything or not all_equal(marked(key, entries)):
            shown.append(Column(key, key, kind, rank=7))
    return rows, shown


def marked(key: str, entries: Sequence[Entry]) -> list[Any]:
    """A field of the records of all runs that have it: what a method of scikit-learn is computed on is no choice."""
    if key == "kind":
        return [kind_of(entry.record) for entry in entries]
    of = [entry for entry in entries if key != "backend" or kind_of(entry.record) == "mlp"]
    return [entry.record.get(key) for entry in of]


def _layers(values: SpecValues, everything: bool) -> dict[str, list[Any]]:
    """Width (the widest layer) and depth where they differ; the units where some net's layers do. What a damaged record
    says of its layers that is no count is shown as it is stated."""
    stated = list(zip(*map(values.column, LAYERS), strict=True))
    hidden = [built_layers(*one) for one in stated]
    found = {
        "model.width": [max(row) if row else None for row in hidden],
        "model.depth": [None if row is None else len(row) for row in hidden],
    }
    columns: dict[str, list[Any]] = {key: some for key, some in found.items() if everything or not values.alike(some)}
    if any(row and len(set(row)) > 1 for row in hidden) and (everything or not values.alike(hidden)):
        columns["model.units"] = hidden
    if any(one[0] is not None and row is None for one, row in zip(stated, hidden, strict=True)):
        columns |= {key: values.column(key) for key in LAYERS if not values.alike(values.column(key))}
    return columns


def _kind(column: Sequence[Any]) -> Kind:
    known = [value for value in column if value is not None]
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in known):
        return "setting"
    return "count" if all(isinstance(value, int) for value in known) else "amount"


def _titles(keys: Sequence[str]) -> list[str]:
    """The last word of each key, or the whole key where that word is taken twice; `optimizer.name` is `optimizer`."""
    short = [(key.removesuffix(".name").rpartition(".")[2]).replace("_", " ") for key in keys]
    taken = Counter(short)
    return [title if taken[title] == 1 else key for title, key in zip(short, keys, strict=True)]


def metric_words(metric: str) -> str:
    """A metric as the head of a column."""
    return {"mean_absolute_error": "MAE", "root_mean_squared_error": "RMSE"}.get(metric, metric.replace("_", " "))


def _column_of(table: Table, name: str) -> str:
    names = {text: column.key for column in table.columns for text in (column.title, column.key)}
    if name in names:
        return names[name]
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    raise UsageError(
        f"--sort: must be a column of the table. Received: {name!r}. {hint}"
        f"Columns: {', '.join(column.key for column in table.columns)}"
    )


def _sorted(table: Table, key: str, monitor: str | None = None) -> Table:
    in_table = any(column.key == key for column in table.columns)
    curve = monitor if monitor and key == "difference" else key.removesuffix("_last")
    sign = -1 if greater_is_better(curve) else 1

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        value = row.get(key) if in_table else row.get("monitor")
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        last = (row["status"] in FAILED, value is None, not is_number)
        return (*last, sign * value if is_number and value is not None else 0, "" if is_number else str(value))

    return Table(table.columns, sorted(table.rows, key=order), table.notes)
