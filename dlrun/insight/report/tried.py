"""What was tried: the settings that vary, the rows, the seeds, what all runs share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dlrun.insight import numbers
from dlrun.insight.report.environment import Pair, told_apart
from dlrun.insight.report.rows import status_text
from dlrun.insight.spec_values import SpecValues
from dlrun.insight.table import Column
from dlrun.insight.terminal_table import cut
from dlrun.insight.words import said
from dlrun.store import Entry, Record
from dlrun.store.names import visible

_MOST_VALUES = 12
_MOST_CLASSES = 20
_WIDEST = 40
"""Characters of a class' label."""
_BESIDE = ("name", "seed", "model.widen", "model.deepen")


def tried(
    entries: Sequence[Entry], settings: Sequence[Column], rows: Sequence[Mapping[str, object]], language: str
) -> list[Pair]:
    """Each setting that varies with its values, then seeds, folds and what became of the runs."""
    found = [(column.title, _values(column, rows, language)) for column in settings]
    records = [entry.record for entry in entries]
    found.append((said("report.seeds", language), _listed(_whole(record.get("seed") for record in records), language)))
    found.append((said("report.folds", language), _listed(_whole(record.get("fold") for record in records), language)))
    statuses = Counter(record["status"] for record in records)
    counts = [
        said("report.of_runs", language, value=status_text(status, language), runs=numbers.count(n))
        for status, n in statuses.most_common()
    ]
    found.append((said("report.runs", language), counts))
    return [(what, values) for what, values in found if values]


def data(entries: Sequence[Entry], language: str) -> list[Pair]:
    """The rows that were trained and measured on."""
    records = [entry.record for entry in entries]
    parts: dict[str, list[str | None]] = {
        "source": [record.get("data", {}).get("source") for record in records],
        "rows": [_rows(record, language) for record in records],
        "features": [None if (count := record.get("features")) is None else numbers.count(count) for record in records],
        "classes": _classes([record.get("classes") or {} for record in records], language),
        "target": [_target(record, language) for record in records],
        "notes": [note for record in records for note in record.get("notes", [])],
        "fingerprint": [record.get("data", {}).get("fingerprint") for record in records],
    }
    found = [(said(f"report.{part}", language), told_apart(column, language)) for part, column in parts.items()]
    return [(what, values) for what, values in found if values]


def shared(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """The settings that all runs share and that are not the defaults."""
    values = SpecValues(entries)
    differing = set(values.differing())
    keys = [key for key in values.changed_keys() if key not in differing and key not in _BESIDE]
    return [(key, numbers.setting(_first(values.column(key)))) for key in keys]


def _first(column: Sequence[object]) -> object:
    """The value that runs share: of a damaged one nothing is known."""
    return next((value for value in column if value is not None), None)


def _values(column: Column, rows: Sequence[Mapping[str, object]], language: str) -> list[str]:
    found = {column.text(row.get(column.key)): row.get(column.key) for row in rows}
    if all(isinstance(value, (int, float)) or value is None for value in found.values()):
        found = dict(sorted(found.items(), key=lambda pair: (pair[1] is None, pair[1])))
    return _shortened(list(found), language)


def _listed(values: Sequence[int], language: str) -> list[str]:
    return _shortened([str(value) for value in values], language)


def _shortened(values: list[str], language: str) -> list[str]:
    if len(values) <= _MOST_VALUES:
        return values
    kept = [*values[: _MOST_VALUES - 2], "…", values[-1]]
    return [*kept, said("report.values_in_all", language, count=numbers.count(len(values)))]


def _whole(values: Iterable[int | None]) -> list[int]:
    return sorted({value for value in values if value is not None})


def _rows(record: Record, language: str) -> str:
    rows = record.get("rows", {})
    parts = [
        said(f"report.rows_{part}", language, count=numbers.count(rows[part]))
        for part in ("train", "validation", "test")
        if rows.get(part)
    ]
    return ", ".join(parts)


def _classes(found: Sequence[Mapping[str, int]], language: str) -> list[str | None]:
    """Per run its classes with their rows; the labels alone where runs have the same ones, but not as many rows."""
    counted = {json.dumps(classes) for classes in found if classes}
    labels = {tuple(classes) for classes in found if classes}
    with_rows = len(counted) == 1 or len(labels) > 1
    return [_said_of_classes(classes, with_rows, language) if classes else None for classes in found]


def _said_of_classes(classes: Mapping[str, int], with_rows: bool, language: str) -> str:
    if len(classes) > _MOST_CLASSES:
        if not with_rows:
            return numbers.count(len(classes))
        fewest, most = (numbers.count(pick(classes.values())) for pick in (min, max))
        return said("report.many_classes", language, count=len(classes), fewest=fewest, most=most)
    labels = {cut(visible(label), _WIDEST): numbers.count(rows) for label, rows in classes.items()}
    return ", ".join(f"{label} ({rows})" if with_rows else label for label, rows in labels.items())


def _target(record: Record, language: str) -> str:
    target = record.get("target")
    if not target:
        return ""
    mean, spread = numbers.number(target.get("mean")), numbers.number(target.get("spread"))
    return said("report.target_scale", language, name=target.get("name"), mean=mean, spread=spread)
