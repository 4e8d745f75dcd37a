"""Which epoch of a run is the best, whose weights are kept, and when a run has diverged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dlrun.spec import Experiment
from dlrun.spec.names import greater_is_better
from dlrun.training.job import EpochRow

LOSS_COLUMNS = ("loss", "train_loss", "val_loss")
"""A run diverges when one of these is not finite."""


@dataclass
class BestEpoch:
    """Follows the monitored curve. The first of equally good epochs is the best one."""

    monitor: str
    keep: str
    """`best` or `last`."""
    best_epoch: int | None = None
    best_value: float = math.nan
    kept_epoch: int | None = None

    @classmethod
    def of(cls, experiment: Experiment) -> BestEpoch:
        return cls(experiment.monitor, experiment.fit.keep)

    def see(self, row: EpochRow) -> bool:
        """Takes note of an epoch that has just ended; whether its weights are to be kept."""
        value, epoch = row[self.monitor], int(row["epoch"])
        improved = math.isfinite(value) and (self.best_epoch is None or self._better(value))
        if improved:
            self.best_epoch, self.best_value = epoch, value
        keep = improved if self.keep == "best" else all(np.isfinite(row[key]) for key in LOSS_COLUMNS[1:] if key in row)
        if keep:
            self.kept_epoch = epoch
        return keep

    def _better(self, value: float) -> bool:
        return value > self.best_value if greater_is_better(self.monitor) else value < self.best_value


def divergence(epoch: int, row: Mapping[str, float]) -> str | None:
    """Which loss of the epoch is not finite; None where all are."""
    wrong = [key for key in LOSS_COLUMNS if key in row and not math.isfinite(row[key])]
    return f"epoch {epoch}: {wrong[0]} is {row[wrong[0]]}" if wrong else None
