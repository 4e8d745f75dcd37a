"""The configurations as the page shows them: their cells, their verdict, every run's value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.against import CANNOT_TELL
from dlrun.insight.best_line import settings_of
from dlrun.insight.comparison import FAILED
from dlrun.insight.configurations import Compared, Configuration
from dlrun.insight.labels import setting_labels
from dlrun.insight.report.strips import Strips, strips
from dlrun.insight.report.table_view import INTERVAL, Cell, Head, cells
from dlrun.insight.words import messages, said
from dlrun.store import Entry

LABEL = 120
"""Characters of a label; a longer one loses its middle."""


@dataclass(frozen=True)
class RunValue:
    """One run among those of its configuration."""

    name: str
    """What tells it from the others: its seed, fold and split."""
    id: str
    value: float | None
    """Of the monitor, at the epoch whose weights count."""
    text: str
    """The value, or in its place the status."""


@dataclass(frozen=True)
class Row:
    """One configuration."""

    label: str
    """The settings that differ, in words."""
    cells: list[Cell]
    verdict: str | None
    """What most of its runs say: one of `VERDICTS`."""
    verdict_text: str
    """In words, with the share of runs that agree."""
    against_best: str
    """What it is beside the best: one of the outcomes in `dlrun.insight.against`."""
    runs: list[int]
    """Places of its runs among all runs, in the order of the rows."""
    values: list[RunValue]
    mean: float | None
    around: float | None
    """Half of the 95 % interval."""

    def shown(self, heads: Sequence[Head]) -> list[tuple[Head, Cell]]:
        """Each column's head with this row's cell."""
        return list(zip(heads, self.cells, strict=True))


def rows(found: Compared, language: str) -> list[Row]:
    """One row per configuration, in their order."""
    table, first = found.table, 0
    entries = [group.best_run for group in found.groups]
    labels = setting_labels(entries, table.rows, settings_of(table), LABEL)
    made = []
    for group, row, label in zip(found.groups, table.rows, labels, strict=True):
        made.append(_row(group, row, label, cells(table, row, _texts(group, language)), first, language))
        first += len(group.entries)
    return made


def value_strips(found: Sequence[Row]) -> Strips:
    """Where every run's value stands on one axis."""
    values = [[run.value for run in row.values if run.value is not None] for row in found]
    return strips(values, [row.mean for row in found], [row.around for row in found])


def status_text(status: str, language: str) -> str:
    """A status in a language."""
    return messages(language, "report").get(f"status_{status}", status)


def _row(group: Configuration, row: Mapping[str, Any], label: str, shown: list[Cell], first: int, language: str) -> Row:
    return Row(
        label=label,
        cells=shown,
        verdict=row.get("verdict"),
        verdict_text=row.get("verdict_shown") or "",
        against_best=row.get("against_best") or CANNOT_TELL,
        runs=list(range(first, first + len(group.entries))),
        values=[_value(entry, group, language) for entry in group.entries],
        mean=row.get(group.monitor),
        around=row.get(f"{group.monitor}{INTERVAL}"),
    )


def _texts(group: Configuration, language: str) -> dict[str, str]:
    """The cells that hold words, in a language."""
    counts = Counter(entry.record["status"] for entry in group.entries)
    words = [f"{count} {status_text(status, language)}" for status, count in counts.items()]
    return {
        "runs": said("report.n_of_m", language, n=len(group.usable), m=group.runs),
        "status": status_text(next(iter(counts)), language) if len(counts) == 1 else ", ".join(words),
    }


def _value(entry: Entry, group: Configuration, language: str) -> RunValue:
    record = entry.record
    value = None if record["status"] in FAILED else group.metrics(entry).get(group.monitor)
    text = status_text(record["status"], language) if value is None else numbers.number(value)
    return RunValue(_name(entry, group, language), entry.folder.id, value, text)


def _name(entry: Entry, group: Configuration, language: str) -> str:
    """`seed 3, fold 1`; the split seed where the runs of the configuration have several."""
    record = entry.record
    marks = {"seed": record.get("seed"), "fold": record.get("fold")}
    splits = [run.record.get("spec", {}).get("data.split_seed", 0) for run in group.entries]
    if len(set(splits)) > 1:
        marks["split"] = record.get("spec", {}).get("data.split_seed", 0)
    found = [
        said(f"report.one_{what}", language, number=number) for what, number in marks.items() if number is not None
    ]
    return ", ".join(found) or entry.folder.id
