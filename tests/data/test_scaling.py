import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from dlrun.data.scaling import center_and_scale

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
