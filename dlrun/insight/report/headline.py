"""What stands first: the best configuration, what cannot be told from it, how many under- and overfit, what to try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.errors import StoreError
from dlrun.insight import numbers
from dlrun.insight.against import CANNOT_TELL, TIE, WORSE
from dlrun.insight.report.rows import Row
from dlrun.insight.verdict import VERDICTS, diagnose, next_experiment
from dlrun.insight.words import said
from dlrun.store import Entry

NAMED = 4
"""Configurations named in a sentence; more are counted."""

FINDINGS = 3
"""Sentences about the best run's curves."""


@dataclass(frozen=True)
class Next:
    """One experiment to try."""

    words: str
    patch: list[tuple[str, str]]
    """Dotted key and its new value."""
    command: str
    """What writes its config; empty where there is nothing to change."""


@dataclass(frozen=True)
class VerdictCount:
    """How many configurations have a verdict."""

    word: str
    text: str
    count: int


def counted(what: str, count: int, language: str) -> str:
    """`1 run`, `48 runs`."""
    return said(f"report.{what}_{'1' if count == 1 else 'n'}", language, count=numbers.count(count))


def headlines(rows: Sequence[Row], monitor: str, lost: int, language: str) -> list[str]:
    """Sentences, the most important first.

    Args:
        monitor: what decides, in words.
        lost: runs that came to no number.
    """
    best = rows[0]
    if best.mean is None:
        return [said("report.no_best", language)]
    found = [_best(rows, monitor, language)]
    if len(rows) > 1:
        found += _others(rows, language)
    if lost:
        found.append(said(f"report.lost_{'1' if lost == 1 else 'n'}", language, count=lost))
    return found


def verdict_counts(rows: Sequence[Row], language: str) -> list[VerdictCount]:
    """How many configurations have each verdict, in the order of `VERDICTS`."""
    counts = Counter(row.verdict for row in rows)
    return [VerdictCount(word, verdict_text(word, language), counts[word]) for word in VERDICTS if counts[word]]


def verdict_text(word: str, language: str) -> str:
    """A verdict in a language."""
    return said(f"verdict.{word.replace(' ', '_')}", language)


def next_to_try(best: Entry, label: str, language: str) -> Next | None:
    """The next experiment that the best run's curves ask for; None where they ask for none."""
    try:
        found = next_experiment(best, diagnose(best.record, best.folder.curves()))
    except StoreError:
        return None
    if found is None:
        return None
    words = said("report.next", language, label=label, why=found.why)
    patch = [(key, numbers.setting(value)) for key, value in found.patch.items()]
    command = f"dlrun diagnose {best.folder.id} --write next.yaml\ndlrun train next.yaml" if patch else ""
    return Next(words, patch, command)


def findings_of(run: Entry, language: str) -> list[str]:
    """What a run's curves say, the decisive first."""
    try:
        found = diagnose(run.record, run.folder.curves())
    except StoreError:
        return []
    return [finding.text(language) for finding in found.findings[:FINDINGS]]


def named(labels: Sequence[str], language: str) -> str:
    """The labels in a sentence; the first few of many."""
    shown = "; ".join(labels[:NAMED])
    rest = len(labels) - NAMED
    return said("report.and_more", language, labels=shown, count=rest) if rest > 0 else shown


def _best(rows: Sequence[Row], monitor: str, language: str) -> str:
    best = rows[0]
    values = sum(run.value is not None for run in best.values)
    over = said("report.over_one", language)
    if values > 1:
        over = said("report.over_runs", language, runs=counted("runs", values, language))
    return said(
        "report.best" if len(rows) > 1 else "report.best_alone",
        language,
        configurations=counted("configurations", len(rows), language),
        label=best.label,
        monitor=monitor,
        mean=numbers.number(best.mean),
        around="" if best.around is None else said("report.around", language, half=numbers.number(best.around)),
        over=over,
    )


def _others(rows: Sequence[Row], language: str) -> list[str]:
    """Whether the others are worse than the best, cannot be told from it, or have too few runs for either."""
    if all(row.around is None for row in rows):
        return [said("report.one_each", language)]
    others = rows[1:]
    if all(row.against_best == WORSE for row in others):
        return [said("report.ties_0", language)]
    found = []
    for what, outcome in (("ties", TIE), ("unsure", CANNOT_TELL)):
        labels = [row.label for row in others if row.against_best == outcome]
        if labels:
            key = f"report.{what}_{'1' if len(labels) == 1 else 'n'}"
            found.append(said(key, language, count=len(labels), labels=named(labels, language)))
    return found
