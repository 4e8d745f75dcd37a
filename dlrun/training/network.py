"""The spec's model -> a plain Keras `Sequential`, with weights drawn by us or given by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dlrun.data import seed_sequence
from dlrun.spec.experiment import Model
from dlrun.training.activation_step import step_activation
from dlrun.training.given_weights import given_weights
from dlrun.training.initial_weights import DenseWeights, Shape, initial_weights, name_and_arguments
from dlrun.training.precision import array_type


def build(
    model: Model, features: int, outputs: int, output_activation: str, seed: int, precision: str = "float32"
) -> Any:
    """The net as a built, not compiled `keras.Sequential`: for each hidden layer Dense, batch normalization,
    activation, dropout; then the output's Dense and activation.

    Layers are called `hidden_1`, `hidden_1_activation`, ..., `output`, `output_activation`.

    Args:
        model: the spec.
        features: columns that enter.
        outputs: units of the output layer.
        output_activation: its activation.
        seed: initial weights and dropout are drawn from it.
        precision: dtype policy of the layers. The output's activation stays in 32 bits with the mixed ones, as Keras
            advises.

    Raises:
        ConfigError: given weights, or a bias initializer, that do not fit.
    """
    import keras

    shapes = dense_shapes(model, features, outputs)
    names = dense_names(model)
    start = given_weights(model, shapes, names) if model.weights else initial_weights(model, shapes, seed)
    layers: list[Any] = [keras.Input((features,), dtype=array_type(precision), name="features")]
    for position, activation in enumerate(model.each_layer(model.activation)):
        layers.append(_dense(model, names[position], shapes[position], start[position], precision))
        layers += _after_dense(model, position, activation, seed, precision)
    layers.append(_dense(model, "output", shapes[-1], start[-1], precision))
    layers.append(_activation(output_activation, "output_activation", array_type(precision)))
    return keras.Sequential(layers, name="mlp")


def dense_shapes(model: Model, features: int, outputs: int) -> list[Shape]:
    """(inputs, units) of each Dense layer, the output layer last."""
    widths = (features, *model.hidden, outputs)
    return list(itertools.pairwise(widths))


def dense_names(model: Model) -> list[str]:
    """What the Dense layers are called."""
    return [*(f"hidden_{position + 1}" for position in range(len(model.hidden))), "output"]


def dropout_seed(seed: int, layer: int) -> int:
    """The start of a dropout layer's own random numbers, below 2**31."""
    return int(seed_sequence(seed, "dropout", layer).generate_state(1)[0] >> 1)


def _after_dense(model: Model, position: int, activation: str, seed: int, precision: str) -> list[Any]:
    import keras

    name, width = f"hidden_{position + 1}", model.hidden[position]
    layers = []
    if model.batch_normalization:
        layers.append(_batch_normalization(f"{name}_batch_normalization", width, precision))
    layers.append(_activation(activation, f"{name}_activation", precision))
    rate = model.each_layer(model.dropout)[position]
    if rate > 0:
        layers.append(
            keras.layers.Dropout(rate, seed=dropout_seed(seed, position), dtype=precision, name=f"{name}_dropout")
        )
    return layers


def _activation(name: str, layer_name: str, precision: str) -> Any:
    import keras

    function = step_activation() if name == "step" else name
    return keras.layers.Activation(function, dtype=precision, name=layer_name)


def _dense(model: Model, name: str, shape: Shape, start: DenseWeights, precision: str) -> Any:
    import keras

    inputs, units = shape
    layer = keras.layers.Dense(
        units,
        use_bias=model.use_bias,
        kernel_initializer=_keras_initializer(model.kernel_initializer),
        bias_initializer=_keras_initializer(model.bias_initializer),
        kernel_regularizer=keras.regularizers.L1L2(model.l1, model.l2) if model.l1 or model.l2 else None,
        dtype=precision,
        name=name,
    )
    values = {"kernel_initializer": start.kernel, "bias_initializer": start.bias}
    _build_with(layer, inputs, values, array_type(precision))
    return layer


def _batch_normalization(name: str, width: int, precision: str) -> Any:
    import keras

    layer = keras.layers.BatchNormalization(dtype=precision, name=name)
    zeros, ones = np.zeros(width), np.ones(width)
    values = {
        "gamma_initializer": ones,
        "beta_initializer": zeros,
        "moving_mean_initializer": zeros,
        "moving_variance_initializer": ones,
    }
    _build_with(layer, width, values, array_type(precision))
    return layer


def _build_with(layer: Any, inputs: int, values: Mapping[str, np.ndarray | None], numbers: str) -> None:
    """Builds the layer with these values; its configuration keeps naming Keras' initializers.

    Letting Keras draw first would cost a compiled program per shape on JAX.
    """
    named = {key: getattr(layer, key) for key in values}
    for key, value in values.items():
        if value is not None:
            setattr(layer, key, _giving(value.astype(numbers)))
    layer.build((None, inputs))
    for key, initializer in named.items():
        setattr(layer, key, initializer)


def _giving(value: np.ndarray) -> Callable[..., np.ndarray]:
    return lambda shape, dtype=None: value


def _keras_initializer(initializer: Any) -> Any:
    import keras

    name, arguments = name_and_arguments(initializer)
    class_name = "".join(word.capitalize() for word in name.split("_"))
    return getattr(keras.initializers, class_name)(**arguments)
