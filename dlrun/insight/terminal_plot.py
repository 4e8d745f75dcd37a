"""Curves in a terminal, drawn by plotext from the rows of `curve_rows`."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.curve_rows import TRAIN, VALIDATION, CurveRows, Point
from dlrun.insight.terminal_table import cut
from dlrun.insight.ticks import linear_ticks, log_ticks

HEIGHT = 20
NARROWEST, WIDEST = 40, 140
_COLORS = (12, 208, 10, 13, 14, 11, 9)
"""Terminal colours of the runs: blue, orange, green, magenta, cyan, yellow, red."""
_TRAIN_MARK, _BEST_MARK = "·", "◆"


def terminal_plot(rows: CurveRows, width: int, color: bool) -> list[str]:
    """The lines of the plot and of its legend, which names every run's best value.

    Args:
        width: cells per line.
        color: whether colour codes may be used; without them runs are told apart by letters.
    """
    width = max(NARROWEST, min(width, WIDEST))
    plot = _plot(rows, width, color)
    legend = [cut(_key(rows, color), width), *(_legend(rows, place, width, color) for place in range(len(rows.runs)))]
    return [cut(rows.value_title, width), *plot, *legend]


def _plot(rows: CurveRows, width: int, color: bool) -> list[str]:
    import plotext

    if not rows.points:
        return []
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("simple")
    figure.plot_size(width, HEIGHT)
    for curve in (TRAIN, VALIDATION):
        for place in range(len(rows.runs)):
            points = _of(rows.points, rows.runs[place], curve)
            _draw(figure, points, rows.log, _mark(rows, place, curve, color), place)
    for place, run in enumerate(rows.runs):
        _draw(figure, [point for point in rows.best if point["run"] == run], rows.log, _BEST_MARK, place)
    _rulers(figure, rows, width)
    text: str = figure.build().string(colorless=not color)
    figure.clear()
    return [line.rstrip() if not color else line for line in text.split("\n") if line.strip()]


def _draw(figure: Any, points: Sequence[Point], log: bool, mark: str, place: int) -> None:
    import plotext

    if not points:
        return
    marker = plotext.marker(mark, _COLORS[place % len(_COLORS)])
    heights = [_height(point["value"], log) for point in points]
    signal = figure.signal([point["epoch"] for point in points], heights, marker=marker)
    signal.lines()
    figure.draw(signal)


def _mark(rows: CurveRows, place: int, curve: str, color: bool) -> str:
    """Dots for train; for validation a fine line, or a letter per run where there is no colour to tell them apart."""
    if curve == TRAIN:
        return _TRAIN_MARK
    return "braille" if color or len(rows.runs) == 1 else _letter(place)


def _letter(place: int) -> str:
    return string.ascii_letters[place % len(string.ascii_letters)]


def _height(value: float, log: bool) -> float:
    return math.log10(value) if log else value


def _rulers(figure: Any, rows: CurveRows, width: int) -> None:
    values = [point["value"] for point in rows.points]
    epochs = [point["epoch"] for point in rows.points]
    values_at = (log_ticks if rows.log else linear_ticks)(min(values), max(values), HEIGHT // 2)
    epochs_at = [tick for tick in linear_ticks(min(epochs), max(epochs), width // 10) if tick == int(tick)]
    heights = [_height(value, rows.log) for value in (*values, *values_at)]
    vertical, horizontal = figure.ruler("y", 0), figure.ruler("x", 0)
    vertical.lim(min(heights), max(heights))
    vertical.ticks([_height(tick, rows.log) for tick in values_at], [f"{tick:g}" for tick in values_at])
    horizontal.ticks(epochs_at, [f"{tick:g}" for tick in epochs_at])
    figure.label("epoch", "x")


def _of(points: Sequence[Point], run: str, curve: str) -> list[Point]:
    return [point for point in points if point["run"] == run and point["curve"] == curve]


def _key(rows: CurveRows, color: bool) -> str:
    curves = {point["curve"] for point in rows.points}
    line = "letters" if len(rows.runs) > 1 and not color else "line"
    names = [(TRAIN, f"{_TRAIN_MARK * 3} train"), (VALIDATION, f"{line}: validation")]
    shown = [text for curve, text in names if curve in curves]
    return "   ".join([*shown, *([f"{_BEST_MARK} best epoch"] if rows.best else [])])


def _legend(rows: CurveRows, place: int, width: int, color: bool) -> str:
    run = rows.runs[place]
    mark = "■" if color or len(rows.runs) == 1 else _letter(place)
    best = "".join(f"  {_words(point, rows)}" for point in rows.best if point["run"] == run)
    text = cut(f"{run}{best}", max(width - 2, 1))
    return f"{_colored(mark, place) if color else mark} {text}"


def _words(point: Point, rows: CurveRows) -> str:
    """`best epoch 22: validation 0.1280, train 0.0210`."""
    beside = [
        f"{other['curve']} {numbers.number(other['value'])}"
        for other in _of(rows.points, point["run"], TRAIN)
        if other["epoch"] == point["epoch"] and point["curve"] == VALIDATION
    ]
    values = [f"{point['curve']} {numbers.number(point['value'])}", *beside]
    return f"best epoch {point['epoch']:g}: {', '.join(values)}"


def _colored(text: str, place: int) -> str:
    return f"\x1b[38;5;{_COLORS[place % len(_COLORS)]}m{text}\x1b[0m"
