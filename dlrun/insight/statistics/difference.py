"""How two configurations differ: in pairs where they share seeds and rows, by Welch's test where they do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.insight.statistics.moments import deviation, magnitude, mean, variance
from dlrun.insight.statistics.sample import Sample
from dlrun.insight.statistics.student import t_quantile, two_sided

PAIRED, WELCH, COUNTED, NONE = "paired", "welch", "counted", "none"
"""How a difference was judged; `counted` is by counting arrangements, where there is no spread to measure it by."""
_NOTHING = 1e-12
"""A spread smaller than this share of the values is rounding."""


@dataclass(frozen=True)
class Difference:
    """The mean of the first less that of the second."""

    mean: float
    half: float | None
    """Half of its 95 % interval; None where it cannot be known."""
    p: float | None
    """The chance of a difference at least so large if there were none; None where it cannot be known."""
    method: str
    count: int
    """Pairs; for Welch's test the values of the smaller side."""

    @property
    def low(self) -> float | None:
        return None if self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        return None if self.half is None else self.mean + self.half


def difference(a: Sample, b: Sample) -> Difference | None:
    """The difference of two configurations; None where one has no value.

    Runs with the same seed on the same rows are pairs. Without enough of those, means over seeds on the same division
    of the rows are. Without those the two are independent. What draws nothing at random is a partner to every seed.
    """
    if not a.values or not b.values:
        return None
    if a.fixed != b.fixed and not (a.level and b.level):
        a, b = (a.at_the_seeds_of(b), b) if a.fixed else (a, b.at_the_seeds_of(a))
    pairs = [(a.values[unit], b.values[unit], (unit.split, unit.fold)) for unit in a.values if unit in b.values]
    if len(pairs) >= 2 and 2 * len(pairs) >= min(len(a.values), len(b.values)):
        divided: dict[object, list[float]] = {}
        for left, right, division in pairs:
            divided.setdefault(division, []).append(left - right)
        if len(divided) == 1:
            return paired_difference([left - right for left, right, _ in pairs])
        return paired_difference([mean(found) for found in divided.values()], max(a.overlap, b.overlap))
    left_parts, right_parts = a.partitions, b.partitions
    common = [division for division in left_parts if division in right_parts]
    if len(common) > 1:
        found = [mean(left_parts[division]) - mean(right_parts[division]) for division in common]
        return paired_difference(found, max(a.overlap, b.overlap))
    return welch_difference(a.replicates, b.replicates, a.shared, b.shared)


def paired_difference(differences: Sequence[float], overlap: float = 0.0) -> Difference:
    """The mean of some differences, one per pair, by the paired t-test.

    Args:
        overlap: validation rows per train row, where pairs come from splits of the same rows (see `mean_interval`).
    """
    count, middle = len(differences), mean(differences)
    if count < 2:
        return Difference(middle, None, None, NONE, count)
    spread = deviation(differences)
    if spread <= _NOTHING * max(map(abs, differences)):
        return _without_spread(middle, 2.0 ** (1 - count), count)
    error = math.sqrt(1 / count + overlap) * spread
    return Difference(middle, t_quantile(count - 1) * error, two_sided(middle / error, count - 1), PAIRED, count)


def welch_difference(
    a: Sequence[float], b: Sequence[float], a_overlap: float = 0.0, b_overlap: float = 0.0
) -> Difference:
    """The difference of the means of two independent groups, whose spreads may differ (Welch 1947)."""
    middle, count = mean(a) - mean(b), min(len(a), len(b))
    if count < 2:
        return Difference(middle, None, None, NONE, count)
    by = magnitude((*a, *b))
    a, b = [value / by for value in a], [value / by for value in b]
    squares = [(1 / len(a) + a_overlap) * variance(a), (1 / len(b) + b_overlap) * variance(b)]
    error = math.sqrt(sum(squares))
    if error <= _NOTHING * max(map(abs, (*a, *b))):
        return _without_spread(middle, 2 / math.comb(len(a) + len(b), len(a)), count)
    parts = [square**2 / (len(values) - 1) for square, values in zip(squares, (a, b), strict=True)]
    freedom = sum(squares) ** 2 / sum(parts)
    return Difference(middle, t_quantile(freedom) * error * by, two_sided(middle / by / error, freedom), WELCH, count)


def _without_spread(middle: float, by_chance: float, count: int) -> Difference:
    """Of values without any spread: the chance that all signs, or all of one group, fall on one side."""
    return Difference(middle, None if middle else 0.0, by_chance if middle else 1.0, COUNTED, count)
