"""Functions of two numbers to descend on: an anisotropic bowl, a plateau, a funnel, a saddle, two wells, four minima.

`SURFACES[name]` has the formula as text, the value, the exact gradient, where descents start, what is shown, and the
minima. `dlrun.training.descent` draws the paths of Keras' optimizers on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""x, y, both of any one shape -> values of that shape."""


@dataclass(frozen=True)
class Surface:
    """A function f(x, y) that is to be made small."""

    name: str
    formula: str
    value: Field
    slope_x: Field
    """Its derivative by x."""
    slope_y: Field
    start: tuple[float, float]
    """Where a descent begins."""
    x: tuple[float, float]
    """What is shown, and where many starts are drawn from."""
    y: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    """Every local minimum, the lowest first."""
    levels: tuple[float, ...]
    """Values at which contour lines are drawn."""

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """(points, 2): both derivatives at points (points, 2). Where a descent has left all bounds, no number."""
        x, y = points[:, 0], points[:, 1]
        with np.errstate(all="ignore"):
            return np.stack([self.slope_x(x, y), self.slope_y(x, y)], axis=1)

    def values(self, points: np.ndarray) -> np.ndarray:
        """(points,): f at points (points, 2)."""
        with np.errstate(all="ignore"):
            return self.value(points[:, 0], points[:, 1])

    @property
    def lowest(self) -> float:
        """f at the lowest minimum."""
        return self.minimum_values[0]

    @property
    def minimum_values(self) -> tuple[float, ...]:
        """f at each minimum."""
        return tuple(float(value) for value in self.values(np.array(self.minima)))


def _well(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-(x**2) / 2 - y**2 / 8))


BOWL = Surface(
    "bowl",
    "f(x, y) = x²/20 + y²",
    value=lambda x, y: x**2 / 20 + y**2,
    slope_x=lambda x, y: x / 10,
    slope_y=lambda x, y: 2 * y,
    start=(-7.0, 2.0),
    x=(-8.0, 8.0),
    y=(-4.0, 4.0),
    minima=((0.0, 0.0),),
    levels=(0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0),
)
"""Twenty times as steep one way as the other."""

PLATEAU = Surface(
    "plateau",
    "f(x, y) = 1 - exp(-x²/2 - y²/8)",
    value=lambda x, y: 1 - _well(x, y),
    slope_x=lambda x, y: x * _well(x, y),
    slope_y=lambda x, y: y / 4 * _well(x, y),
    start=(-3.0, 3.0),
    x=(-4.0, 4.0),
    y=(-4.0, 4.0),
    minima=((0.0, 0.0),),
    levels=(0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.999),
)
"""Flat far away from its one well: at the start the slope is a hundredth of the steepest."""

FUNNEL = Surface(
    "funnel",
    "f(x, y) = √(1 + x²) + √(1 + y²)/2",
    value=lambda x, y: np.sqrt(1 + x**2) + np.sqrt(1 + y**2) / 2,
    slope_x=lambda x, y: x / np.sqrt(1 + x**2),
    slope_y=lambda x, y: y / np.sqrt(1 + y**2) / 2,
    start=(-8.0, 3.0),
    x=(-9.0, 7.0),
    y=(-4.0, 4.0),
    minima=((0.0, 0.0),),
    levels=(1.6, 2.0, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5),
)
"""Slopes that stay the same all the way down: what an optimizer remembers of them adds up."""

SADDLE = Surface(
    "saddle",
    "f(x, y) = x² - y² + y⁴/8",
    value=lambda x, y: x**2 - y**2 + y**4 / 8,
    slope_x=lambda x, y: 2 * x,
    slope_y=lambda x, y: -2 * y + y**3 / 2,
    start=(-2.5, 0.001),
    x=(-3.0, 3.0),
    y=(-3.0, 3.0),
    minima=((0.0, 2.0), (0.0, -2.0)),
    levels=(-1.9, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0, 6.0),
)
"""The start lies almost on the ridge that leads to the saddle point (0, 0)."""

TWO_WELLS = Surface(
    "two_wells",
    "f(x, y) = (x² - 1)² + x/4 + y²/2",
    value=lambda x, y: (x**2 - 1) ** 2 + x / 4 + y**2 / 2,
    slope_x=lambda x, y: 4 * x * (x**2 - 1) + 1 / 4,
    slope_y=lambda x, y: y,
    start=(1.8, 1.5),
    x=(-2.0, 2.0),
    y=(-2.0, 2.0),
    minima=((-1.0299006, 0.0), (0.9671482, 0.0)),
    levels=(-0.2, -0.1, 0.0, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 4.0, 7.0),
)
"""A lower well on the left, a higher one on the right, on whose side the start lies."""

HIMMELBLAU = Surface(
    "himmelblau",
    "f(x, y) = (x² + y - 11)² + (x + y² - 7)²",
    value=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    slope_x=lambda x, y: 4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
    slope_y=lambda x, y: 2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    start=(-0.5, -1.0),
    x=(-5.0, 5.0),
    y=(-5.0, 5.0),
    minima=((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848127)),
    levels=(2.0, 10.0, 30.0, 60.0, 100.0, 180.0, 300.0, 500.0),
)
"""Himmelblau (1972): four minima, all 0."""

SURFACES: dict[str, Surface] = {
    surface.name: surface for surface in (BOWL, PLATEAU, FUNNEL, SADDLE, TWO_WELLS, HIMMELBLAU)
}
