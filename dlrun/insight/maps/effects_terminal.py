"""Effects in a terminal: per key its levels, each with its mean, its interval and a dot on an axis that all share."""

from __future__ import annotations

import math

from dlrun.insight import numbers
from dlrun.insight.maps.effect import Effects, KeyEffect, Level
from dlrun.insight.terminal_table import cells as width_of
from dlrun.insight.terminal_table import cut, padded

WIDEST, NARROWEST = 48, 12
"""Cells of the axis."""
_PIPE = 100
_LABEL = 24
_COLOR = 33


def effect_lines(found: Effects, width: int | None, color: bool, language: str = "en") -> list[tuple[str, bool]]:
    """The lines, and whether each is a heading."""
    del language  # numbers and the words of the config are the same in all languages
    stub = max(width_of(cut(level.label, _LABEL)) for key in found.keys for level in key.levels) + 2
    texts = {id(level): _numbers(level) for key in found.keys for level in key.levels}
    room = max(map(width_of, texts.values()))
    axis = max(NARROWEST, min(WIDEST, (width or _PIPE) - stub - room - 4))
    ends = _ends(found)
    lines: list[tuple[str, bool]] = []
    for key in found.keys:
        lines.append((_heading(key), True))
        for place, level in enumerate(key.levels):
            dot = _dot(found, level, ends, axis)
            shown = f"\x1b[38;5;{_COLOR}m{dot}\x1b[0m" if color and place == key.best else dot
            label = padded(cut(level.label, _LABEL), stub, right=True)
            lines.append((f"{label}  {padded(texts[id(level)], room)}  {shown}".rstrip(), False))
        lines.append(("", False))
    return lines


def _heading(key: KeyEffect) -> str:
    chance = "" if key.by_chance is None else f" (by chance {100 * key.by_chance:.0f} %)"
    return f"{key.title}: explains {100 * key.share:.0f} %{chance}"


def _numbers(level: Level) -> str:
    interval = "" if level.low is None else f"  [{numbers.number(level.low)}, {numbers.number(level.high)}]"
    lost = f"  {level.lost} of {level.lost + level.configurations} lost" if level.lost else ""
    return f"{numbers.number(level.mean)}{interval}{lost}"


def _ends(found: Effects) -> tuple[float, float]:
    """The lowest and the highest number that is drawn."""
    values = [
        value
        for key in found.keys
        for level in key.levels
        for value in (level.mean, level.low, level.high)
        if value is not None
    ]
    return min(values), max(values)


def _dot(found: Effects, level: Level, ends: tuple[float, float], width: int) -> str:
    """The level on the axis: `──●──`, and the mean of all as a fine line."""
    cells = [" "] * width
    cells[_cell(found.mean, ends, width, found.log)] = "┊"
    if level.low is not None and level.high is not None:
        low, high = (_cell(value, ends, width, found.log) for value in (level.low, level.high))
        cells[low : high + 1] = ["─"] * (high + 1 - low)
    cells[_cell(level.mean, ends, width, found.log)] = "●"
    return "".join(cells).rstrip()


def _cell(value: float, ends: tuple[float, float], width: int, log: bool) -> int:
    low, high = ends
    if high <= low:
        return 0
    if log and low > 0:  # differences of logarithms: a ratio may be beyond every number
        share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    else:
        share = (value - low) / (high - low)
    return max(0, min(width - 1, round(share * (width - 1))))
