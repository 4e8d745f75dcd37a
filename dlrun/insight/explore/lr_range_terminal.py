"""A learning-rate range test in a terminal: the mean loss over the rate, drawn by plotext."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dlrun.insight.terminal_plot import blank, draw, finished
from dlrun.insight.ticks import linear_ticks, log_ticks

NARROWEST, WIDEST, HEIGHT = 40, 110, 18
_BLUE, _GREEN, _ORANGE = 12, 10, 208
TOP = 1.3
"""Losses above so many times that at the start are not shown."""


def plot_lines(found: Mapping[str, Any], width: int, color: bool) -> list[str]:
    """The smoothed loss over the rate; | marks the ends of the suggested range, ^ the config's rate."""
    mean = found["mean"]
    if len(mean["rate"]) < 2:
        return []
    width = max(NARROWEST, min(width, WIDEST))
    figure = blank(width, HEIGHT)
    low, high = min(mean["smoothed"]), max(mean["smoothed"])
    top = min(high, low + TOP * (mean["smoothed"][0] - low)) if mean["smoothed"][0] > low else high
    x = [math.log10(rate) for rate in mean["rate"]]
    kept = [(place, loss) for place, loss in zip(x, mean["smoothed"], strict=True) if loss <= top]
    if found["suggestion"] is not None:
        for end in ("low", "high"):
            place = math.log10(found["suggestion"][end])
            draw(figure, [place, place], [low, top], "|", _GREEN)
    draw(figure, [place for place, _ in kept], [loss for _, loss in kept], "braille" if color else "*", _BLUE)
    rate = math.log10(found["learning_rate"])
    if x[0] <= rate <= x[-1]:
        draw(figure, [rate, rate], [low, low], "^", _ORANGE)
    values_at = linear_ticks(low, top, HEIGHT // 3)
    rates_at = log_ticks(mean["rate"][0], mean["rate"][-1], max(3, width // 11))
    vertical, horizontal = figure.ruler("y", 0), figure.ruler("x", 0)
    if top > low:
        vertical.lim(low, top)
    vertical.ticks(values_at, [f"{tick:g}" for tick in values_at])
    horizontal.lim(x[0], x[-1])
    horizontal.ticks([math.log10(tick) for tick in rates_at], [f"{tick:g}" for tick in rates_at])
    return finished(figure, color)
