from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlrun.insight.ticks import linear_ticks, log_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.3, 3, [0.5, 1, 2]),
        (0.003, 2, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]),
        (1e-8, 1, [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]),
    ],
)
def test_log_ticks(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high, 12) == ticks


@given(st.floats(1e-30, 1e30), st.floats(1, 1e30), st.integers(3, 15))
def test_log_ticks_are_few_and_near(low: float, ratio: float, most: int) -> None:
    ticks = log_ticks(low, low * ratio, most)
    assert len(ticks) <= most
    assert all(low / 1.3 <= tick <= low * ratio * 1.3 for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(1, 40, [5, 10, 15, 20, 25, 30, 35, 40]), (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (3, 3, [3]), (-1, 1, [-1, 0, 1])],
)
def test_linear_ticks(low: float, high: float, ticks: list[float]) -> None:
    assert linear_ticks(low, high, 3 if low < 0 else 8) == ticks


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 15))
def test_linear_ticks_are_few_and_inside(low: float, span: float, most: int) -> None:
    assume(low + span > low)
    ticks = linear_ticks(low, low + span, most)
    assert len(ticks) <= most
    assert all(low - span / 100 <= tick <= low + span + span / 100 for tick in ticks)
