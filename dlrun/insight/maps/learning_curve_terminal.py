"""A learning curve in a terminal: a table, and a plot over the number of train rows."""

from __future__ import annotations

import math
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.maps.learning_curve import LearningCurve, Point, Series
from dlrun.insight.table import Column, Table
from dlrun.insight.ticks import linear_ticks, log_ticks

HEIGHT, NARROWEST, WIDEST = 16, 40, 110
_BLUE, _ORANGE, _GREY = 12, 208, 8


def curve_table(found: LearningCurve) -> Table:
    """One row per number of train rows; of several configurations with their keys."""
    columns = [
        Column("rows", "train rows", "count", rank=9),
        Column("fraction", "fraction", "amount", rank=5),
        Column("train_loss", "train loss", rank=9),
        Column("train_half", "± 95 %", rank=7),
        Column("val_loss", "val loss", rank=9),
        Column("val_half", "± 95 %", rank=8),
        Column("gap", "gap", rank=8),
        Column("runs", "runs", "text", rank=6),
    ]
    if len(found.series) > 1:
        columns.insert(0, Column("label", "configuration", "text", rank=9))
    return Table(tuple(columns), [_row(one, point) for one in found.series for point in one.points])


def _row(series: Series, point: Point) -> dict[str, Any]:
    halves = {
        f"{side}_half": None if (high := point[f"{side}_loss_high"]) is None else high - point[f"{side}_loss"]
        for side in ("train", "val")
    }
    return {**point, **halves, "label": series.label}


def plot_lines(found: LearningCurve, width: int, color: bool) -> list[str]:
    """The first curve: train and validation loss over the rows, both axes logarithmic where the values allow, and the
    law's loss at twice the rows."""
    import plotext

    series = found.series[0]
    if len(series.points) < 2:
        return []
    width = max(NARROWEST, min(width, WIDEST))
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("simple")
    figure.plot_size(width, HEIGHT)
    log = all(point[key] is None or point[key] > 0 for point in series.points for key in ("train_loss", "val_loss"))
    curves = [
        ("train", _BLUE, [(p["rows"], p["train_loss"]) for p in series.points if p["train_loss"] is not None], "·"),
        ("validation", _ORANGE, [(p["rows"], p["val_loss"]) for p in series.points], "braille" if color else "v"),
    ]
    ahead = series.outlook
    if ahead is not None and (ahead.doubled > 0 or not log):
        curves.append(("", _GREY, [(2 * ahead.rows, ahead.doubled)], "?"))
    for _, ink, points, mark in curves:
        _draw(figure, points, log, mark, ink)
    _rulers(figure, [point for _, _, points, _ in curves for point in points], width, log)
    text: str = figure.build().string(colorless=not color)
    figure.clear()
    key = f"··· train   {'line' if color else 'v'}: validation" + (
        "   ?: at twice the rows, by the fitted law" if ahead else ""
    )
    return [key, *(line if color else line.rstrip() for line in text.split("\n") if line.strip())]


def _draw(figure: Any, points: list[tuple[float, float]], log: bool, mark: str, ink: int) -> None:
    import plotext

    if points:
        heights = [math.log10(value) if log else value for _, value in points]
        signal = figure.signal([math.log10(rows) for rows, _ in points], heights, marker=plotext.marker(mark, ink))
        signal.lines()
        figure.draw(signal)


def _rulers(figure: Any, points: list[tuple[float, float]], width: int, log: bool) -> None:
    rows, values = [point[0] for point in points], [point[1] for point in points]
    rows_at = log_ticks(min(rows), max(rows), max(3, width // 12))
    values_at = (log_ticks if log else linear_ticks)(min(values), max(values), HEIGHT // 2)
    vertical, horizontal = figure.ruler("y", 0), figure.ruler("x", 0)
    vertical.ticks([math.log10(tick) if log else tick for tick in values_at], [f"{tick:g}" for tick in values_at])
    horizontal.ticks([math.log10(tick) for tick in rows_at], [numbers.count(tick) for tick in rows_at])
    figure.label("train rows", "x")
