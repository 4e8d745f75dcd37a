"""The data of planned runs, prepared as they are asked for: once per configuration, or once per fold of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlrun.data import Prepared, Source, prepare, read
from dlrun.spec import Experiment


@dataclass
class RunData:
    """Prepares the data of one run after the other.

    Seeds of one configuration share the object `experiment.data`, hence its rows. Of several folds, which are as large
    as the whole data each, only the latest is held; the file is read once.
    """

    _sources: dict[int, Source] = field(default_factory=dict)
    _latest: dict[int, tuple[int | None, Prepared]] = field(default_factory=dict)

    def of(self, experiment: Experiment, fold: int | None) -> Prepared:
        """The arrays of a run. Raises DataError, NotAvailable."""
        key = id(experiment.data)
        if key not in self._latest or self._latest[key][0] != fold:
            self._latest[key] = (fold, prepare(experiment, fold, self._source(experiment, fold)))
        return self._latest[key][1]

    def _source(self, experiment: Experiment, fold: int | None) -> Source | None:
        """The rows that several folds share; without folds they are not held."""
        if fold is None:
            return None
        key = id(experiment.data)
        if key not in self._sources:
            self._sources[key] = read(experiment)
        return self._sources[key]
