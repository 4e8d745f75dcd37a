"""A classical method fitted to train rows; stands where a trained net does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Rows, Task
from dlrun.spec.other_kinds import BaselineName
from dlrun.training.baselines.methods import METHODS, Method
from dlrun.training.baselines.skops_file import save_estimator
from dlrun.training.baselines.threads import threads
from dlrun.training.objective import Objective
from dlrun.training.trivial import outputs_of_shares

FOLDS = 5
"""For the probabilities of a support vector machine."""
SEEDS = 2**32
"""scikit-learn takes seeds below it."""
OWN_LOSSES = (
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "mean_squared_error",
)
"""Losses that the methods minimise, or whose best answer they aim at."""


@dataclass(frozen=True)
class FittedBaseline:
    """A fitted method and what its outputs mean."""

    name: BaselineName
    estimator: Any
    """Of scikit-learn."""
    objective: Objective
    _latest: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list, repr=False, compare=False)
    """The rows that it was asked for last, and its outputs: some methods look at every train row for each answer."""

    file_name = "model.skops"

    @property
    def parameters(self) -> int | None:
        """How many weights a linear model has; None for the others, whose size means something else."""
        if self.name != "linear_model":
            return None
        return int(np.size(self.estimator.coef_) + np.size(self.estimator.intercept_))

    @property
    def described(self) -> str:
        """The estimator with its arguments, where they are not scikit-learn's defaults."""
        return " ".join(str(self.estimator).split())

    @property
    def fits_its_loss(self) -> bool:
        """Whether the loss that it is measured by is what such methods aim at."""
        loss, kind = self.objective.loss, self.objective.task.kind
        return loss in OWN_LOSSES and (kind == "regression") == (loss == "mean_squared_error")

    def save(self, path: Path) -> None:
        """Writes a `.skops` file: no pickle, nothing that is carried out when it is read."""
        save_estimator(self.estimator, path)

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What a net's output layer would give for rows x (rows, features): float32 (rows, outputs).

        Probabilities of the classes, of the second one where there are two, or standardised values. For losses whose
        outputs have both signs, probabilities from 0 to 1 become -1 to 1. Rows that are not finite give nan.
        """
        for rows, outputs in self._latest:
            if rows is x:
                return outputs
        found = np.full((len(x), self.objective.task.outputs), np.nan, np.float32)
        usable = np.isfinite(x).all(axis=1)
        if usable.any():
            with threads():
                found[usable] = self._said(x[usable])
        self._latest[:] = [(x, found)]
        return found

    def _said(self, x: np.ndarray) -> np.ndarray:
        if self.objective.task.kind == "regression":
            values = np.asarray(self.estimator.predict(x)).reshape(-1, 1)
            return np.maximum(values, 0) if self.objective.activation == "softplus" else values
        shares = self._shares(x)
        if self.objective.task.kind == "multiclass":
            return shares
        if self.objective.threshold == 0:
            return self._signed(shares)
        return shares[:, 1:]

    def _signed(self, shares: np.ndarray) -> np.ndarray:
        """For losses that want outputs of both signs."""
        if self.name == "trivial":
            return np.tile(outputs_of_shares(self.objective, shares[0]), (len(shares), 1))
        return np.asarray(2 * shares[:, 1:] - 1)

    def _shares(self, x: np.ndarray) -> np.ndarray:
        """(rows, classes): a class without train rows has the probability 0."""
        shares = np.zeros((len(x), len(self.objective.task.classes)))
        shares[:, self.estimator.classes_] = self.estimator.predict_proba(x)
        return shares


def fit_baseline(
    name: BaselineName, rows: Rows, objective: Objective, seed: int, weights: np.ndarray | None = None
) -> FittedBaseline:
    """The method, fitted to these rows and to nothing else.

    Args:
        rows: the train rows.
        objective: says what its outputs must mean; what is minimised is the method's own.
        seed: of what it draws at random.
        weights: (rows,) how much each row counts, for the methods that take it.

    Raises:
        ValueError: scikit-learn cannot fit it to such rows.
    """
    method = METHODS[name]
    estimator = made(method, objective.task, rows, seed)
    weighted = {} if weights is None or not method.weighted else {"sample_weight": weights}
    with threads():
        estimator.fit(rows.x, rows.y, **weighted)
    if "n_jobs" in estimator.get_params(deep=False):
        estimator.set_params(n_jobs=None)  # to be asked: several threads add the trees up in any order
    return FittedBaseline(name, estimator, objective)


def made(method: Method, task: Task, rows: Rows, seed: int) -> Any:
    """The estimator before it is fitted."""
    described = method.estimator(task)
    if described is None:
        raise ValueError(f"is not for a {task.kind} task")
    estimator = described.made(random_state=seed % SEEDS, n_jobs=-1)
    if "n_neighbors" in described.arguments:
        estimator.set_params(n_neighbors=min(described.arguments["n_neighbors"], len(rows)))
    return calibrated(estimator, rows) if method.calibrated and task.kind != "regression" else estimator


def calibrated(estimator: Any, rows: Rows) -> Any:
    """Fitted to all rows; its scores become probabilities by a sigmoid, learnt on scores of rows that were held out."""
    from sklearn.calibration import CalibratedClassifierCV

    counts = np.bincount(rows.y)
    folds = int(min(FOLDS, counts[counts > 0].min()))
    return CalibratedClassifierCV(estimator, method="sigmoid", ensemble=False, cv=folds)
