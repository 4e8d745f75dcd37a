"""Made-up data: logic gates and the classic two-dimensional point clouds.

Points are rounded to nine decimals: the last bits of a sine differ between processors, and a data set must have the
same content, hence the same fingerprint, on all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlrun.data.inline import array_table
from dlrun.data.streams import stream
from dlrun.data.table import Table, Text
from dlrun.spec import Data

Points = tuple[np.ndarray, np.ndarray]
"""float64 (rows, 2) and the classes (rows,)."""

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
GATE_OUTPUTS = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xor": (0, 1, 1, 0),
    "xnor": (1, 0, 0, 1),
}
"""What each gate answers at the rows of `CORNERS`."""

DEFAULT_ROWS = 1000
DEFAULT_NOISE = 0.1
SPIRAL_TURNS = 1.5
SPIRAL_RADIUS = 2.0


def generated_table(name: str, data: Data) -> Table:
    """The table of one generator; the same for the same `rows`, `noise` and `split_seed`."""
    rng = stream(data.split_seed, "generate")
    if name in GATE_OUTPUTS:
        points, classes = gate(name, data.rows or len(CORNERS), data.noise or 0.0, rng)
    else:
        noise = DEFAULT_NOISE if data.noise is None else data.noise
        points, classes = CLOUDS[name](data.rows or DEFAULT_ROWS, noise, rng)
    return array_table(name, np.round(points, 9), Text.of([str(label) for label in classes.tolist()]))


def gate(name: str, rows: int, noise: float, rng: np.random.Generator) -> Points:
    """Corner after corner in turn, each moved by Gaussian noise; 4 rows without noise are the truth table."""
    corner = np.arange(rows) % len(CORNERS)
    points = CORNERS[corner] + noise * rng.standard_normal((rows, 2))
    return points, np.array(GATE_OUTPUTS[name])[corner]


def moons(rows: int, noise: float, rng: np.random.Generator) -> Points:
    """scikit-learn's two half circles that reach into each other."""
    from sklearn.datasets import make_moons

    points, classes = make_moons(rows, noise=noise, random_state=_sklearn_seed(rng))
    return points, classes


def circles(rows: int, noise: float, rng: np.random.Generator) -> Points:
    """scikit-learn's circle of radius 0.5 inside one of radius 1."""
    from sklearn.datasets import make_circles

    points, classes = make_circles(rows, noise=noise, factor=0.5, random_state=_sklearn_seed(rng))
    return points, classes


def blobs(rows: int, noise: float, rng: np.random.Generator) -> Points:
    """scikit-learn's Gaussian clusters, here three around the corners of a triangle of radius 1."""
    from sklearn.datasets import make_blobs

    angle = 2 * np.pi * np.arange(3) / 3 + np.pi / 2
    centers = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points, classes = make_blobs(rows, centers=centers, cluster_std=noise, random_state=_sklearn_seed(rng))
    return points, classes


def spirals(rows: int, noise: float, rng: np.random.Generator) -> Points:
    """Two arms of 1.5 turns, half a turn apart, from the middle to radius 2."""
    arm = np.arange(rows) % 2
    along = np.sqrt(rng.uniform(size=rows))  # the root spreads the points evenly over the arm's length
    angle = 2 * np.pi * SPIRAL_TURNS * along + np.pi * arm
    points = SPIRAL_RADIUS * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points + noise * rng.standard_normal((rows, 2)), arm


CLOUDS: dict[str, Callable[[int, float, np.random.Generator], Points]] = {
    "moons": moons,
    "circles": circles,
    "spirals": spirals,
    "blobs": blobs,
}


def _sklearn_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**32))
