"""The best configuration in words: what it is set to, which others cannot be told from it, the smallest good one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.against import TIE
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.table import Column, Table
from dlrun.insight.words import said
from dlrun.store.names import visible

NAMED = 3
"""Ties named in words; more are counted."""


def best_line(table: Table, monitor: str, language: str = "en") -> str:
    """The first row in words: its settings, its mean and interval, which others are ties with it, the smallest net
    within one standard error of it; empty where no configuration came to a number."""
    best = table.rows[0] if table.rows else {}
    mean, around = best.get(monitor), best.get(f"{monitor}_interval")
    if mean is None:
        return ""
    within = f" ± {numbers.number(around)}" if around is not None else ""
    over = "" if best["runs"] == "1 of 1" else f" ({said('compare.of_runs', language, runs=_runs(best, language))})"
    value = f"{monitor} {numbers.number(mean)}{within}{over}"
    parts = [said("compare.best", language, settings=_settings(table, best), value=value)]
    parts += [_ties(table, language), _smallest(table, monitor, language)]
    return "; ".join(part for part in parts if part)


def _runs(row: Mapping[str, Any], language: str) -> str:
    usable, runs = _counts(row)
    return said("compare.n_of_m", language, n=usable, m=runs)


def _counts(row: Mapping[str, Any]) -> tuple[int, int]:
    """How many runs came to a number, and how many there are to be."""
    usable, _, runs = row["runs"].partition(" of ")
    return int(usable), int(runs)


def _share(row: Mapping[str, Any]) -> float:
    usable, runs = _counts(row)
    return usable / runs


def settings_of(table: Table) -> list[Column]:
    """The columns of the settings that differ."""
    return [column for column in table.columns if "." in column.key]


def _settings(table: Table, row: Mapping[str, Any]) -> str:
    if row.get("kind") == "baseline":
        return visible(str(row["name"]))  # it says which method: the settings are a net's
    differ = [
        column
        for column in settings_of(table)
        if any(other.get(column.key) != row.get(column.key) for other in table.rows)
    ]
    settings = [f"{column.title} {_text(column, row)}" for column in differ if _is_set(column, row)]
    return visible(", ".join(settings) or str(row["name"]))


def _is_set(column: Column, row: Mapping[str, Any]) -> bool:
    """Whether a row has the key at all: `schedule.decay_epochs` belongs to some schedules alone."""
    return row.get(column.key) is not None or not column.key.startswith(("optimizer.", "schedule."))


def _text(column: Column, row: Mapping[str, Any]) -> str:
    value = row.get(column.key)
    return "null" if value is None else column.text(value)


def _ties(table: Table, language: str) -> str:
    """The others that cannot be told from the best."""
    ties = [row for row in table.rows[1:] if row.get("against_best") == TIE]
    if not ties:
        return said("compare.one_seed", language) if _one_run_each(table.rows) else ""
    named = " | ".join(_settings(table, row) for row in ties[:NAMED])
    rest = len(ties) - NAMED
    if rest > 0:
        named = said("compare.and_more", language, named=named, count=rest)
    return said("compare.ties", language, count=len(ties), named=named)


def _one_run_each(rows: Sequence[Mapping[str, Any]]) -> bool:
    return len(rows) > 1 and all(row.get("standard_error") is None for row in rows)


def _smallest(table: Table, monitor: str, language: str) -> str:
    """The one with the fewest parameters whose mean is within one standard error of the best one's (Breiman et al.
    1984); nothing where that is the best itself."""
    best = table.rows[0]
    row = smallest_good(table.rows, monitor)
    if row is None or row is best:
        return ""
    count = numbers.count(row["parameters"])
    return said("compare.smallest", language, settings=_settings(table, row), parameters=count)


def smallest_good(rows: Sequence[dict[str, Any]], monitor: str) -> dict[str, Any] | None:
    """The row with the fewest parameters within one standard error of the first one's mean, of which no smaller share
    of the runs came to a number; None where that error is not known."""
    best = rows[0] if rows else {}
    error, size = best.get("standard_error"), best.get("parameters")
    if error is None or size is None:
        return None
    sign = -1 if greater_is_better(monitor) else 1
    near = [
        row
        for row in rows
        if row.get("parameters") is not None
        and row.get(monitor) is not None
        and _share(row) >= _share(best)
        and sign * (row[monitor] - best[monitor]) <= error
    ]
    return min(near, key=lambda row: (row["parameters"] >= size and row is not best, row["parameters"]), default=None)
