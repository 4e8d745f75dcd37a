"""What one would reach without a net: the class shares, or the mean, of the train rows, whatever the inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.training.metrics import Scored, measure, metric_names
from dlrun.training.objective import Objective, objective_of

SMALLEST = 1e-7
"""Keras' epsilon: probabilities are kept this far from 0 and 1."""


def trivial_metrics(experiment: Experiment, data: Prepared) -> Mapping[str, float | None]:
    """Loss and metrics of the trivial predictor on the rows that runs are measured on, named as in the curves; None
    where they are not finite.

    The predictor gives the share of each class in the train rows, or the mean of the train targets.
    """
    objective = objective_of(experiment, data.task)
    constant = trivial_outputs(objective, data.train.y)
    found: dict[str, float | None] = {}
    for side, rows in (("train", data.measured_train), ("val", data.validation)):
        if rows is None:
            continue
        outputs = np.tile(constant, (len(rows), 1))
        scored = Scored(rows.y, outputs, data.task, objective.threshold)
        found[f"{side}_loss"] = finite(mean_loss(objective, rows.y, outputs) * objective.unit)
        for name in metric_names(experiment, data.task):
            found[f"{side}_{name}"] = finite(measure(name, scored))
    return found


def trivial_outputs(objective: Objective, y: np.ndarray) -> np.ndarray:
    """(outputs,): what the predictor gives for every row."""
    if objective.task.kind == "regression":
        return np.array([y.mean(dtype=np.float64)])
    return outputs_of_shares(objective, np.bincount(y, minlength=len(objective.task.classes)) / len(y))


def outputs_of_shares(objective: Objective, shares: np.ndarray) -> np.ndarray:
    """(outputs,): what a predictor gives that knows only how frequent each class is."""
    if objective.task.kind == "multiclass":
        return np.asarray(shares)
    return np.array([np.sign(shares[1] - 0.5) if objective.threshold == 0 else shares[1]])


def mean_loss(objective: Objective, y: np.ndarray, outputs: np.ndarray) -> float:
    """The plain data loss: by formula for the usual losses, by Keras for the others."""
    return float(np.mean(row_losses(objective, y, outputs), dtype=np.float64))


def row_losses(objective: Objective, y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """(rows,): the plain data loss of each row."""
    formula = FORMULAS.get(objective.loss)
    if formula is not None and objective.task.kind in formula[0]:
        return formula[1](y, outputs)
    import keras

    losses = objective.row_loss()(objective.targets(y), outputs.astype(objective.precision))
    return np.asarray(keras.ops.convert_to_numpy(losses))


def binary_crossentropy(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    share = clipped(outputs[:, 0])
    return np.asarray(-np.where(y == 1, np.log(share), np.log(1 - share)))


def crossentropy(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return np.asarray(-np.log(clipped(outputs[np.arange(len(y)), y])))


def clipped(shares: np.ndarray) -> np.ndarray:
    """Off 0 and 1, in float64: float32 has no number that is 1e-7 below 1, and a row that is wrong would cost less."""
    return np.clip(shares.astype(np.float64), SMALLEST, 1 - SMALLEST)


def squared_error(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return np.asarray((outputs[:, 0] - y) ** 2)


def absolute_error(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(outputs[:, 0] - y))


FORMULAS: dict[str, tuple[tuple[str, ...], Callable[[np.ndarray, np.ndarray], np.ndarray]]] = {
    "binary_crossentropy": (("binary",), binary_crossentropy),
    "sparse_categorical_crossentropy": (("multiclass",), crossentropy),
    "categorical_crossentropy": (("multiclass",), crossentropy),
    "mean_squared_error": (("binary", "regression"), squared_error),
    "mean_absolute_error": (("binary", "regression"), absolute_error),
}
"""Losses that need no Keras, with the kinds of task whose outputs they read here."""


def finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
