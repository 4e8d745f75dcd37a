"""Where values stand and which colour they have, by hand."""

from __future__ import annotations

import pytest

from dlrun.insight.report.curve_data import RunCurves
from dlrun.insight.report.grid_view import steps
from dlrun.insight.report.still import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Curve, drawn, still
from dlrun.insight.report.strips import strips


def test_strips_share_one_axis_with_a_margin() -> None:
    found = strips([[1.0, 3.0], [2.0]], [2.0, 2.0], [0.5, None])
    assert found.rows[0].dots == [2.0, 98.0]
    assert found.rows[0].mean == found.rows[1].dots[0] == 50.0
    assert (found.rows[0].low, found.rows[0].high) == (26.0, 74.0)
    assert (found.rows[1].low, found.rows[1].high) == (None, None)
    assert (found.low, found.high, found.log) == ("1.0000", "3.0000", False)


def test_strips_over_a_wide_span_are_logarithmic() -> None:
    found = strips([[0.01, 0.1, 1.0]], [0.1], [0.2])
    assert found.log
    assert found.rows[0].dots == [2.0, 50.0, 98.0]
    assert found.rows[0].low == 2.0  # below 0 there is no logarithm: it ends at the edge


def test_strips_of_nothing_and_of_one_value() -> None:
    assert strips([[]], [None], [None]).low == "–"
    assert strips([[0.5]], [0.5], [None]).rows[0].dots == [50.0]


@pytest.mark.parametrize(
    ("values", "around_zero", "found"),
    [
        ([0.0, 0.5, 0.999, 1.0, None], False, [0, 4, 8, 8, None]),
        ([-1.0, 0.0, 1.0, 0.2], True, [0, 4, 8, 5]),
        ([1.0, 10.0, 100.0], False, [0, 4, 8]),
        ([2.0, 2.0], False, [4, 4]),
        ([None], False, [None]),
    ],
)
def test_steps_of_colour(values: list[float | None], around_zero: bool, found: list[int | None]) -> None:
    assert steps(values, around_zero) == found


def test_a_picture_fills_its_frame() -> None:
    picture = drawn([Curve(0, "train", [(1, 0.0), (5, 1.0)]), Curve(1, "validation", [(3, 0.5)], dots=[(3, 0.5)])])
    assert picture.lines[0].points == f"{LEFT},{HEIGHT - BOTTOM} {WIDTH - RIGHT},{TOP}"
    assert picture.dots == [((LEFT + WIDTH - RIGHT) / 2, (HEIGHT - BOTTOM + TOP) / 2, 1)]
    assert [tick.text for tick in picture.across] == ["1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5"]
    assert drawn([]).lines == []


def test_a_run_that_diverged_ends_where_it_did() -> None:
    run = RunCurves("a" * 12, 0, None, None, [1, 2, 3], {"loss": [[1.0, 2.0, None], [1.0, None, None]]})
    train, validation = still([[run]]).lines
    assert len(train.points.split()) == 2
    assert len(validation.points.split()) == 1
