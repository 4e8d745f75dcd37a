"""The table of configurations as the page shows it: cells as texts beside the values to sort by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.table import LEFT, Column, Table
from dlrun.insight.terminal_table import cut
from dlrun.insight.words import messages

INTERVAL = "_interval"
"""Ending of the key of the column beside a mean; the page writes both into one cell."""
WIDEST = 60
"""Characters of a cell, Hangul counted twice; a longer text loses its middle."""
_LEFT_OUT = ("id", "monitor")


@dataclass(frozen=True)
class Head:
    """One column's head."""

    key: str
    title: str
    numeric: bool


@dataclass(frozen=True)
class Cell:
    """One cell."""

    text: str
    value: float | None = None
    """What a numeric column is sorted by."""
    around: str = ""
    """Half of the 95 % interval, as text."""
    full: str = ""
    """The whole text where `text` leaves out its middle."""


def heads(table: Table, language: str) -> list[Head]:
    """The columns that are shown: an interval's is within that of its mean."""
    return [Head(column.key, title_of(column, language), column.kind not in LEFT) for column in _shown(table)]


def cells(table: Table, row: Mapping[str, Any], texts: Mapping[str, str]) -> list[Cell]:
    """The cells of a row, in the order of `heads`.

    Args:
        texts: what cells say in place of the table's own words, by the column's key.
    """
    return [Cell(texts[column.key]) if column.key in texts else _cell(column, row) for column in _shown(table)]


def title_of(column: Column, language: str) -> str:
    """The head of a column in a language; a setting keeps its name."""
    known = messages(language, "report")
    found = known.get(f"column_{column.key}")
    if found is None and column.key.startswith("val_"):
        return known["column_val"].format(metric=column.title.removeprefix("val "))
    return column.title if found is None else found


def _shown(table: Table) -> list[Column]:
    """An interval stands in the cell of its mean; a status that is `completed` everywhere says nothing."""
    left_out = {*_LEFT_OUT, *(("status",) if all(row.get("status") == "completed" for row in table.rows) else ())}
    shown = [column for column in table.columns if column.key not in left_out and not column.key.endswith(INTERVAL)]
    return sorted(shown, key=lambda column: _place(column.key))


def _place(key: str) -> int:
    """Name and settings come first, then the verdict."""
    return 0 if key in ("name", "backend") or "." in key else 1 if key == "verdict" else 2


def _cell(column: Column, row: Mapping[str, Any]) -> Cell:
    around = row.get(f"{column.key}{INTERVAL}")
    whole = column.text(row.get(column.shown or column.key))
    text = cut(whole, WIDEST)
    interval = "" if around is None else numbers.number(around)
    return Cell(text, _number(row.get(column.key)), interval, "" if text == whole else whole)


def _number(value: Any) -> float | None:
    return None if isinstance(value, bool) or not isinstance(value, (int, float)) else float(value)
