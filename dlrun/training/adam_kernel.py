"""Adam on TensorFlow in one pass over the numbers: TensorFlow's own kernel in place of the dozen operations by which
Keras says the same. Most of a step on small nets is such small operations."""

from __future__ import annotations

from functools import partial
from typing import Any


def use_kernel(optimizer: Any) -> None:
    """Lets a built Keras optimizer update with the kernel, where it is Adam or AdamW; leaves others as they are.

    Clipping, weight decay, averaging and loss scaling are Keras' as before; only `update_step` is another.
    """
    import keras

    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if type(inner) in (keras.optimizers.Adam, keras.optimizers.AdamW) and not inner.amsgrad:
        inner.update_step = partial(update_step, inner)


def update_step(optimizer: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """What `keras.optimizers.Adam.update_step` does: Kingma and Ba 2015, section 2, the efficient order of computation.

    Args:
        optimizer: holds the moments and the count of steps.
        gradient: of the variable, in its shape.
        variable: a `tf.Variable`.
        learning_rate: a scalar.
    """
    import tensorflow as tf

    index, numbers = optimizer._get_variable_index(variable), variable.dtype
    steps = tf.cast(optimizer.iterations + 1, numbers)
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=optimizer._momentums[index].value.handle,
        v=optimizer._velocities[index].value.handle,
        beta1_power=tf.cast(optimizer.beta_1, numbers) ** steps,
        beta2_power=tf.cast(optimizer.beta_2, numbers) ** steps,
        lr=tf.cast(learning_rate, numbers),
        beta1=tf.constant(optimizer.beta_1, numbers),
        beta2=tf.constant(optimizer.beta_2, numbers),
        epsilon=tf.constant(optimizer.epsilon, numbers),
        grad=tf.cast(gradient, numbers),
    )
