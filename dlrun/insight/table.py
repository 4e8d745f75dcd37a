"""A table as plain rows, and its cells as text. Comparison and listing make one, the formats write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dlrun.insight import numbers
from dlrun.store.names import visible

LEFT = ("text", "setting")
"""Kinds whose cells begin at the left; all others are numbers."""
Kind = Literal["text", "setting", "number", "count", "seconds", "moment", "value", "amount"]

_TEXT: Mapping[Kind, Callable[[Any], str]] = {
    "text": str,
    "setting": numbers.setting,
    "number": numbers.number,
    "count": numbers.count,
    "seconds": numbers.seconds,
    "moment": numbers.moment,
    "value": numbers.value,
    "amount": numbers.setting,
}


@dataclass(frozen=True)
class Column:
    """One column: where its cells stand in a row, what it is called, how its cells are written."""

    key: str
    title: str
    kind: Kind = "number"
    rank: int = 0
    """Columns of a lower rank give way first where a terminal is too narrow."""
    shown: str | None = None
    """Where the row keeps a shorter form for people to read; `key` stands for the full one."""

    def text(self, cell: Any) -> str:
        """A cell as printable text."""
        if cell is None:
            return numbers.ABSENT
        return visible(_TEXT[self.kind](cell))


@dataclass(frozen=True)
class Table:
    """Flat rows of scalars (a setting may be a list)."""

    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    """What a reader should know, one line each."""

    def texts(self) -> list[list[str]]:
        """Every row as texts, in the order of the columns."""
        keys = [column.shown or column.key for column in self.columns]
        return [
            [column.text(row.get(key)) for column, key in zip(self.columns, keys, strict=True)] for row in self.rows
        ]
