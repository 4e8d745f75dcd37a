"""What padding relies on: which activations leave 0 at 0, and which look at one unit alone, as Keras computes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.spec.names import Activation, names_of
from dlrun.training.activation_step import step_activation
from dlrun.training.fused.recipe import WHOLE_LAYER, ZERO_AT_ZERO, activation_of
from tests.training.cases import experiment


def applied(name: str, values: list[float]) -> Any:
    import keras

    function = step_activation() if name == "step" else keras.activations.get(name)
    return keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor([values], "float32")))[0]


def test_the_lists_hold_known_names_only() -> None:
    assert set(names_of(Activation)) >= ZERO_AT_ZERO | WHOLE_LAYER
    assert not ZERO_AT_ZERO & WHOLE_LAYER


@pytest.mark.parametrize("name", sorted(set(names_of(Activation)) - WHOLE_LAYER))
def test_at_zero(name: str) -> None:
    assert (float(applied(name, [0.0])[0]) == 0) == (name in ZERO_AT_ZERO)


@pytest.mark.parametrize("name", names_of(Activation))
def test_one_unit_more(name: str) -> None:
    values = [-0.2, 0.1, 0.3]
    same = np.allclose(applied(name, [*values, 0.0])[:3], applied(name, values), atol=1e-6)
    assert same == (name not in WHOLE_LAYER)


@pytest.mark.parametrize(
    ("units", "activation", "wanted"),
    [
        ([4, 4], "tanh", "tanh"),
        ([4, 4], ["tanh", "tanh"], "tanh"),
        ([4, 4], ["tanh", "relu"], ("tanh", "relu")),
        ([], "tanh", ()),
    ],
)
def test_activation_of(units: list[int], activation: Any, wanted: Any) -> None:
    assert activation_of(experiment(model={"units": units, "activation": activation})) == wanted
