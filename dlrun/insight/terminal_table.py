"""A table laid out for a terminal: aligned, as wide as the window, nothing in it that a terminal would obey."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from dlrun.insight.table import LEFT, Column, Table

_GAP = "  "
_WIDEST = 48
"""A text column is never wider than so many cells: one long name must not push the numbers out of sight."""
_NARROWEST = 12
"""A text column is not cut below so many cells before other columns give way."""


def lines(table: Table, width: int | None) -> tuple[list[str], list[Column]]:
    """The lines, the head first, and the columns that found no place.

    Args:
        width: cells per line; None leaves every column as wide as it is.
    """
    columns = list(table.columns)
    texts = dict(zip(columns, zip(*table.texts(), strict=True), strict=True)) if table.rows else {}
    widths = {column: _natural(column, texts.get(column, ())) for column in columns}
    left_out: list[Column] = []
    if width is not None:
        left_out = _fit(widths, width)
    kept = [column for column in columns if column in widths]
    head = _line(kept, widths, [column.title for column in kept])
    body = [_line(kept, widths, [texts[column][row] for column in kept]) for row in range(len(table.rows))]
    return [head, *body], left_out


def cells(text: str) -> int:
    """How many cells of a terminal the text takes: two for Hangul, Kanji and emoji, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def cut(text: str, width: int) -> str:
    """The text in at most so many cells, its middle replaced by an ellipsis where it is longer."""
    if cells(text) <= width:
        return text
    room = max(width - 1, 0)
    tail = _take(text[::-1], room // 2)[::-1]
    return f"{_take(text, room - cells(tail))}…{tail}"[: max(width, 0)]


def padded(text: str, width: int, right: bool = False) -> str:
    """The text filled with spaces to so many cells."""
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _take(text: str, room: int) -> str:
    taken = ""
    for char in text:
        room -= _cells(char)
        if room < 0:
            break
        taken += char
    return taken


def _natural(column: Column, texts: Sequence[str]) -> int:
    widest = max(cells(text) for text in (column.title, *texts))
    return min(widest, _WIDEST) if column.kind in LEFT else widest


def _fit(widths: dict[Column, int], width: int) -> list[Column]:
    """Narrows text columns, then takes out the columns of the lowest rank, until all fit."""
    left_out: list[Column] = []
    while True:
        excess = sum(widths.values()) + len(_GAP) * (len(widths) - 1) - width
        texts = [column for column in widths if column.kind in LEFT]
        spare = {column: widths[column] - max(_NARROWEST, cells(column.title)) for column in texts}
        if excess <= sum(max(0, room) for room in spare.values()) or len(widths) == 1:
            _narrow(widths, spare, excess)
            return left_out
        lowest = min(reversed(widths), key=lambda column: column.rank)
        del widths[lowest]
        left_out.append(lowest)


def _narrow(widths: dict[Column, int], spare: dict[Column, int], excess: int) -> None:
    for column in sorted(spare, key=lambda column: -spare[column]):
        step = min(max(0, spare[column]), max(0, excess))
        widths[column] -= step
        excess -= step


def _line(columns: Sequence[Column], widths: dict[Column, int], texts: Sequence[str]) -> str:
    parts = [
        padded(cut(text, widths[column]), widths[column], right=column.kind not in LEFT)
        for column, text in zip(columns, texts, strict=True)
    ]
    return _GAP.join(parts).rstrip()
