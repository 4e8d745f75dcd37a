"""Initial weights: Keras' initializers as formulas, drawn by numpy from named streams.

So they are the same on every backend and engine, at the true shape whatever is padded later.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import stream
from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import KernelInitializer, Model

Shape = tuple[int, ...]
Generator = np.random.Generator

TRUNCATION = 0.87962566103423978
"""Standard deviation of a standard normal cut at +-2; Keras divides by it to reach the wanted one."""


@dataclass(frozen=True)
class DenseWeights:
    """The start of one Dense layer."""

    kernel: np.ndarray
    """(inputs, units)."""
    bias: np.ndarray | None
    """(units,)."""


def initial_weights(model: Model, shapes: list[Shape], seed: int) -> list[DenseWeights]:
    """Kernel and bias of each Dense layer, the output layer last; float64.

    Layer i is drawn from the stream (seed, "init", i), its kernel first.

    Args:
        model: names the initializers.
        shapes: (inputs, units) per layer.
        seed: of the experiment.
    """
    return [_layer(model, shape, stream(seed, "init", layer)) for layer, shape in enumerate(shapes)]


def _layer(model: Model, shape: Shape, generator: Generator) -> DenseWeights:
    kernel = draw(model.kernel_initializer, shape, generator, "model.kernel_initializer")
    if not model.use_bias:
        return DenseWeights(kernel, None)
    return DenseWeights(kernel, draw(model.bias_initializer, shape[1:], generator, "model.bias_initializer"))


def draw(
    initializer: str | KernelInitializer, shape: Shape, generator: Generator, key: str = "initializer"
) -> np.ndarray:
    """Weights of this shape, float64.

    Raises:
        ConfigError: a shape that the initializer cannot fill.
    """
    name, arguments = name_and_arguments(initializer)
    if name in ("identity", "orthogonal") and len(shape) != 2:
        raise ConfigError([Problem("", f"{key}: {name} is for kernels, which have two dimensions. Use zeros.")])
    return INITIALIZERS[name](shape, generator, **arguments)


def name_and_arguments(initializer: str | KernelInitializer) -> tuple[str, dict[str, Any]]:
    """Its Keras name, and the arguments that were given."""
    if isinstance(initializer, str):
        return initializer, {}
    return initializer.name, dict(initializer.arguments())


# --- the formulas of keras.initializers ------------------------------------------------------------------------------


def random_normal(shape: Shape, generator: Generator, mean: float = 0.0, stddev: float = 0.05) -> np.ndarray:
    return generator.normal(mean, stddev, shape)


def random_uniform(shape: Shape, generator: Generator, minval: float = -0.05, maxval: float = 0.05) -> np.ndarray:
    return minval + (maxval - minval) * generator.random(shape)


def truncated_normal(shape: Shape, generator: Generator, mean: float = 0.0, stddev: float = 0.05) -> np.ndarray:
    """A normal whose values further than two standard deviations from the mean are drawn again."""
    values = generator.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = generator.standard_normal(int(outside.sum()))
    return mean + stddev * values


def variance_scaling(
    shape: Shape,
    generator: Generator,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
) -> np.ndarray:
    """Weights of variance scale / fan, where fan counts inputs, outputs or their mean."""
    fan_in, fan_out = shape[0], shape[-1]
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    variance = scale / max(1.0, fan)
    if distribution == "uniform":
        limit = math.sqrt(3 * variance)
        return random_uniform(shape, generator, -limit, limit)
    if distribution == "untruncated_normal":
        return random_normal(shape, generator, 0.0, math.sqrt(variance))
    return truncated_normal(shape, generator, 0.0, math.sqrt(variance) / TRUNCATION)


def scaled(scale: float, mode: str, distribution: str) -> Callable[..., np.ndarray]:
    """A named case of variance scaling."""
    return lambda shape, generator: variance_scaling(shape, generator, scale, mode, distribution)


def orthogonal(shape: Shape, generator: Generator, gain: float = 1.0) -> np.ndarray:
    """Orthonormal rows or columns, whichever are fewer (Saxe et al. 2014)."""
    rows, columns = shape
    drawn = generator.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q = q * np.sign(np.diag(r))
    return gain * (q if rows >= columns else q.T)


def identity(shape: Shape, generator: Generator, gain: float = 1.0) -> np.ndarray:
    return np.asarray(gain * np.eye(shape[0], shape[1]))


def constant(shape: Shape, generator: Generator, value: float = 0.0) -> np.ndarray:
    return np.full(shape, value, dtype=np.float64)


INITIALIZERS: dict[str, Callable[..., np.ndarray]] = {
    "constant": constant,
    "glorot_normal": scaled(1.0, "fan_avg", "truncated_normal"),
    "glorot_uniform": scaled(1.0, "fan_avg", "uniform"),
    "he_normal": scaled(2.0, "fan_in", "truncated_normal"),
    "he_uniform": scaled(2.0, "fan_in", "uniform"),
    "identity": identity,
    "lecun_normal": scaled(1.0, "fan_in", "truncated_normal"),
    "lecun_uniform": scaled(1.0, "fan_in", "uniform"),
    "ones": lambda shape, generator: np.ones(shape),
    "orthogonal": orthogonal,
    "random_normal": random_normal,
    "random_uniform": random_uniform,
    "truncated_normal": truncated_normal,
    "variance_scaling": variance_scaling,
    "zeros": lambda shape, generator: np.zeros(shape),
}
