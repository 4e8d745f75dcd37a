import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from dlrun.data.scaling import LIMIT, center_and_scale, drawn_in, limit_of, outlier_scale

SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
VALUES = arrays(float, st.integers(1, 40), elements=st.integers(-1000, 1000).map(lambda n: n / 8))


@pytest.mark.parametrize("kind", SCALERS)
@given(values=VALUES)
def test_equal_to_scikit_learn(kind, values):
    center, scale = center_and_scale(kind, values)
    expected = SCALERS[kind]().fit_transform(values[:, None])[:, 0]
    np.testing.assert_allclose((values - center) / scale, expected, atol=1e-9)


def test_none_leaves_values_alone():
    assert center_and_scale("none", np.array([5.0, 7.0])) == (0.0, 1.0)


@pytest.mark.parametrize("kind", SCALERS)
def test_a_constant_column_becomes_zero(kind):
    values = np.full(7, 0.1)
    center, scale = center_and_scale(kind, values)
    assert scale == 1.0
    np.testing.assert_allclose(values - center, 0, atol=1e-15)


@pytest.mark.parametrize(
    "values",
    [
        np.where(np.arange(400) % 40 == 0, 999_999, np.linspace(-1, 1, 400)),
        np.random.default_rng(0).standard_cauchy(2000),
        np.exp(3 * np.random.default_rng(0).normal(size=2000)),
    ],
)
def test_outliers_do_not_decide_the_scale(values):
    center, scale = outlier_scale(values)
    inner = values[np.abs(values - center) < 3 * scale]
    assert len(inner) > 0.6 * len(values)
    assert 0.3 < inner.std() / scale < 3


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=2000),
        np.exp(np.random.default_rng(0).normal(size=2000)),
        np.where(np.arange(400) % 40 == 0, 5.0, 0.0),  # half of the values are equal: no scale can be told from them
        np.arange(5.0),
    ],
)
def test_other_columns_keep_their_standard_deviation(values):
    assert outlier_scale(values) is None


@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=30), st.floats(1, 20))
def test_what_is_drawn_in_keeps_its_order(values, limit):
    scaled = np.sort(np.array(values))
    drawn = drawn_in(scaled, limit)
    assert (np.diff(drawn) >= 0).all()
    inside = np.abs(scaled) <= limit
    np.testing.assert_array_equal(drawn[inside], scaled[inside])
    assert (np.abs(drawn) <= np.abs(scaled) + 1e-9).all()
    np.testing.assert_allclose(drawn_in(-scaled, limit), -drawn)


def test_no_train_value_of_a_plain_column_is_drawn_in():
    scaled = np.array([-1.0, 0.5, 7.5])
    assert limit_of(scaled, outliers=False) == 7.5
    assert limit_of(scaled[:2], outliers=False) == LIMIT
    assert limit_of(scaled, outliers=True) == LIMIT
