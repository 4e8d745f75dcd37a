"""Stored runs that answer, of whatever kind: nets, baselines, ensembles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from dlrun.data import Table
from dlrun.runner.ensemble.opened import open_ensemble
from dlrun.runner.run_data import RunData
from dlrun.runner.single_run import open_single
from dlrun.runner.stored_run import StoredRun
from dlrun.training.objective import Objective


class Predictor(Protocol):
    """A run that answers. Outputs are float32 (rows, outputs) with the meaning of an output layer: softmax
    probabilities, the second class's sigmoid, a standardised value in the unit of the run's task."""

    @property
    def objective(self) -> Objective:
        """Its loss, and what its outputs mean."""

    def of_table(self, table: Table) -> np.ndarray:
        """For raw rows, each preprocessed as in training."""

    def of_test_rows(self, data: RunData) -> np.ndarray:
        """For the test rows out of the run's own source."""


OPENERS: dict[str, Callable[[StoredRun, str], Predictor]] = {
    "mlp": open_single,
    "baseline": open_single,
    "ensemble": open_ensemble,
}
"""Kind of run -> what makes it answer, on a Keras backend where it needs one."""


def open_predictor(run: StoredRun, backend: str) -> Predictor:
    """The run, ready to answer; loads Keras where there are nets.

    Raises:
        BackendError: the backend is not there, or Keras already runs on another one.
        StoreError: its files, or those of a member, are damaged.
    """
    return OPENERS[run.kind](run, backend)
