"""The softmax in numpy, as its formula reads and as it is computed."""

from __future__ import annotations

from typing import Any

import numpy as np


def plain(z: np.ndarray) -> np.ndarray:
    """Over the last axis, as the formula reads: not a number where an exponential is too large for the format."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(z)
        return np.asarray(powers / powers.sum(-1, keepdims=True))


def shifted(z: np.ndarray) -> np.ndarray:
    """The same after taking each row's maximum away, which changes nothing but the size of the exponentials."""
    return plain(z - z.max(-1, keepdims=True))


def fails_from(kind: Any) -> int:
    """The least whole number at which the plain softmax of [z, 0] is not a number in this format."""
    return next(z for z in range(1, 10_000) if not np.isfinite(plain(np.array([z, 0], kind))).all())


def compared(rows: int = 10_000, classes: int = 10, seed: int = 0) -> dict[str, float]:
    """What holds over random outputs before the softmax, float64 (rows, classes)."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 5, (rows, classes))
    two = z[:, :2]
    sigmoid = 1 / (1 + np.exp(-(two[:, 1] - two[:, 0])))
    huge = shifted(z + 1000)
    return {
        "shift": float(np.abs(plain(z) - shifted(z)).max()),
        "sigmoid": float(np.abs(shifted(two)[:, 1] - sigmoid).max()),
        "same_largest": float((shifted(z).argmax(-1) == z.argmax(-1)).mean()),
        "plain_at_1000": float(np.isfinite(plain(z + 1000)).all(-1).mean()),
        "shifted_at_1000": float(np.isfinite(huge).all(-1).mean()),
        "float32": fails_from("float32"),
        "float64": fails_from("float64"),
    }
