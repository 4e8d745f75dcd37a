"""The capacity map in a terminal: an aligned grid, shaded by colour or, without it, by block characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dlrun.insight import numbers
from dlrun.insight.maps.capacity import DIVERGED, MISSING, UNFINISHED, CapacityMap, Cell, lower_is_better, value_title
from dlrun.insight.maps.shading import MARKS, by_ratio, position, span_of
from dlrun.insight.terminal_table import cells as width_of
from dlrun.insight.terminal_table import cut, padded
from dlrun.insight.words import said
from dlrun.store.names import visible

BEST, SMALLEST = "★", "◆"
NOT_TRIED, NOT_FINISHED = "·", "…"
_SHADES = " ░▒▓█"
_RAMP = (53, 60, 24, 31, 37, 72, 113, 186)
"""Terminal colours from dark to light, near viridis."""
_LIGHT_FROM = 5
"""From this colour on the ground is light, and text on it black."""
_LABEL, _LABEL_ROOM = 18, 9
"""Cells of a level's label before it is cut: of y, and of x where values are narrower."""


def grid_lines(
    found: CapacityMap, values: Sequence[str], width: int | None, color: bool, language: str = "en"
) -> list[str]:
    """A grid per value, the highest level of y on top, then what the marks mean.

    Args:
        width: cells per line; numbers are shortened and then left out until the grid fits. None: as wide as it is.
    """
    lines = [line for key in values for line in [*_grid(found, key, width, color, language), ""]]
    return [*lines, *_legend(found, values, color, language), ""]


def _grid(found: CapacityMap, key: str, width: int | None, color: bool, language: str) -> list[str]:
    """The grid of one value, in the longest form that fits."""
    stub = max(width_of(cut(label, _LABEL)) for label in found.y.labels)
    for form in _forms(key):
        texts = [[_text(cell, key, form) for cell in row] for row in _rows(found)]
        each = _each(found, texts, form is _nothing) + (0 if color else 1)
        gap = 1 if form is _nothing and not color else 2
        if width is None or stub + len(found.x.levels) * (each + gap) <= width:
            break
    span = span_of(found, [key])
    body = []
    for row, shown in zip(_rows(found), texts, strict=True):
        drawn = [_shaded(cell, text, key, span, each, gap, color) for cell, text in zip(row, shown, strict=True)]
        body.append(padded(cut(row[0]["y"], stub), stub, right=True) + "".join(drawn))
    head = "".join(" " * gap + padded(cut(label, each), each, right=True) for label in found.x.labels)
    title = f"{value_title(key, language)}, {visible(found.x.title)} → × {visible(found.y.title)} ↑"
    return [title, *body, " " * stub + head]


def _each(found: CapacityMap, texts: Sequence[Sequence[str]], tight: bool) -> int:
    """Cells of a column: as wide as its values, and as its label while that is not much wider."""
    room = max(width_of(text) for row in texts for text in row)
    return max(room, *(min(width_of(label), 4 if tight else max(room, _LABEL_ROOM)) for label in found.x.labels))


def _rows(found: CapacityMap) -> list[list[Cell]]:
    """The cells row by row, the highest level of y first."""
    across = len(found.x.levels)
    rows = [found.cells[start : start + across] for start in range(0, len(found.cells), across)]
    return rows[::-1]


def _forms(key: str) -> tuple[Callable[[float], str], ...]:
    """How a value is written: in full, shorter, not at all."""
    if key == "parameters":
        return (numbers.count, _thousands, _nothing)
    if key == "seconds":
        return (numbers.seconds, _thousands, _nothing)
    return (numbers.number, _shorter, _nothing)


def _shorter(value: float) -> str:
    return f"{value:.2g}"


def _thousands(value: float) -> str:
    return f"{value / 1e6:.1f}M" if value >= 1e6 else f"{value / 1e3:.0f}k" if value >= 1e4 else f"{value:.0f}"


def _nothing(_: float) -> str:
    return ""


def _text(cell: Cell, key: str, form: Callable[[float], str]) -> str:
    """Value, verdict and mark of a cell: `0.0511 o★`."""
    mark = BEST if cell["best"] else SMALLEST if cell["smallest"] else " "
    if cell["state"] == MISSING:
        return f"{NOT_TRIED}   "
    if cell["state"] in (DIVERGED, UNFINISHED):
        return f"{'d' if cell['state'] == DIVERGED else NOT_FINISHED}{mark}"
    value = cell.get(key)
    shown = numbers.ABSENT if value is None else form(value)
    space = " " if shown else ""
    return f"{shown}{space}{MARKS.get(cell['verdict'] or '', ' ')}{mark}"


def _shaded(cell: Cell, text: str, key: str, span: tuple[float, float] | None, each: int, gap: int, color: bool) -> str:
    value = cell.get(key)
    if span is None or value is None:
        return " " * gap + padded(text, each, right=True)
    low, high = span
    place = position(value, low, high, by_ratio(key, low, high))
    if color:
        ground = _RAMP[min(int(place * len(_RAMP)), len(_RAMP) - 1)]
        ink = 16 if _RAMP.index(ground) >= _LIGHT_FROM else 231
        return f"\x1b[48;5;{ground};38;5;{ink}m {padded(text, each, right=True)} \x1b[0m"
    better = lower_is_better(key) is not False
    shade = _SHADES[min(int((1 - place if better else place) * len(_SHADES)), len(_SHADES) - 1)]
    return " " * gap + padded(f"{shade}{text}", each, right=True)


def _legend(found: CapacityMap, values: Sequence[str], color: bool, language: str) -> list[str]:
    """What the marks that occur mean."""
    verdicts = dict.fromkeys(cell.get("verdict") for cell in found.cells if cell.get("verdict"))
    marks = [
        f"{MARKS[verdict]} {said('verdict.' + verdict.replace(' ', '_'), language)}"
        for verdict in MARKS
        if verdict in verdicts and MARKS[verdict].strip()
    ]
    states = {cell["state"] for cell in found.cells}
    if DIVERGED in states and "diverged" not in verdicts:
        marks.append(f"d {said('verdict.diverged', language)}")
    if UNFINISHED in states:
        marks.append(f"{NOT_FINISHED} {said('maps.mark_unfinished', language)}")
    if MISSING in states:
        marks.append(f"{NOT_TRIED} {said('maps.mark_missing', language)}")
    if found.best:
        marks.append(f"{BEST} {said('maps.mark_best', language)}")
    if found.smallest and found.smallest is not found.best:
        marks.append(f"{SMALLEST} {said('maps.mark_smallest', language)}")
    return ["   ".join([*marks, _shade_words(values, color, language)])]


def _shade_words(values: Sequence[str], color: bool, language: str) -> str:
    """Which way the shade goes: colours are darker for lower values, blocks denser for better ones."""
    lower = color or any(lower_is_better(key) is not False for key in values)
    return said(
        "maps.shade" if color else "maps.blocks",
        language,
        better=said(f"maps.shade_{'lower' if lower else 'higher'}", language),
    )
