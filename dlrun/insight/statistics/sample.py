"""The values of one configuration, each with what it was measured on: which split, which fold, which seed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dlrun.insight.statistics.moments import mean


class Unit(NamedTuple):
    """What tells the runs of one configuration apart."""

    split: Hashable
    """Which rows are held out: equal for runs whose split was drawn in the same way, with the same seed."""
    fold: int | None
    seed: int | None


@dataclass(frozen=True)
class Sample:
    """Some values of one configuration."""

    values: Mapping[Unit, float]
    overlap: float = 0.0
    """Validation rows per train row: how much of the data two splits or folds have in common (see `interval`)."""
    lost: int = 0
    """Runs that diverged, and so have no value."""
    fixed: bool = False
    """Whether nothing of it is drawn at random: on the same rows any other seed would give the same value."""

    @property
    def level(self) -> bool:
        """Whether no division of the rows has two different values."""
        return all(len(set(values)) == 1 for values in self.partitions.values())

    def at_the_seeds_of(self, other: Sample) -> Sample:
        """What a fixed sample has for each run of another one on the same division of the rows."""
        own = {(unit.split, unit.fold): value for unit, value in self.values.items()}
        places = {unit: (unit.split, unit.fold) for unit in other.values}
        values = {unit: own[place] for unit, place in places.items() if place in own}
        return replace(self, values=values) if values else self

    @property
    def partitions(self) -> dict[tuple[Hashable, int | None], list[float]]:
        """The values of each division of the rows into train and validation."""
        found: dict[tuple[Hashable, int | None], list[float]] = {}
        for unit, value in self.values.items():
            found.setdefault((unit.split, unit.fold), []).append(value)
        return found

    @property
    def replicates(self) -> list[float]:
        """The values whose spread says how sure the mean is: one per seed on a single division of the rows, else the
        mean over seeds of each division."""
        partitions = self.partitions
        if len(partitions) == 1:
            return list(self.values.values())
        return [mean(values) for values in partitions.values()]

    @property
    def shared(self) -> float:
        """`overlap` where there are several divisions of the rows, else 0: seeds on one split share no more than that
        split."""
        return self.overlap if len(self.partitions) > 1 else 0.0

    @property
    def mean(self) -> float | None:
        """The mean over divisions of the means over seeds; None without values."""
        return mean(self.replicates) if self.values else None

    @property
    def seeds(self) -> int:
        return len({unit.seed for unit in self.values})

    @property
    def folds(self) -> int:
        """How many folds; 0 where the rows are not divided into folds."""
        return len({unit.fold for unit in self.values if unit.fold is not None})

    @property
    def splits(self) -> int:
        return len({unit.split for unit in self.values})
