"""What measured differences are evidence for."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.insight.statistics import Difference, paired_difference, welch_difference


def higher(values: Sequence[float], others: Sequence[float], paired: bool = True) -> bool:
    """Whether the first are higher on average, with a 95 % interval of the difference that lies above 0.

    Args:
        paired: whether values at the same place share a seed (and rows); else the two are independent.
    """
    if paired:
        return above_zero(paired_difference([one - other for one, other in zip(values, others, strict=True)]))
    return above_zero(welch_difference(values, others))


def above_zero(difference: Difference) -> bool:
    """Whether its 95 % interval lies above 0. Differences without any spread have none: then whether they do."""
    return difference.mean > 0 and (difference.low is None or difference.low > 0) and difference.count > 1
