"""Verdicts laid out for people and for programs: one run in full, or a line per configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.beside_baselines import BesideBaseline, beside_baseline
from dlrun.insight.labels import labels, setting_labels
from dlrun.insight.table import Column, Table
from dlrun.insight.verdict.changes import patch_lines
from dlrun.insight.verdict.diagnosis import GOOD_FIT, VERDICTS, Diagnosis, NextExperiment, Told
from dlrun.insight.verdict.next_step import next_experiment
from dlrun.insight.verdict.rules import diagnose
from dlrun.insight.verdict.stored import configuration_verdict, verdicts
from dlrun.insight.words import said
from dlrun.store import Entry, Store
from dlrun.store.names import visible
from dlrun.store.run_folder import DAMAGED

REFERENCE = "verdict.reference"
Line = tuple[str, bool]
"""A line, and whether it is a heading."""


@dataclass(frozen=True)
class Diagnosed:
    """One run with all that is said of it."""

    entry: Entry
    diagnosis: Diagnosis
    next: NextExperiment | None
    damage: str | None = None
    """What cannot be read of it."""
    beside: BesideBaseline | None = None
    """The best classical method on the same rows, where there is one."""

    @property
    def label(self) -> str:
        return labels([self.entry])[0]


def diagnosed(entry: Entry) -> Diagnosed:
    """A run with its verdict; one whose files cannot be read has none, and says so."""
    try:
        if entry.record["status"] == DAMAGED:
            raise StoreError(entry.record.get("reason") or DAMAGED)
        beside = beside_baseline(entry)
        diagnosis = diagnose(entry.record, entry.folder.curves(), beside.reference if beside else None)
    except StoreError as error:
        return Diagnosed(entry, Diagnosis(None), None, str(error))
    return Diagnosed(entry, with_finding(diagnosis, beside), next_experiment(entry, diagnosis), beside=beside)


def with_finding(diagnosis: Diagnosis, beside: BesideBaseline | None) -> Diagnosis:
    """The diagnosis with what the best baseline says of it, in place of that one's loss alone."""
    if beside is None or diagnosis.verdict is None:
        return diagnosis
    kept = [finding for finding in diagnosis.findings if finding.key != REFERENCE]
    return replace(diagnosis, findings=(*kept, beside.finding()))


def named(verdict: str | None, language: str) -> str:
    """A verdict in a language."""
    return said(f"verdict.{(verdict or 'none').replace(' ', '_')}", language)


def run_document(run: Diagnosed, language: str = "en") -> dict[str, Any]:
    """One run as JSON can hold it."""
    change = run.next
    return {
        "id": run.entry.folder.id,
        "name": run.entry.record["name"],
        "status": run.entry.record["status"],
        "verdict": run.diagnosis.verdict,
        "turns": run.diagnosis.turns,
        "evidence": dict(run.diagnosis.evidence),
        "findings": [finding.text(language) for finding in run.diagnosis.findings],
        "next": None
        if change is None
        else {"kind": change.kind, "patch": dict(change.patch), "why": change.why.text(language)},
        "baseline": None if run.beside is None else run.beside.document(),
        "damage": run.damage,
    }


def run_lines(run: Diagnosed, language: str = "en") -> Iterator[Line]:
    """One run for a terminal: the verdict, its evidence, what to try next."""
    if run.damage is not None:
        yield f"{run.label}: {said('verdict.damaged', language)}", True
        yield f"  {visible(run.damage)}", False
        return
    yield f"{run.label}: {named(run.diagnosis.verdict, language)}", True
    for finding in run.diagnosis.findings:
        yield f"  - {finding.text(language)}", False
    if run.next is not None:
        yield said("verdict.next", language, why=run.next.why), True
        for line in patch_lines(run.next.patch):
            yield f"  {line}", False


@dataclass(frozen=True)
class Group:
    """The runs of one configuration with their verdicts."""

    entries: tuple[Entry, ...]
    told: tuple[Told | None, ...]

    @property
    def verdict(self) -> tuple[str, float] | None:
        """That of most runs, and their share."""
        return configuration_verdict(self.told)

    @property
    def turns(self) -> float | None:
        """The median epoch from which the runs with that verdict overfit, or would."""
        word = self.verdict[0] if self.verdict else None
        found = [one.turns for one in self.told if one is not None and one.verdict == word and one.turns is not None]
        return median(found) if found else None

    @property
    def typical(self) -> Entry:
        """The first run that has the verdict of most."""
        word = self.verdict[0] if self.verdict else None
        pairs = zip(self.entries, self.told, strict=True)
        return next((entry for entry, one in pairs if one is not None and one.verdict == word), self.entries[0])


def grouped(store: Store, entries: Sequence[Entry]) -> list[Group]:
    """The configurations of these runs, the best first; damaged runs are left out."""
    from dlrun.insight.configurations import compared

    whole = [entry for entry in entries if entry.record["status"] != DAMAGED]
    if not whole:
        return []
    groups = compared(whole, told=verdicts(store, whole)).groups
    return [Group(group.entries, group.told) for group in groups]


def damaged_lines(entries: Sequence[Entry], language: str = "en") -> list[str]:
    """A line per damaged run."""
    broken = [entry for entry in entries if entry.record["status"] == DAMAGED]
    return [
        f"{visible(entry.folder.path.name)}: {said('verdict.damaged', language)}: "
        f"{visible(entry.record.get('reason') or '')}"
        for entry in broken
    ]


def group_table(groups: Sequence[Group], language: str = "en") -> Table:
    """A row per configuration: what it is, its verdict with how many of its runs agree, the epoch it turns at."""
    from dlrun.insight.comparison import differing_settings

    firsts = [group.typical for group in groups]
    settings, differing = differing_settings(firsts, {})
    shown = setting_labels(firsts, settings, differing)
    columns = (
        Column("configuration", said("verdict.configuration", language), "text", rank=9),
        Column("shown", said("verdict.verdict", language), "text", rank=9),
        Column("turns", said("verdict.turn", language), "amount", rank=5),
        Column("label", said("verdict.run", language), "text", rank=4),
    )
    rows = [
        {"configuration": words, "shown": _shown(group, language), "turns": group.turns, "label": label}
        for group, words, label in zip(groups, shown, labels(firsts), strict=True)
    ]
    return Table(columns, rows, [_tally(groups, language)])


def _shown(group: Group, language: str) -> str:
    if group.verdict is None:
        return named(None, language)
    word, share = group.verdict
    runs = sum(one is not None for one in group.told)
    text = named(word, language)
    if len(group.told) > 1:
        text = said("verdict.of_seeds", language, verdict=text, agree=round(share * runs), runs=len(group.told))
    if word == GOOD_FIT and group.turns is not None:
        text = f"{text}, {said('verdict.turns', language, turns=f'{group.turns:g}')}"
    return text


def _tally(groups: Sequence[Group], language: str) -> str:
    """How many configurations have which verdict."""
    counts = Counter(group.verdict[0] if group.verdict else "" for group in groups)
    parts = [f"{named(word or None, language)} {counts[word]}" for word in (*VERDICTS, "") if counts[word]]
    return said("verdict.tally", language, configurations=len(groups), verdicts=", ".join(parts))


def group_document(group: Group) -> dict[str, Any]:
    """One configuration as JSON can hold it."""
    word, share = group.verdict or (None, None)
    return {
        "runs": [entry.folder.id for entry in group.entries],
        "name": group.typical.record["name"],
        "verdict": word,
        "share": share,
        "turns": group.turns,
    }
