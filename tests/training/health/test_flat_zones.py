"""The table of flat zones is what the installed Keras' derivatives say."""

from __future__ import annotations

import numpy as np
import pytest

from dlrun.spec.names import Activation, names_of
from dlrun.training.health.flat_zones import FLAT_ZONES, SATURATING, SHARE, flat
from dlrun.training.precision import numbers_in

ENTERS = np.linspace(-20, 20, 40_001)
STEP = ENTERS[1] - ENTERS[0]
WITHOUT_SLOPES = ("step", "softmax", "log_softmax", "sparsemax", "exponential")
"""No slope, several units mixed, no steepest slope."""
SAME = {"swish": "silu", "hard_swish": "hard_silu"}


def slopes(name: str) -> np.ndarray:
    """Central differences of Keras' function, in float64."""
    import keras

    function = getattr(keras.activations, name)
    with numbers_in("float64"):
        around = [
            np.asarray(
                keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(ENTERS + side * 1e-6, "float64")))
            )
            for side in (1, -1)
        ]
    return np.abs(around[0] - around[1]) / 2e-6


@pytest.mark.parametrize("name", [name for name in names_of(Activation) if name not in WITHOUT_SLOPES])
def test_a_zone_is_where_the_slope_is_small(name: str) -> None:
    found, zones = slopes(name), FLAT_ZONES.get(SAME.get(name, name), ())
    small = found < SHARE * found[found < 10].max()  # beyond 10 it is a jump
    told = np.zeros(len(ENTERS), bool)
    for low, high in zones:
        told |= (low <= ENTERS) & (high >= ENTERS)
    if SAME.get(name, name) in ("gelu", "silu", "mish", "hard_silu"):
        small &= ~((ENTERS > -2.2) & (ENTERS < 0))  # where the slope crosses 0 on its way is no zone
    assert (told != small).sum() * STEP < 0.02  # the table is rounded


def test_names_that_differ_mean_the_same_function() -> None:
    import keras

    for other, name in SAME.items():
        assert getattr(keras.activations, other) is getattr(keras.activations, name)


def test_those_with_two_ends_saturate() -> None:
    both = {name for name, zones in FLAT_ZONES.items() if len(zones) == 2}
    assert both - {"relu6"} == set(SATURATING)


def test_relu_is_flat_at_0_and_below() -> None:
    found = flat("relu", np.array([[-1.0, 0.0, 1e-30]]))
    assert found is not None
    assert found.tolist() == [[True, True, False]]
    assert flat("leaky_relu", np.zeros((1, 1))) is None
