"""A Keras `Sequential` as the layers people speak of: weights, batch normalization, activation; dropout left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Block:
    """One Dense layer with all that follows it up to the next."""

    dense: Any
    norm: Any | None
    """Its `BatchNormalization`."""
    activate: Callable[[Any], Any] | None
    """None where nothing follows: linear."""
    activation: str
    """Keras' name, or `step`."""

    @property
    def name(self) -> str:
        return str(self.dense.name)

    @property
    def inputs(self) -> int:
        return int(self.dense.kernel.shape[0])

    @property
    def units(self) -> int:
        return int(self.dense.kernel.shape[1])

    @property
    def weights(self) -> list[Any]:
        """The Keras variables of kernel and, where there is one, bias."""
        return [self.dense.kernel, *([self.dense.bias] if self.dense.use_bias else [])]

    def before(self, x: Any, batch_statistics: bool) -> Any:
        """What enters the activation, for rows x.

        Args:
            batch_statistics: normalise by the mean and variance of these rows, as training does, and not by the moving
                ones, which know nothing at the start. The moving ones stay as they are.
        """
        z = self._weighted(x)
        if self.norm is None:
            return z
        return normalised(self.norm, z) if batch_statistics else self.norm(z, training=False)

    def after(self, z: Any) -> Any:
        """What leaves the activation."""
        return z if self.activate is None else self.activate(z)

    def _weighted(self, x: Any) -> Any:
        import keras

        if keras.activations.serialize(self.dense.activation) == "linear":
            return self.dense(x)
        kind = self.dense.compute_dtype  # a Dense layer with an activation of its own: what stands before it
        z = keras.ops.matmul(keras.ops.cast(x, kind), keras.ops.cast(self.dense.kernel, kind))
        return z + keras.ops.cast(self.dense.bias, kind) if self.dense.use_bias else z


def normalised(norm: Any, z: Any) -> Any:
    """Batch normalization of z (rows, units) by the statistics of its own rows, in 32 bits or more, as Keras does."""
    from keras import ops

    wide = ops.cast(z, norm.variable_dtype)
    mean, variance = ops.moments(wide, axes=[0])
    scaled = (wide - mean) / ops.sqrt(variance + norm.epsilon)
    scaled = scaled * ops.convert_to_tensor(norm.gamma) if norm.scale else scaled
    scaled = scaled + ops.convert_to_tensor(norm.beta) if norm.center else scaled
    return ops.cast(scaled, z.dtype)


def blocks_of(network: Any) -> list[Block]:
    """The blocks of a built `keras.Sequential`, the output layer last.

    Raises:
        ValueError: it has a layer that is none of Dense, BatchNormalization, Activation, Dropout, or none of them in
            this order.
    """
    import keras

    groups: list[list[Any]] = []
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense):
            groups.append([layer])
        elif not isinstance(layer, keras.layers.Dropout):
            if not groups or not isinstance(layer, (keras.layers.BatchNormalization, keras.layers.Activation)):
                raise ValueError(f"{UNKNOWN} Received: {type(layer).__name__} {layer.name!r}.")
            groups[-1].append(layer)
    return [block_of(group) for group in groups]


UNKNOWN = "Layer health knows nets of Dense layers, each followed by BatchNormalization, Activation, Dropout or none."


def block_of(layers: Sequence[Any]) -> Block:
    """A Dense layer and what follows it. Raises ValueError for another order."""
    import keras

    dense, *rest = layers
    norm = rest.pop(0) if rest and isinstance(rest[0], keras.layers.BatchNormalization) else None
    own = dense.activation if keras.activations.serialize(dense.activation) != "linear" else None
    if rest and isinstance(rest[0], keras.layers.Activation) and own is None:
        layer = rest.pop(0)
        return _complete(Block(dense, norm, layer, layer.activation.__name__), rest)
    if own is not None and norm is None:
        return _complete(Block(dense, None, own, own.__name__), rest)
    rest = [norm] if own is not None else rest
    return _complete(Block(dense, norm, None, "linear"), rest)


def _complete(block: Block, rest: Sequence[Any]) -> Block:
    if rest:
        raise ValueError(f"{UNKNOWN} Received: {type(rest[0]).__name__} after the activation of {block.name!r}.")
    return block
