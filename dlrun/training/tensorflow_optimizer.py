"""Keras' optimizers on TensorFlow, made to suit a single device: the same numbers, without a leak."""

from __future__ import annotations

from typing import Any


def leave_out_reduction(optimizer: Any) -> None:
    """Lets an optimizer take gradients as they are, in place of adding them up over devices itself.

    Keras does that on a single device too. TensorFlow makes it differentiable by a function that it registers for ever,
    and the whole graph with it: 3 MB for each run in a process.
    """
    inside(optimizer)._all_reduce_sum_gradients = list


def inside(optimizer: Any) -> Any:
    """The optimizer itself, out of one that scales the loss."""
    return getattr(optimizer, "inner_optimizer", optimizer)
