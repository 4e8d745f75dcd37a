"""What configurations are worth: the mean of the monitored curve over seeds and folds, at the kept epochs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dlrun.runner.run_data import data_key
from dlrun.runner.train import Planned
from dlrun.spec import Experiment
from dlrun.spec.identity import configuration
from dlrun.spec.names import greater_is_better
from dlrun.store.record import Record


@dataclass(frozen=True)
class Score:
    """What one configuration is worth."""

    monitor: str
    """The curve that decides."""
    runs: int
    """How many seeds and folds it has."""
    values: tuple[float, ...]
    """One per run that ended with a number at its kept epoch; those that failed, diverged or are missing gave none."""
    pruned: bool = False
    """Whether a search ended one of its runs early."""

    @property
    def mean(self) -> float | None:
        """Over the runs that gave a number; None where none did."""
        return sum(self.values) / len(self.values) if self.values else None

    @property
    def whole(self) -> float | None:
        """The mean where every run gave a number, else None: with the bad runs left out it would look too good."""
        return self.mean if len(self.values) == self.runs else None

    @property
    def order(self) -> tuple[float, bool, float]:
        """Sorts the best first: by the share of runs that came to a number, by whether they were ended early, by the
        mean."""
        mean = self.mean
        sign = -1 if greater_is_better(self.monitor) else 1
        return (-len(self.values) / max(self.runs, 1), self.pruned, 0.0 if mean is None else sign * mean)


def configuration_score(records: Iterable[Record], runs: int, monitor: str) -> Score:
    """The score of a configuration from the records of its runs.

    Args:
        runs: how many there are to be.
        monitor: a column of the curves, such as val_loss.
    """
    kept = list(records)
    found = [
        record.get("metrics", {}).get(monitor) for record in kept if record["status"] not in ("failed", "diverged")
    ]
    values = tuple(float(value) for value in found if value is not None and math.isfinite(value))
    return Score(monitor, runs, values, any(record["status"] == "pruned" for record in kept))


@dataclass
class Unit:
    """A configuration with its runs: all seeds and folds of it."""

    experiment: Experiment
    """Of its first seed."""
    runs: dict[str, Planned] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether every run has a record."""
        return len(self.records) == len(self.runs)

    def score(self, monitor: str | None = None) -> Score:
        """Its score by a curve; by the one that chooses its best epochs when not given."""
        return configuration_score(self.records.values(), len(self.runs), monitor or self.experiment.monitor)


@dataclass
class Standings:
    """The configurations of a sweep and how they stand."""

    monitor: str | None = None
    """The curve that decides; each configuration's own when None."""
    units: dict[str, Unit] = field(default_factory=dict)
    best: Unit | None = None
    """Of those whose runs have all ended."""
    _unit_of: dict[str, Unit] = field(default_factory=dict)

    def expect(self, planned: Sequence[Planned]) -> None:
        """Takes note of runs that belong to the sweep."""
        for run in planned:
            if run.id not in self._unit_of:
                unit = self.units.setdefault(unit_key(run.experiment), Unit(run.experiment))
                unit.runs[run.id] = run
                self._unit_of[run.id] = unit

    def unit_of(self, run_id: str) -> Unit:
        return self._unit_of[run_id]

    def note(self, run_id: str, record: Record) -> Unit:
        """Takes note of a run's end; gives its configuration."""
        unit = self._unit_of[run_id]
        unit.records[run_id] = Record(status=record["status"], metrics=record.get("metrics", {}))
        if unit is self.best:
            self.best = next(iter(self.ranked()), None)
        elif unit.ended and self._leads(unit):
            self.best = unit
        return unit

    def ranked(self) -> list[Unit]:
        """The configurations whose runs have all ended and gave a number, the best first."""
        ended = [unit for unit in self.units.values() if unit.ended and unit.score(self.monitor).values]
        return sorted(ended, key=lambda unit: unit.score(self.monitor).order)

    def _leads(self, unit: Unit) -> bool:
        score = unit.score(self.monitor)
        return bool(score.values) and (self.best is None or score.order < self.best.score(self.monitor).order)


def unit_key(experiment: Experiment) -> str:
    """Equal for the runs of one configuration, whatever their seeds and folds."""
    return f"{json.dumps(configuration(experiment), sort_keys=True)} {data_key(experiment)}"
