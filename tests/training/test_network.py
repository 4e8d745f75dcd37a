from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.errors import ConfigError
from dlrun.spec.experiment import Model
from dlrun.training.layer_table import layer_table
from dlrun.training.network import build
from dlrun.training.trained_network import trained_parameters

GIVEN = [
    {"kernel": [[1, 1], [1, 1]], "bias": [-0.5, -1.5]},
    {"kernel": [[1], [-2]], "bias": [-0.5]},
]


def net(features: int = 2, outputs: int = 1, output: str = "sigmoid", seed: int = 0, **keys: Any) -> Any:
    return build(Model.model_validate(keys), features, outputs, output, seed)


def outputs_of(model: Any, x: Any) -> np.ndarray:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(model(np.array(x, np.float32))))


def test_layers_in_their_order_with_readable_names() -> None:
    model = net(units=[8, 4], activation=["relu", "tanh"], dropout=[0.0, 0.5], batch_normalization=True)
    assert [(layer.name, type(layer).__name__) for layer in model.layers] == [
        ("hidden_1", "Dense"),
        ("hidden_1_batch_normalization", "BatchNormalization"),
        ("hidden_1_activation", "Activation"),
        ("hidden_2", "Dense"),
        ("hidden_2_batch_normalization", "BatchNormalization"),
        ("hidden_2_activation", "Activation"),
        ("hidden_2_dropout", "Dropout"),
        ("output", "Dense"),
        ("output_activation", "Activation"),
    ]
    assert [layer.activation.__name__ for layer in model.layers if hasattr(layer, "activation")] == [
        "linear", "relu", "linear", "tanh", "linear", "sigmoid",
    ]  # fmt: skip


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_the_layer_table_counts_what_keras_counts(depth: int) -> None:
    model = Model(units=(5,) * depth, batch_normalization=True, widen=2)
    built = build(model, 7, 3, "softmax", 0)
    table = layer_table(model, 7, 3, "softmax")
    assert sum(row.trainable for row in table) == trained_parameters(built)
    assert sum(row.trainable + row.fixed for row in table) == built.count_params()


def test_the_configuration_names_keras_initializers() -> None:
    given = {"name": "random_normal", "stddev": 0.01}
    dense = net(units=[4], kernel_initializer=given).layers[0].get_config()
    assert dense["kernel_initializer"]["class_name"] == "RandomNormal"
    assert dense["kernel_initializer"]["config"]["stddev"] == 0.01
    assert dense["bias_initializer"]["class_name"] == "Zeros"


def test_penalties_stand_on_every_kernel() -> None:
    import keras

    model = net(features=3, units=[4], l1=0.1, l2=0.01, use_bias=False)
    kernels = [outputs for outputs in model.get_weights() if outputs.ndim == 2]
    wanted = sum(0.1 * np.abs(kernel).sum() + 0.01 * (kernel**2).sum() for kernel in kernels)
    assert len(kernels) == len(model.losses) == 2
    assert float(keras.ops.convert_to_numpy(sum(model.losses))) == pytest.approx(wanted, rel=1e-5)
    assert net(units=[4]).losses == []


def test_seeds_decide_the_weights() -> None:
    same, again, other = (net(units=[4], seed=seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(same, again, strict=True))
    assert not np.array_equal(same[0], other[0])


@pytest.mark.parametrize("precision", ["float32", "float64", "mixed_bfloat16", "mixed_float16"])
def test_precision(precision: str) -> None:
    model = build(Model(units=(4,)), 2, 1, "sigmoid", 0, precision)
    assert model.get_layer("hidden_1").dtype_policy.name == precision
    assert model.get_layer("output_activation").compute_dtype == ("float64" if precision == "float64" else "float32")


def test_xor_by_hand() -> None:
    model = build(Model.model_validate({"units": [2], "activation": "step", "weights": GIVEN}), 2, 1, "step", 0)
    assert outputs_of(model, [[0, 0], [0, 1], [1, 0], [1, 1]]).ravel().tolist() == [0, 1, 1, 0]


def test_step_is_0_at_0_and_comes_back_from_a_file(tmp_path: Path) -> None:
    import keras

    weights = [{"kernel": [[1]], "bias": [0]}]
    model = build(Model.model_validate({"units": [], "weights": weights}), 1, 1, "step", 0)
    x = [[-1e30], [-1e-30], [0.0], [1e-30], [5.0]]
    assert outputs_of(model, x).ravel().tolist() == [0, 0, 0, 1, 1]
    model.save(tmp_path / "step.keras")
    loaded = keras.models.load_model(tmp_path / "step.keras")
    assert outputs_of(loaded, x).ravel().tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("keys", "messages"),
    [
        (
            {"units": [3], "weights": GIVEN},
            [
                "model.weights[0].kernel must be 2 lists (one per input) of 3 numbers (one per unit) for the layer "
                "'hidden_1'. Received: 2 lists of 2 numbers.",
                "model.weights[0].bias must be 3 numbers (one per unit) for the layer 'hidden_1'. Received: 2.",
                "model.weights[1].kernel must be 3 lists (one per input) of 1 numbers (one per unit) for the layer "
                "'output'. Received: 2 lists of 1 numbers.",
            ],
        ),
        (
            {"units": [], "use_bias": False, "weights": [{"kernel": [[1], [2, 3]], "bias": [0]}]},
            [
                "model.weights[0].kernel must be 2 lists (one per input) of 1 numbers (one per unit) for the layer "
                "'output'. Received: 2 lists of 1 to 2 numbers.",
                "model.weights[0].bias must be left out with model.use_bias: false. Received: 1 numbers.",
            ],
        ),
    ],
)
def test_given_weights_that_do_not_fit(keys: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        net(**keys)
    assert str(caught.value).split("\n") == messages


def test_a_given_bias_may_be_left_out() -> None:
    model = net(units=[], weights=[{"kernel": [[1], [2]]}])
    assert [weights.tolist() for weights in model.get_weights()] == [[[1.0], [2.0]], [0.0]]
