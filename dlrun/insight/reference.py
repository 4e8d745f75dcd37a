"""The table of a comparison with columns for the differences from one of its rows, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.against import BEST, Against, against
from dlrun.insight.configuration_columns import beside, differences
from dlrun.insight.configurations import Compared, Configuration
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.numbers import number
from dlrun.insight.statistics import too_good_by
from dlrun.insight.table import Table
from dlrun.insight.words import said
from dlrun.store import Entry
from dlrun.store.names import visible
from dlrun.store.record import finite


def with_reference(found: Compared, wanted: str, reference: Sequence[Entry]) -> tuple[Table, dict[str, Any]]:
    """The table with columns for the differences, and all that is known of them as JSON can hold it.

    Args:
        wanted: `best`, or how the user names the reference.
        reference: the runs that answer to it.
    Raises:
        UsageError: they are no single configuration of the table.
    """
    if not found.groups:
        return found.table, {}
    place = 0 if wanted == BEST else _place(found.groups, wanted, reference)
    greater, best = greater_is_better(found.monitor), wanted == BEST
    samples = [group.sample(found.monitor) for group in found.groups]
    outcomes = against(samples, place, greater, chosen_as_best=best)
    bias = too_good_by(samples, greater) if best else None
    rows = [row | _cells(one, found.view.language) for row, one in zip(found.table.rows, outcomes, strict=True)]
    notes = [*found.table.notes, *_said_of_reference(found, place, best, bias)]
    columns = beside(found.table.columns, found.monitor, differences(found.view.language))
    row = rows[place]
    document = {
        "id": row["id"],
        "name": row["name"],
        "chosen_as_best": best,
        "metric": found.monitor,
        "correction": "Holm",
        "too_good_by": bias,
        "differences": [_document(group_row, one) for group_row, one in zip(rows, outcomes, strict=True)],
    }
    return Table(columns, rows, notes), document


def _place(groups: Sequence[Configuration], wanted: str, reference: Sequence[Entry]) -> int:
    ids = {entry.folder.id for entry in reference}
    places = [place for place, group in enumerate(groups) if ids & {entry.folder.id for entry in group.entries}]
    if not places:
        raise UsageError(f"--against: `{visible(wanted)}` is not in the table: --where leaves it out")
    if len(places) > 1:
        raise UsageError(
            f"--against: must name one configuration. Received: `{visible(wanted)}`, which is {len(places)} of them. "
            "Give the id of one of its runs, or `best`"
        )
    return places[0]


def _cells(one: Against, language: str) -> dict[str, Any]:
    found = one.difference
    return {
        "difference": found.mean if found else None,
        "difference_interval": found.half if found else None,
        "p": one.p,
        "outcome": one.outcome,
        "outcome_shown": said(f"compare.{one.outcome.replace(' ', '_')}", language),
    }


def _said_of_reference(found: Compared, place: int, best: bool, bias: float | None) -> list[str]:
    language, count = found.view.language, len(found.groups)
    if not best:
        chosen = place == 0 and count > 2
        return [said("compare.is_the_best", language, count=count)] if chosen else []
    notes = [said("compare.best_of", language, count=count)] if count > 1 else []
    if bias:
        notes.append(said("compare.winners_curse", language, bias=number(bias), metric=found.monitor))
    elif bias is not None:
        notes.append(said("compare.no_curse", language))
    return notes


def _document(row: dict[str, Any], one: Against) -> dict[str, Any]:
    found = one.difference
    return {
        "id": row["id"],
        "difference": finite(found.mean) if found else None,
        "low": finite(found.low) if found else None,
        "high": finite(found.high) if found else None,
        "p": found.p if found else None,
        "p_corrected": one.p,
        "outcome": one.outcome,
        "method": found.method if found else None,
        "count": found.count if found else 0,
    }
