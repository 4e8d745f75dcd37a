"""Data parallelism on TensorFlow: `tf.distribute.MirroredStrategy`, with the numbers of a single device.

Each device holds a copy of the net and takes its share of every batch; gradients are added up. Left to itself, that is
another training: batch normalization sees a share's statistics, every device draws the same dropout mask for its share,
gradients are clipped before they are added up, and a share weighs the same however small it is. Here statistics and
clipping are those of the whole batch, every device draws the mask of the whole batch and takes its rows of it, and rows
weigh alike. So the curves are those of one device, but for rounding.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlrun.training.batches import Batches
from dlrun.training.tensorflow_optimizer import leave_out_reduction
from dlrun.training.train_functions import COLLECTED, Arrays, Completed, TrainFunction, traced_once


class Share(threading.local):
    """Which rows of its batch a device is being traced for: each is traced in a thread of its own."""

    first: Any = None
    last: Any = None
    rows: Any = None
    """Of the whole batch."""


@dataclass(frozen=True)
class Mirror:
    """A net and its copies.

    Args:
        strategy: the devices.
        plain: the net that is measured, kept and saved, on the first device.
        trained: the net with copies on all devices, which is trained.
        share: what the layers of the trained net look at.
    """

    strategy: Any
    plain: Any
    trained: Any
    share: Share

    @classmethod
    def of(cls, plain: Any, members: Sequence[str]) -> Mirror:
        """The net on all members (`gpu:0`, `gpu:1`)."""
        import keras

        strategy, share = strategy_on(tuple(members)), Share()
        with strategy.scope():
            trained = keras.models.clone_model(plain, clone_function=lambda layer: mirrored_layer(layer, share))
        mirror = cls(strategy, plain, trained, share)
        for kept, copied in zip(plain.variables, trained.variables, strict=True):
            copied.assign(kept)
        return mirror

    def own(self, rows: Any) -> Any:
        """The rows of a batch that are a device's share; all of them outside a step."""
        return rows if self.share.rows is None else rows[self.share.first : self.share.last]

    def fetch(self) -> None:
        """Gives the plain net the weights of the trained one."""
        import keras

        for kept, copied in zip(self.plain.variables, self.trained.variables, strict=True):
            kept.assign(keras.ops.convert_to_tensor(copied))


@cache
def strategy_on(members: tuple[str, ...]) -> Any:
    """One strategy for all runs of a process: TensorFlow numbers the sums over devices by strategy, and takes those of
    a second strategy for those of the first."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(list(members))


def mirrored_layer(layer: Any, share: Share) -> Any:
    """The layer for the trained net."""
    import keras

    if isinstance(layer, keras.layers.BatchNormalization):
        return keras.layers.BatchNormalization.from_config({**layer.get_config(), "synchronized": True})
    if isinstance(layer, keras.layers.Dropout):
        return whole_batch_dropout(layer, share)
    return layer.__class__.from_config(layer.get_config())


def whole_batch_dropout(layer: Any, share: Share) -> Any:
    """A dropout layer that draws the mask of the whole batch and takes the rows of its share."""
    import keras

    class WholeBatchDropout(keras.layers.Dropout):  # type: ignore[misc, unused-ignore]
        def call(self, inputs: Any, training: bool = False) -> Any:
            if not training or share.rows is None:
                return inputs
            ones = keras.ops.ones((share.rows, inputs.shape[1]), inputs.dtype)
            mask = keras.random.dropout(ones, self.rate, seed=self.seed_generator)
            return inputs * mask[share.first : share.last]

    return WholeBatchDropout.from_config(layer.get_config())


def mirrored_train_function(
    mirror: Mirror, trainer: Any, arrays: Arrays, batches: Batches, completed: Completed | None = None
) -> TrainFunction:
    """The train function of `trainer`, a compiled model around the trained net; see `train_functions`."""
    import tensorflow as tf

    leave_out_reduction(trainer.optimizer)
    columns = [on_each(mirror.strategy, array) for array in arrays]
    size, rows = batches.size, batches.rows

    @tf.function(autograph=False, jit_compile=False)  # type: ignore[untyped-decorator, unused-ignore]
    def run(ordered: Any, span: Any) -> None:
        def step(position: Any) -> tuple[Any]:
            first, last = position * size, tf.minimum((position + 1) * size, rows)
            chosen, *drawn = (column[first:last] for column in ordered)
            mirror.strategy.run(one_share, args=(mirror, trainer, chosen, columns, drawn, completed))
            return (position + 1,)

        tf.while_loop(lambda position: position < span[1], step, (span[0],), parallel_iterations=1)

    once = traced_once(run)

    def train(iterator: Iterator[Any]) -> dict[str, float]:
        once(*next(iterator))
        return dict(COLLECTED)

    return train


def on_each(strategy: Any, array: np.ndarray) -> Any:
    """The array on every device."""
    import tensorflow as tf

    place: Callable[[Any], Any] = lambda context: tf.constant(array)  # noqa: E731
    return strategy.experimental_distribute_values_from_function(place)


def one_share(
    mirror: Mirror,
    trainer: Any,
    chosen: Any,
    columns: Sequence[Any],
    drawn: Sequence[Any] = (),
    completed: Completed | None = None,
) -> None:
    """What one device does in a step: Keras' train step on its rows of the batch.

    Keras divides a loss by the share's rows and by the number of devices, and adds the gradients up; row weights of
    devices * share / batch make that the mean over the batch, whatever the shares.
    """
    import tensorflow as tf

    context, share = tf.distribute.get_replica_context(), mirror.share
    place, devices = context.replica_id_in_sync_group, context.num_replicas_in_sync
    share.rows = tf.size(chosen)
    share.first, share.last = (place * share.rows) // devices, ((place + 1) * share.rows) // devices
    own = chosen[share.first : share.last]
    if completed is None:
        x, y, *weights = (tf.gather(column, own) for column in columns)
    else:  # augmentation: x is the whole batch, of which the model takes the share
        x, *rest = completed(tuple(tf.gather(column, chosen) for column in columns), drawn)
        y, *weights = (column[share.first : share.last] for column in rest)
    numbers = columns[0].dtype
    weigh = tf.cast(devices * tf.size(own), numbers) / tf.cast(share.rows, numbers)
    weights = weights[0] * weigh if weights else tf.fill([tf.size(own)], weigh)
    with tf.GradientTape() as tape:
        outputs = trainer(x, training=True)
        loss = trainer.compute_loss(x=x, y=y, y_pred=outputs, sample_weight=weights)
        batch_share = tf.cast(share.rows, loss.dtype) / tf.cast(devices, loss.dtype)
        trainer.metrics[0].update_state(loss * tf.cast(devices, loss.dtype), sample_weight=batch_share)
        scaled = trainer.optimizer.scale_loss(loss)
    variables = trainer.trainable_variables
    gradients = context.all_reduce(tf.distribute.ReduceOp.SUM, tape.gradient(scaled, variables))
    trainer.optimizer.apply_gradients(zip(gradients, variables, strict=True))
