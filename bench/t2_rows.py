"""The rows of T2, the same on both sides: random pixels and labels, as only the time counts."""

import numpy as np

TRAIN, VALIDATION, PIXELS, CLASSES = 40_000, 8_000, 784, 10
EPOCHS, BATCH = 6, 128


def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.random((TRAIN + VALIDATION, PIXELS), dtype="float32")
    return x, rng.integers(0, CLASSES, len(x)).astype("int32")
