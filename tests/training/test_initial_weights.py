"""Against Keras' own initializers: exact where nothing is random, bounds and moments where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.data import stream
from dlrun.errors import ConfigError
from dlrun.spec.experiment import KernelInitializer, Model
from dlrun.spec.names import Initializer, names_of
from dlrun.training.initial_weights import INITIALIZERS, draw, initial_weights

SHAPE = (120, 200)


def of_keras(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    import keras

    class_name = "".join(word.capitalize() for word in name.split("_"))
    initializer = getattr(keras.initializers, class_name)(**arguments)
    return np.asarray(keras.ops.convert_to_numpy(initializer(shape)))


def ours(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    return draw(KernelInitializer.model_validate({"name": name, **arguments}), shape, stream(0, "init", 0))


def test_every_name_has_a_formula() -> None:
    assert set(INITIALIZERS) == set(names_of(Initializer))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("zeros", {}),
        ("ones", {}),
        ("constant", {}),
        ("constant", {"value": -0.3}),
        ("identity", {}),
        ("identity", {"gain": 2.0}),
    ],
)
@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4)])
def test_exact(name: str, arguments: dict[str, Any], shape: tuple[int, int]) -> None:
    np.testing.assert_allclose(ours(name, arguments, shape), of_keras(name, arguments, shape), rtol=1e-7)


RANDOM: list[tuple[str, dict[str, Any]]] = [
    *((f"{family}_{kind}", {}) for family in ("glorot", "he", "lecun") for kind in ("uniform", "normal")),
    ("random_normal", {}),
    ("random_normal", {"mean": 1.0, "stddev": 0.2}),
    ("random_uniform", {}),
    ("random_uniform", {"minval": 0.0, "maxval": 0.3}),
    ("truncated_normal", {}),
    ("truncated_normal", {"mean": -1.0, "stddev": 0.2}),
    ("orthogonal", {"gain": 1.5}),
    *(
        ("variance_scaling", {"scale": 3.0, "mode": mode, "distribution": distribution})
        for mode in ("fan_in", "fan_out", "fan_avg")
        for distribution in ("uniform", "truncated_normal", "untruncated_normal")
    ),
    ("variance_scaling", {}),
]


@pytest.mark.parametrize(("name", "arguments"), RANDOM)
def test_bounds_and_moments(name: str, arguments: dict[str, Any]) -> None:
    drawn, wanted = ours(name, arguments, SHAPE), of_keras(name, arguments, SHAPE)
    spread = float(wanted.std())
    assert drawn.std() == pytest.approx(spread, rel=0.03)
    assert drawn.mean() == pytest.approx(float(wanted.mean()), abs=0.03 * spread)
    if "uniform" in name or arguments.get("distribution") == "uniform" or "truncated" in name:
        assert np.abs(drawn - drawn.mean()).max() == pytest.approx(
            float(np.abs(wanted - wanted.mean()).max()), rel=0.03
        )
    fourth = np.mean(((drawn - drawn.mean()) / drawn.std()) ** 4)
    assert fourth == pytest.approx(np.mean(((wanted - wanted.mean()) / spread) ** 4), rel=0.1)


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6)])
def test_orthogonal(shape: tuple[int, int]) -> None:
    drawn = ours("orthogonal", {}, shape)
    product = drawn @ drawn.T if shape[0] < shape[1] else drawn.T @ drawn
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-12)


def test_each_layer_and_seed_has_its_own_stream() -> None:
    shapes = [(4, 4), (4, 4)]
    first, second = initial_weights(Model(units=(4,)), shapes, 0)
    again, _ = initial_weights(Model(units=(4, 4)), shapes, 0)
    other, _ = initial_weights(Model(units=(4,)), shapes, 1)
    assert np.array_equal(first.kernel, again.kernel)
    assert not np.array_equal(first.kernel, second.kernel)
    assert not np.array_equal(first.kernel, other.kernel)
    assert first.bias is not None
    assert not first.bias.any()


def test_without_bias() -> None:
    (layer,) = initial_weights(Model(units=(), use_bias=False), [(4, 1)], 0)
    assert layer.bias is None


def test_a_bias_has_one_dimension() -> None:
    with pytest.raises(ConfigError, match=r"model\.bias_initializer: orthogonal is for kernels"):
        initial_weights(Model(units=(), bias_initializer="orthogonal"), [(2, 1)], 0)
