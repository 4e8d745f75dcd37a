"""What `dlrun baselines` shows: the classical methods and the best nets on the same rows in one table, and who wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.comparison import common_monitor
from dlrun.insight.configurations import Compared, Configuration, View, among, compared
from dlrun.insight.labels import labels
from dlrun.insight.rows_difference import CANNOT_TELL, UNKNOWN, RowsDifference, rows_difference
from dlrun.insight.same_rows import USABLE, is_net, nets_on
from dlrun.insight.table import Table
from dlrun.insight.verdict import verdicts
from dlrun.insight.words import Said, said
from dlrun.store import Entry, Store
from dlrun.store.baseline_names import NAMES
from dlrun.store.record import finite

SHOWN = 5
"""Configurations of nets in the table: the best ones."""


@dataclass(frozen=True)
class BesideNets:
    """Baselines beside nets."""

    table: Table
    lines: list[str]
    """Who wins, in words."""
    document: dict[str, Any]
    """All of it, as JSON can hold it."""


def beside_nets(store: Store, baselines: Sequence[Entry], language: str = "en") -> BesideNets:
    """The configurations of some baselines and of the nets on the same rows, the best first.

    Args:
        baselines: runs on the same rows; those that failed are in the table, and win nothing.
    """
    if not baselines:
        return BesideNets(Table((), []), [], _document(Table((), []), "", None, None))
    monitor = common_monitor([entry.record for entry in baselines])
    nets = [entry for entry in nets_on(store, baselines[0].record) if comes_to(monitor, entry)]
    entries = [*baselines, *nets]
    found = compared(entries, monitor, told=verdicts(store, entries), view=View(language=language))
    best_net, best_baseline = best(found, nets=True), best(found, nets=False)
    change = rows_difference(best_net, best_baseline) if best_net and best_baseline else None
    table = shown(found, language)
    lines = sentences(best_net, best_baseline, change, language)
    return BesideNets(table, lines, _document(table, monitor, best_net, best_baseline, change))


def comes_to(monitor: str, entry: Entry) -> bool:
    """Whether a run has the number, or may lack it, as it was lost."""
    return entry.record["status"] not in USABLE or entry.record.get("metrics", {}).get(monitor) is not None


def of_nets(group: Configuration) -> bool:
    return is_net(group.entries[0].record)


def best(found: Compared, nets: bool) -> Configuration | None:
    """The best net, or the best baseline, of those that came to a number."""
    return next((group for group in found.groups if of_nets(group) == nets and group.usable), None)


def shown(found: Compared, language: str) -> Table:
    """The table with the best nets alone; a note counts the others."""
    nets = [group for group in found.groups if of_nets(group)]
    left_out = {group.best_run.folder.id for group in nets[SHOWN:]}
    if not left_out:
        return found.table
    ids = {row["id"] for row in found.table.rows} - left_out
    table = among(found, ids).table
    return replace(table, notes=[*table.notes, said("baselines.more_nets", language, count=len(left_out))])


def sentences(
    net: Configuration | None, baseline: Configuration | None, change: RowsDifference | None, language: str
) -> list[str]:
    """Who wins, and how sure that is."""
    if baseline is None:
        return [said("baselines.none", language)]
    values: dict[str, Any] = {"baseline": named(baseline), "metric": baseline.monitor, "other": shown_value(baseline)}
    if net is None or change is None:
        return [said("baselines.no_net", language, **values)]
    values |= {"net": named(net), "value": shown_value(net)}
    if baseline.monitor.startswith("train_"):
        return [said("baselines.train_only", language, **values)]
    return [said(f"baselines.net_{word(change)}", language, **values, change=size_of(change), why=why(change))]


def word(change: RowsDifference) -> str:
    return change.outcome.replace(" ", "_")


def why(change: RowsDifference) -> Said:
    """Why it cannot be told how much of a difference is luck."""
    return Said(f"baselines.why_{change.why or UNKNOWN}")


def named(group: Configuration) -> Said | str:
    """A baseline by its method, a net by its name and the beginning of an id."""
    if of_nets(group):
        return labels([group.best_run])[0]
    record = group.entries[0].record
    return method_words(str(record.get("spec", {}).get("baseline.name")), record.get("target") is not None)


def method_words(method: str, regression: bool) -> Said:
    """A method in words."""
    of_numbers = "_numbers" if regression and NAMES[method][0] != NAMES[method][1] else ""
    return Said(f"baselines.name_{method}{of_numbers}")


def shown_value(group: Configuration) -> str:
    return numbers.number(group.mean(group.monitor))


def size_of(change: RowsDifference) -> Said:
    """`0.0123 ± 0.0051 (95 %, over 178 validation rows and over seeds)`."""
    size = {"size": numbers.number(abs(change.mean))}
    if change.half is None:
        return Said("baselines.size", size)
    around = {"half": numbers.number(change.half), "rows": numbers.count(change.rows)}
    return Said("baselines.with_seeds" if change.with_seeds else "baselines.rows_alone", size | around)


def _document(
    table: Table,
    monitor: str,
    net: Configuration | None,
    baseline: Configuration | None,
    change: RowsDifference | None = None,
) -> dict[str, Any]:
    rows = [{key: finite(cell) for key, cell in row.items() if not key.endswith("_shown")} for row in table.rows]
    return {
        "columns": [column.key for column in table.columns],
        "metric": monitor or None,
        "configurations": rows,
        "best_net": None if net is None else net.best_run.folder.id,
        "best_baseline": None if baseline is None else baseline.best_run.folder.id,
        "difference": None if change is None else finite(change.mean),
        "half": None if change is None else change.half,
        "outcome": CANNOT_TELL if change is None else change.outcome,
        "why": None if change is None else change.why,
        "notes": table.notes,
    }
