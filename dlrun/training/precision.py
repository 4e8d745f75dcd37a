"""`fit.precision`: the number formats of layers, arrays and losses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from dlrun.training.backend import current


def array_type(precision: str) -> str:
    """The format of arrays, variables, losses and of the output layer's activation."""
    return "float64" if precision == "float64" else "float32"


@contextmanager
def numbers_in(precision: str) -> Iterator[None]:
    """Keras' default float is that of `precision` inside; what it was before comes back afterwards.

    The mixed precisions compute in 16 bits inside layers only (their dtype policy), so arrays stay float32.
    """
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx(array_type(precision))
    try:
        with in_64_bits() if array_type(precision) == "float64" else nullcontext():
            yield
    finally:
        keras.config.set_floatx(before)


@contextmanager
def in_64_bits() -> Iterator[None]:
    """Lets 64 bits stay 64 bits: JAX cuts them to 32 unless told otherwise, and Keras 3.15 does so on JAX and PyTorch
    where numbers of two formats meet, in batch normalization for one."""
    from keras.src.backend.common.dtypes import BIT64_TO_BIT32_DTYPE

    before = BIT64_TO_BIT32_DTYPE["float64"]
    BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    try:
        if current() == "jax":
            import jax

            with jax.enable_x64(True):
                yield
        else:
            yield
    finally:
        BIT64_TO_BIT32_DTYPE["float64"] = before
