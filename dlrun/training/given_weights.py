"""`model.weights`: the weights of a net put together by hand, checked against the layers they are for."""

from __future__ import annotations

import numpy as np

from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import GivenLayer, Model
from dlrun.training.initial_weights import DenseWeights, Shape


def given_weights(model: Model, shapes: list[Shape], names: list[str]) -> list[DenseWeights]:
    """Kernel and bias of each Dense layer; a bias that is not given is 0.

    Args:
        model: with `weights` for every Dense layer.
        shapes: (inputs, units) per layer.
        names: of the layers, for messages.

    Raises:
        ConfigError: naming every layer whose weights do not fit it.
    """
    given = model.weights or ()
    problems = [
        problem
        for position, (layer, shape, name) in enumerate(zip(given, shapes, names, strict=True))
        for problem in _problems(layer, shape, model.use_bias, f"model.weights[{position}]", name)
    ]
    if problems:
        raise ConfigError([Problem("", text) for text in problems])
    return [_layer(layer, shape, model.use_bias) for layer, shape in zip(given, shapes, strict=True)]


def _problems(layer: GivenLayer, shape: Shape, use_bias: bool, key: str, name: str) -> list[str]:
    inputs, units = shape
    lengths = sorted({len(row) for row in layer.kernel})
    found = []
    if len(layer.kernel) != inputs or lengths != [units]:
        came = f"{len(layer.kernel)} lists of {' to '.join(map(str, dict.fromkeys((lengths[0], lengths[-1]))))} numbers"
        found.append(
            f"{key}.kernel must be {inputs} lists (one per input) of {units} numbers (one per unit) "
            f"for the layer {name!r}. Received: {came}."
        )
    if layer.bias is not None and not use_bias:
        found.append(f"{key}.bias must be left out with model.use_bias: false. Received: {len(layer.bias)} numbers.")
    elif layer.bias is not None and len(layer.bias) != units:
        found.append(
            f"{key}.bias must be {units} numbers (one per unit) for the layer {name!r}. Received: {len(layer.bias)}."
        )
    return found


def _layer(layer: GivenLayer, shape: Shape, use_bias: bool) -> DenseWeights:
    kernel = np.array(layer.kernel, dtype=np.float64)
    if not use_bias:
        return DenseWeights(kernel, None)
    return DenseWeights(kernel, np.zeros(shape[1]) if layer.bias is None else np.array(layer.bias, dtype=np.float64))
