"""A net of real Keras layers in which members of several widths and depths fit, as a pure function of their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dlrun.training.activation_step import step_activation
from dlrun.training.fused.recipe import ZERO_AT_ZERO, Recipe, Shape
from dlrun.training.fused.threefry import kept
from dlrun.training.precision import array_type


class Member(NamedTuple):
    """What is the member's own and never changes; arrays, a first axis counts members outside `vmap`."""

    units: Any
    """uint32 (layers,): true width of each hidden layer."""
    gates: Any
    """bool (layers,): whether the member has the layer."""
    seeds: Any
    """uint32 (layers,): of each dropout layer."""
    last_kept: Any
    """uint32 or uint64 (layers,): see `threefry.last_kept`."""
    keep: Any
    """float (layers,): what dropout divides by."""
    l1: Any
    l2: Any
    smoothing: Any
    noise: Any
    """float (): standard deviation of the noise on its inputs."""
    noise_seed: Any
    """uint32 ()."""


@dataclass(frozen=True)
class HiddenLayer:
    """The Keras layers of one hidden layer."""

    dense: Any
    normalization: Any | None
    activation: Any


class PaddedNet:
    """The layers, built, and how a batch goes through them.

    Args:
        recipe: what all members have in common.
        shape: the widths it is padded to.
    """

    def __init__(self, recipe: Recipe, shape: Shape):
        self.recipe, self.shape = recipe, shape
        sizes = (recipe.features, *shape.widths)
        each = recipe.activation if isinstance(recipe.activation, tuple) else (recipe.activation,) * shape.depth
        self.hidden = [self._hidden(sizes[place], sizes[place + 1], each[place]) for place in range(shape.depth)]
        self.output = self._dense(sizes[-1], recipe.outputs)
        self.output_activation = self._activation(recipe.output_activation)
        self.masked = [name not in ZERO_AT_ZERO for name in each]

    @property
    def variables(self) -> list[Any]:
        """The trained Keras variables, layer by layer, as the optimizer sees them."""
        return [variable for layer in self._layers for variable in layer.trainable_variables]

    @property
    def statistics(self) -> list[Any]:
        """The Keras variables of batch normalization's running statistics."""
        layers = [layer.normalization for layer in self.hidden if layer.normalization is not None]
        return [variable for layer in layers for variable in layer.non_trainable_variables]

    @property
    def _layers(self) -> list[Any]:
        inside = [part for layer in self.hidden for part in (layer.dense, layer.normalization) if part is not None]
        return [*inside, self.output]

    def _dense(self, inputs: int, units: int) -> Any:
        import keras

        zeros = given_zeros(self._numbers)
        layer = keras.layers.Dense(
            units, use_bias=self.recipe.use_bias, kernel_initializer=zeros, bias_initializer=zeros, dtype=self._numbers
        )
        layer.build((None, inputs))
        return layer

    def _hidden(self, inputs: int, units: int, activation: str) -> HiddenLayer:
        return HiddenLayer(self._dense(inputs, units), self._normalization(units), self._activation(activation))

    def _normalization(self, units: int) -> Any | None:
        if not self.recipe.batch_normalization:
            return None
        import keras

        zeros = given_zeros(self._numbers)
        names = ("gamma", "beta", "moving_mean", "moving_variance")
        layer = keras.layers.BatchNormalization(dtype=self._numbers, **{f"{name}_initializer": zeros for name in names})
        layer.build((None, units))
        return layer

    def _activation(self, name: str) -> Any:
        import keras

        return step_activation() if name == "step" else keras.activations.get(name)

    @property
    def _numbers(self) -> str:
        return array_type(self.recipe.precision)

    def outputs(self, trained: Sequence[Any], statistics: Sequence[Any], member: Member, x: Any) -> Any:
        """What a member's output layer gives for x (rows, features) at rest: (rows, outputs)."""
        result, _ = self._through(trained, statistics, member, x, None)
        return result

    def in_training(
        self, trained: Sequence[Any], statistics: Sequence[Any], member: Member, x: Any, call: Any
    ) -> tuple[Any, list[Any]]:
        """Outputs (rows, outputs) with dropout and the batch's own statistics, and the running statistics after it.

        Args:
            call: uint32, how many steps the member has made.
        """
        return self._through(trained, statistics, member, x, call)

    def _through(
        self, trained: Sequence[Any], statistics: Sequence[Any], member: Member, x: Any, call: Any
    ) -> tuple[Any, list[Any]]:
        left, running, after = list(trained), list(statistics), []
        for place, layer in enumerate(self.hidden):
            h = taken(layer.dense, left, x)
            if layer.normalization is not None:
                h, moved = self._normalized(layer.normalization, left, running, h, call)
                after += moved
            h = self._finished(place, layer.activation(h), member, call)
            x = self._passed(place, h, x, member) if self.shape.gated else h
        return self.output_activation(taken(self.output, left, x)), after

    def _normalized(self, layer: Any, left: list[Any], running: list[Any], h: Any, call: Any) -> tuple[Any, list[Any]]:
        own = [running.pop(0) for _ in layer.non_trainable_variables]
        weights = [left.pop(0) for _ in layer.trainable_variables]
        result, after = layer.stateless_call(weights, own, h, training=call is not None)
        return result, list(after)

    def _finished(self, place: int, h: Any, member: Member, call: Any) -> Any:
        """After the activation: the unit mask, where padding would not stay 0, then dropout."""
        import jax.numpy as jnp

        width = self.shape.widths[place]
        if self.masked[place]:
            h = jnp.where(jnp.arange(width, dtype=jnp.uint32) < member.units[place], h, 0)
        if call is None or not self.recipe.dropout:
            return h
        keep = kept((member.seeds[place], call), member.last_kept[place], h.shape[0], member.units[place], width)
        return jnp.where(keep, h / member.keep[place], 0)

    def _passed(self, place: int, h: Any, x: Any, member: Member) -> Any:
        """The layer's result, or where the member lacks the layer what entered it."""
        import jax.numpy as jnp

        if place == 0:
            return h  # only nets without hidden layers would lack it, and they have programs of their own
        return jnp.where(member.gates[place], h, fitted(x, self.shape.widths[place]))

    def penalty(self, trained: Sequence[Any], member: Member) -> Any:
        """The L1/L2 term of all Dense kernels, as `keras.regularizers.L1L2` has it; 0 where no member has one."""
        import jax.numpy as jnp

        total = jnp.zeros((), trained[0].dtype)
        for layer, place in enumerate(self.kernel_places):
            kernel = trained[place]
            # a member without a penalty must not get 0 * inf where it diverges
            if self.recipe.l1:  # JAX has the slope 1 for abs at 0, which would move the padding
                counted = self._inside(layer, kernel, member) & (member.l1 > 0)
                total += member.l1 * jnp.sum(jnp.where(counted, jnp.abs(kernel), 0))
            if self.recipe.l2:
                total += member.l2 * jnp.sum(jnp.square(jnp.where(member.l2 > 0, kernel, 0)))
        return total

    def _inside(self, layer: int, kernel: Any, member: Member) -> Any:
        """bool, where a kernel is the member's own and not padding."""
        import jax
        import jax.numpy as jnp

        inside = jnp.ones((), bool)
        if layer > 0:
            inside &= jax.lax.broadcasted_iota(jnp.uint32, kernel.shape, 0) < member.units[layer - 1]
        if layer < self.shape.depth:
            inside &= jax.lax.broadcasted_iota(jnp.uint32, kernel.shape, 1) < member.units[layer]
            inside &= member.gates[layer]
        return jnp.broadcast_to(inside, kernel.shape)

    @property
    def kernel_places(self) -> list[int]:
        """Where the Dense kernels stand among the trained variables."""
        per_dense = 2 if self.recipe.use_bias else 1
        per_layer = per_dense + (2 if self.recipe.batch_normalization else 0)
        return [per_layer * place for place in range(self.shape.depth + 1)]


def taken(layer: Any, left: list[Any], x: Any) -> Any:
    """The layer's result with the next of the weights that are left."""
    weights = [left.pop(0) for _ in layer.trainable_variables]
    result, _ = layer.stateless_call(weights, [], x)
    return result


def fitted(x: Any, width: int) -> Any:
    """The columns cut or filled with 0 to this width; what is cut is padding."""
    import jax.numpy as jnp

    if x.shape[-1] >= width:
        return x[:, :width]
    return jnp.pad(x, ((0, 0), (0, width - x.shape[-1])))


def given_zeros(numbers: str) -> Any:
    """An initializer of zeros by numpy: Keras' own would compile a small program for each shape."""
    return lambda shape, dtype=None: np.zeros(shape, numbers)
