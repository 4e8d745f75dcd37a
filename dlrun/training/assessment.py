"""What outputs are worth on labelled rows: metrics with intervals, beside validation and the trivial predictor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dlrun.data.task import OWN_UNIT_LOSSES
from dlrun.training.bootstrap import interval, resampled
from dlrun.training.metrics import METRICS, Scored
from dlrun.training.objective import Objective
from dlrun.training.tally import Tally, confusion_matrix
from dlrun.training.trivial import outputs_of_shares, row_losses

CLASSIFICATION = ("accuracy", "balanced_accuracy", "f1")
ONLY_BINARY = ("auc", "average_precision", "precision", "recall")
REGRESSION = ("mean_absolute_error", "root_mean_squared_error", "r2")
BOOTSTRAP_SEED = 0
VALIDATION_SEED = 1
QUANTILES = {"smallest": 0.0, "5 %": 0.05, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "95 %": 0.95, "largest": 1.0}


@dataclass(frozen=True)
class Outputs:
    """Rows that a net was applied to."""

    targets: np.ndarray
    """(rows,) class indices, or standardised values."""
    outputs: np.ndarray
    """(rows, outputs) of the output layer."""


@dataclass(frozen=True)
class Measured:
    """One metric; nan where it is not defined, None where it is not known."""

    metric: str
    value: float
    low: float
    high: float
    validation: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    trivial: float | None


class Assessment:
    """Rows of one task under one objective.

    Args:
        objective: gives the loss and what an output means.
        rows: the labelled rows, at least one.
    """

    def __init__(self, objective: Objective, rows: Outputs):
        self.objective, self.rows = objective, rows
        self.scored = Scored(rows.targets, rows.outputs, objective.task, objective.threshold)

    def measured(self, metrics: tuple[str, ...], validation: Outputs | None) -> list[Measured]:
        """One entry per metric: `loss` (in its reported unit), those wanted and the usual ones of the task; for numbers
        also `bias`, the mean error.

        Intervals are 95 % bootstrap intervals over rows, 2,000 resamples; those of the difference to validation draw
        both sides, each by itself.
        """
        names = tuple(dict.fromkeys((*usual_metrics(self.objective), *metrics)))
        drawn = self._drawn(names, BOOTSTRAP_SEED)
        values = self._values(names)
        beside = Assessment(self.objective, validation) if validation is not None and len(validation.targets) else None
        before = {} if beside is None else beside._values(names)
        before_drawn = {} if beside is None else beside._drawn(names, VALIDATION_SEED)
        trivial = self._trivial(names)
        return [
            _row(name, value, drawn[name], before.get(name), before_drawn.get(name), trivial.get(name))
            for name, value in values.items()
        ]

    @property
    def tally(self) -> Tally:
        """Per class; not for a regression."""
        return self.scored.tally

    @property
    def confusion(self) -> np.ndarray:
        """int64 (classes, classes): rows are what is true, columns what the net says."""
        return confusion_matrix(self.rows.targets, self.scored.classes, len(self.objective.task.classes))

    @property
    def errors(self) -> np.ndarray:
        """(rows,) output minus target of a regression, in the target's own unit."""
        return self.scored.errors

    def _means(self) -> dict[str, np.ndarray]:
        """Metrics that are means over rows of what is given here, (rows,) each."""
        losses = row_losses(self.objective, self.rows.targets, self.rows.outputs) * self.objective.unit
        return {"loss": losses} | ({"bias": self.errors} if self.objective.task.kind == "regression" else {})

    def _values(self, names: tuple[str, ...]) -> dict[str, float]:
        if not np.isfinite(self.rows.outputs).all():
            return dict.fromkeys((*self._means(), *names), float("nan"))
        means = {name: float(self.scored.mean(values)) for name, values in self._means().items()}
        return means | {name: float(METRICS[name](self.scored)) for name in names}

    def _drawn(self, names: tuple[str, ...], seed: int) -> Mapping[str, np.ndarray]:
        if not np.isfinite(self.rows.outputs).all():
            return dict.fromkeys((*self._means(), *names), np.array([np.nan]))
        return resampled(names, self.scored, self._means(), seed)

    def _trivial(self, names: tuple[str, ...]) -> dict[str, float]:
        """Of the predictor that knows only the class shares or the mean of the target; empty where they are unknown."""
        constant = constant_outputs(self.objective)
        if constant is None:
            return {}
        outputs = np.tile(constant, (len(self.rows.targets), 1))
        return Assessment(self.objective, Outputs(self.rows.targets, outputs))._values(names)


def usual_metrics(objective: Objective) -> tuple[str, ...]:
    """What is always measured on test rows."""
    kind = objective.task.kind
    if kind == "regression":
        return REGRESSION
    return (*CLASSIFICATION, *(ONLY_BINARY if kind == "binary" else ()))


def constant_outputs(objective: Objective) -> np.ndarray | None:
    """(outputs,): what the trivial predictor gives for every row; None where the train rows would be needed for it."""
    task = objective.task
    if task.kind == "regression":
        return None if objective.loss in OWN_UNIT_LOSSES else np.zeros(1)
    return outputs_of_shares(objective, np.array(task.shares)) if task.shares else None


def _row(
    name: str,
    value: float,
    drawn: np.ndarray,
    before: float | None,
    before_drawn: np.ndarray | None,
    trivial: float | None,
) -> Measured:
    around = interval(drawn)
    if before is None or before_drawn is None:
        return Measured(name, value, *around, None, None, None, None, trivial)
    change = interval(drawn - before_drawn) if len(drawn) == len(before_drawn) else interval(np.array([np.nan]))
    return Measured(name, value, *around, before, value - before, *change, trivial)
