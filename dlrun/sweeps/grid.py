"""Every combination of some values, in one round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.sweeps.proposals import Batch, Proposals
from dlrun.sweeps.space import Space
from dlrun.sweeps.trials import Round, Scored, counted


@dataclass
class GridSearch:
    """The values are combined in the order they are written, the last key changing fastest."""

    monitor: str
    proposals: Proposals
    space: Space

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """All of them. Raises ConfigError where some do not hold, since they were asked for by name."""
        if history:
            return None
        batch = self.proposals.new(history)
        for values in self.space.all():
            batch.add(values)
        if batch.refused:
            raise batch.first_errors()
        return Round(tuple(batch.trials), self._why(batch), warnings=tuple(batch.warnings))

    def _why(self, batch: Batch) -> str:
        """`grid: model.width (4) x model.depth (4) = 16 configurations, each with 3 seeds: 48 runs`."""
        sides = " x ".join(f"{key} ({dimension.size})" for key, dimension in self.space.dimensions.items())
        combined = counted(len(batch.trials) + batch.repeated)
        alike = f", {len(batch.trials):,} of them different" if batch.repeated else ""
        experiments = [experiment for trial in batch.trials for experiment in trial.experiments]
        folds = {experiment.data.folds or 1 for experiment in experiments}
        counts = ((len(self.proposals.seeds), "seeds"), (folds.pop() if len(folds) == 1 else 1, "folds"))
        units = " and ".join(f"{count} {what}" for count, what in counts if count > 1)
        each = f", each with {units}" if units else ""
        runs = sum(experiment.data.folds or 1 for experiment in experiments)
        return f"grid: {sides} = {combined}{alike}{each}: {runs:,} run{'s' * (runs != 1)}"
