"""Levels of an axis: ranges that can be told apart, and values that are not there."""

from __future__ import annotations

import math

import pytest

from dlrun.insight.maps.axis import axis_of


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize(
    "column",
    [
        list(range(100, 130)),
        [1000.0 + place / 1000 for place in range(30)],
        [math.nextafter(1.0, 2.0) * (1 + place * 2**-50) for place in range(30)],
    ],
)
def test_ranges_have_labels_of_their_own(column: list[float], alike: bool) -> None:
    axis = axis_of("fit.epochs", "epochs", column, 16, 8, alike)
    assert len(axis.levels) == 8
    assert len(set(axis.labels)) == len(set(axis.levels)) == len(axis.levels)
    assert list(axis.levels) == sorted(axis.levels)


def test_two_digits_are_enough_where_they_tell_ranges_apart() -> None:
    axis = axis_of("fit.epochs", "epochs", list(range(0, 321)), 16, 8)
    assert axis.labels[:2] == ("≈20", "≈60")


def test_numbers_beside_nothing_are_put_into_ranges() -> None:
    column = [None, *(10.0 ** (place / 10) for place in range(30)), None]
    axis = axis_of("optimizer.clipnorm", "clipnorm", column, 16, 5)
    plain = axis_of("optimizer.clipnorm", "clipnorm", column[1:-1], 16, 5)
    assert (axis.levels, axis.labels) == ((None, *plain.levels), ("null", *plain.labels))
    assert axis.places == (0, *(place + 1 for place in plain.places), 0)
    assert (axis.ranges, axis.spans) == ((None, *plain.ranges), plain.ranges)
    assert (axis.numeric, axis.log) == (False, False)


def test_few_numbers_beside_nothing_stay_as_they_are() -> None:
    axis = axis_of("optimizer.clipnorm", "clipnorm", [1.0, None, 2.0], 16, 5)
    assert (axis.levels, axis.places, axis.ranges) == ((None, 1.0, 2.0), (1, 0, 2), ())
