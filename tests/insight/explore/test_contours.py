"""Contour lines of functions whose lines are known."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from dlrun.insight.explore.contours import contour

AXIS = np.linspace(-2, 2, 81).tolist()


def values(function: object) -> list[list[float]]:
    return [[function(x, y) for x in AXIS] for y in AXIS]  # type: ignore[operator]


def test_a_circle_is_one_closed_line() -> None:
    (line,) = contour(AXIS, AXIS, values(lambda x, y: x * x + y * y), 1.0)
    assert line[0] == line[-1]
    assert max(abs(math.hypot(x, y) - 1) for x, y in line) < 1e-3
    area = sum(a * d - b * c for (a, b), (c, d) in itertools.pairwise(line)) / 2
    assert abs(area) == pytest.approx(math.pi, rel=1e-2)


def test_a_plane_is_one_exact_open_line() -> None:
    (line,) = contour(AXIS, AXIS, values(lambda x, y: x + 2 * y), 0.333)
    assert all(x + 2 * y == pytest.approx(0.333) for x, y in line)
    assert {abs(line[0][0]), abs(line[-1][0])} == {2.0}


def test_a_hyperbola_has_two_branches() -> None:
    lines = contour(AXIS, AXIS, values(lambda x, y: x * y), 0.5)
    assert len(lines) == 2
    assert all(x * y == pytest.approx(0.5, abs=0.01) for line in lines for x, y in line)


def test_every_point_lies_where_the_value_is_reached() -> None:
    """Linear between neighbours along x or y."""
    rng = np.random.default_rng(3)
    grid = rng.normal(size=(12, 9))
    x, y = np.arange(9.0), np.arange(12.0)
    for line in contour(x.tolist(), y.tolist(), grid.tolist(), 0.2):
        for across, up in line:
            row, column = int(up), int(across)
            value = np.interp(across, x, grid[row]) if up == row else np.interp(up, y, grid[:, column])
            assert value == pytest.approx(0.2)


def test_checkers_do_not_cross_and_nothing_is_lost() -> None:
    grid = [[float((row + column) % 2) for column in range(5)] for row in range(5)]
    lines = contour(range(5), range(5), grid, 0.5)
    assert sum(len(line) - 1 for line in lines) == 32  # two segments in each of 16 cells


@pytest.mark.parametrize("level", [-1.0, 9.0])
def test_a_level_that_is_not_there_has_no_line(level: float) -> None:
    assert contour(AXIS, AXIS, values(lambda x, y: x * x + y * y), level) == []
