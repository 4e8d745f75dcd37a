"""A member's kept weights, cut out of the stack, as a plain Keras net when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.training.forward import Forward
from dlrun.training.job import Job
from dlrun.training.network import build
from dlrun.training.objective import objective_of
from dlrun.training.precision import numbers_in
from dlrun.training.trained_network import TrainedNetwork


@dataclass(frozen=True)
class MemberNetwork:
    """Weights at their true shapes; they travel between processes as they are."""

    job: Job
    trained: tuple[np.ndarray, ...]
    """In the order of the plain net's trained variables."""
    statistics: tuple[np.ndarray, ...]
    """Running means and variances, in its order."""
    steps: int
    """How many steps it was trained before it was kept: so often its dropout layers drew."""

    file_name = "model.keras"

    @classmethod
    def of(cls, job: Job, network: TrainedNetwork) -> MemberNetwork:
        """The weights of a net that the keras engine trained."""
        model = network.model
        fixed = [np.array(variable) for variable in model.non_trainable_variables if not is_seed(variable)]
        calls = [int(np.asarray(variable)[1]) for variable in model.non_trainable_variables if is_seed(variable)]
        trained = tuple(np.array(variable) for variable in model.trainable_variables)
        return cls(job, trained, tuple(fixed), max(calls, default=0))

    @property
    def parameters(self) -> int:
        """How many weights are trained."""
        return sum(array.size for array in self.trained)

    def save(self, path: Path) -> None:
        """Writes a plain `.keras` file; loads Keras."""
        self.plain().save(path)

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features): float32 (rows, outputs)."""
        return self.plain().outputs(x)

    def plain(self) -> TrainedNetwork:
        """The same net as the keras engine gives it."""
        experiment, data = self.job.experiment, self.job.data
        objective = objective_of(experiment, data.task)
        features, outputs = data.train.x.shape[1], data.task.outputs
        with numbers_in(experiment.fit.precision):
            model = build(
                experiment.model, features, outputs, objective.activation, experiment.seed, experiment.fit.precision
            )
            for variable, value in zip(model.trainable_variables, self.trained, strict=True):
                variable.assign(value)
            fixed = list(self.statistics)
            for variable in model.non_trainable_variables:
                if is_seed(variable):
                    variable.assign(np.asarray(variable) + np.array([0, self.steps], "uint32"))
                else:
                    variable.assign(fixed.pop(0))
            widest = max(features, *experiment.model.hidden, 1)
            forward = Forward(model, objective, "jax", widest, len(data.validation or data.measured_train))
        return TrainedNetwork(model, forward, experiment.fit.precision)


def is_seed(variable: Any) -> bool:
    """Whether a Keras variable is the state of a dropout layer: its seed, and how often it drew."""
    return "seed_generator" in variable.path
