"""Separable or not, by a linear program; its opposite, classes whose convex hulls meet, is the oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dlrun.data.generators import CORNERS, GATE_OUTPUTS
from dlrun.gallery.separation import separable


@pytest.mark.parametrize("gate", GATE_OUTPUTS)
def test_of_all_gates_only_xor_and_its_opposite_are_not(gate: str) -> None:
    assert separable(CORNERS, np.array(GATE_OUTPUTS[gate])) == (gate not in ("xor", "xnor"))


def test_four_points_on_a_line() -> None:
    x, y = np.array([[0, 3], [3, 0], [1, 2], [2, 1]], float), np.array([0, 0, 1, 1])
    assert not separable(x, y)
    assert separable(x[:, :1] * x[:, 1:], y)


def test_one_class_and_one_row() -> None:
    assert separable(CORNERS, np.ones(4))
    assert separable(CORNERS[:1], np.zeros(1))


def test_the_same_row_in_both_classes() -> None:
    assert not separable(np.zeros((2, 2)), np.array([0, 1]))


def hulls_meet(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether some weighted mean of the rows of class 0 is one of those of class 1 as well."""
    signs = np.where(y == 1, 1.0, -1.0)
    each = np.stack([y == 1, y == 0]).astype(float)  # the weights of each class sum to 1
    found = linprog(np.zeros(len(x)), A_eq=np.vstack([x.T * signs, each]), b_eq=[0] * x.shape[1] + [1, 1])
    return bool(found.status == 0)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5), st.integers(0, 1)), min_size=2, max_size=12))
def test_either_a_line_separates_them_or_their_hulls_meet(rows: list[tuple[int, int, int]]) -> None:
    x, y = np.array([row[:2] for row in rows], float), np.array([row[2] for row in rows])
    assert separable(x, y) != hulls_meet(x, y)
