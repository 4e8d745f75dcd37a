from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from dlrun.insight.statistics.student import incomplete_beta, t_quantile, two_sided


@pytest.mark.parametrize("freedom", [0.5, 1, 2, 2.7, 3, 4, 5, 9, 10, 29, 30.3, 499, 1e5])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.99, 0.9999])
def test_quantiles_are_those_of_scipy(freedom: float, probability: float) -> None:
    assert t_quantile(freedom, probability) == pytest.approx(stats.t.ppf(0.5 + probability / 2, freedom), rel=1e-7)


@given(st.floats(0, 100), st.floats(0.3, 2000))
def test_p_values_are_those_of_scipy(t: float, freedom: float) -> None:
    assert two_sided(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-8, abs=1e-300)


def test_a_t_without_end_has_no_chance() -> None:
    assert two_sided(float("inf"), 3) == 0.0
    assert two_sided(0.0, 3) == 1.0


@given(st.floats(0.1, 300), st.floats(0.1, 300), st.floats(0, 1))
def test_the_incomplete_beta_function_is_scipys(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)
