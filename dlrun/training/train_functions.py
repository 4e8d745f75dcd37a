"""Many steps per Python call: what stands in for the train function that Keras would make, per backend.

Keras' `fit` calls `model.train_function` and makes one of its own only where none is set. Ours take from `fit`'s
iterator a row order, what was drawn for its rows and a range of steps (see `Batches.endless`), gather the rows of each
batch where they already lie, on the device, and run Keras' own `model.train_step` on them. One compiled program serves
all calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlrun.training.batches import Batches
from dlrun.training.tensorflow_optimizer import leave_out_reduction

Arrays = tuple[np.ndarray, ...]
"""Train rows: x (rows, features), targets (rows, ...), and the rows' weights (rows,) where there are any."""
TrainFunction = Callable[..., Any]
Batch = tuple[Any, ...]
"""x, targets and maybe weights of the rows of a step."""
Completed = Callable[[Batch, Sequence[Any]], Batch]
"""A batch and what was drawn for its rows -> the batch as the model takes it."""

COLLECTED = {"loss": 0.0}
"""Keras replaces these logs by what its loss tracker holds."""


def as_it_is(batch: Batch, drawn: Sequence[Any]) -> Batch:
    """Of a run without augmentation, for which nothing is drawn."""
    return batch


def train_function(
    backend: str, model: Any, arrays: Arrays, batches: Batches, completed: Completed = as_it_is
) -> TrainFunction:
    """The train function of a compiled model, to be set as `model.train_function`."""
    return TRAIN_FUNCTIONS[backend](model, arrays, batches, completed)


def on_tensorflow(model: Any, arrays: Arrays, batches: Batches, completed: Completed = as_it_is) -> TrainFunction:
    """A `tf.function` with a loop in it. Without XLA, which costs seconds of compilation and gains nothing here."""
    import tensorflow as tf

    leave_out_reduction(model.optimizer)
    columns = [tf.constant(array) for array in arrays]
    size, rows = batches.size, batches.rows

    @tf.function(autograph=False, jit_compile=False)  # type: ignore[untyped-decorator, unused-ignore]
    def run(ordered: Any, span: Any) -> None:
        def step(position: Any) -> tuple[Any]:
            first, last = position * size, tf.minimum((position + 1) * size, rows)
            chosen, *drawn = (column[first:last] for column in ordered)
            model.train_step(completed(tuple(tf.gather(column, chosen) for column in columns), drawn))
            return (position + 1,)

        tf.while_loop(lambda position: position < span[1], step, (span[0],), parallel_iterations=1)

    once = traced_once(run)

    def train(iterator: Iterator[Any]) -> dict[str, float]:
        once(*next(iterator))
        return dict(COLLECTED)

    return train


def traced_once(function: Any) -> Callable[..., Any]:
    """The `tf.function` as it is traced for the arguments of the first call; later ones have the same shapes.

    TensorFlow warns of functions that are traced often, and cannot know that each belongs to a run of its own.
    """
    traced: list[Any] = []

    def call(*arguments: Any) -> Any:
        if not traced:
            traced.append(function.get_concrete_function(*arguments))
        return traced[0](*arguments)

    return call


def on_jax(model: Any, arrays: Arrays, batches: Batches, completed: Completed = as_it_is) -> TrainFunction:
    """A jitted loop over Keras' pure train step; the state moves through it without being copied."""
    import jax
    from jax import lax

    everywhere, shared = shardings(model)
    columns = tuple(jax.device_put(array, everywhere) for array in arrays)
    size, full = batches.size, batches.full_steps

    def one(state: Any, columns: Any, ordered: Any) -> Any:
        chosen, *drawn = ordered
        batch = completed(tuple(column[chosen] for column in columns), drawn)
        if shared is not None:
            batch = lax.with_sharding_constraint(batch, shared)  # type: ignore[no-untyped-call, unused-ignore]
        _, after = model.train_step(state, batch)
        return tuple(list(part) for part in after)

    def run(state: Any, columns: Any, ordered: Any, span: Any) -> Any:
        def step(position: Any, state: Any) -> Any:
            return one(state, columns, [lax.dynamic_slice_in_dim(column, position * size, size) for column in ordered])

        if full:
            state = lax.fori_loop(span[0], jax.numpy.minimum(span[1], full), step, state)
        if batches.steps > full:  # the last batch is smaller
            rest = [column[full * size :] for column in ordered]
            state = lax.cond(span[1] > full, lambda state: one(state, columns, rest), lambda state: state, state)
        return state

    compiled = jax.jit(run, donate_argnums=0, compiler_options=compiler_options())

    def train(state: Any, iterator: Iterator[Any]) -> tuple[dict[str, float], Any]:
        ordered, span = next(iterator)
        lists = tuple(list(part) for part in state)
        if everywhere is not None:  # Keras resets some of the state on one device
            lists = jax.device_put(lists, everywhere)
        return dict(COLLECTED), compiled(lists, columns, ordered, span)

    return train


def shardings(model: Any) -> tuple[Any, Any]:
    """Where a model of Keras' data parallelism has its weights, all on each device, and its rows, a share on each;
    twice None on a single device."""
    from jax.sharding import NamedSharding, PartitionSpec

    placed = model.variables[0].value.sharding
    if len(placed.device_set) == 1:
        return None, None
    mesh = placed.mesh
    everywhere, shared = PartitionSpec(), PartitionSpec(mesh.axis_names[0])  # type: ignore[no-untyped-call, unused-ignore]
    return NamedSharding(mesh, everywhere), NamedSharding(mesh, shared)


def compiler_options() -> dict[str, Any] | None:
    """On a CPU, XLA's optimisation level 1: half the compile time, no slower to run at these sizes."""
    return {"xla_backend_optimization_level": 1} if jax_device().platform == "cpu" else None


def jax_device() -> Any:
    """What JAX computes on where nothing else is said."""
    import jax

    return jax.config.jax_default_device or jax.devices()[0]  # type: ignore[attr-defined, unused-ignore]


def on_torch(model: Any, arrays: Arrays, batches: Batches, completed: Completed = as_it_is) -> TrainFunction:
    """A plain loop."""
    import keras

    columns = [keras.ops.convert_to_tensor(array) for array in arrays]

    def train(data: list[Any]) -> dict[str, Any]:
        ordered, span = data[0]
        logs = dict(COLLECTED)
        for position in range(int(span[0]), int(span[1])):
            here = slice(position * batches.size, (position + 1) * batches.size)
            chosen, *drawn = (column[here].to(columns[0].device) for column in ordered)
            logs = model.train_step(completed(tuple(column[chosen.long()] for column in columns), drawn))
        return logs

    return train


TRAIN_FUNCTIONS: dict[str, Callable[[Any, Arrays, Batches, Completed], TrainFunction]] = {
    "tensorflow": on_tensorflow,
    "jax": on_jax,
    "torch": on_torch,
}


def build_loss(backend: str, model: Any, arrays: Arrays) -> None:
    """Lets Keras build the compiled loss on a first row, as `fit` would on the first batch of an ordinary iterator.

    On JAX without computing anything: each small computation outside a compiled program costs a compilation.
    """
    x, y = arrays[0][:1], arrays[1][:1]
    outputs = np.zeros((1, model.output_shape[-1]), x.dtype)
    if backend == "jax":
        import jax

        jax.eval_shape(lambda x, y, outputs: model.compute_loss(x=x, y=y, y_pred=outputs), x, y, outputs)
    elif backend == "torch":
        import keras

        x, y, outputs = (keras.ops.convert_to_tensor(array) for array in (x, y, outputs))
        model.compute_loss(x=x, y=y, y_pred=outputs)
