"""The data of planned runs, prepared as they are asked for: once per configuration, or once per fold of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlrun.data import Prepared, Source, prepare, read
from dlrun.spec import Experiment


@dataclass
class RunData:
    """Prepares the data of runs; those with equal `data` sections share the arrays.

    Args:
        all_folds: hold every fold, for runs that are trained side by side; else, as each is as large as the whole data,
            only the latest. The file is read once either way.
    """

    all_folds: bool = False
    _sources: dict[str, Source] = field(default_factory=dict)
    _prepared: dict[str, dict[int | None, Prepared]] = field(default_factory=dict)

    def of(self, experiment: Experiment, fold: int | None) -> Prepared:
        """The arrays of a run. Raises DataError, NotAvailable."""
        held = self._prepared.setdefault(data_key(experiment), {})
        if fold not in held:
            found = prepare(experiment, fold, self._source(experiment, fold))
            if not self.all_folds:
                held.clear()
            held[fold] = found
        return held[fold]

    def _source(self, experiment: Experiment, fold: int | None) -> Source | None:
        """The rows that several folds share; without folds they are not held."""
        if fold is None:
            return None
        key = data_key(experiment)
        if key not in self._sources:
            self._sources[key] = read(experiment)
        return self._sources[key]


def data_key(experiment: Experiment) -> str:
    """Equal for experiments with the same arrays: the scale of a regression's targets follows the loss, and
    augmentation changes rows only while they are trained on."""
    return f"{experiment.fit.loss} {experiment.data.model_dump_json(exclude={'augmentation'})}"
