import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dlrun.insight.intervals import half_width, t_quantile, t_share


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 29, 30, 499])
def test_quantiles_are_those_of_scipy(freedom: int) -> None:
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


@given(st.floats(0, 50), st.integers(1, 60))
def test_shares_are_those_of_scipy(t: float, freedom: int) -> None:
    assert t_share(t, freedom) == pytest.approx(1 - 2 * stats.t.sf(t, freedom), abs=1e-9)


def test_the_interval_of_a_mean() -> None:
    values = [0.1, 0.12, 0.15, 0.09]
    low, high = stats.t.interval(0.95, 3, 0.115, stats.sem(values))
    assert half_width(values) == pytest.approx((high - low) / 2)


def test_one_value_has_no_interval() -> None:
    assert half_width([1.0]) is None
    assert half_width([]) is None
    assert half_width([2.0, 2.0, 2.0]) == 0.0
