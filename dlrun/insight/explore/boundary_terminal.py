"""A decision boundary in a terminal: a sign per class where the net is sure, blank where it is not, a letter per
point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.explore.boundary import Document, answers, is_wrong
from dlrun.insight.terminal_table import cut, padded
from dlrun.insight.words import said
from dlrun.store.names import visible

NARROWEST, WIDEST, HEIGHT = 30, 76, 24
SURE = 0.5
"""Below it a place is left blank: the boundary runs there."""
SIGNS = ".:+-=~*o"
SHADES = " .:-=+*%#@"
GROUNDS = (24, 94, 29, 96, 31, 136, 238)
"""Terminal colours of the classes: blue, brown, green, purple, teal, ochre, grey."""


def boundary_lines(
    found: Document, panel: Mapping[str, Any], width: int, color: bool, language: str = "en"
) -> list[str]:
    """The plane, the second feature upwards, then what the signs mean.

    Args:
        width: cells per line.
    """
    stub = max(len(numbers.setting(_short(end))) for end in (found["y"][0], found["y"][-1]))
    across = max(NARROWEST, min(width - stub - 3, WIDEST))
    over = answers(found, panel)
    letters = _letters(found, panel, across)
    lines = [f"{cut(visible(found['features'][1]), across)} ↑"]
    for row in range(HEIGHT - 1, -1, -1):
        end = {0: found["y"][0], HEIGHT - 1: found["y"][-1]}.get(row)
        label = "" if end is None else numbers.setting(_short(end))
        grid = over[_nearest(row, HEIGHT, len(over))]
        cells = [
            _cell(found, grid[_nearest(column, across, len(grid))], letters.get((row, column)), color)
            for column in range(across)
        ]
        lines.append(f"{padded(label, stub, right=True)} │{''.join(cells)}")
    low, high = (numbers.setting(_short(found["x"][place])) for place in (0, -1))
    name = cut(f"{visible(found['features'][0])} →", max(1, across - len(low) - len(high) - 2))
    middle = padded(name, across - len(low) - len(high), right=False)
    lines += [" " * stub + " └" + "─" * across, " " * (stub + 2) + f"{low} {middle[:-1]}{high}"]
    return [*lines, *_legend(found, color, language)]


def _letters(found: Document, panel: Mapping[str, Any], across: int) -> dict[tuple[int, int], str]:
    """Place -> the letter of the point's class, small where the net is wrong; wrong ones are never hidden."""
    if found["kind"] == "regression":
        return {}
    letters: dict[tuple[int, int], str] = {}
    pairs = list(zip(found["points"], panel["predicted"], strict=True))
    for point, predicted in sorted(pairs, key=lambda pair: is_wrong(found, *pair)):
        place = _row_of(point["y"], found["y"], HEIGHT), _row_of(point["x"], found["x"], across)
        letter = letter_of(found["classes"].index(point["true"]))
        letters[place] = letter.lower() if is_wrong(found, point, predicted) else letter
    return letters


def letter_of(place: int) -> str:
    """A for the first class."""
    return chr(ord("A") + place % 26)


def _cell(found: Document, answer: tuple[int, float], letter: str | None, color: bool) -> str:
    place, sure = answer
    if found["kind"] == "regression":
        return SHADES[min(int(sure * len(SHADES)), len(SHADES) - 1)]
    if not color:
        return letter or (SIGNS[place % len(SIGNS)] if sure >= SURE else " ")
    if letter is not None:
        return f"\x1b[48;5;{GROUNDS[place % len(GROUNDS)]};38;5;231m{letter}\x1b[0m"
    sign = " " if sure >= SURE else "░"
    return f"\x1b[48;5;{GROUNDS[place % len(GROUNDS)]};38;5;250m{sign}\x1b[0m"


def _legend(found: Document, color: bool, language: str) -> list[str]:
    if found["kind"] == "regression":
        low, high = numbers.number(found["low"]), numbers.number(found["high"])
        return [f"{visible(found['target'])}: {SHADES[1]} {low}   {SHADES[-1]} {high}"]
    names = []
    for place, label in enumerate(found["classes"]):
        ground = GROUNDS[place % len(GROUNDS)]
        sign = f"\x1b[48;5;{ground}m  \x1b[0m" if color else SIGNS[place % len(SIGNS)] * 2
        names.append(f"{sign} {letter_of(place)}: {visible(label)}")
    unsure = "░" if color else said("explore.blank", language)
    return ["   ".join([*names, said("explore.signs", language, unsure=unsure)])]


def _nearest(place: int, of: int, points: int) -> int:
    return round(place / (of - 1) * (points - 1))


def _row_of(value: float, axis: list[float], cells: int) -> int:
    return round((value - axis[0]) / (axis[-1] - axis[0]) * (cells - 1))


def _short(value: float) -> float:
    return float(f"{value:.3g}")
