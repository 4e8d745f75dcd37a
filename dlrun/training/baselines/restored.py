"""A stored baseline -> the fitted method, read from `model.skops`."""

from __future__ import annotations

from pathlib import Path

from dlrun.data import Task
from dlrun.errors import StoreError
from dlrun.spec import Experiment
from dlrun.training.baselines.fitted import FittedBaseline
from dlrun.training.baselines.methods import METHODS
from dlrun.training.baselines.skops_file import CALIBRATED, WAY_OUT, load_estimator
from dlrun.training.objective import objective_of


def restore_baseline(folder: Path, experiment: Experiment, task: Task, features: int | None = None) -> FittedBaseline:
    """The fitted method of a baseline's run, ready to be asked; loads scikit-learn, never Keras.

    Args:
        folder: of the run.
        experiment: of the run.
        task: what it predicts.
        features: columns of the prepared rows; where not given they are not compared with those of the file.

    Raises:
        StoreError: `model.skops` is damaged, or holds something else than the spec says.
    """
    path = folder / FittedBaseline.file_name
    if experiment.baseline is None:
        raise StoreError(f"{folder}: spec.yaml names no baseline. {WAY_OUT}")
    name = experiment.baseline.name
    method = METHODS[name]
    described = method.estimator(task)
    if described is None:
        raise StoreError(f"{folder}: {name} is not for a {task.kind} task. {WAY_OUT}")
    wanted = CALIBRATED if method.calibrated and task.kind != "regression" else described.name
    return FittedBaseline(name, load_estimator(path, wanted, features), objective_of(experiment, task))
