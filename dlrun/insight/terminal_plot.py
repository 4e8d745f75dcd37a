"""Curves in a terminal, drawn by plotext from the rows of `curve_rows`."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.curve_lines import Line
from dlrun.insight.curve_rows import GAP, TRAIN, VALIDATION, CurveRows, Point
from dlrun.insight.terminal_table import cut
from dlrun.insight.ticks import linear_ticks, log_ticks

HEIGHT = 20
NARROWEST, WIDEST = 40, 140
ALL_NAMED, BEST_NAMED = 12, 5
"""So many lines are all named; of more only the best."""
BOTH_CURVES = 4
"""With more lines the train curves are left out: they would fill the plot."""
_COLORS = (12, 208, 10, 13, 14, 11, 9)
"""Terminal colours of the runs: blue, orange, green, magenta, cyan, yellow, red."""
_GREY = 240
_TRAIN_MARK, _BEST_MARK, _ZERO_MARK, _OTHER_MARK = "·", "◆", "-", "."


def terminal_plot(rows: CurveRows, width: int, color: bool) -> list[str]:
    """The lines of the plot and of its legend, which names every run's best value; of many the best few.

    Args:
        width: cells per line.
        color: whether colour codes may be used; without them runs are told apart by letters.
    """
    width = max(NARROWEST, min(width, WIDEST))
    named = rows.lines if len(rows.lines) <= ALL_NAMED else tuple(rows.ranked[:BEST_NAMED])
    plot = _plot(rows, named, width, color)
    legend = [cut(_key(rows, color), width)]
    legend += [_legend(rows, line, place, width, color) for place, line in enumerate(named)]
    if len(named) < len(rows.lines):
        legend.append(cut(f"{_OTHER_MARK} {len(rows.lines) - len(named)} others; `--png` shows them well", width))
    return [cut(f"{rows.title}: {rows.value_title}", width), *plot, *legend]


def _plot(rows: CurveRows, named: Sequence[Line], width: int, color: bool) -> list[str]:
    if not rows.points:
        return []
    figure = blank(width, HEIGHT)
    shown = [curve for curve in rows.curves if curve != TRAIN or _shows_train(rows)]
    points = _grouped(rows.points)
    if rows.is_gap:
        ends = [min(p["epoch"] for p in rows.points), max(p["epoch"] for p in rows.points)]
        draw(figure, ends, [0.0, 0.0], _ZERO_MARK, _GREY)
    labels = [line.label for line in named]
    for line in (line.label for line in rows.lines if line.label not in labels):
        _draw(figure, points.get((line, shown[-1]), []), rows.log, _OTHER_MARK, _GREY)
    for curve in shown:
        for place, label in enumerate(labels):
            mark = _mark(rows, place, curve, color)
            _draw(figure, points.get((label, curve), []), rows.log, mark, colored_number(place))
    for place, label in enumerate(labels):
        best = [point for point in rows.best if point["line"] == label]
        _draw(figure, best, rows.log, _BEST_MARK, colored_number(place))
    _rulers(figure, rows, width)
    return finished(figure, color)


def blank(width: int, height: int) -> Any:
    """An empty plotext figure of so many cells."""
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("simple")
    figure.plot_size(width, height)
    return figure


def draw(figure: Any, x: Sequence[float], y: Sequence[float], mark: str, color: int) -> None:
    """Adds a line through these places."""
    import plotext

    if x:
        signal = figure.signal(list(x), list(y), marker=plotext.marker(mark, color))
        signal.lines()
        figure.draw(signal)


def finished(figure: Any, color: bool) -> list[str]:
    """The figure's lines of text; it is empty afterwards."""
    text: str = figure.build().string(colorless=not color)
    figure.clear()
    return [line.rstrip() if not color else line for line in text.split("\n") if line.strip()]


def colored_number(place: int) -> int:
    """The terminal colour of the so-manieth line."""
    return _COLORS[place % len(_COLORS)]


def colored(text: str, place: int) -> str:
    """The text in the so-manieth line's colour."""
    return f"\x1b[38;5;{colored_number(place)}m{text}\x1b[0m"


def letter(place: int) -> str:
    """What stands for the so-manieth line where there are no colours."""
    return string.ascii_letters[place % len(string.ascii_letters)]


def _draw(figure: Any, points: Sequence[Point], log: bool, mark: str, color: int) -> None:
    heights = [_height(point["value"], log) for point in points]
    draw(figure, [point["epoch"] for point in points], heights, mark, color)


def _grouped(points: Sequence[Point]) -> Mapping[tuple[str, str], list[Point]]:
    found: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        found.setdefault((point["line"], point["curve"]), []).append(point)
    return found


def _shows_train(rows: CurveRows) -> bool:
    return len(rows.lines) <= BOTH_CURVES or VALIDATION not in rows.curves


def _mark(rows: CurveRows, place: int, curve: str, color: bool) -> str:
    """Dots for train; else a fine line, or a letter per run where there is no colour to tell them apart."""
    if curve == TRAIN and VALIDATION in rows.curves:
        return _TRAIN_MARK
    return "braille" if color or len(rows.lines) == 1 else letter(place)


def _height(value: float, log: bool) -> float:
    return math.log10(value) if log else value


def _rulers(figure: Any, rows: CurveRows, width: int) -> None:
    drawn = [point for point in rows.points if point["curve"] != TRAIN or _shows_train(rows)]
    values = [point["value"] for point in (*drawn, *rows.best)] + ([0.0] if rows.is_gap else [])
    epochs = [point["epoch"] for point in rows.points]
    values_at = (log_ticks if rows.log else linear_ticks)(min(values), max(values), HEIGHT // 2)
    epochs_at = [tick for tick in linear_ticks(min(epochs), max(epochs), width // 10) if tick == int(tick)]
    heights = [_height(value, rows.log) for value in (*values, *values_at)]
    vertical, horizontal = figure.ruler("y", 0), figure.ruler("x", 0)
    if max(heights) > min(heights):
        vertical.lim(min(heights), max(heights))
    vertical.ticks([_height(tick, rows.log) for tick in values_at], [_tick(tick, rows) for tick in values_at])
    horizontal.ticks(epochs_at, [f"{tick:g}" for tick in epochs_at])
    figure.label("epoch", "x")


def _tick(value: float, rows: CurveRows) -> str:
    return f"{100 * value:g}%" if rows.percent else f"{value:g}"


def _key(rows: CurveRows, color: bool) -> str:
    line = "letters" if len(rows.lines) > 1 and not color else "line"
    shown = [f"{_TRAIN_MARK * 3} train"] if TRAIN in rows.curves and _shows_train(rows) else []
    if VALIDATION in rows.curves:
        shown.append(f"{line}: validation")
    if GAP in rows.curves:
        shown.append(f"{line}: validation minus train")
    if rows.baseline is not None:
        shown.append(f"trivial predictor {_number(rows.baseline, rows)}")
    return "   ".join([*shown, *([f"{_BEST_MARK} best epoch"] if rows.best else [])])


def _legend(rows: CurveRows, line: Line, place: int, width: int, color: bool) -> str:
    mark = "■" if color or len(rows.lines) == 1 else letter(place)
    best = "".join(f"  {_words(point, rows, line)}" for point in rows.best if point["line"] == line.label)
    if line.label in rows.flat:
        level = [point for point in rows.points if point["line"] == line.label][:1]
        best = "".join(f"  {point['curve']} {_number(point['value'], rows)}" for point in level)
    text = cut(f"{line.label}{best}", max(width - 2, 1))
    return f"{colored(mark, place) if color else mark} {text}"


def _words(point: Point, rows: CurveRows, line: Line) -> str:
    """`best epoch 22: validation 0.1280, train 0.0210`; of several runs `best epoch 22 (median of 3): ...`."""
    beside = [
        f"{other['curve']} {_number(other['value'], rows)}"
        for other in rows.points
        if other["line"] == point["line"]
        and other["curve"] == TRAIN
        and other["epoch"] == point["epoch"]
        and point["curve"] == VALIDATION
    ]
    values = [f"{point['curve']} {_number(point['value'], rows)}", *beside]
    runs = f" (median of {len(line.entries)})" if len(line.entries) > 1 else ""
    return f"best epoch {point['epoch']:g}{runs}: {', '.join(values)}"


def _number(value: float, rows: CurveRows) -> str:
    return f"{value:.2%}" if rows.percent else numbers.number(value)
