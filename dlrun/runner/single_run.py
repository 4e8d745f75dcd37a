"""A stored net or baseline that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dlrun.data import Table
from dlrun.errors import UsageError
from dlrun.runner.own_rows import prepared_again
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import StoredRun
from dlrun.training.objective import Objective


class Model(Protocol):
    """What was trained: a net with its weights, a fitted baseline."""

    @property
    def objective(self) -> Objective:
        """Its loss, and what its outputs mean."""

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """float32 (rows, outputs) for rows x (rows, features)."""


@dataclass(frozen=True)
class SingleRun:
    """One run by itself."""

    run: StoredRun
    model: Model

    @property
    def objective(self) -> Objective:
        return self.model.objective

    def of_table(self, table: Table) -> np.ndarray:
        """float32 (rows, outputs) for raw rows, which go through the run's own preprocessing."""
        return self.model.outputs(self.run.preprocessing.apply(table))

    def of_test_rows(self, data: RunData) -> np.ndarray:
        """float32 (rows, outputs) for the test rows out of the run's own source."""
        test = prepared_again(self.run, data).test
        if test is None:
            raise UsageError(f"{self.run.name}: its source holds no test rows any more. Give a labelled file")
        return self.model.outputs(test.x)


def net(run: StoredRun, backend: str) -> Model:
    return run.network(backend)


def baseline(run: StoredRun, _: str) -> Model:
    from dlrun.training.baselines.restored import restore_baseline

    return restore_baseline(run.folder.path, run.experiment, run.task, len(run.preprocessing.inputs))


MODELS: dict[str, Callable[[StoredRun, str], Model]] = {"mlp": net, "baseline": baseline}
"""Kind of run -> what opens it, on a Keras backend where it needs one."""


def open_single(run: StoredRun, backend: str) -> SingleRun:
    """A net or a baseline, ready to answer.

    Raises:
        BackendError: the backend is not there, or Keras already runs on another one.
        StoreError: its files are damaged.
    """
    return SingleRun(run, MODELS[run.kind](run, backend))
