"""What an effect is measured against: the spread of seeds, or what the model leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from dlrun.insight.configurations import Configuration
from dlrun.insight.grouping import SPLIT_SEED
from dlrun.insight.maps.least_squares import squares_left
from dlrun.insight.statistics.student import incomplete_beta
from dlrun.insight.words import Said
from dlrun.store import Entry


@dataclass(frozen=True)
class Noise:
    """The error of a configuration's mean."""

    variance: float | None
    """None where nothing is left to measure it by, or nothing differs."""
    freedom: int
    by_seeds: bool
    """Whether seeds tell it; else the residuals of the additive model do, interactions included."""
    said: Said

    def of_residuals(self, squares: float, freedom: int) -> Noise:
        """The same for another model's residuals."""
        return Noise(squares / freedom if freedom > 0 and squares > 0 else None, freedom, False, self.said)

    def by_chance(self, between: int, total: float) -> float | None:
        """The share of squares that so many degrees of freedom get on average where there is no effect."""
        return None if self.variance is None or not total else min(1.0, between * self.variance / total)

    def p(self, squares: float, between: int) -> float | None:
        """The p-value of the F test."""
        if self.variance is None or between < 1:
            return None
        ratio = squares / between / self.variance
        return incomplete_beta(self.freedom / 2, between / 2, self.freedom / (self.freedom + between * ratio))


def noise_of(
    configurations: Sequence[Configuration],
    monitor: str,
    factors: Sequence[Sequence[int]],
    values: Sequence[float],
    forward: Callable[[float], float],
) -> Noise:
    """The error: by seeds in a full grid in which all configurations have equally many, else by residuals.

    Seeds that all configurations share are a block: what a seed or a fold does to all of them is no noise.

    Args:
        values: per configuration the mean.
        forward: what is done to each value before: the logarithm, or nothing.
    """
    tables = [_by_unit(found, monitor, forward) for found in configurations]
    counts = {len(table) for table in tables}
    if is_full_grid(factors) and len(counts) == 1 and (seeds := counts.pop()) > 1:
        shared = all(table.keys() == tables[0].keys() for table in tables)
        squares, freedom = _within(tables, shared)
        said = Said("maps.noise_seeds", {"seeds": seeds})
        return Noise(squares / freedom / seeds if squares > 0 else None, freedom, True, said)
    squares, parameters = squares_left(values, factors)
    freedom = len(values) - parameters
    if freedom < 1:
        return Noise(None, 0, False, Said("maps.noise_unknown", {}))
    return Noise(squares / freedom if squares > 1e-18 else None, freedom, False, Said("maps.noise_residuals", {}))


def is_full_grid(factors: Sequence[Sequence[int]]) -> bool:
    """Whether every combination of levels occurs once."""
    counts = Counter(zip(*factors, strict=True))
    cells = 1
    for levels in factors:
        cells *= max(levels) + 1
    return len(counts) == cells and set(counts.values()) == {1}


def _within(tables: Sequence[dict[object, float]], shared: bool) -> tuple[float, int]:
    """The squares within configurations and their degrees of freedom."""
    count, seeds = len(tables), len(tables[0])
    means = [fmean(table.values()) for table in tables]
    if not shared or count < 2:
        rests = [value - mean for table, mean in zip(tables, means, strict=True) for value in table.values()]
        return sum(rest * rest for rest in rests), count * (seeds - 1)
    blocks = {unit: fmean([table[unit] for table in tables]) - fmean(means) for unit in tables[0]}
    rests = [
        value - mean - blocks[unit] for table, mean in zip(tables, means, strict=True) for unit, value in table.items()
    ]
    return sum(rest * rest for rest in rests), (count - 1) * (seeds - 1)


def _by_unit(found: Configuration, monitor: str, forward: Callable[[float], float]) -> dict[object, float]:
    """Split, seed and fold -> value."""
    return {_unit(entry): forward(value) for entry in found.usable if (value := _value(entry, monitor)) is not None}


def _unit(entry: Entry) -> object:
    """What tells a run from the others of its configuration; a split seed of 0 is the default, written out or not."""
    record = entry.record
    return (record.get("spec", {}).get(SPLIT_SEED) or 0, record.get("seed"), record.get("fold"))


def _value(entry: Entry, monitor: str) -> float | None:
    return entry.record.get("metrics", {}).get(monitor)
