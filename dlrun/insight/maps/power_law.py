"""The power law of learning curves, loss = a + b n^-c (Hestness et al. 2017, "Deep learning scaling is predictable,
empirically"), fitted without scipy: for a given c it is linear in a and b, so c alone is searched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

STEEPEST, FLATTEST = 3.0, 0.02
"""Bounds of c. A steeper fall than n^-3 is not seen in practice; a flatter one cannot be told from a constant."""
_TRIED = 240
_FINER = 60
DRAWS = 1000
_SEED = 20261121


@dataclass(frozen=True)
class PowerLaw:
    """loss(n) = floor + scale * n^-exponent, floor and scale not below 0."""

    floor: float
    scale: float
    exponent: float

    def at(self, rows: float) -> float:
        return self.floor + self.scale * math.pow(rows, -self.exponent)


@dataclass(frozen=True)
class Outlook:
    """What twice the rows would bring, by the fitted law."""

    law: PowerLaw
    rows: float
    """The most rows there are."""
    now: float
    """The law's loss there."""
    doubled: float
    """The law's loss at twice as many."""
    low: float
    high: float
    """95 % interval of `doubled`."""
    gain: float
    """Share of the loss that doubling takes away."""
    gain_low: float
    gain_high: float


def power_law(rows: Sequence[float], losses: Sequence[float], errors: Sequence[float] | None = None) -> PowerLaw:
    """The law with the least sum of squares.

    Args:
        errors: standard errors, of which only the ratios matter; equal when not given.
    """
    import numpy as np

    n, y = np.asarray(rows, float), np.asarray(losses, float)
    weights = np.ones_like(y) if errors is None else 1 / np.asarray(errors, float)
    floor, scale, exponent = _best(n, y[:, None], weights, np.geomspace(FLATTEST, STEEPEST, _TRIED))
    step = (STEEPEST / FLATTEST) ** (1 / (_TRIED - 1))
    for _ in range(3):  # closer and closer around the best
        finer = np.geomspace(exponent[0] / step, exponent[0] * step, _FINER).clip(FLATTEST, STEEPEST)
        floor, scale, exponent = _best(n, y[:, None], weights, finer)
        step = step ** (2 / (_FINER - 1))
    return PowerLaw(float(floor[0]), float(scale[0]), float(exponent[0]))


def outlook(rows: Sequence[float], losses: Sequence[float], errors: Sequence[float]) -> Outlook:
    """What doubling the most rows would bring; intervals by refitting means drawn with their standard errors."""
    import numpy as np

    n, y, spread = (np.asarray(values, float) for values in (rows, losses, errors))
    law = power_law(rows, losses, errors)
    most = float(n.max())
    noise = np.random.default_rng(_SEED).standard_normal((len(y), DRAWS))
    drawn = np.array([law.at(value) for value in rows])[:, None] + spread[:, None] * noise
    floor, scale, exponent = _best(n, drawn, 1 / spread, np.geomspace(FLATTEST, STEEPEST, _TRIED))
    now, then = (floor + scale * size**-exponent for size in (most, 2 * most))
    gains = np.divide(now - then, now, out=np.zeros_like(now), where=now > 0)
    low, high = np.quantile(then, (0.025, 0.975))
    gain_low, gain_high = np.quantile(gains, (0.025, 0.975))
    here, doubled = law.at(most), law.at(2 * most)
    gain = (here - doubled) / here if here > 0 else 0.0
    return Outlook(law, most, here, doubled, float(low), float(high), gain, float(gain_low), float(gain_high))


def _best(n: Any, y: Any, weights: Any, exponents: Any) -> tuple[Any, Any, Any]:
    """Per column of y the law with the least weighted squares among these exponents.

    Args:
        n: (points,) rows.
        y: (points, curves) losses.
        weights: (points,) one over the standard errors.
    """
    import numpy as np

    squared = weights**2
    powers = (n / n.max()) ** -exponents[:, None]  # (exponents, points), 1 at the most rows
    count = squared.sum()
    p1, p2 = powers @ squared, powers**2 @ squared
    y1, yp, y2 = squared @ y, (powers * squared) @ y, squared @ y**2
    spread = count * p2 - p1**2
    scale = (count * yp - p1[:, None] * y1) / spread[:, None]
    floor = (y1 - p1[:, None] * scale) / count
    bare = floor < 0  # nothing is below 0: then without a floor
    scale, floor = np.where(bare, yp / p2[:, None], scale), np.where(bare, 0.0, floor)
    rising = scale < 0  # nor does a law rise: then it is flat
    scale, floor = np.where(rising, 0.0, scale), np.where(rising, y1 / count, floor)
    left = (
        y2 - 2 * (floor * y1 + scale * yp) + floor**2 * count + 2 * floor * scale * p1[:, None] + scale**2 * p2[:, None]
    )
    least = left.argmin(axis=0)
    columns = np.arange(y.shape[1])
    chosen = exponents[least]
    return floor[least, columns], scale[least, columns] * n.max() ** chosen, chosen


def relative_error(tables: Sequence[Sequence[float]]) -> float | None:
    """The spread of one value as a share of its mean, pooled over several means; None without any repeated value."""
    squares = freedom = 0.0
    for values in tables:
        mean = sum(values) / len(values)
        if len(values) > 1 and mean > 0:
            squares += sum((value - mean) ** 2 for value in values) / mean**2
            freedom += len(values) - 1
    return math.sqrt(squares / freedom) if freedom else None
