"""Points -> trials that have not been tried yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlrun.errors import ConfigError, Problem
from dlrun.spec import Finding, Loaded
from dlrun.spec.points import Point, Points, in_words
from dlrun.sweeps.space import Space
from dlrun.sweeps.trials import Scored, Trial

PATIENCE = 100
"""Draws per trial that is wanted, before a search takes it that there is nothing new to be found."""
MOST_ERRORS = 3
"""Points whose errors a message names."""


@dataclass
class Proposals:
    """Makes the trials of one sweep.

    Args:
        points: builds the experiments.
        seeds: of every configuration.
    """

    points: Points
    seeds: tuple[int, ...]
    _told: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, loaded: Loaded) -> Proposals:
        points = Points(loaded)
        told = {(finding.path, finding.text) for finding in points.base_warnings}
        return cls(points, seeds_of(loaded), told)

    def new(self, history: Sequence[Scored]) -> Batch:
        """A batch without the trials that were run already."""
        return Batch(self, {scored.trial.identity for scored in history})

    def trial(self, point: Point) -> Trial:
        experiments = tuple(point.experiment.with_seed(seed) for seed in self.seeds)
        return Trial(point.values, experiments, point.identity)

    def warnings_of(self, point: Point) -> Iterator[Problem]:
        """What the rules find odd, where it was not said before."""
        for finding in point.warnings:
            if (finding.path, finding.text) not in self._told:
                self._told.add((finding.path, finding.text))
                yield self._located(finding, point)

    def _located(self, finding: Finding, point: Point) -> Problem:
        found = self.points.loaded.problem(finding)
        where = self.points.place if finding.path in self.points.keys else found.where
        return Problem(where, f"{found.text} So at {in_words(point.values)}.")


@dataclass
class Batch:
    """Trials that are being put together; each configuration is in it once."""

    proposals: Proposals
    known: set[str]
    """Identities of what was tried, or is in the batch."""
    trials: list[Trial] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    repeated: int = 0
    """Points that were the same experiment as another."""
    refused: list[ConfigError] = field(default_factory=list)
    """Points that do not hold."""

    def add(self, values: Mapping[str, Any]) -> bool:
        """Takes a point; whether it is a new configuration that holds."""
        try:
            point = self.proposals.points.at(values)
        except ConfigError as error:
            self.refused.append(error)
            return False
        if point.identity in self.known:
            self.repeated += 1
            return False
        self.known.add(point.identity)
        self.trials.append(self.proposals.trial(point))
        self.warnings += self.proposals.warnings_of(point)
        return True

    def draw(self, space: Space, count: int, generator: np.random.Generator) -> None:
        """Adds `count` trials drawn at random; of a space that has no more points all that there are.

        Raises:
            ConfigError: no point that was drawn holds.
        """
        size = space.size
        if size is not None and size <= count:
            for values in space.all():
                self.add(values)
        else:
            goal = len(self.trials) + count
            for _ in range(PATIENCE * count):
                if len(self.trials) == goal:
                    break
                self.add(space.draw(generator))
        if self.refused and not self.known:
            raise self.first_errors()

    def first_errors(self) -> ConfigError:
        """The errors of the first points that do not hold, and how many more there are."""
        problems = [problem for error in self.refused[:MOST_ERRORS] for problem in error.problems]
        more = len(self.refused) - MOST_ERRORS
        if more > 0:
            last = problems[-1]
            problems[-1] = Problem(last.where, f"{last.text} And {more:,} more configurations do not hold.")
        return ConfigError(problems)

    @property
    def left_out(self) -> str:
        """What was drawn, but cannot be trained, as a clause after a semicolon; empty where there is none."""
        if not self.refused:
            return ""
        first = self.refused[0].problems[0].text.removesuffix(".")
        return f"; {len(self.refused):,} that were drawn too do not hold and are left out, such as {first}"


def seeds_of(loaded: Loaded) -> tuple[int, ...]:
    """The seeds of every configuration."""
    base = loaded.experiment
    given = base.sweep.seeds if base.sweep is not None else 1
    return given if isinstance(given, tuple) else tuple(base.seed + step for step in range(given))
