"""Paths of optimizers in a terminal: a letter per optimizer over the plane, drawn by plotext."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.explore.descent import NAMES
from dlrun.insight.terminal_plot import blank, colored, colored_number, draw, finished
from dlrun.insight.ticks import linear_ticks

NARROWEST, WIDEST, HEIGHT = 40, 100, 20
_GREY = 240
_MINIMUM = "+"


def path_lines(one: Mapping[str, Any], width: int, color: bool) -> list[str]:
    """The plane of a surface with all paths; minima are marked by +.

    Args:
        one: as `dlrun.insight.figures.descent.chart` takes several.
        width: cells per line.
    """
    width = max(NARROWEST, min(width, WIDEST))
    figure = blank(width, HEIGHT)
    for x, y in one["minima"]:
        draw(figure, [x, x], [y, y], _MINIMUM, _GREY)
    for place, path in enumerate(one["paths"]):
        inside = [
            (x, y)
            for x, y in zip(path["x"], path["y"], strict=True)
            if None not in (x, y) and _within(x, one["x"]) and _within(y, one["y"])
        ]
        mark = "braille" if color else _letter(path["optimizer"], one["paths"])
        draw(figure, [x for x, _ in inside], [y for _, y in inside], mark, colored_number(place))
    for ruler, ends in (("x", one["x"]), ("y", one["y"])):
        axis = figure.ruler(ruler, 0)
        axis.lim(*ends)
        ticks = linear_ticks(ends[0], ends[1], width // 10 if ruler == "x" else HEIGHT // 3)
        axis.ticks(ticks, [f"{tick:g}" for tick in ticks])
    return [*finished(figure, color), _legend(one["paths"], color)]


def _legend(paths: Sequence[Mapping[str, Any]], color: bool) -> str:
    marks = [colored("■", place) if color else _letter(path["optimizer"], paths) for place, path in enumerate(paths)]
    named = [f"{mark} {NAMES.get(path['optimizer'])}" for mark, path in zip(marks, paths, strict=True)]
    return "   ".join([*named, f"{_MINIMUM} minimum"])


def _letter(optimizer: str, paths: Sequence[Mapping[str, Any]]) -> str:
    """s, m, n, g for AdaGrad, r, a."""
    return {"adagrad": "g"}.get(optimizer, optimizer[0])


def _within(value: float, ends: Sequence[float]) -> bool:
    return ends[0] <= value <= ends[1]
