"""What optimizers make of gradients, step by step: turns on a path, the rate that is left, Adam with and without its
bias correction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlrun.training.descent import Path
from dlrun.training.surfaces import Surface

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
"""Adam's, as Keras has them."""


def turns(places: Sequence[float]) -> int:
    """How often a path turns round along one axis."""
    ways = np.sign(np.diff(places))
    ways = ways[ways != 0]
    return int((ways[1:] != ways[:-1]).sum())


def rates_left(surface: Surface, path: Path) -> np.ndarray:
    """For each step how far it went along x, as a share of the derivative there: the learning rate as it acts."""
    x, y = np.array(path.x), np.array(path.y)
    return np.asarray(-np.diff(x) / surface.slope_x(x, y)[:-1])


def falls_like(values: np.ndarray) -> float:
    """The power of the step's number, from 1, that values fall like: the slope on two logarithmic axes."""
    return float(np.polyfit(np.log(np.arange(1, len(values) + 1)), np.log(values), 1)[0])


def adam(gradients: np.ndarray, rate: float, corrected: bool = True) -> np.ndarray:
    """How far Adam goes at each step, given the derivative at each (Kingma and Ba 2015, algorithm 1).

    Args:
        gradients: (steps,)
        corrected: with its bias correction; without it both running means are too close to their start at 0.
    """
    mean = square = 0.0
    found = []
    for step, gradient in enumerate(gradients, 1):
        mean = BETA_1 * mean + (1 - BETA_1) * gradient
        square = BETA_2 * square + (1 - BETA_2) * gradient**2
        shares = (1 - BETA_1**step, 1 - BETA_2**step) if corrected else (1.0, 1.0)
        found.append(rate * mean / shares[0] / (np.sqrt(square / shares[1]) + EPSILON))
    return np.array(found)
