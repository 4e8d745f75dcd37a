"""Parallel coordinates in a terminal, drawn by plotext from the rows of `parallel_rows`."""

from __future__ import annotations

from dlrun.insight.numbers import number
from dlrun.insight.parallel_rows import ParallelAxis, ParallelRows
from dlrun.insight.terminal_plot import NARROWEST, WIDEST, blank, colored, colored_number, draw, finished, letter
from dlrun.insight.terminal_table import cells, cut, padded

HEIGHT = 18
BEST = 3
_GREY = 240


def terminal_parallel(rows: ParallelRows, width: int, color: bool) -> list[str]:
    """The lines of the plot, what stands at which height of each axis, and the best configurations.

    Args:
        width: cells per line.
        color: whether colour codes may be used; without them the best are drawn by letters.
    """
    width = max(NARROWEST, min(width, WIDEST))
    best = rows.lines[:BEST]
    figure = blank(width, HEIGHT)
    across = list(range(len(rows.axes)))
    for line in reversed(rows.lines[BEST:]):
        draw(figure, across, line.places, "braille" if color else ".", _GREY)
    for place in reversed(range(len(best))):
        draw(figure, across, best[place].places, "braille" if color else letter(place), colored_number(place))
    figure.ruler("y", 0).lim(0, 1)
    figure.ruler("y", 0).ticks([], [])
    figure.ruler("x", 0).ticks(across, [str(at + 1) for at in across])
    legend = [
        f"{colored('■', place) if color else letter(place)} {cut(_said(rows, place), width - 2)}"
        for place in range(len(best))
    ]
    room = max(cells(axis.title) for axis in rows.axes)
    axes = [cut(f"{at + 1} {padded(axis.title, room)}  {_scale(axis)}", width) for at, axis in enumerate(rows.axes)]
    return [cut(rows.title, width), *finished(figure, color), *axes, *legend]


def _scale(axis: ParallelAxis) -> str:
    """`from below: 16, 32, 64, 128`."""
    return f"from below: {', '.join(text for _, text in sorted(axis.ticks))}"


def _said(rows: ParallelRows, place: int) -> str:
    line = rows.lines[place]
    value = f"{line.value:.2%}" if rows.percent else number(line.value)
    return f"{line.label}: {value}{'' if line.runs == '1 of 1' else f' ({line.runs} runs)'}"
