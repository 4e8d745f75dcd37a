"""Short labels for runs, in tables and legends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.same_rows import kind_of
from dlrun.insight.table import Column
from dlrun.insight.terminal_table import cut
from dlrun.store import Entry
from dlrun.store.names import visible

SHORTEST_ID = 6
WIDEST = 36
"""Cells of a label."""
_WIDTH_AND_DEPTH = ("model.width", "model.depth")


def short_ids(ids: Sequence[str]) -> list[str]:
    """Beginnings of the ids, six characters or as many as tell them apart."""
    length = SHORTEST_ID
    while len({run_id[:length] for run_id in ids}) < len(set(ids)):
        length += 1
    return [run_id[:length] for run_id in ids]


def labels(entries: Sequence[Entry], width: int = WIDEST) -> list[str]:
    """`<name>-<short id>` per run; a long name loses its middle."""
    ids = short_ids([entry.folder.id for entry in entries])
    names = [visible(entry.record["name"]) for entry in entries]
    return [f"{cut(name, width - len(short) - 1)}-{short}" for name, short in zip(names, ids, strict=True)]


def setting_labels(
    entries: Sequence[Entry], settings: Sequence[Mapping[str, Any]], columns: Sequence[Column], width: int = 60
) -> list[str]:
    """What tells the runs apart, in words: `width 64, depth 2`; one whose settings another run shares has its name and
    id besides.

    Args:
        settings: per run the values that differ, as `differing_settings` gives them.
        columns: of these settings.
    """
    said = [
        visible(entry.record["name"]) if kind_of(entry.record) == "baseline" else _said(values, columns)
        for entry, values in zip(entries, settings, strict=True)
    ]
    taken = Counter(said)
    named = labels(entries)
    alone = [words and taken[words] == 1 for words in said]
    whole = [
        cut(words, width) if is_alone else cut(f"{words}, {name}" if words else name, width + WIDEST)
        for words, name, is_alone in zip(said, named, alone, strict=True)
    ]
    doubled = Counter(whole)
    return [label if doubled[label] == 1 else f"{label} {name}" for label, name in zip(whole, named, strict=True)]


def _said(values: Mapping[str, Any], columns: Sequence[Column]) -> str:
    """`width 64, depth 2`; a key that this run's optimizer or schedule does not have is left out."""
    units = values.get("model.units")
    uneven = isinstance(units, list) and len(set(units)) > 1
    layers = [column.key for column in columns if column.key in _WIDTH_AND_DEPTH]
    hidden = _WIDTH_AND_DEPTH if uneven else (("model.units",) if layers else ())
    shown = [column for column in columns if column.key not in hidden and _is_set(column, values)]
    return ", ".join(f"{visible(column.title)} {_text(column, values.get(column.key))}" for column in shown)


def _is_set(column: Column, values: Mapping[str, Any]) -> bool:
    return values.get(column.key) is not None or not column.key.startswith(("optimizer.", "schedule."))


def _text(column: Column, value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"  # a rate that was drawn at random has sixteen digits
    return "null" if value is None else column.text(value)
