"""Lines of units, and the gates they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data.generators import GATE_OUTPUTS
from dlrun.gallery.half_planes import answers, gate_of, line_ends, thresholds

WEIGHT = st.floats(-50, 50).filter(lambda value: abs(value) > 1e-3)


def test_a_threshold_must_be_exceeded() -> None:
    assert answers((1, 1), 1) == (0, 0, 0, 1)
    assert answers((1, 1), 0.99) == (0, 1, 1, 1)


@pytest.mark.parametrize("name", GATE_OUTPUTS)
def test_a_gate_has_one_name(name: str) -> None:
    assert gate_of(GATE_OUTPUTS[name]) == name


def test_an_answer_without_a_name() -> None:
    assert gate_of((0, 0, 1, 1)) is None


def test_thresholds_of_equal_weights() -> None:
    assert thresholds((2, 2)) == {"or": (0, 2), "and": (2, 4)}
    assert thresholds((-2, -2)) == {"nand": (-4, -2), "nor": (-2, 0)}
    assert thresholds((0, 0)) == {}


@given(WEIGHT, WEIGHT, st.floats(0, 1, exclude_max=True))
def test_a_threshold_gives_its_gate(one: float, two: float, share: float) -> None:
    for gate, (low, high) in thresholds((one, two)).items():
        assert gate not in ("xor", "xnor")
        threshold = low + share * (high - low)
        if threshold < high:  # else it was rounded up
            assert answers((one, two), threshold) == GATE_OUTPUTS[gate]


@given(WEIGHT, WEIGHT, st.floats(-50, 50))
def test_a_line_is_where_the_sum_is_the_threshold(one: float, two: float, threshold: float) -> None:
    ends = line_ends((one, two), threshold)
    assert len(ends) == 2
    for end in ends:
        assert one * end["x1"] + two * end["x2"] == pytest.approx(threshold, abs=1e-6)


def test_no_weights_no_line() -> None:
    assert line_ends((0.0, 0.0), 1.0) == []
