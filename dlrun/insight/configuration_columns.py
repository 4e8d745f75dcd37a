"""The columns of a table of configurations: what was measured, what it cost, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.comparison import metric_words
from dlrun.insight.metrics import bare
from dlrun.insight.table import Column, Kind
from dlrun.insight.words import said

INTERVAL = "_interval"
"""Ending of the key of the column beside a mean."""
LAST = "_last"
"""Ending of the key of a value at the last epoch, where both are shown."""


def head(with_names: bool, language: str) -> list[Column]:
    """The columns that name a configuration."""
    found = [_column("id", "text", 9, language, shown="short_id")]
    return [*found, _column("name", "text", 4, language)] if with_names else found


def measured(metric: str | None, monitor: str, everything: bool, language: str) -> list[Column]:
    """The measured columns; those that decide, and the main metric, with the column of their interval.

    Args:
        metric: the main metric beside the loss.
        monitor: the curve that decides.
        everything: an interval for each, and the values of the last epoch.
    """
    sides = ("train_", "val_") if everything else ("val_",)
    extra = [f"{side}{metric}" for side in sides if metric]
    keys = list(dict.fromkeys(["train_loss", "val_loss", "gap", *extra, monitor]))
    columns = []
    for key in keys:
        columns.append(Column(key, curve_title(key, language), rank=9 if key == monitor else 7))
        if key in (monitor, f"val_{metric}") or everything:
            columns.append(Column(f"{key}{INTERVAL}", "± 95 %", rank=8 if key == monitor else 6))
    if everything:
        titles = {key: said("compare.title_last", language, title=curve_title(key, language)) for key in keys}
        columns += [Column(f"{key}{LAST}", title, rank=1) for key, title in titles.items()]
    return columns


def curve_title(key: str, language: str) -> str:
    """A curve as the head of a column: `val accuracy`."""
    if key == "gap":
        return said("compare.title_gap", language)
    metric = bare(key)
    words = said("compare.title_loss", language) if metric == "loss" else metric_words(metric)
    side = key.partition("_")[0]
    return said(f"compare.title_{side}", language, metric=words) if side in ("train", "val") else words


def costs(rows: Sequence[Mapping[str, Any]], with_verdicts: bool, everything: bool, language: str) -> list[Column]:
    """The columns behind the measured ones; what intervals cover where they do not all cover the same."""
    over_seeds = all(row["folds"] == 0 and row["splits"] <= 1 for row in rows)
    title = said("compare.title_seeds" if over_seeds else "compare.title_runs", language)
    columns = [Column("runs", title, "text", rank=7, shown="runs_shown")]
    covered = {(row["folds"], row["splits"]) for row in rows if row["covers"]}
    if everything or len(covered) > 1:
        columns.append(_column("covers", "text", 3, language))
    if with_verdicts:
        columns.append(_column("verdict", "text", 7, language, shown="verdict_shown"))
    tail: Sequence[tuple[str, Kind, int]] = (
        ("best_epoch", "amount", 3),
        ("parameters", "count", 4),
        ("seconds", "seconds", 2),
    )
    columns += [_column(key, kind, rank, language) for key, kind, rank in tail]
    return [*columns, _column("status", "text", 5, language, shown="status_shown")]


def differences(language: str) -> list[Column]:
    """The columns of the differences from a reference."""
    return [
        _column("difference", "number", 9, language),
        Column("difference_interval", "± 95 %", rank=8),
        _column("p", "number", 3, language),
        _column("outcome", "text", 9, language, shown="outcome_shown"),
    ]


def rows_interval(language: str) -> Column:
    """The column of the intervals over validation rows."""
    return _column("rows_interval", "number", 8, language)


def beside(columns: Sequence[Column], monitor: str, new: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with new ones behind the value that decides and its interval."""
    keys = [column.key for column in columns]
    after = max((keys.index(key) for key in (monitor, f"{monitor}{INTERVAL}") if key in keys), default=-1) + 1
    return (*columns[:after], *new, *columns[after:])


def _column(key: str, kind: Kind, rank: int, language: str, shown: str | None = None) -> Column:
    return Column(key, said(f"compare.title_{key}", language), kind, rank, shown)
