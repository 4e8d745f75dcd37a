"""One row per configuration: its seeds, folds and splits together, the best one first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from dlrun.insight.against import standing
from dlrun.insight.best_line import best_line, settings_of
from dlrun.insight.comparison import View, common_monitor, differing_settings
from dlrun.insight.configuration import Configuration, planned
from dlrun.insight.configuration_columns import INTERVAL, LAST, costs, head, measured
from dlrun.insight.grouping import SPLIT_SEED, by_configuration
from dlrun.insight.labels import short_ids
from dlrun.insight.metrics import greater_is_better, main_metric
from dlrun.insight.same_rows import kind_of
from dlrun.insight.statistics import Sample, interval_of
from dlrun.insight.table import Column, Table
from dlrun.insight.verdict import Told, configuration_verdict
from dlrun.insight.words import messages, said
from dlrun.store import Entry
from dlrun.store.record import finite

__all__ = [
    "Compared",
    "Configuration",
    "View",
    "among",
    "best_line",
    "by_configuration",
    "compared",
    "configurations",
    "planned",
    "settings_of",
]

_VALIDATION = (INTERVAL, "val_", "gap")
"""Columns that are left out where they are empty, as all rows are trained on."""


@dataclass(frozen=True)
class Compared:
    """Configurations, the best first, and their table."""

    groups: list[Configuration]
    table: Table
    monitor: str
    """The curve that decides."""
    view: View = field(default_factory=View)


def configurations(
    entries: Sequence[Entry],
    monitor: str | None = None,
    seeds: int = 1,
    told: Sequence[Told | None] | None = None,
    view: View | None = None,
) -> Table:
    """The table of `compared`."""
    return compared(entries, monitor, seeds, told, view).table


def compared(
    entries: Sequence[Entry],
    monitor: str | None = None,
    seeds: int = 1,
    told: Sequence[Told | None] | None = None,
    view: View | None = None,
) -> Compared:
    """One flat row per configuration, the best by the monitor first, those of which no run came to a number last.

    Columns: the settings that differ, the means of `train_loss`, `val_loss`, `gap` = val_loss - train_loss and the main
    metric over the runs that came to a number, 95 % intervals of the monitor and the main metric, how many runs that
    are, the verdict of most of them, the median best epoch, parameters, seconds of all runs together. `id` is that of
    the configuration's best run. `values` keeps what each run measured.

    Args:
        monitor: the curve that decides; the one by which most of the runs choose their best epoch when not given.
        seeds: how many a configuration is to have, where some may be missing.
        told: the verdict of each run, in the order of the entries.
    """
    view = view or View()
    decides = monitor or common_monitor([entry.record for entry in entries])
    verdicts = dict(zip((entry.folder.path for entry in entries), told or [None] * len(entries), strict=True))
    found = [
        Configuration(
            tuple(runs),
            decides,
            planned(runs, seeds),
            view.last,
            tuple(verdicts[entry.folder.path] for entry in runs) if told is not None else (),
        )
        for runs in by_configuration(entries)
    ]
    groups = sorted(found, key=lambda group: group.order)
    return Compared(groups, _table(groups, decides, told is not None, view), decides, view)


def among(found: Compared, ids: Collection[str]) -> Compared:
    """Some of the configurations alone, against the best of these; what is said of the runs is said of theirs.

    Args:
        ids: of the rows that stay.
    """
    kept = [(group, row) for group, row in zip(found.groups, found.table.rows, strict=True) if row["id"] in ids]
    groups = [group for group, _ in kept]
    told = _standing(groups, found.monitor)
    rows = [row | {"against_best": outcome} for (_, row), outcome in zip(kept, told, strict=True)]
    table = replace(found.table, rows=rows, notes=_notes(groups, rows, found.view.language))
    return replace(found, groups=groups, table=table)


def _standing(groups: Sequence[Configuration], monitor: str) -> list[str]:
    return standing([group.sample(monitor) for group in groups], greater_is_better(monitor))


def _table(groups: Sequence[Configuration], monitor: str, with_verdicts: bool, view: View) -> Table:
    firsts = [group.best_run for group in groups]
    settings, setting_columns = differing_settings(firsts, {"kind": "text", "backend": "text"}, view.everything)
    if any(len({entry.record.get("spec", {}).get(SPLIT_SEED) for entry in group.entries}) > 1 for group in groups):
        setting_columns = [column for column in setting_columns if column.key != SPLIT_SEED]
    metric = main_metric([entry.record for group in groups for entry in group.entries])
    curves = measured(metric, monitor, view.everything, view.language)
    short = short_ids([group.best_run.folder.id for group in groups])
    told = _standing(groups, monitor)
    rows = [
        _row(group, curves, view.language) | values | {"short_id": shown, "against_best": outcome}
        for group, values, shown, outcome in zip(groups, settings, short, told, strict=True)
    ]
    columns = [*curves, *costs(rows, with_verdicts, view.everything, view.language)]
    optional = _VALIDATION if monitor.startswith("train_") else (INTERVAL,)
    empty = [column for column in columns if _is_named(column.key, optional) and not _any(rows, column.key)]
    kept = [column for column in columns if column not in empty]
    names = head(view.everything or len({row["name"] for row in rows}) > 1, view.language)
    return Table((*names, *setting_columns, *kept), rows, _notes(groups, rows, view.language))


def _is_named(key: str, words: Sequence[str]) -> bool:
    """Whether a column's key begins or ends with one of these words."""
    return any(key.startswith(word) or key.endswith(word) for word in words)


def _any(rows: Sequence[Mapping[str, Any]], key: str) -> bool:
    return any(row.get(key) is not None for row in rows)


def _row(group: Configuration, columns: Sequence[Column], language: str) -> dict[str, Any]:
    first, usable = group.entries[0].record, group.usable
    nets = [entry.record for entry in usable if kind_of(entry.record) == "mlp"]
    epochs = [epoch for record in nets if (epoch := record.get("kept_epoch")) is not None]
    statuses = [entry.record["status"] for entry in group.entries]
    sample = group.sample(group.monitor)
    interval = interval_of(sample)
    row: dict[str, Any] = {
        "id": group.best_run.folder.id,
        "name": first["name"],
        "kind": kind_of(first),
        "backend": first.get("backend"),
        "runs": f"{len(usable)} of {group.runs}",
        "runs_shown": said("compare.n_of_m", language, n=len(usable), m=group.runs),
        "seeds": sample.seeds,
        "folds": sample.folds,
        "splits": sample.splits,
        "covers": covers(sample, language),
        "standard_error": interval.error if interval else None,
        "best_epoch": median(epochs) if epochs else None,
        "parameters": group.parameters,
        "seconds": sum(entry.record.get("seconds", {}).get("total") or 0.0 for entry in group.entries),
        "status": _status(statuses),
        "status_shown": _status([_status_word(status, language) for status in statuses]),
        **_verdict(group, language),
        "values": [_value(group, entry) for entry in group.entries],
    }
    at_end = replace(group, last=True)
    for column in columns:
        key = column.key.removesuffix(INTERVAL).removesuffix(LAST)
        if key == column.key or column.key.endswith(LAST):
            row[column.key] = _mean(at_end if column.key.endswith(LAST) else group, key)
        else:
            found = interval_of(_sample(group, key))
            row[column.key] = found.half if found else None
    return row


def _mean(group: Configuration, key: str) -> float | None:
    return _sample(group, key).mean


def _sample(group: Configuration, key: str) -> Sample:
    """A metric of the usable runs; `gap` is the validation loss less the train loss of each."""
    if key != "gap":
        return group.sample(key)
    train, val = group.sample("train_loss"), group.sample("val_loss")
    gaps = {unit: value - train.values[unit] for unit, value in val.values.items() if unit in train.values}
    return Sample(gaps, val.overlap)


def covers(sample: Sample, language: str = "en") -> str:
    """What the interval of a mean says something about: `5 seeds, one split`; empty without values."""
    if not sample.values:
        return ""
    counts = {"seeds": sample.seeds, "folds": sample.folds, "splits": sample.splits}
    kind = f"{'_folds' if sample.folds > 1 else ''}{'_splits' if sample.splits > 1 else ''}" or "_seeds"
    one = "_one" if sample.seeds == 1 else ""
    return said(f"compare.covers{one}{kind}", language, **counts)


def _verdict(group: Configuration, language: str) -> dict[str, Any]:
    """The verdict of most runs, and how many agree; a good fit that would overfit names the epoch."""
    found = configuration_verdict(group.told)
    if found is None:
        return {"verdict": None, "verdict_share": None, "verdict_shown": None}
    word, share = found
    shown = said(f"verdict.{word.replace(' ', '_')}", language)
    turns = [one.turns for one in group.told if one is not None and one.verdict == word and one.turns is not None]
    if turns and word == "good fit":
        shown = said("compare.turns", language, verdict=shown, epoch=f"{median(turns):g}")
    if share < 1:
        shown = said("compare.share", language, verdict=shown, share=f"{share:.0%}")
    return {"verdict": word, "verdict_share": share, "verdict_shown": shown}


def _value(group: Configuration, entry: Entry) -> dict[str, Any]:
    """What one run measured, flat, as JSON can hold it."""
    record = entry.record
    return {
        "id": entry.folder.id,
        "seed": record.get("seed"),
        "fold": record.get("fold"),
        "split_seed": record.get("spec", {}).get(SPLIT_SEED, 0),
        "status": record["status"],
        **finite(dict(group.metrics(entry))),
    }


def _status(statuses: Sequence[str]) -> str:
    """`completed`, or `2 completed, 1 diverged`."""
    counts = Counter(statuses)
    return statuses[0] if len(counts) == 1 else ", ".join(f"{count} {status}" for status, count in counts.items())


def _status_word(status: str, language: str) -> str:
    """A status in a language; in English as records, and so conditions, write it."""
    return status if language == "en" else messages(language, "report").get(f"status_{status}", status)


def _notes(groups: Sequence[Configuration], rows: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """What a reader should know of the intervals, and of runs that are not in the means."""
    found = []
    over_splits = [row["folds"] > 1 or row["splits"] > 1 for row in rows if row["standard_error"] is not None]
    if over_splits:
        found.append(said("compare.over_splits" if all(over_splits) else "compare.one_split", language))
    statuses = Counter(entry.record["status"] for group in groups for entry in group.entries)
    for status in ("running", "diverged"):
        if statuses[status]:
            found.append(said(f"compare.some_{status}", language, count=statuses[status]))
    return found
