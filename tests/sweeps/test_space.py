from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dlrun.spec.limits import Limits
from dlrun.spec.sweep import Interval
from dlrun.sweeps.space import Choice, Range, Space, space_of

REAL, WHOLE = Limits(whole=False), Limits(whole=True)


def drawn(found: Range, count: int = 2000) -> list[float]:
    generator = np.random.default_rng(0)
    return [found.draw(generator) for _ in range(count)]


@pytest.mark.parametrize(
    ("found", "distribution"),
    [
        (Range(-1, 3, REAL), stats.uniform(-1, 4)),
        (Range(1e-4, 1e-1, REAL, log=True), stats.loguniform(1e-4, 1e-1)),
    ],
)
def test_dense_ranges_are_uniform_on_their_scale(found: Range, distribution: object) -> None:
    assert stats.kstest(drawn(found), distribution.cdf).pvalue > 0.01  # type: ignore[attr-defined]


@pytest.mark.parametrize("found", [Range(1, 4, WHOLE), Range(8, 64, WHOLE, step=8), Range(0, 0.5, REAL, step=0.1)])
def test_each_step_is_as_likely_as_the_others(found: Range) -> None:
    values = drawn(found)
    counts = [values.count(value) for value in found.all()]
    assert sum(counts) == len(values)
    assert stats.chisquare(counts).pvalue > 0.01


def test_whole_numbers_are_log_uniform_too() -> None:
    values = drawn(Range(1, 100, WHOLE, log=True))
    below = sum(value < 10 for value in values) / len(values)
    assert below == pytest.approx(math.log(9.5 / 0.5) / math.log(100.5 / 0.5), abs=0.03)


@given(
    low=st.floats(1e-6, 1e6),
    span=st.floats(1e-3, 1e6),
    log=st.booleans(),
    step=st.none() | st.floats(1e-3, 1e3),
    seed=st.integers(0, 99),
)
def test_draws_stay_in_the_range(low: float, span: float, log: bool, step: float | None, seed: int) -> None:
    if step is not None and (log or step > span or span / step > 1e6):
        step = None
    found = Range(low, low + span, REAL, log, step)
    value = found.draw(np.random.default_rng(seed))
    assert low * (1 - 1e-9) <= value <= (low + span) * (1 + 1e-9)
    assert found.nearest(value) == value


@given(low=st.integers(0, 1000), span=st.integers(1, 1000), step=st.none() | st.integers(1, 50))
def test_whole_numbers_stay_whole(low: int, span: int, step: int | None) -> None:
    found = Range(low, low + span, WHOLE, step=None if step is None else min(step, span))
    values = found.all()
    assert len(values) == found.size
    assert values == tuple(range(low, low + span + 1, min(step or 1, span)))
    assert all(isinstance(found.draw(np.random.default_rng(seed)), int) for seed in range(3))


def test_drawn_numbers_can_be_written_down() -> None:
    assert all(len(f"{value:.12g}".replace(".", "").lstrip("0")) <= 4 for value in drawn(Range(0.1, 0.9, REAL), 50))
    assert Range(0.1, 0.5, REAL, step=0.1).all() == (0.1, 0.2, 0.3, 0.4, 0.5)


def test_a_space_of_a_sweep() -> None:
    section = {
        "model.width": Interval(low=8, high=20, step=5),
        "model.dropout": Interval(low=0, high=0.5),
        "schedule": ("constant", {"name": "step"}),
    }
    space = space_of(section, {})
    assert space.size is None
    assert space.dimensions["model.width"].all() == (8, 13, 18)
    assert space.dimensions["model.dropout"] == Range(0, 0.5, Limits(False, 0, 1, open_high=True))
    assert space.dimensions["schedule"] == Choice(("constant", {"name": "step"}))


def test_all_points_of_a_space() -> None:
    space = Space({"a": Choice((1, "x")), "b": Range(1, 3, WHOLE)})
    assert space.size == 6
    assert [tuple(point.values()) for point in space.all()] == [(1, 1), (1, 2), (1, 3), ("x", 1), ("x", 2), ("x", 3)]
