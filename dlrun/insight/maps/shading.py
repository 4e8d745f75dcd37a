"""Where a cell's value stands between the lowest and the highest of a map, and the mark of its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dlrun.insight.maps.capacity import CapacityMap, is_loss

DECADE = 5
"""A loss whose highest value is more than so many times the lowest is shaded by ratios."""
MARKS = {
    "underfit": "u",
    "not converged": "n",
    "good fit": " ",
    "overfit": "o",
    "learning rate too high": "r",
    "diverged": "d",
    "too noisy to tell": "?",
    "no validation data": " ",
}
"""One character per verdict; a good fit needs none."""


def span_of(found: CapacityMap, keys: Sequence[str]) -> tuple[float, float] | None:
    """The lowest and the highest value of some columns together; None where there is none."""
    values = [cell[key] for cell in found.cells for key in keys if cell.get(key) is not None]
    return (min(values), max(values)) if values else None


def by_ratio(key: str, low: float, high: float) -> bool:
    """Whether equal ratios of a value are equal steps of its shade."""
    return (is_loss(key) or key in ("parameters", "seconds")) and low > 0 and high > DECADE * low


def position(value: float, low: float, high: float, ratio: bool) -> float:
    """From 0 for the lowest to 1 for the highest."""
    if high <= low:
        return 0.0
    if ratio:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)
