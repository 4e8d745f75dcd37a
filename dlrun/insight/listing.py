"""The list of runs, as a table and as the document that `train`, `sweep` and `ls` give with `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.insight.labels import short_ids
from dlrun.insight.metrics import main_metric
from dlrun.insight.same_rows import epochs_of, kind_of
from dlrun.insight.table import Column, Table
from dlrun.insight.verdict import Told
from dlrun.insight.verdict.stored import in_words
from dlrun.store import Entry, Record, RunFolder
from dlrun.store.record import finite
from dlrun.store.run_folder import INTERRUPTED, RUNNING

_FIELDS = ("kind", "status", "seed", "fold", "backend", "engine", "best_epoch", "epochs", "parameters")


def listing(entries: Sequence[Entry], told: Sequence[Told | None] | None = None) -> Table:
    """One row per run, in the order given.

    Args:
        told: the verdict of each.
    """
    metric = main_metric([Record(metrics=metrics_so_far(entry.record)) for entry in entries])
    columns = [
        Column("id", "id", "text", rank=9, shown="short_id"),
        Column("name", "name", "text", rank=9),
        *([Column("kind", "kind", "text", rank=5)] if len({kind_of(entry.record) for entry in entries}) > 1 else []),
        Column("status", "status", "text", rank=8),
        Column("seed", "seed", "count", rank=3),
        Column("epochs", "epochs", "count", rank=4),
        Column("best_epoch", "best epoch", "count", rank=2),
        Column("train_loss", "train loss", rank=5),
        Column("val_loss", "val loss", rank=7),
        *([Column(f"val_{metric}", f"val {metric.replace('_', ' ')}", rank=6)] if metric else []),
        *([Column("verdict", "verdict", "text", rank=6)] if told is not None else []),
        Column("parameters", "parameters", "count", rank=1),
        Column("seconds", "time", "seconds", rank=0),
        Column("time", "finished", "moment", rank=3),
    ]
    ids = short_ids([entry.folder.id for entry in entries])
    words = [in_words(one) for one in told or [None] * len(entries)]
    rows = [_row(entry, short) | {"verdict": word} for entry, short, word in zip(entries, ids, words, strict=True)]
    return Table(tuple(columns), rows)


def run_document(folder: RunFolder, record: Record) -> dict[str, Any]:
    """A run in a JSON listing: flat but for `metrics`, null for what is not known; `path` is absolute."""
    document = {
        "id": folder.id,
        "name": record["name"],
        "path": str(folder.path.absolute()),
        **{key: record.get(key) for key in _FIELDS},
        "seconds": record.get("seconds", {}).get("total"),
        "metrics": metrics_so_far(record),
    }
    return {key: finite(value) for key, value in document.items()}


def metrics_so_far(record: Record) -> dict[str, float | None]:
    """The metrics at the kept epoch; of a run that is unfinished those at its last epoch."""
    if record["status"] in (RUNNING, INTERRUPTED):
        return record.get("metrics_last", {})
    return record.get("metrics", {})


def _row(entry: Entry, short: str) -> dict[str, Any]:
    record = entry.record
    return {
        **metrics_so_far(record),
        "id": entry.folder.id,
        "short_id": short,
        "name": record["name"],
        "seconds": record.get("seconds", {}).get("total"),
        "time": entry.time,
        "kind": kind_of(record),
        **epochs_of(record),
        **{key: record.get(key) for key in ("status", "seed", "parameters")},
    }
