"""What an analysis of effects found: of each key, of each of its levels, of each pair of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dlrun.insight.maps.error_terms import Noise
from dlrun.insight.words import Said

LEVEL = 0.05
"""Of significance."""


@dataclass(frozen=True)
class Level:
    """One level of a key."""

    label: str
    value: Any
    mean: float
    """Of the monitor, the other keys averaged out; where `log`, a geometric mean."""
    low: float | None
    """95 % interval of its distance from the mean of all levels, laid around `mean`; None where it cannot be known,
    or is too wide for numbers to hold."""
    high: float | None
    configurations: int
    lost: int
    """Configurations of which every run diverged or failed: they are in no mean."""


@dataclass(frozen=True)
class KeyEffect:
    """What one key changes."""

    key: str
    title: str
    levels: tuple[Level, ...]
    share: float
    """Of the squares between configurations: what the model explains less without the key."""
    by_chance: float | None
    """The share that a key without any effect would have on average."""
    p: float | None
    """Of the F test that no level differs, uncorrected."""
    best: int
    worst: int
    change: float
    """From the worst level to the best: the ratio of their means where `log`, else their difference."""
    change_low: float | None
    """Its 95 % interval, corrected for all pairs that might have been best and worst (Bonferroni); None where it cannot
    be known, or is too wide for numbers to hold."""
    change_high: float | None
    told_apart: bool
    """False where the key changes together with others, so that nobody can say which of them it was."""
    ranges: bool
    wide: bool
    """Whether equal ratios of the key are its natural steps."""
    points: tuple[tuple[Any, float], ...]
    """Per configuration its level's label, or its value where `by_value`, and its mean."""

    @property
    def beyond_noise(self) -> bool | None:
        """Whether the interval leaves out no change at all; None where there is no interval."""
        if self.change_low is None or self.change_high is None:
            return None
        neutral = 1.0 if self._ratio else 0.0
        return not self.change_low <= neutral <= self.change_high

    _ratio: bool = False

    @property
    def by_value(self) -> bool:
        """Whether configurations lie at their own values, on an axis of numbers: ranges, and nothing beside numbers."""
        return self.ranges and self.in_order

    @property
    def in_order(self) -> bool:
        """Whether levels are numbers, so that a line may join them."""
        return all(isinstance(level.value, (int, float)) and not isinstance(level.value, bool) for level in self.levels)


@dataclass(frozen=True)
class PairEffect:
    """How far two keys do more together than each alone."""

    keys: tuple[str, str]
    titles: tuple[str, str]
    share: float
    by_chance: float | None
    ratio: float | None
    """Mean square over the error's: 1 is what noise alone would give."""
    p: float | None
    """Of the F test, corrected for all pairs (Holm)."""
    where: tuple[str, str]
    """The levels at which they differ most from what the keys alone say."""
    by: float
    """By how much: a factor where `log`, else a difference."""

    @property
    def beyond_noise(self) -> bool | None:
        return None if self.p is None else self.p <= LEVEL


@dataclass(frozen=True)
class Effects:
    """The effects of all keys, the largest share first."""

    name: str
    monitor: str
    log: bool
    keys: tuple[KeyEffect, ...]
    pairs: tuple[PairEffect, ...]
    """The strongest first."""
    mean: float
    """Of all configurations."""
    configurations: int
    runs: int
    lost: int
    full_grid: bool
    noise: Noise
    notes: tuple[Said, ...]
