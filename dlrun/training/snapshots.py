"""What a net gives for some rows in the course of its training: the net is trained again, the same, and asked on the
way. `dlrun boundary --strip` draws it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from dlrun.training.devices import take
from dlrun.training.job import EpochRow, Job, Status, Stopping, never
from dlrun.training.keras_engine import Fitting
from dlrun.training.precision import numbers_in


def snapshots(
    job: Job, x: np.ndarray, epochs: Collection[int], backend: str, stopping: Stopping = never
) -> tuple[dict[int, np.ndarray], list[EpochRow], Status]:
    """Trains the job and gives the net's outputs for rows x after each of these epochs (0: before the first), the rows
    of all epochs, and how it ended.

    Args:
        x: (rows, features), as the net takes them.
        epochs: those that the training does not come to are left out.
        backend: tensorflow, jax or torch.
    Returns: epoch -> float32 (rows, outputs).
    Raises:
        BackendError: the backend is not there, or Keras already runs on another one.
    """
    devices = take("auto", backend)
    found: dict[int, np.ndarray] = {}

    def look(_: Job, row: EpochRow) -> None:
        if row["epoch"] in epochs:
            found[int(row["epoch"])] = fitting.forward.outputs(x)

    with numbers_in(job.experiment.fit.precision):
        fitting = Fitting.begin(job, look, backend, devices)
        if 0 in epochs:
            found[0] = fitting.forward.outputs(x)
        status, _ = fitting.fit(stopping)
        fitting.trainer.train_function = None
    return found, fitting.progress.rows, status
