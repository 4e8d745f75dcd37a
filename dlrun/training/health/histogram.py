"""A histogram of a layer's activations in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 40
REACH = 4.0
"""Standard deviations from the mean; what lies beyond is counted in the outermost bins."""


@dataclass(frozen=True)
class Histogram:
    """Counts in equal bins."""

    low: float
    high: float
    counts: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """The ends in full: rounded, those of a narrow histogram would be one."""
        return {"low": self.low, "high": self.high, "counts": list(self.counts)}


def histogram_of(values: np.ndarray, mean: float, spread: float) -> Histogram | None:
    """The histogram of all values; None where one is not finite.

    Args:
        mean: of the values, and their standard deviation `spread`.
    """
    values = values.astype(np.float64)  # near divergence the differences of 32-bit numbers overflow
    if not np.isfinite(mean) or not np.isfinite(spread):
        return None
    low = max(float(values.min()), mean - REACH * spread)
    high = min(float(values.max()), mean + REACH * spread)
    if not high > low:
        low, high = around(mean)
    places = ((values - low) / (high - low) * BINS).astype(np.int64)
    counts = np.bincount(np.clip(places, 0, BINS - 1).ravel(), minlength=BINS)
    return Histogram(low, high, tuple(int(count) for count in counts))


def around(value: float) -> tuple[float, float]:
    """Ends of an interval around the only value there is."""
    reach = 0.5 * (abs(value) or 1.0)
    return value - reach, value + reach


def rounded(value: float) -> float:
    """Five significant digits: a document of thousands of numbers stays small."""
    return float(f"{value:.5g}")
