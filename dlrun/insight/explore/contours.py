"""The lines along which a function on a grid has one value (marching squares, Lorensen and Cline 1987 in two
dimensions): Vega-Lite draws lines and finds none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Edge = tuple[int, int, int]
"""Column and row of its lower left corner; 0 to the right of it, 1 above it."""
Point = tuple[float, float]
Line = list[Point]


def contour(x: Sequence[float], y: Sequence[float], values: Sequence[Sequence[float]], level: float) -> list[Line]:
    """Lines on which the values, linear between the grid's points, are at the level. Closed lines end where they begin.

    Args:
        x: of the grid's columns, rising.
        y: of its rows, rising.
        values: a sequence along x for each y.
    """
    neighbours: dict[Edge, list[Edge]] = {}
    for one, other in _segments(values, level):
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    return [[_place(edge, x, y, values, level) for edge in chain] for chain in _chains(neighbours)]


def _segments(values: Sequence[Sequence[float]], level: float) -> Iterator[tuple[Edge, Edge]]:
    """For each cell the pairs of edges that a line joins."""
    for row in range(len(values) - 1):
        low, high = values[row], values[row + 1]
        for column in range(len(low) - 1):
            corners = (low[column], low[column + 1], high[column + 1], high[column])
            above = [corner > level for corner in corners]
            if all(above) or not any(above):
                continue
            bottom, right = (column, row, 0), (column + 1, row, 1)
            top, left = (column, row + 1, 0), (column, row, 1)
            edges = (bottom, right, top, left)
            crossed = [edge for place, edge in enumerate(edges) if above[place] != above[(place + 1) % 4]]
            if len(crossed) == 2:
                yield crossed[0], crossed[1]
            elif (sum(corners) / 4 > level) == above[0]:  # two corners above, opposite: the middle decides
                yield from ((bottom, right), (top, left))
            else:
                yield from ((left, bottom), (right, top))


def _chains(neighbours: dict[Edge, list[Edge]]) -> Iterator[list[Edge]]:
    """The edges in the order of their lines: first the lines that end at the grid's border, then the closed ones."""
    ends = [edge for edge, beside in neighbours.items() if len(beside) == 1]
    for start in [*ends, *neighbours]:
        if not neighbours[start]:
            continue
        chain = [start]
        while neighbours[chain[-1]]:
            last = chain[-1]
            following = neighbours[last].pop()
            neighbours[following].remove(last)
            chain.append(following)
        yield chain


def _place(
    edge: Edge, x: Sequence[float], y: Sequence[float], values: Sequence[Sequence[float]], level: float
) -> Point:
    column, row, up = edge
    one, other = values[row][column], values[row + up][column + 1 - up]
    share = (level - one) / (other - one)
    if up:
        return x[column], y[row] + share * (y[row + 1] - y[row])
    return x[column] + share * (x[column + 1] - x[column]), y[row]
