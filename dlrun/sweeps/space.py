"""What a search draws from: per key some values or a range of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from dlrun.spec.limits import Limits, limits_of
from dlrun.spec.points import one_line
from dlrun.spec.sweep import Interval

DIGITS = 4
"""Significant digits of a number drawn from a range without steps, so that it can be read and written down."""
EXACT = 12
"""Significant digits of low + n step, which floats give with a tail: 0.1 + 2 x 0.1 = 0.30000000000000004."""


@dataclass(frozen=True)
class Choice:
    """Some values, each as likely as the others."""

    values: tuple[Any, ...]

    @property
    def size(self) -> int:
        return len(self.values)

    def draw(self, generator: np.random.Generator) -> Any:
        return self.values[int(generator.integers(len(self.values)))]

    def all(self) -> tuple[Any, ...]:
        return self.values


@dataclass(frozen=True)
class Range:
    """Numbers between two ends, both included."""

    low: float
    high: float
    limits: Limits
    """What the key can hold at all."""
    log: bool = False
    step: float | None = None

    @property
    def grain(self) -> float:
        """The distance of neighbours; 0 where there is none."""
        return self.step or float(self.limits.whole)

    @property
    def top(self) -> float:
        """The greatest value that can be drawn: the last step at or below `high`."""
        return self.low + self._steps * self.grain if self.grain else self.high

    @property
    def _steps(self) -> int:
        return math.floor((self.high - self.low) / self.grain * (1 + 1e-12))

    @property
    def size(self) -> int | None:
        """How many values there are; None where they are dense."""
        return self._steps + 1 if self.grain else None

    def draw(self, generator: np.random.Generator) -> float:
        """Uniform, in the logarithm where `log` says so; each of several steps has its own share."""
        margin = self.grain / 2
        low, high = self.scale(self.low - margin), self.scale(self.top + margin)
        return self.nearest(self.unscale(float(generator.uniform(low, high))))

    def all(self) -> tuple[float, ...]:
        """Every value; none where they are dense."""
        return tuple(self.nearest(self.low + place * self.grain) for place in range(self.size or 0))

    def nearest(self, value: float) -> float:
        """The value of the range next to this one: a whole number, a step, or one of few digits."""
        if not self.grain:
            return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)
        place = min(max(round((value - self.low) / self.grain), 0), self._steps)
        exact = self.low + place * self.grain
        return int(exact) if self.limits.whole else float(f"{exact:.{EXACT}g}")

    def scale(self, value: float) -> float:
        """Where the range is uniform."""
        return math.log(value) if self.log else value

    def unscale(self, value: float) -> float:
        return math.exp(value) if self.log else value

    def with_ends(self, low: float, high: float) -> Range:
        return replace(self, low=low, high=high)

    def __str__(self) -> str:
        return f"{one_line(self.nearest(self.low))}..{one_line(self.nearest(self.top))}"


Dimension = Choice | Range


@dataclass(frozen=True)
class Space:
    """Keys with what may be drawn for each."""

    dimensions: Mapping[str, Dimension]

    @property
    def size(self) -> int | None:
        """How many points there are; None where a range is dense."""
        sizes = [dimension.size for dimension in self.dimensions.values()]
        return None if None in sizes else math.prod(size for size in sizes if size is not None)

    def draw(self, generator: np.random.Generator) -> dict[str, Any]:
        return {key: dimension.draw(generator) for key, dimension in self.dimensions.items()}

    def all(self) -> Iterator[dict[str, Any]]:
        """Every point of a space that has a size, the last key changing fastest."""
        for values in product(*(dimension.all() for dimension in self.dimensions.values())):
            yield dict(zip(self.dimensions, values, strict=True))


def space_of(section: Mapping[str, Any], tree: Mapping[str, Any]) -> Space:
    """The space of a `sweep.grid` or a `sweep.space`.

    Args:
        tree: the config, whose optimizer and schedule say which arguments there are.
    """
    return Space({key: dimension_of(key, values, tree) for key, values in section.items()})


def dimension_of(key: str, values: Any, tree: Mapping[str, Any]) -> Dimension:
    if not isinstance(values, Interval):
        return Choice(tuple(values))
    limits = limits_of(key, tree) or Limits(whole=False)
    return Range(values.low, values.high, limits, values.log, values.step)
