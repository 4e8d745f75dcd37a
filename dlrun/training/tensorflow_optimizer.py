"""Keras' optimizers on TensorFlow, made to suit a single device: the same numbers, fewer operations and no leak."""

from __future__ import annotations

from functools import partial
from typing import Any


def suit_one_device(optimizer: Any) -> None:
    """Lets a built Keras optimizer leave out what only several devices need, and Adam or AdamW update with a kernel.

    Clipping, weight decay, averaging and loss scaling are Keras' as before.
    """
    import keras

    leave_out_reduction(optimizer)
    inner = inside(optimizer)
    if type(inner) in (keras.optimizers.Adam, keras.optimizers.AdamW) and not inner.amsgrad:
        inner.update_step = partial(update_step, inner)


def leave_out_reduction(optimizer: Any) -> None:
    """Lets an optimizer take gradients as they are, in place of adding them up over devices itself.

    Keras does that on a single device too. TensorFlow makes it differentiable by a function that it registers for ever,
    and the whole graph with it: 3 MB for each run in a process.
    """
    inside(optimizer)._all_reduce_sum_gradients = list


def inside(optimizer: Any) -> Any:
    """The optimizer itself, out of one that scales the loss."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def update_step(optimizer: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """What `keras.optimizers.Adam.update_step` does, in one pass: Kingma and Ba 2015, end of section 2.

    TensorFlow's own kernel stands in for a dozen operations on arrays as large as the variable; on small nets they are
    a quarter of a step.

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
