"""Prints how many float32 operations per second a product of two large matrices does, as JSON: numpy's and JAX's.

Full float32 precision on a GPU too, where JAX' default would round the inputs to fewer bits.
"""

import json
import time
from collections.abc import Callable

import jax
import numpy as np

SIZE, ROUNDS = 2048, 7


def rate(multiply: Callable[[], object], size: int) -> float:
    """The best of several rounds: a limit is what the machine can do, not what it did in a slow moment."""
    multiply()
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        multiply()
        seconds.append(time.perf_counter() - began)
    return 2 * size**3 / min(seconds)


size = SIZE if jax.default_backend() == "cpu" else 4 * SIZE
host = np.random.default_rng(0).random((SIZE, SIZE), dtype="float32")
device = jax.random.uniform(jax.random.key(0), (size, size))
product = jax.jit(lambda x: jax.numpy.matmul(x, x, precision="highest"))
found = {"numpy": rate(lambda: host @ host, SIZE), "jax": rate(lambda: product(device).block_until_ready(), size)}
print(json.dumps(found))
