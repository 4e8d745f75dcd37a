"""Evidence for a difference: scipy's t-tests are the oracle."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from dlrun.gallery.evidence import higher

VALUES = st.lists(st.integers(-1000, 1000).map(lambda value: value / 100), min_size=3, max_size=8)


@given(st.lists(st.tuples(st.integers(-300, 300), st.integers(-100, 300)), min_size=3, max_size=8))
def test_pairs(drawn: list[tuple[int, int]]) -> None:
    values, others = [one / 100 for one, _ in drawn], [(one + more) / 100 for one, more in drawn]
    assume(len({more for _, more in drawn}) > 1)
    p = stats.ttest_rel(others, values, alternative="greater").pvalue
    assume(abs(p - 0.025) > 1e-6)
    assert higher(others, values) == (p < 0.025)


@given(VALUES, VALUES)
def test_independent_groups(values: list[float], others: list[float]) -> None:
    assume(len(set(values)) > 1 and len(set(others)) > 1)
    p = stats.ttest_ind(values, others, equal_var=False, alternative="greater").pvalue
    assume(abs(p - 0.025) > 1e-6)
    assert higher(values, others, paired=False) == (p < 0.025)


def test_no_spread_at_all() -> None:
    assert higher([2.0, 2.0, 2.0], [1.0, 1.0, 1.0])
    assert not higher([1.0, 1.0, 1.0], [1.0, 1.0, 1.0])
    assert not higher([1.0, 1.0], [2.0, 2.0])
    assert not higher([2.0], [1.0])  # one pair is no evidence


def test_pairs_need_as_many() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        higher([1.0, 2.0], [1.0])
