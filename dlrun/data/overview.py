"""What was understood of a source, as plain facts: its columns, its target, its split, and what is worth a warning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from dlrun.data.dates import DAY, TIME_OF_DAY
from dlrun.data.features import Pixels
from dlrun.data.prepare import WARNING, Source, prepare, read
from dlrun.data.prepared import Prepared, Task
from dlrun.data.preprocessing import Preprocessing
from dlrun.data.sources import load
from dlrun.data.spellings import used_levels
from dlrun.data.table import Column, Numeric, Table
from dlrun.data.task import amounts
from dlrun.data.understanding import Meaning, notes_of, understand, values_of
from dlrun.spec import Data, Experiment

MOST_TOP = 5
MOST_NUMBERED = 30
"""Columns x1, x2, ... that are shown one by one."""
UNBALANCED = 0.3
"""A class with less than this share of what it would have among equals is worth a warning: 15 % of two classes."""


@dataclass(frozen=True)
class ColumnFacts:
    """One column; of an image, all pixels as one."""

    name: str
    kind: str
    """number, boolean, category, date, text, id, constant, empty or pixels."""
    becomes: str
    """input, target, `left out`, excluded, group or time."""
    inputs: int
    """How many inputs of the net it gives; 0 where no target is known yet."""
    distinct: int
    missing: int
    low: float | str | None = None
    """Of numbers; of dates and times as ISO text."""
    high: float | str | None = None
    median: float | str | None = None
    top: tuple[tuple[str, int], ...] = ()
    """The most frequent texts, and how many rows hold each."""
    reason: str | None = None
    """Why it is left out."""
    note: str | None = None
    """How it was read."""


@dataclass(frozen=True)
class Overview:
    """What was understood."""

    name: str
    rows: int
    columns: tuple[ColumnFacts, ...]
    task: Task | None
    """None where no target is known."""
    classes: Mapping[str, int]
    """Label -> rows that can be used; empty for regression."""
    amounts: Mapping[str, float]
    """min, median, mean, spread and max of a regression's target, in its own unit."""
    split: Mapping[str, int]
    """train, validation, test -> rows; of folds, those of the first."""
    folds: int | None
    inputs: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and texts; no NaN or infinity."""
        task = None if self.task is None else {"kind": self.task.kind, "target": self.task.target}
        return {
            "source": self.name,
            "rows": self.rows,
            "task": task,
            "classes": dict(self.classes),
            "amounts": dict(self.amounts),
            "split": dict(self.split),
            "folds": self.folds,
            "inputs": self.inputs,
            "columns": [
                {**asdict(column), "top": [{"value": value, "rows": rows} for value, rows in column.top]}
                for column in self.columns
            ],
            "warnings": list(self.warnings),
            "notes": list(self.notes),
        }


def overview(experiment: Experiment) -> Overview:
    """What was understood of an experiment's data; without a target, of its columns alone. Raises DataError."""
    data = experiment.data
    table = load(data)
    if data.target is None and table.target is None:
        return _without_target(table, data)
    source = read(experiment, table)
    prepared = prepare(experiment, None if data.folds is None else 0, source)
    return _whole(source, prepared, data)


def _without_target(table: Table, data: Data) -> Overview:
    meanings = understand(table)
    unused = {name: ("input" if meaning.used else "left out", 0) for name, meaning in meanings.items()}
    columns = _columns(table, meanings, unused)
    notes = (*table.notes, *notes_of(meanings, list(meanings)))
    return Overview(table.name, len(table), columns, None, {}, {}, {}, data.folds, 0, (), notes)


def _whole(source: Source, prepared: Prepared, data: Data) -> Overview:
    task = prepared.task
    classes = _class_counts(source, task)
    warnings = [note for note in prepared.notes if note.startswith(WARNING)]
    split = {
        "train": len(prepared.train),
        "validation": len(prepared.validation or ()),
        "test": len(prepared.test or ()),
    }
    return Overview(
        name=source.table.name,
        rows=source.rows,
        columns=_columns(source.table, source.chosen.meanings, _uses(source, prepared)),
        task=task,
        classes=classes,
        amounts=_amounts(source) if task.kind == "regression" else {},
        split=split,
        folds=data.folds,
        inputs=len(prepared.feature_names),
        warnings=(*(note.removeprefix(WARNING) for note in warnings), *_unbalance(classes)),
        notes=tuple(note for note in prepared.notes if note not in warnings),
    )


def _class_counts(source: Source, task: Task) -> dict[str, int]:
    counts = np.bincount(source.labels, minlength=len(task.classes)).tolist()
    return dict(zip(task.classes, counts, strict=False))


def _unbalance(classes: Mapping[str, int]) -> tuple[str, ...]:
    rows = sum(classes.values())
    rarest = min(classes, key=lambda label: classes[label], default="")
    if not classes or classes[rarest] * len(classes) >= UNBALANCED * rows:
        return ()
    return (
        f"Classes are unbalanced: {rarest!r} has {share_text(classes[rarest] / rows)} of the rows. "
        "Accuracy says little then; look at balanced_accuracy or auc, or set fit.class_weight: balanced.",
    )


def share_text(share: float) -> str:
    """`44.2%`; of the smallest ones two digits, 0.042%."""
    return f"{share:.1%}" if share >= 0.0095 or not share else f"{100 * share:.2g}%"


def folded(columns: Sequence[ColumnFacts]) -> tuple[ColumnFacts, ...]:
    """The columns with long runs of numbered inputs, as of arrays, each as one: `x1 … x784`."""
    found: list[ColumnFacts] = []
    for numbered, run in groupby(columns, _is_numbered):
        alike = list(run)
        found += [_as_one(alike)] if numbered and len(alike) > MOST_NUMBERED else alike
    return tuple(found)


def _is_numbered(column: ColumnFacts) -> bool:
    return column.kind == "number" and column.becomes == "input" and re.fullmatch(r"x\d+", column.name) is not None


def _as_one(columns: Sequence[ColumnFacts]) -> ColumnFacts:
    first, last = columns[0], columns[-1]
    return replace(
        first,
        name=f"{first.name} … {last.name}",
        inputs=sum(column.inputs for column in columns),
        distinct=0,
        missing=sum(column.missing for column in columns),
        low=min((column.low for column in columns if isinstance(column.low, float)), default=None),
        high=max((column.high for column in columns if isinstance(column.high, float)), default=None),
        median=None,
    )


def _amounts(source: Source) -> dict[str, float]:
    values = amounts(source.table, source.chosen.target)
    return {
        "min": float(values.min()),
        "median": float(np.median(values)),
        "mean": float(values.mean()),
        "spread": float(values.std()),
        "max": float(values.max()),
    }


def _uses(source: Source, prepared: Prepared) -> dict[str, tuple[str, int]]:
    """Column -> what becomes of it, and how many inputs it gives."""
    chosen = source.chosen
    inputs = {
        feature.name: len(feature.inputs)
        for feature in Preprocessing.from_json(prepared.preprocessing).features
        if not isinstance(feature, Pixels)
    }
    uses = {}
    for name in source.table.columns:
        splits = "group" if name == chosen.group else "time" if name == chosen.time else None
        if name == chosen.target:
            uses[name] = ("target", 0)
        elif name in inputs:
            uses[name] = ("input", inputs[name])
        else:
            left_out = name in chosen.features or not chosen.meanings[name].used
            uses[name] = (splits or ("left out" if left_out else "excluded"), 0)
    return uses


def _columns(
    table: Table, meanings: Mapping[str, Meaning], uses: Mapping[str, tuple[str, int]]
) -> tuple[ColumnFacts, ...]:
    names = [name for name in table.columns if table.white is None or name == table.target]
    facts = [_facts(name, table.columns[name], meanings[name], *uses[name]) for name in names]
    return (*_pixels(table), *facts)


def _pixels(table: Table) -> tuple[ColumnFacts, ...]:
    """All pixels as one column."""
    if table.white is None:
        return ()
    names = [name for name in table.columns if name != table.target]
    name = f"{names[0]} … {names[-1]}"
    return (ColumnFacts(name, "pixels", "input", len(names), 0, 0, 0.0, float(table.white)),)


def _facts(name: str, column: Column, meaning: Meaning, becomes: str, inputs: int) -> ColumnFacts:
    missing = int(column.missing.sum())
    reason = meaning.reason if becomes == "left out" else None
    if becomes == "left out" and reason is None:
        reason = "it never changes in the train rows, or has no values there"
    kind: str = meaning.kind
    common = (name, kind, becomes, inputs, _distinct(column), missing)
    if kind in ("number", "date") or (kind in ("id", "constant") and isinstance(column, Numeric)):
        return ColumnFacts(*common, *_range(values_of(column, meaning), meaning), reason=reason, note=_note(meaning))
    return ColumnFacts(*common, top=_top(column), reason=reason, note=_note(meaning))


def _note(meaning: Meaning) -> str | None:
    return "; ".join(part for part in (meaning.note, meaning.problem) if part) or None


def _distinct(column: Column) -> int:
    if isinstance(column, Numeric):
        return len(np.unique(column.values[~column.missing]))
    return len(used_levels(column)[0])


def _range(values: np.ndarray, meaning: Meaning) -> tuple[float | str | None, float | str | None, float | str | None]:
    """The lowest, highest and middle value, None where there is none."""
    present = values[np.isfinite(values)]
    if not len(present):
        return None, None, None
    found = (float(present.min()), float(present.max()), float(np.median(present)))
    if meaning.format is None:
        return found
    low, high, median = (_as_text(value, meaning.format) for value in found)
    return low, high, median


def _as_text(seconds: float, format: str) -> str:
    """`2026-11-20`, `2026-11-20T09:30:00` or `09:30:00`."""
    text = str(np.datetime64(round(seconds), "s"))
    if format == TIME_OF_DAY:
        return text[11:]
    return text[:10] if seconds % DAY == 0 else text


def _top(column: Column) -> tuple[tuple[str, int], ...]:
    """The most frequent texts with their rows."""
    text = column.as_text() if isinstance(column, Numeric) else column
    levels, counts = used_levels(text)
    order = np.argsort(-counts, kind="stable")[:MOST_TOP]
    return tuple((levels[place], int(counts[place])) for place in order.tolist())
