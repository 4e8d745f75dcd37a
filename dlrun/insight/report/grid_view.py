"""The capacity map as tables of coloured cells, which are read, printed and searched like any other table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.maps import Swept, capacity_map
from dlrun.insight.maps.capacity import CapacityMap, findings
from dlrun.insight.report.table_view import title_of
from dlrun.insight.table import Column
from dlrun.insight.words import said

COLORS = 9
"""Steps of a colour scale."""
_COUNTS = ("parameters",)
_WIDE = 20
"""Positive values that span more than this factor are coloured by their ratios."""


@dataclass(frozen=True)
class GridCell:
    """One pair of levels."""

    text: str
    color: int | None
    """A step of the scale; None where there is no value."""
    verdict: str
    """One of `VERDICTS`; empty where there is none, or where it is not shown."""
    marks: tuple[str, ...] = ()
    """best, smallest."""


@dataclass(frozen=True)
class Grid:
    """One value over both keys."""

    key: str
    title: str
    diverging: bool
    """Whether the colours part at 0."""
    rows: list[tuple[str, list[GridCell]]]
    """The highest level first, as on an axis that points up."""


@dataclass(frozen=True)
class GridView:
    """The map."""

    x: str
    y: str
    columns: tuple[str, ...]
    grids: list[Grid]
    findings: list[str]
    notes: list[str]


def grid_view(swept: Swept, language: str) -> GridView | None:
    """The map of width and depth; None where they were not both swept."""
    try:
        found = capacity_map(swept)
    except UsageError:
        return None
    if min(len(found.x.levels), len(found.y.levels)) < 2:
        return None
    wanted = dict.fromkeys([found.monitor, "train_loss", "gap", "parameters", "seconds"])
    grids = [_grid(found, key, language) for key in wanted if key in found.values]
    said_of = [one.text(language) for one in findings(found)]
    notes = [note.text(language) for note in found.notes]
    return GridView(found.x.title, found.y.title, found.x.labels, grids, said_of, notes)


def _grid(found: CapacityMap, key: str, language: str) -> Grid:
    values = [cell.get(key) for cell in found.cells]
    colors = steps(values, around_zero=key == "gap")
    cells = [_cell(cell, key, color, key == found.monitor) for cell, color in zip(found.cells, colors, strict=True)]
    wide = len(found.x.levels)
    rows = [(label, cells[place * wide : (place + 1) * wide]) for place, label in enumerate(found.y.labels)]
    title = title_of(Column(key, key.replace("_", " ")), language)
    return Grid(
        key, said("report.per_run", language, what=title) if key == "seconds" else title, key == "gap", rows[::-1]
    )


def _cell(cell: dict[str, Any], key: str, color: int | None, with_verdict: bool) -> GridCell:
    value = cell.get(key)
    write = numbers.count if key in _COUNTS else numbers.seconds if key == "seconds" else numbers.number
    marks = tuple(mark for mark in ("best", "smallest") if cell[mark]) if with_verdict else ()
    return GridCell(write(value), color, (cell.get("verdict") or "") if with_verdict else "", marks)


def steps(values: Sequence[float | None], around_zero: bool = False) -> list[int | None]:
    """Each value's step of a scale from the lowest to the highest, or, around zero, as far to both sides."""
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    low, high = min(known), max(known)
    if around_zero:
        reach = max(abs(low), abs(high))
        low, high = -reach, reach
    log = low > 0 and high > _WIDE * low
    return [None if value is None else _step(value, low, high, log) for value in values]


def _step(value: float, low: float, high: float, log: bool) -> int:
    if high <= low:
        return COLORS // 2
    start, end, at = (math.log(v) if log else v for v in (low, high, value))
    return min(COLORS - 1, int(COLORS * (at - start) / (end - start)))
