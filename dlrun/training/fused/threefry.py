"""The random numbers that a member alone would draw, redrawn inside a program of many.

Keras' `Dropout` on JAX keeps an entry where `jax.random.bernoulli(key, keep, (rows, units))` is true, with the key
(seed, how often the layer was called). JAX draws the bits of entry i of an array, counted row by row, from the counter
i alone (`jax_threefry_partitionable`). So entry (b, j) of a net with `width` units has the counter `b * width + j`,
whatever it is padded to. The noise of `GaussianNoise` is drawn from the same words, as `jax.random.normal` does it.

The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3;
SC 2011). JAX has it as `jax.extend.random.threefry_2x32`, on a CPU as a loop over arrays in memory; written out it
stays in registers, which makes it several times faster.
"""

from __future__ import annotations

from typing import Any

import numpy as np

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA


def threefry_2x32(key: tuple[Any, Any], counter: Any) -> tuple[Any, Any]:
    """Two words of 32 bits for each counter below 2**32.

    Args:
        key: two uint32 scalars.
        counter: uint32, any shape.
    """
    keys = (key[0], key[1], key[0] ^ key[1] ^ np.uint32(PARITY))
    high, low = keys[0], counter + keys[1]
    for group in range(5):
        for bits in ROTATIONS[group % 2]:
            high = high + low
            low = rotated(low, bits) ^ high
        high = high + keys[(group + 1) % 3]
        low = low + keys[(group + 2) % 3] + np.uint32(group + 1)
    return high, low


def rotated(word: Any, bits: int) -> Any:
    """The word with its bits turned to the left."""
    return (word << np.uint32(bits)) | (word >> np.uint32(32 - bits))


def kept(key: tuple[Any, Any], last: Any, rows: int, width: Any, padded: int) -> Any:
    """bool (rows, padded): which entries dropout keeps; beyond `width` anything.

    Args:
        key: two uint32 scalars.
        last: `last_kept` of the keep probability; its type, uint32 or uint64, decides how many bits are drawn.
        rows: of the batch.
        width: the true number of units, a uint32 scalar.
        padded: columns of the result.
    """
    import jax
    import jax.numpy as jnp

    row = jax.lax.broadcasted_iota(jnp.uint32, (rows, padded), 0)
    column = jax.lax.broadcasted_iota(jnp.uint32, (rows, padded), 1)
    return words(key, row * width + column, last.dtype) <= last


def words(key: tuple[Any, Any], counter: Any, kind: Any) -> Any:
    """A random word of 32 or 64 bits for each counter, of the type uint32 or uint64."""
    import jax.numpy as jnp

    high, low = threefry_2x32(key, counter)
    if kind == jnp.uint64:
        return (high.astype(jnp.uint64) << np.uint64(32)) | low.astype(jnp.uint64)
    return high ^ low


def normal(key: tuple[Any, Any], rows: int, columns: int, precision: str) -> Any:
    """float (rows, columns): `jax.random.normal(key, (rows, columns))`; fewer rows are the first of more.

    The upper bits of a word are the mantissa of a number in [1, 2), which is stretched to (-1, 1) and put through the
    inverse error function.
    """
    import jax
    import jax.numpy as jnp

    bits, mantissa = (64, 52) if precision == "float64" else (32, 23)
    number, word = (np.float64, np.uint64) if precision == "float64" else (np.float32, np.uint32)
    row = jax.lax.broadcasted_iota(jnp.uint32, (rows, columns), 0)
    column = jax.lax.broadcasted_iota(jnp.uint32, (rows, columns), 1)
    drawn = words(key, row * np.uint32(columns) + column, jnp.dtype(word))
    exponent = np.ones((), number).view(word)
    unit = jax.lax.bitcast_convert_type((drawn >> word(bits - mantissa)) | exponent, number) - number(1)
    least = np.nextafter(number(-1), number(0))
    spread = jnp.maximum(least, unit * (number(1) - least) + least)
    return number(np.sqrt(2)) * jax.lax.erf_inv(spread)


def last_kept(rate: float, precision: str) -> np.unsignedinteger[Any]:
    """The largest random word that is kept at this dropout rate.

    JAX takes the upper bits of a word of b bits as the mantissa of a float u in [0, 1) and keeps where u < p. With m
    mantissa bits u = (word >> (b - m)) / 2**m, so it keeps where word >> (b - m) < ceil(p * 2**m).
    """
    bits, mantissa = (64, 52) if precision == "float64" else (32, 23)
    number, word = (np.float64, np.uint64) if precision == "float64" else (np.float32, np.uint32)
    threshold = int(np.ceil(np.ldexp(float(number(1.0 - rate)), mantissa)))
    return word((threshold << (bits - mantissa)) - 1)
