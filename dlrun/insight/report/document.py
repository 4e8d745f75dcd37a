"""The report as plain data, in one language: everything that the page and the Markdown say, before it is drawn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import dlrun
from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.best_line import settings_of
from dlrun.insight.comparable import comparable
from dlrun.insight.comparison import common_monitor
from dlrun.insight.configurations import Compared, View, compared
from dlrun.insight.maps import Swept, swept
from dlrun.insight.report.curve_data import CurveData, curve_data
from dlrun.insight.report.effect_view import EffectView, effect_view
from dlrun.insight.report.environment import Pair, environment
from dlrun.insight.report.grid_view import GridView, grid_view
from dlrun.insight.report.headline import (
    Next,
    VerdictCount,
    counted,
    findings_of,
    headlines,
    next_to_try,
    verdict_counts,
)
from dlrun.insight.report.learning_view import LearningView, learning_view
from dlrun.insight.report.reproduction import Reproduction, reproduction
from dlrun.insight.report.rows import Row, rows, status_text, value_strips
from dlrun.insight.report.setting_changes import setting_changes
from dlrun.insight.report.still import Still, still
from dlrun.insight.report.strips import Strips
from dlrun.insight.report.table_view import Head, heads, title_of
from dlrun.insight.report.tried import data, shared, tried
from dlrun.insight.table import Column
from dlrun.insight.verdict import Told, verdicts
from dlrun.insight.words import said
from dlrun.store import Entry, Store, SweepFolder
from dlrun.store.names import visible

PICKED = 3
"""Configurations whose curves are drawn when the page opens, at most."""


@dataclass(frozen=True)
class LostRun:
    """A run that came to no number."""

    name: str
    status: str
    reason: str


@dataclass(frozen=True)
class Report:
    """All of it."""

    language: str
    title: str
    subtitle: str
    headlines: list[str]
    findings: list[str]
    """What the curves of the best run say, in words."""
    verdicts: list[VerdictCount]
    next: Next | None
    tried: list[Pair]
    data: list[Pair]
    heads: list[Head]
    rows: list[Row]
    notes: list[str]
    """What a reader of the table should know."""
    monitor: str
    """What decides, in words."""
    curves: CurveData
    measures: list[str]
    """Titles of the curves' measures."""
    picked: list[int]
    """Rows whose curves are drawn first."""
    still: Still
    map: GridView | None
    effects: EffectView | None
    learning: LearningView | None
    strips: Strips
    lost: list[LostRun]
    changes: list[list[str]]
    """Per row how its settings differ from the best one's."""
    shared: list[tuple[str, str]]
    environment: list[Pair]
    reproduction: Reproduction
    warnings: list[str]
    """What forbids to take it at face value."""


def report_document(
    store: Store,
    entries: Sequence[Entry],
    sweeps: Sequence[SweepFolder] = (),
    language: str = "en",
    title: str | None = None,
    anyway: bool = False,
    made: float | None = None,
) -> Report:
    """The report on some runs.

    Args:
        sweeps: those that were named, to be made again as such.
        title: what stands above it; the sweep's or the run's name when not given.
        anyway: whether runs on different data are taken together, with a warning.
        made: when, in seconds since 1970; now when not given.
    Raises:
        UsageError: there are no runs, or they are on different data.
    """
    if not entries:
        raise UsageError(f"report: there are no runs in {store.root}. `dlrun train CONFIG` makes the first")
    warnings = different_data(entries, anyway, language)
    told = verdicts(store, entries)
    found = compared(entries, told=told, view=View(language=language))
    side_by_side = _swept(entries, told, found.monitor)
    ordered = [entry for group in found.groups for entry in group.entries]
    settings = settings_of(found.table)
    shown, curves, lost = rows(found, language), curve_data(ordered), lost_runs(found, language)
    picked = first_picked(shown)
    best = found.groups[0].best_run if found.groups[0].usable else None
    monitor = title_of(Column(found.monitor, found.monitor.replace("_", " ")), language)
    return Report(
        language=language,
        title=visible(title or _title(entries, sweeps, language)),
        subtitle=_subtitle(found, len(entries), made, language),
        headlines=headlines(shown, monitor, len(lost), language),
        findings=findings_of(best, language) if best else [],
        verdicts=verdict_counts(shown, language),
        next=next_to_try(best, shown[0].label, language) if best else None,
        tried=tried(entries, settings, found.table.rows, language),
        data=data(entries, language),
        heads=heads(found.table, language),
        rows=shown,
        notes=[said("report.table_note", language), *found.table.notes],
        monitor=monitor,
        curves=curves,
        measures=[
            said(f"report.measure_{name}", language) if name == "loss" else name.replace("_", " ")
            for name in curves.measures
        ],
        picked=picked,
        still=still([[curves.runs[place] for place in shown[row].runs] for row in picked]),
        map=grid_view(side_by_side, language) if side_by_side else None,
        effects=effect_view(side_by_side, language) if side_by_side else None,
        learning=learning_view(side_by_side, language) if side_by_side else None,
        strips=value_strips(shown),
        lost=lost,
        changes=setting_changes(settings, found.table.rows, language),
        shared=shared(entries),
        environment=environment(entries, language),
        reproduction=reproduction(sweeps, best, language),
        warnings=warnings,
    )


def different_data(entries: Sequence[Entry], anyway: bool, language: str) -> list[str]:
    """A warning where runs are on different data.

    Raises:
        UsageError: they are, and it was not asked for.
    """
    mixed = comparable(entries, common_monitor([entry.record for entry in entries])).mixed
    if mixed and not anyway:
        raise UsageError(
            f"report: runs must be on the same data, with the same target and loss. Received: {mixed}. "
            "Name runs of one of them; --anyway reports on them all the same"
        )
    return [said("report.different_data", language, data=mixed)] if mixed else []


def _swept(entries: Sequence[Entry], told: Sequence[Told | None], monitor: str) -> Swept | None:
    """The runs as configurations; None where all are damaged."""
    try:
        return swept(entries, told, monitor, anyway=True)
    except UsageError:
        return None


def first_picked(found: Sequence[Row]) -> list[int]:
    """The best configuration, and the first of each other verdict."""
    picked: dict[str | None, int] = {}
    for place, row in enumerate(found):
        picked.setdefault(row.verdict, place)
    return list(picked.values())[:PICKED]


def lost_runs(found: Compared, language: str) -> list[LostRun]:
    """The runs that came to no number, and why."""
    return [
        LostRun(
            f"{visible(entry.record['name'])}-{entry.folder.id}",
            status_text(entry.record["status"], language),
            visible(entry.record.get("reason") or ""),
        )
        for group in found.groups
        for entry in group.entries
        if entry not in group.usable
    ]


def _subtitle(found: Compared, runs: int, made: float | None, language: str) -> str:
    return said(
        "report.subtitle",
        language,
        configurations=counted("configurations", len(found.groups), language),
        runs=counted("runs", runs, language),
        made=numbers.moment(time.time() if made is None else made),
        version=dlrun.__version__,
    )


def _title(entries: Sequence[Entry], sweeps: Sequence[SweepFolder], language: str) -> str:
    if len(sweeps) == 1:
        return sweeps[0].path.name
    names = dict.fromkeys(entry.record["name"] for entry in entries)
    if len(names) == 1:
        return next(iter(names))
    return said("report.title_runs", language, runs=len(entries))
