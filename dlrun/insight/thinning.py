"""Long curves in few points, without losing their peaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

MOST_POINTS = 600
"""Points drawn per curve; a longer one is thinned to the lows and highs of stretches."""
FEWEST_POINTS = 40
"""Of each curve, however many there are."""
MOST_IN_ALL = 40_000
"""Points of a whole figure: Vega draws so many in about two seconds."""

Item = TypeVar("Item")


def thinned(items: Sequence[Item], value: Callable[[Item], float], most: int = MOST_POINTS) -> list[Item]:
    """At most about so many items: the first, the last, and the lowest and highest of every stretch between."""
    if len(items) <= most:
        return list(items)
    stretches = max(1, most // 2 - 1)
    inner = items[1:-1]
    edges = [round(place * len(inner) / stretches) for place in range(stretches + 1)]
    kept = [items[0]]
    for start, end in pairwise(edges):
        stretch = inner[start:end]
        extremes = {id(pick(stretch, key=value)) for pick in (min, max)} if stretch else set()
        kept += [item for item in stretch if id(item) in extremes]
    return [*kept, items[-1]]


def points_each(curves: int) -> int:
    """How many points each of so many curves may have."""
    return min(MOST_POINTS, max(FEWEST_POINTS, MOST_IN_ALL // max(1, curves)))
