"""One configuration: its runs, what each measured, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dlrun.insight.comparison import FAILED
from dlrun.insight.grouping import split_of
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.same_rows import kind_of
from dlrun.insight.statistics import Sample, Unit
from dlrun.insight.verdict import Told
from dlrun.store import Entry
from dlrun.store.baseline_names import SEEDED


@dataclass(frozen=True)
class Configuration:
    """The runs of one configuration: its seeds, folds and splits."""

    entries: tuple[Entry, ...]
    monitor: str
    runs: int
    """How many there are to be."""
    last: bool = False
    """Whether values are those of the last epoch, in place of the kept one's."""
    told: tuple[Told | None, ...] = ()
    """The verdict of each run, where verdicts are shown."""

    @cached_property
    def usable(self) -> list[Entry]:
        """The runs that came to a number and did not fail."""
        kept = [entry for entry in self.entries if entry.record["status"] not in FAILED]
        return [entry for entry in kept if self.metrics(entry).get(self.monitor) is not None]

    def metrics(self, entry: Entry) -> Mapping[str, float | None]:
        """What one of the runs measured."""
        return entry.record.get("metrics_last", {}) if self.last else entry.record.get("metrics", {})

    def sample(self, key: str) -> Sample:
        """A metric of the usable runs, each value with its seed, fold and split."""
        if key not in self._samples:
            found = ((unit, self.metrics(entry).get(key)) for unit, entry in zip(self._units, self.usable, strict=True))
            values = {unit: value for unit, value in found if value is not None}
            self._samples[key] = Sample(values, self._overlap, self._lost, self._fixed)
        return self._samples[key]

    @cached_property
    def _samples(self) -> dict[str, Sample]:
        return {}

    @cached_property
    def _units(self) -> list[Unit]:
        """What each usable run was measured on."""
        records = [entry.record for entry in self.usable]
        return [Unit(split_of(record), record.get("fold"), record.get("seed")) for record in records]

    @cached_property
    def _fixed(self) -> bool:
        """Whether it is a classical method that draws nothing at random."""
        methods = {entry.record.get("spec", {}).get("baseline.name") for entry in self.usable}
        return all(kind_of(entry.record) == "baseline" for entry in self.usable) and not methods & SEEDED

    @cached_property
    def _lost(self) -> int:
        return sum(entry.record["status"] == "diverged" for entry in self.entries)

    @cached_property
    def _overlap(self) -> float:
        rows = [entry.record.get("rows", {}) for entry in self.usable]
        shares = [some.get("validation", 0) / some["train"] for some in rows if some.get("train")]
        return sum(shares) / len(shares) if shares else 0.0

    def values(self, key: str) -> list[float]:
        """A metric of the usable runs, where they have it."""
        found = (self.metrics(entry).get(key) for entry in self.usable)
        return [value for value in found if value is not None]

    def mean(self, key: str) -> float | None:
        """The mean over splits and folds of the means over seeds."""
        return self.sample(key).mean

    @property
    def order(self) -> tuple[float, bool, float]:
        """Sorts the best first: those of which more runs are usable, those that were not ended early, the mean."""
        mean = self.mean(self.monitor)
        sign = -1 if greater_is_better(self.monitor) else 1
        pruned = any(entry.record["status"] == "pruned" for entry in self.entries)
        return (-len(self.usable) / self.runs, pruned, 0.0 if mean is None else sign * mean)

    @property
    def best_run(self) -> Entry:
        """The run with the best value; of a configuration without any, its first."""
        sign = -1 if greater_is_better(self.monitor) else 1
        by_value = sorted(self.usable, key=lambda entry: sign * (self.metrics(entry)[self.monitor] or 0.0))
        return (by_value or list(self.entries))[0]

    @property
    def parameters(self) -> int | None:
        """How many weights are trained."""
        return next((count for entry in self.entries if (count := entry.record.get("parameters"))), None)


def planned(runs: Sequence[Entry], seeds: int) -> int:
    """How many runs a configuration is to have: one per seed and fold; an ensemble puts the folds together itself."""
    record = runs[0].record
    folds = 1 if kind_of(record) == "ensemble" else record.get("spec", {}).get("data.folds") or 1
    return max(len(runs), seeds * folds)
