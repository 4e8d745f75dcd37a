"""Nets and classical methods on exactly the same rows: read, split, chosen, scaled and measured in the same way."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dlrun.insight.comparable import loss_of
from dlrun.insight.grouping import rows_of
from dlrun.store import Entry, Record, Store
from dlrun.store.baseline_names import perhaps_baselines

USABLE = ("completed", "stopped_early")
LOST = ("diverged", "failed")
_WHERE_FROM = ("data.source", "data.inline", "data.validation_source", "data.test_source")
"""The fingerprint of the rows stands for them."""
_NOT_ROWS = ("data.augmentation",)
"""Changes rows while a net is trained on them, and no row that anything is measured on."""


def kind_of(record: Record) -> str:
    """mlp, baseline or ensemble; records of old have none."""
    return record.get("kind") or "mlp"


def is_net(record: Record) -> bool:
    """Whether it is a net, or an ensemble with a net in it; one of baselines alone has no backend."""
    kind = kind_of(record)
    return kind == "mlp" or (kind == "ensemble" and record.get("backend") is not None)


def epochs_of(record: Record) -> dict[str, int | None]:
    """`epochs` and `best_epoch`; None of what is not trained in epochs."""
    if kind_of(record) != "mlp":
        return {"epochs": None, "best_epoch": None}
    return {"epochs": record.get("epochs"), "best_epoch": record.get("best_epoch")}


def same_rows(record: Record) -> str | None:
    """Equal for runs whose losses were measured on the same rows, prepared in the same way; None where it is not known:
    of unfinished and damaged runs."""
    rows, spec = rows_of(record), record.get("spec")
    if rows is None or spec is None:
        return None
    left_out = (*_WHERE_FROM, *_NOT_ROWS)
    how = {key: value for key, value in spec.items() if key.startswith("data.") and not key.startswith(left_out)}
    return json.dumps([rows, loss_of(record), how], sort_keys=True, default=str)


def baselines_on(store: Store, record: Record) -> list[Entry]:
    """The finished baselines on the rows of a run. Only records of runs that are called like one are read."""
    key = same_rows(record)
    if key is None:
        return []
    folders = store.folders_named(perhaps_baselines(store.names()))
    return [entry for entry in _ended(store.entries_of(folders), key, USABLE) if kind_of(entry.record) == "baseline"]


def nets_on(store: Store, record: Record) -> list[Entry]:
    """The nets, and ensembles with nets, on the rows of a run, the newest first; those that diverged or failed too:
    they tell what the others of their configuration are worth."""
    key = same_rows(record)
    if key is None:
        return []
    return [entry for entry in _ended(store.entries(), key, (*USABLE, *LOST)) if is_net(entry.record)]


def _ended(entries: Sequence[Entry], key: str, statuses: Sequence[str]) -> list[Entry]:
    return [entry for entry in entries if entry.record["status"] in statuses and same_rows(entry.record) == key]
