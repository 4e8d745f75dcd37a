"""The `step` activation, which Keras does not have: for perceptrons put together by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def step_activation() -> Callable[[Any], Any]:
    """The function x -> 1 where x > 0, else 0 (0 at 0), with a gradient of 0 everywhere.

    It is registered with Keras as `dlrun>step`. As a composition of Keras' own `sign` and `relu` its gradient is 0 on
    every backend; a comparison would have none at all on TensorFlow.
    """
    import keras

    @keras.saving.register_keras_serializable(package="dlrun", name="step")  # type: ignore[untyped-decorator, unused-ignore]
    def step(x: Any) -> Any:
        return keras.ops.sign(keras.ops.relu(x))

    return step  # type: ignore[no-any-return, unused-ignore]
