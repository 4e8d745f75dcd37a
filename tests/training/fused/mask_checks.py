"""Dropout masks of a padded program beside Keras' own layer and `jax.random.bernoulli`, on JAX."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.training.fused.threefry import kept, last_kept, normal, threefry_2x32
from dlrun.training.precision import numbers_in

PADDED = 64
WIDTHS = (1, 19, 33, 64)
RATES = st.one_of(
    st.sampled_from([0.0, 1e-9, 1e-7, 2**-24, 2**-23, 0.2, 0.5, 0.9, 1 - 2**-23, 1 - 2**-24, 1 - 1e-9, 1 - 2**-53]),
    st.floats(0, 1, exclude_max=True),
)
WORDS = st.integers(0, 2**32 - 1)


def mask(seed: int, call: int, rate: float, rows: int, width: int, precision: str) -> np.ndarray:
    """What a member of this width keeps inside the padded program; its own columns."""
    key = (np.uint32(seed), np.uint32(call))
    last = np.asarray(last_kept(rate, precision))
    return np.asarray(kept(key, last, rows, np.uint32(width), PADDED))[:, :width]


def bernoulli(precision: str) -> None:
    import jax
    import jax.numpy as jnp

    @settings(max_examples=40, deadline=None)
    @given(WORDS, WORDS, RATES, st.sampled_from((1, 13)), st.sampled_from(WIDTHS))
    def same(seed: int, call: int, rate: float, rows: int, width: int) -> None:
        with numbers_in(precision):
            key = jnp.array([seed, call], jnp.uint32)
            wanted = jax.random.bernoulli(key, 1.0 - rate, (rows, width))
            np.testing.assert_array_equal(mask(seed, call, rate, rows, width, precision), np.asarray(wanted))

    same()


def keras_layer(precision: str) -> None:
    """Call after call, the last one with fewer rows."""
    import keras

    with numbers_in(precision):
        for width in WIDTHS:
            for rate in (0.001, 0.2, 0.5, 0.97):
                layer = keras.layers.Dropout(rate, seed=123, dtype=precision)
                for call, rows in enumerate((16, 16, 16, 5)):
                    ones = np.ones((rows, width), precision)
                    result = np.asarray(layer(ones, training=True))
                    keep = mask(123, call, rate, rows, width, precision)
                    np.testing.assert_array_equal(result, np.where(keep, ones / np.asarray(1 - rate, precision), 0))


def generator() -> None:
    """Beside JAX's own Threefry."""
    import jax.numpy as jnp
    from jax.extend.random import threefry_2x32 as by_jax

    @settings(max_examples=50, deadline=None)
    @given(WORDS, WORDS, st.lists(WORDS, min_size=5, max_size=5))
    def same(one: int, other: int, counters: list[int]) -> None:
        low = np.array(counters, np.uint32)
        key = jnp.array([one, other], jnp.uint32)
        wanted = np.asarray(by_jax(key, jnp.concatenate([jnp.zeros_like(low), low])))
        with np.errstate(over="ignore"):
            found = threefry_2x32((np.uint32(one), np.uint32(other)), low)
        np.testing.assert_array_equal(np.concatenate([np.broadcast_to(part, low.shape) for part in found]), wanted)

    same()


def noise(precision: str) -> None:
    """Bit-equal with JAX, and with Keras' layer call after call, the last one with fewer rows."""
    import jax
    import jax.numpy as jnp
    import keras

    def drawn(seed: int, call: int, rows: int, columns: int) -> np.ndarray:
        compiled = jax.jit(normal, static_argnums=(1, 2, 3))
        return np.asarray(compiled((np.uint32(seed), np.uint32(call)), rows, columns, precision))

    with numbers_in(precision):
        for seed, call, rows, columns in ((0, 0, 1, 1), (2**31 - 1, 7, 13, 5), (123, 2**32 - 1, 64, 33)):
            wanted = jax.random.normal(jnp.array([seed, call], jnp.uint32), (rows, columns))
            np.testing.assert_array_equal(drawn(seed, call, rows, columns), np.asarray(wanted))
        layer = keras.layers.GaussianNoise(1.0, seed=321, dtype=precision)
        for call, rows in enumerate((16, 16, 5)):
            found = np.asarray(layer(np.zeros((rows, 7), precision), training=True))
            np.testing.assert_array_equal(found, drawn(321, call, 16, 7)[:rows])


CHECKS: dict[str, Any] = {
    "bernoulli in 32 bits": partial(bernoulli, "float32"),
    "bernoulli in 64 bits": partial(bernoulli, "float64"),
    "keras.layers.Dropout in 32 bits": partial(keras_layer, "float32"),
    "keras.layers.Dropout in 64 bits": partial(keras_layer, "float64"),
    "threefry": generator,
    "noise in 32 bits": partial(noise, "float32"),
    "noise in 64 bits": partial(noise, "float64"),
}
