"""Many comparisons at once, and comparisons with the best of many."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.insight.statistics.moments import mean
from dlrun.insight.statistics.sample import Sample, Unit

LEVEL = 0.05
"""The chance of calling any difference in a table in which there is none."""


def holm(p_values: Sequence[float | None], tests: int | None = None) -> list[float | None]:
    """The p-values corrected for how many there are (Holm 1979), in their order; None stays None.

    Rejecting those that are at most 5 % calls a difference where there is none in at most 5 % of all tables, however
    the tests depend on each other.

    Args:
        tests: of how many they are a part; as many as there are when not given.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    largest, in_all = 0.0, max(tests or 0, len(known))
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, (in_all - rank) * p))
        corrected[place] = largest
    return corrected


def pairs_of(count: int) -> int:
    """How many pairs there are among so many: each of them might have been the best and the one beside it."""
    return count * (count - 1) // 2


def too_good_by(samples: Sequence[Sample], greater: bool = False) -> float | None:
    """By how much the mean of the best of these is probably too good, because it was chosen by that very mean.

    Each seed (each split or fold, where there are several) is left out once: the best by the others is chosen, and
    measured on what was left out. Tibshirani & Tibshirani (2009) correct cross-validation in this way. Noise can turn
    the estimate around; it is then 0. None where fewer than two are shared by all.

    Args:
        greater: whether larger values are better.
    """
    tables = _aligned([sample for sample in samples if sample.values])
    if len(tables) < 2 or len(tables[0]) < 2:
        return None
    sign = -1.0 if greater else 1.0
    left_out = []
    for place in range(len(tables[0])):
        rest = [mean([value for other, value in enumerate(values) if other != place]) for values in tables]
        chosen = min(range(len(tables)), key=lambda row: sign * rest[row])
        left_out.append(tables[chosen][place])
    best = min(sign * mean(values) for values in tables)
    return max(0.0, sign * mean(left_out) - best)


def _aligned(samples: Sequence[Sample]) -> list[list[float]]:
    """The values of each, one per repetition that all of them have."""
    found = [_repetitions(sample) for sample in samples]
    common = [key for key in found[0] if all(key in other for other in found)] if found else []
    return [[values[key] for key in common] for values in found]


def _repetitions(sample: Sample) -> dict[object, float]:
    partitions = sample.partitions
    if len(partitions) > 1:
        return {division: mean(values) for division, values in partitions.items()}
    return {_key(unit): value for unit, value in sample.values.items()}


def _key(unit: Unit) -> object:
    return (unit.split, unit.fold, unit.seed)
