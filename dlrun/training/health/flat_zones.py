"""Where activations are flat: next to no gradient passes there, so what lies there does not learn.

A zone is where the slope is below 5 % of the steepest (`SHARE`). It is an interval of what enters the activation; the
tests find the same zones in the derivatives of the installed Keras.
"""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np

SHARE: Final = 0.05
"""Of the steepest slope."""

FLAT_ZONES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "celu": ((-inf, -2.996),),
    "elu": ((-inf, -2.996),),
    "gelu": ((-inf, -2.279),),
    "hard_shrink": ((-0.5, 0.5),),
    "hard_sigmoid": ((-inf, -3.0), (3.0, inf)),
    "hard_silu": ((-inf, -3.0),),
    "hard_tanh": ((-inf, -1.0), (1.0, inf)),
    "log_sigmoid": ((2.944, inf),),
    "mish": ((-inf, -3.981),),
    "relu": ((-inf, 0.0),),
    "relu6": ((-inf, 0.0), (6.0, inf)),
    "selu": ((-inf, -2.996),),
    "sigmoid": ((-inf, -4.357), (4.357, inf)),
    "silu": ((-inf, -3.93),),
    "soft_shrink": ((-0.5, 0.5),),
    "softplus": ((-inf, -2.944),),
    "softsign": ((-inf, -3.472), (3.472, inf)),
    "sparse_plus": ((-inf, -0.9),),
    "sparse_sigmoid": ((-inf, -1.0), (1.0, inf)),
    "squareplus": ((-inf, -4.136),),
    "tanh": ((-inf, -2.178), (2.178, inf)),
    "tanh_shrink": ((-0.227, 0.227),),
}
"""Activation -> its zones, ends included. Those that are not here have none (linear, leaky_relu), or no steepest slope
(exponential), or mix units (softmax); `step` has no slope at all."""

SATURATING: Final = ("hard_sigmoid", "hard_tanh", "sigmoid", "softsign", "sparse_sigmoid", "tanh")
"""Those with a ceiling and a floor."""


def flat(activation: str, before: np.ndarray) -> np.ndarray | None:
    """bool (rows, units): where what enters the activation lies in a flat zone; None for one without zones."""
    zones = FLAT_ZONES.get(activation)
    if zones is None:
        return None
    found = np.zeros(before.shape, bool)
    for low, high in zones:
        found |= (before >= low) & (before <= high)
    return found
