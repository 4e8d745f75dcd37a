"""Axes whose ends and ticks are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.insight.figures.axes import Axis, axis_between, epoch_axis, reach


@given(st.floats(1e-3, 1e3), st.floats(1.5, 100), st.floats(-0.5, 1.5), st.booleans())
def test_places_and_values_are_inverse(low: float, ratio: float, share: float, log: bool) -> None:
    axis = Axis(low, low * ratio, 300.0, (low,), log=log)
    assert axis.place(low) == pytest.approx(0, abs=1e-6)
    assert axis.place(low * ratio) == pytest.approx(300)
    assert axis.place(axis.value(300 * share)) == pytest.approx(300 * share, abs=1e-3) if log or share >= 0 else True


@pytest.mark.parametrize(
    ("epochs", "low", "high", "ticks"),
    [([], 0.5, 1.5, (1,)), ([0], -0.5, 0.5, (0,)), ([1, 2, 3], 0.976, 3.024, (1, 2, 3))],
)
def test_epochs(epochs: list[float], low: float, high: float, ticks: tuple[float, ...]) -> None:
    axis = epoch_axis(epochs, 560)
    assert (axis.low, axis.high) == pytest.approx((low, high))
    assert axis.ticks == ticks


def test_an_axis_begins_at_0_where_the_values_come_near_it() -> None:
    assert axis_between(0.1, 1, 320, "loss").low == 0
    assert axis_between(0.9, 1, 320, "loss").low > 0.8
    assert axis_between(-1, 1, 320, "gap").low < -1
    assert axis_between(0.02, 1, 320, "loss", log=True).low > 0


def test_shares_end_at_100_percent() -> None:
    axis = axis_between(0.4, 0.99, 320, "accuracy (%)", percent=True)
    assert axis.high == 1.0
    assert axis.format == ".0%"
    assert axis_between(0.991, 0.999, 320, "accuracy (%)", percent=True).format == ".1%"


def test_large_values_are_written_out() -> None:
    assert axis_between(0, 5e6, 320, "loss").format == ",.0f"
    assert axis_between(0, 5, 320, "loss").format == ",~g"


def test_equal_values_have_an_axis() -> None:
    axis = axis_between(2, 2, 320, "loss")
    assert axis.low < 2 < axis.high
    axis = axis_between(0, 0, 320, "loss")
    assert axis.low <= 0 < axis.high


def test_a_few_far_values_do_not_flatten_all_others() -> None:
    values = [place / 500 for place in range(500)]
    assert reach([*values, 1000.0]) == (0, pytest.approx(0.998))
    assert reach(values) == (0, pytest.approx(0.998))
    assert reach([*values, 1.5])[1] == 1.5
