"""One pass through a net and back, as one compiled function: what enters and leaves each activation, the gradient of
each kernel, and what arrives at each layer on the way back. Dropout is off; nothing in the net changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.training.forward import as_numpy
from dlrun.training.health.blocks import Block
from dlrun.training.train_functions import compiler_options, shardings, traced_once

Tensors = Sequence[Any]


@dataclass(frozen=True)
class Pass:
    """What came of it, a list entry per block, on the host."""

    before: list[np.ndarray]
    """(rows, units) that enters the activation."""
    after: list[np.ndarray]
    """(rows, units) that leaves it."""
    gradients: list[np.ndarray] | None
    """(inputs, units) of the loss by the kernel; None where there was no loss."""
    signals: list[np.ndarray] | None
    """(rows, units) of the loss by what enters the activation."""


@dataclass(frozen=True)
class Plan:
    """What is to be computed.

    Args:
        network: the Keras model.
        blocks: of the network.
        loss: a Keras loss, of targets, outputs and row weights; None for the way forward alone.
        batch_statistics: see `Block.before`.
        weighted: whether rows have weights.
    """

    network: Any
    blocks: list[Block]
    loss: Any | None
    batch_statistics: bool
    weighted: bool = False

    def forward(self, x: Any, offsets: Tensors) -> tuple[list[Any], list[Any]]:
        """What enters and leaves each activation. The offsets, zeros, are added to what enters: the loss's gradient by
        them is what arrives there on the way back."""
        from keras import ops

        before, after = [], []
        for block, offset in zip(self.blocks, offsets, strict=True):
            z = block.before(x, self.batch_statistics)
            z = z + ops.cast(offset, z.dtype)
            x = block.after(z)
            before.append(z)
            after.append(x)
        return before, after

    def total(self, outputs: Any, targets: Any, weights: Any) -> Any:
        """The training loss with the penalties."""
        from keras import ops

        assert self.loss is not None
        loss = self.loss(targets, outputs, sample_weight=weights if self.weighted else None)
        penalties = [
            ops.cast(variable.regularizer(variable), loss.dtype)
            for variable in self.network.trainable_variables
            if variable.regularizer is not None
        ]
        return sum(penalties, loss)

    def offsets(self, rows: int, kind: str) -> list[np.ndarray]:
        return [np.zeros((rows, block.units), kind) for block in self.blocks]

    @property
    def kernels(self) -> list[Any]:
        return [block.dense.kernel for block in self.blocks]


class Instrument:
    """Passes rows of one shape through a net and back, with the net's current weights.

    Args:
        plan: what is computed.
        backend: that Keras runs on.
        x: (rows, features).
        targets: what the loss compares outputs with; None without a loss.
        weights: (rows,) of the rows in the loss; None where all count alike.
    """

    def __init__(
        self, plan: Plan, backend: str, x: np.ndarray, targets: np.ndarray | None, weights: np.ndarray | None = None
    ):
        self._kind = str(x.dtype)
        self._back = plan.loss is not None
        nothing = np.zeros(0, x.dtype)
        rows = (
            x,
            targets if targets is not None else nothing,
            weights if weights is not None else nothing,
            plan.offsets(len(x), self._kind),
        )
        self._call = PASSES[backend](plan, rows)

    def read(self, scale: float = 1.0) -> Pass:
        """What the net gives now.

        Args:
            scale: the loss is multiplied by it and the gradients divided again: those that 16 bits cannot hold survive.
        """
        before, after, gradients, signals = self._call(np.asarray(scale, self._kind))
        return Pass(
            self._host(before),
            self._host(after),
            self._host(gradients, scale) if self._back else None,
            self._host(signals, scale) if self._back else None,
        )

    def _host(self, tensors: Tensors, scale: float = 1.0) -> list[np.ndarray]:
        arrays = [as_numpy(tensor).astype(self._kind, copy=False) for tensor in tensors]
        return arrays if scale == 1.0 else [array / scale for array in arrays]


Rows = tuple[np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]
"""x, targets, row weights, offsets."""
Call = Callable[[np.ndarray], tuple[Tensors, Tensors, Tensors, Tensors]]


def on_tensorflow(plan: Plan, rows: Rows) -> Call:
    import tensorflow as tf

    x, targets, weights = (tf.constant(array) for array in rows[:3])
    kernels, zeros = [kernel.value for kernel in plan.kernels], [tf.constant(array) for array in rows[3]]

    @tf.function(autograph=False, jit_compile=False)  # type: ignore[untyped-decorator, unused-ignore]
    def run(scale: Any) -> tuple[Tensors, Tensors, Tensors, Tensors]:
        if plan.loss is None:
            before, after = plan.forward(x, zeros)
            return wide(before, x.dtype), wide(after, x.dtype), [], []
        with tf.GradientTape() as tape:
            tape.watch(zeros)
            before, after = plan.forward(x, zeros)
            loss = plan.total(after[-1], targets, weights) * tf.cast(scale, after[-1].dtype)
        found = tape.gradient(loss, [*kernels, *zeros], unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return wide(before, x.dtype), wide(after, x.dtype), found[: len(kernels)], found[len(kernels) :]

    once = traced_once(run)
    return lambda scale: once(tf.constant(scale))


def on_jax(plan: Plan, rows: Rows) -> Call:
    import jax
    import keras

    kernels = plan.kernels
    others = [v for v in plan.network.variables if not any(v is kernel for kernel in kernels)]
    everywhere, _ = shardings(plan.network)
    x, targets, weights, zeros = jax.device_put(rows, everywhere)

    def total(watched: Any, fixed: Any, x: Any, targets: Any, weights: Any, scale: Any) -> Any:
        values, offsets = watched
        mapping = [*zip(kernels, values, strict=True), *zip(others, fixed, strict=True)]
        with keras.StatelessScope(state_mapping=mapping):
            before, after = plan.forward(x, offsets)
            loss = scale * 0 if plan.loss is None else plan.total(after[-1], targets, weights) * scale
        return loss, (wide(before, x.dtype), wide(after, x.dtype))

    back = jax.grad(total, has_aux=True)

    def run(watched: Any, *rest: Any) -> Any:
        if plan.loss is None:
            return (*total(watched, *rest)[1], [], [])
        (gradients, signals), (before, after) = back(watched, *rest)
        return before, after, gradients, signals

    compiled = jax.jit(run, compiler_options=compiler_options())

    def call(scale: np.ndarray) -> Any:
        watched = ([kernel.value for kernel in kernels], zeros)
        return compiled(watched, [variable.value for variable in others], x, targets, weights, scale)

    return call


def on_torch(plan: Plan, rows: Rows) -> Call:
    import keras
    import torch

    x, targets, weights = (keras.ops.convert_to_tensor(array) for array in rows[:3])
    kernels = [kernel.value for kernel in plan.kernels]

    def call(scale: np.ndarray) -> Any:
        zeros = [keras.ops.convert_to_tensor(array).requires_grad_(True) for array in rows[3]]
        if plan.loss is None:
            with torch.no_grad():
                before, after = plan.forward(x, zeros)
                return wide(before, x.dtype), wide(after, x.dtype), [], []
        with torch.enable_grad():
            before, after = plan.forward(x, zeros)
            loss = plan.total(after[-1], targets, weights) * float(scale)
            found = torch.autograd.grad(loss, [*kernels, *zeros], allow_unused=True)
        known = [
            torch.zeros_like(of) if one is None else one for one, of in zip(found, [*kernels, *zeros], strict=True)
        ]
        return wide(before, x.dtype), wide(after, x.dtype), known[: len(kernels)], known[len(kernels) :]

    return call


def wide(tensors: Tensors, kind: Any) -> list[Any]:
    """The tensors in the format of the rows: numpy does not know bfloat16."""
    from keras import ops

    return [ops.cast(tensor, kind) for tensor in tensors]


PASSES: dict[str, Callable[[Plan, Rows], Call]] = {"tensorflow": on_tensorflow, "jax": on_jax, "torch": on_torch}
