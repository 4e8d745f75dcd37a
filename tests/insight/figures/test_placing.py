"""Labels stand where they are free."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.insight.figures.placing import Box, free_box, spread, text_width, walked

FRAME = (560.0, 320.0)


def test_hangul_is_twice_as_wide() -> None:
    assert text_width("가나") == pytest.approx(24)
    assert text_width("ab") == pytest.approx(13.2)


def test_a_label_stands_on_no_line() -> None:
    valley = [(0.0, 300.0), (280.0, 20.0), (560.0, 300.0)]
    flat = [(0.0, 60.0), (560.0, 60.0)]
    box = free_box((280.0, 20.0), (150.0, 15.0), [valley, flat], FRAME)
    assert not any(box.holds(place) for line in (valley, flat) for place in walked(line))
    assert 0 <= box.left <= FRAME[0] - box.width
    assert 0 <= box.bottom <= FRAME[1] - box.height


@given(st.lists(st.tuples(st.floats(0, 560), st.floats(0, 320)), min_size=1, max_size=30), st.integers(0, 29))
def test_a_label_stays_in_the_frame(line: list[tuple[float, float]], place: int) -> None:
    box = free_box(line[place % len(line)], (180.0, 15.0), [line], FRAME)
    assert box.left >= 0
    assert box.left + box.width <= FRAME[0]
    assert box.bottom >= 0
    assert box.bottom + box.height <= FRAME[1]


def test_a_line_is_walked_in_small_steps() -> None:
    places = walked([(0.0, 0.0), (100.0, 0.0), (100.0, 50.0)])
    assert places[0] == (0.0, 0.0)
    assert places[-1] == (100.0, 50.0)
    assert max(math.dist(a, b) for a, b in pairwise(places)) <= 6


@given(st.lists(st.floats(0, 300), max_size=12), st.floats(1, 20))
def test_labels_are_moved_apart_in_their_order(places: list[float], gap: float) -> None:
    moved = spread(places, gap, 0, 300)
    order = sorted(range(len(places)), key=lambda number: places[number])
    apart = [moved[after] - moved[before] for before, after in pairwise(order)]
    assert all(step >= gap - 1e-6 for step in apart)
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in moved)


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert spread([10, 100, 50], 16, 0, 300) == [10, 100, 50]
    assert spread([100, 100], 10, 0, 300) == [95, 105]


def test_a_box_knows_what_it_holds() -> None:
    box = Box(10, 10, 20, 10)
    assert box.middle == (20, 15)
    assert box.holds((10, 10))
    assert not box.holds((40, 15))
