"""The net as a measuring instrument: outputs, row losses and penalty, dropout off, from one compiled function.

Train and validation rows go through the same function in chunks of one shape, so equal rows give equal numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Rows
from dlrun.training.objective import Objective
from dlrun.training.train_functions import compiler_options, shardings, traced_once

BYTES_PER_CALL = 64 * 1024**2
"""Rows are measured in one piece while their widest layer stays below this."""
SMALLEST_CHUNK = 256

Instrument = Callable[[Any, Any], tuple[Any, Any, Any]]
"""x (rows, features), targets -> outputs (rows, outputs), row losses (rows,), penalty ()."""


@dataclass(frozen=True)
class Chunk:
    """Rows on the device."""

    x: Any
    targets: Any
    rows: int
    """The true rows; what follows them only fills the shape."""


@dataclass(frozen=True)
class Reading:
    """What the instrument shows for some rows."""

    outputs: np.ndarray
    """(rows, outputs)."""
    losses: np.ndarray
    """(rows,) plain data loss of each row."""
    penalty: float
    """The L1/L2 term, 0 without one."""

    @property
    def mean_loss(self) -> float:
        """Over all rows, added up in float64."""
        return float(self.losses.mean(dtype=np.float64))


class Forward:
    """Measures with a net's current weights.

    Args:
        network: the Keras model.
        objective: gives the row loss.
        backend: that Keras runs on.
        widest: units of the widest layer, inputs included.
        most_rows: the largest set that will be measured; smaller ones are filled up to its size.
    """

    def __init__(self, network: Any, objective: Objective, backend: str, widest: int, most_rows: int):
        self.objective = objective
        at_once = max(SMALLEST_CHUNK, BYTES_PER_CALL // (4 * widest))
        self.chunk_rows = max(1, min(at_once, most_rows))
        if backend == "jax":
            self.chunk_rows = multiple(self.chunk_rows, devices_of(network))
        self._to_device, self._instrument = INSTRUMENTS[backend](network, objective.row_loss())

    def chunks(self, rows: Rows) -> list[Chunk]:
        """The rows on the device, to be read again and again."""
        return list(self._chunks(rows.x, self.objective.targets(rows.y)))

    def read(self, chunks: list[Chunk]) -> Reading:
        """Outputs, losses and penalty of these rows."""
        results = [self._instrument(chunk.x, chunk.targets) for chunk in chunks]
        outputs = [as_numpy(result[0])[: chunk.rows] for result, chunk in zip(results, chunks, strict=True)]
        losses = [as_numpy(result[1])[: chunk.rows] for result, chunk in zip(results, chunks, strict=True)]
        return Reading(np.concatenate(outputs), np.concatenate(losses), float(as_numpy(results[0][2])))

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features), float32 (rows, outputs)."""
        if len(x) == 0:
            return np.zeros((0, self.objective.task.outputs), np.float32)
        targets = self.objective.targets(np.zeros(len(x), np.int32))
        return self.read(list(self._chunks(x, targets))).outputs.astype(np.float32)

    def _chunks(self, x: np.ndarray, targets: np.ndarray) -> Iterator[Chunk]:
        x = x.astype(self.objective.precision, copy=False)
        for start in range(0, len(x), self.chunk_rows):
            stop = min(start + self.chunk_rows, len(x))
            piece, wanted = (filled(array[start:stop], self.chunk_rows) for array in (x, targets))
            yield Chunk(self._to_device(piece), self._to_device(wanted), stop - start)


def devices_of(network: Any) -> int:
    """On JAX, how many devices hold the net; each measures a share of the rows."""
    return len(network.variables[0].value.sharding.device_set)


def multiple(number: int, of: int) -> int:
    """The number, or the next larger multiple."""
    return -(-number // of) * of


def filled(array: np.ndarray, rows: int) -> np.ndarray:
    """The array with zero rows added up to this many."""
    missing = rows - len(array)
    return np.concatenate([array, np.zeros((missing, *array.shape[1:]), array.dtype)]) if missing else array


def as_numpy(value: Any) -> np.ndarray:
    """The backend's array on the host."""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def tensorflow_instrument(network: Any, row_loss: Any) -> tuple[Callable[..., Any], Instrument]:
    import tensorflow as tf

    @tf.function(autograph=False, jit_compile=False)  # type: ignore[untyped-decorator, unused-ignore]
    def instrument(x: Any, targets: Any) -> tuple[Any, Any, Any]:
        outputs = network(x, training=False)
        return outputs, row_loss(targets, outputs), sum(network.losses) + tf.constant(0.0, outputs.dtype)

    return tf.constant, traced_once(instrument)


def jax_instrument(network: Any, row_loss: Any) -> tuple[Callable[..., Any], Instrument]:
    import jax

    def instrument(trained: Any, fixed: Any, x: Any, targets: Any) -> tuple[Any, Any, Any]:
        outputs, _, penalties = network.stateless_call(trained, fixed, x, training=False, return_losses=True)
        return outputs, row_loss(targets, outputs), sum(penalties) + jax.numpy.zeros((), outputs.dtype)

    compiled = jax.jit(instrument, compiler_options=compiler_options())
    _, shared = shardings(network)

    def call(x: Any, targets: Any) -> tuple[Any, Any, Any]:
        trained = [variable.value for variable in network.trainable_variables]
        fixed = [variable.value for variable in network.non_trainable_variables]
        outputs, losses, penalty = compiled(trained, fixed, x, targets)
        return outputs, losses, penalty

    return lambda array: jax.device_put(array, shared), call


def torch_instrument(network: Any, row_loss: Any) -> tuple[Callable[..., Any], Instrument]:
    import keras
    import torch

    def instrument(x: Any, targets: Any) -> tuple[Any, Any, Any]:
        with torch.no_grad():
            outputs = network(x, training=False)
            return outputs, row_loss(targets, outputs), sum(network.losses) + outputs.new_zeros(())

    return keras.ops.convert_to_tensor, instrument


INSTRUMENTS: dict[str, Callable[[Any, Any], tuple[Callable[..., Any], Instrument]]] = {
    "tensorflow": tensorflow_instrument,
    "jax": jax_instrument,
    "torch": torch_instrument,
}
