"""What `dlrun compare` shows: which runs, as a table of configurations, and what is said below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.against import BEST
from dlrun.insight.comparable import all_comparable, comparable
from dlrun.insight.comparison import common_monitor, compare, differing_settings, sorted_by
from dlrun.insight.configuration_columns import beside, rows_interval
from dlrun.insight.configurations import Compared, View, among, best_line, compared
from dlrun.insight.reference import with_reference
from dlrun.insight.row_intervals import row_interval
from dlrun.insight.spec_values import SpecValues
from dlrun.insight.table import Table
from dlrun.insight.verdict import verdicts
from dlrun.insight.where import condition, known
from dlrun.insight.words import said
from dlrun.store import Entry, Store
from dlrun.store.configuration import configuration_of
from dlrun.store.names import visible
from dlrun.store.record import finite

LAYER_COLUMNS = ("model.width", "model.depth")


@dataclass(frozen=True)
class Wishes:
    """How the comparison is to be made."""

    metric: str | None = None
    """The curve that is compared; the monitor when None."""
    sort: str | None = None
    where: str | None = None
    against: str | None = None
    """A run, a configuration or `best`."""
    anyway: bool = False
    """Compare runs of different data all the same."""
    named: bool = False
    """Whether the user named the runs."""
    rows: bool = False
    """Add intervals over validation rows."""
    view: View = field(default_factory=View)


@dataclass(frozen=True)
class Comparing:
    """A comparison, ready to be written."""

    table: Table
    last_line: str
    """The best one in words."""
    document: dict[str, Any]
    """All of it, as JSON can hold it."""


def comparing(store: Store, entries: Sequence[Entry], wishes: Wishes) -> Comparing:
    """The configurations of some runs side by side.

    Args:
        entries: the newest first.
    Raises:
        UsageError: runs of different data, an unknown column or metric, a condition that cannot be read.
        NoSuchRun: nothing answers to the reference.
    """
    reference = _referred(store, wishes.against)
    present = {entry.folder.path for entry in entries}
    entries = [*entries, *(entry for entry in reference if entry.folder.path not in present)]
    metric = _metric(entries, wishes.metric)
    entries, hints = _same_data(entries, metric, wishes)
    found = compared(entries, metric, told=verdicts(store, entries), view=wishes.view)
    found = _where(found, wishes.where)
    table, differences = found.table, None
    if wishes.against:
        table, differences = with_reference(found, wishes.against, reference)
    if wishes.rows:
        table = _with_rows(table, found)
    line = best_line(table, metric, wishes.view.language) if len(table.rows) > 1 else ""
    table = replace(table, notes=[*hints, *table.notes])
    table = sorted_by(table, wishes.sort, metric) if wishes.sort else table
    return Comparing(table, line, _document(table, metric, line, differences))


def comparing_runs(store: Store, entries: Sequence[Entry], wishes: Wishes) -> Table:
    """One row per run, with the same rules for what can be compared."""
    metric = _metric(entries, wishes.metric)
    entries, hints = _same_data(entries, metric, wishes)
    table = compare(entries, None, View(wishes.view.last, wishes.view.everything), metric, verdicts(store, entries))
    if wishes.where:
        by_id = {entry.folder.id: entry for entry in entries}
        firsts = [by_id[row["id"]] for row in table.rows]
        table = _chosen(table, firsts, wishes.where)
    table = replace(table, notes=[*hints, *table.notes])
    return sorted_by(table, wishes.sort) if wishes.sort else table


def _document(table: Table, metric: str, line: str, differences: dict[str, Any] | None) -> dict[str, Any]:
    """Rows with all that is known of them, also what has no column."""
    rows = [{key: finite(cell) for key, cell in row.items() if not key.endswith("_shown")} for row in table.rows]
    return {
        "columns": [column.key for column in table.columns],
        "metric": metric,
        "configurations": [row | {"name": str(row["name"])} for row in rows],
        "against": differences,
        "best": line or None,
        "notes": table.notes,
    }


def _with_rows(table: Table, found: Compared) -> Table:
    """The table with intervals over validation rows, where predictions are stored."""
    halves = {group.best_run.folder.id: row_interval(group) for group in found.groups}
    rows = [row | {"rows_interval": halves[row["id"]]} for row in table.rows]
    columns = beside(table.columns, found.monitor, [rows_interval(found.view.language)])
    notes = [] if any(halves.values()) else [said("compare.no_rows", found.view.language)]
    notes += [said("compare.over_rows", found.view.language)] if any(halves.values()) else []
    return Table(columns, rows, [*table.notes, *notes])


def _referred(store: Store, reference: str | None) -> list[Entry]:
    """The runs of the configuration that is to be compared with; all its seeds, where one run is named."""
    if reference is None or reference == BEST:
        return []
    named = store.entries_of(store.runs_named(reference))
    if len(named) != 1:
        return named
    alike = store.entries_of(store.runs_named(named[0].folder.label))
    own = configuration_of(named[0].record)
    return named + [entry for entry in alike if entry != named[0] and configuration_of(entry.record) == own]


def _metric(entries: Sequence[Entry], wanted: str | None) -> str:
    """The curve that is compared; `accuracy` means `val_accuracy`."""
    records = [entry.record for entry in entries]
    if wanted is None:
        return common_monitor(records)
    there = dict.fromkeys(key for record in records for key in record.get("metrics", {}))
    for name in (wanted, f"val_{wanted}"):
        if name in there or not there:
            return name
    from difflib import get_close_matches

    near = get_close_matches(wanted, there, n=1)
    hint = f"Did you mean `{visible(near[0])}`? " if near else ""
    raise UsageError(
        f"--metric: must be a curve of the runs. Received: {visible(wanted)!r}. {hint}There are: {', '.join(there)}"
    )


def _same_data(entries: Sequence[Entry], metric: str, wishes: Wishes) -> tuple[list[Entry], list[str]]:
    """The runs that can be compared, and what is to be said of the others."""
    language = wishes.view.language
    if wishes.anyway:
        mixed = comparable(entries, metric).mixed
        return list(entries), [said("compare.anyway", language, data=mixed)] if mixed else []
    if wishes.named or wishes.against not in (None, BEST):
        all_comparable(entries, metric)
        return list(entries), []
    found = comparable(entries, metric)
    if not found.left_out:
        return list(entries), []
    count, data = len(entries) - len(found.entries), ", ".join(found.left_out)
    return found.entries, [said("compare.left_out", language, count=count, data=data)]


def _where(found: Compared, text: str | None) -> Compared:
    """The configurations of which a condition is true."""
    if text is None:
        return found
    table = _chosen(found.table, [group.best_run for group in found.groups], text)
    return among(found, {row["id"] for row in table.rows})


def _chosen(table: Table, firsts: Sequence[Entry], text: str) -> Table:
    """The rows of which a condition is true. It may name columns and every setting of the config.

    Args:
        firsts: per row a run that has its settings.
    """
    wanted = condition(text)
    if not table.rows:
        return table
    values = SpecValues(firsts)
    own = [key for key, cell in table.rows[0].items() if key != "values"]
    settings = [key for key in values.known_keys() if key not in own]
    meant = known(wanted, [*own, *(column.key for column in table.columns), *settings, "model.width", "model.depth"])
    layers = differing_settings(firsts, {}, everything=True)[0] if set(LAYER_COLUMNS) & set(meant.values()) else []
    columns = {
        name: [row[key] for row in layers] if key in LAYER_COLUMNS
        else [row.get(key) for row in table.rows] if key in own
        else values.column(key)
        for name, key in meant.items()
    }  # fmt: skip
    kept = [
        row
        for place, row in enumerate(table.rows)
        if wanted.holds({name: column[place] for name, column in columns.items()})
    ]
    return replace(table, rows=kept)
