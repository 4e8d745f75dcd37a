"""Metrics of outputs against targets, in the target's own unit: over all rows at once, never a mean over batches."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlrun.data import Task
from dlrun.errors import ConfigError, Problem
from dlrun.spec import Experiment, auto_metrics
from dlrun.spec.names import CLASSIFICATION_METRICS, REGRESSION_METRICS


@dataclass(frozen=True)
class Scored:
    """Rows with what is true and what the net gives."""

    targets: np.ndarray
    """(rows,) class indices, or standardised values."""
    outputs: np.ndarray
    """(rows, outputs) of the output layer."""
    task: Task
    threshold: float = 0.5
    """Binary tasks: outputs above it mean the second class."""

    @property
    def classes(self) -> np.ndarray:
        """(rows,) the class each row is given; the first of several equal outputs."""
        if self.task.kind == "binary":
            return (self.outputs[:, 0] > self.threshold).astype(np.int64)
        return np.asarray(self.outputs.argmax(axis=1))

    @property
    def errors(self) -> np.ndarray:
        """(rows,) output minus target in the target's own unit."""
        difference = self.outputs[:, 0].astype(np.float64) - self.targets.astype(np.float64)
        return np.asarray(difference * self.task.spread)


def metric_names(experiment: Experiment, task: Task) -> tuple[str, ...]:
    """The metrics that are measured.

    Raises:
        ConfigError: a metric that does not fit the task.
    """
    given = experiment.fit.metrics
    if not isinstance(given, tuple):
        return auto_metrics(task.kind)
    known = REGRESSION_METRICS if task.kind == "regression" else CLASSIFICATION_METRICS
    kind = "regression" if task.kind == "regression" else "classification"
    wrong = [name for name in given if name not in known]
    if wrong:
        text = f"fit.metrics must fit a {kind} task: {', '.join(known)}. Received: {', '.join(wrong)}."
        raise ConfigError([Problem("", text)])
    return tuple(dict.fromkeys(given))


def measure(name: str, scored: Scored) -> float:
    """One metric; nan where an output is not finite or the rows do not define it."""
    if len(scored.targets) == 0 or not np.isfinite(scored.outputs).all():
        return math.nan
    return METRICS[name](scored)


def accuracy(scored: Scored) -> float:
    return float(np.mean(scored.classes == scored.targets))


def balanced_accuracy(scored: Scored) -> float:
    """The mean over the classes that occur of the share of their rows found."""
    from sklearn.metrics import recall_score

    present = np.unique(scored.targets)
    found = recall_score(scored.targets, scored.classes, labels=present, average="macro", zero_division=0)
    return float(found)


def auc(scored: Scored) -> float:
    """Area under the ROC curve; for more than two classes the mean of each one against the rest, where it occurs."""
    from sklearn.metrics import roc_auc_score

    if scored.task.kind == "binary":
        sides = [(scored.targets == 1, scored.outputs[:, 0])]
    else:
        sides = [(scored.targets == index, scored.outputs[:, index]) for index in range(scored.task.outputs)]
    areas = [roc_auc_score(is_class, output) for is_class, output in sides if 0 < is_class.sum() < len(is_class)]
    return float(np.mean(areas)) if areas else math.nan


def f1(scored: Scored) -> float:
    """Of the second class; for more than two classes the mean over all."""
    from sklearn.metrics import f1_score

    return float(f1_score(scored.targets, scored.classes, average=_average(scored), zero_division=0))


def precision(scored: Scored) -> float:
    """Of the second class; for more than two classes the mean over all."""
    from sklearn.metrics import precision_score

    return float(precision_score(scored.targets, scored.classes, average=_average(scored), zero_division=0))


def recall(scored: Scored) -> float:
    """Of the second class; for more than two classes the mean over all."""
    from sklearn.metrics import recall_score

    return float(recall_score(scored.targets, scored.classes, average=_average(scored), zero_division=0))


def _average(scored: Scored) -> str:
    return "binary" if scored.task.kind == "binary" else "macro"


def mean_absolute_error(scored: Scored) -> float:
    return float(np.mean(np.abs(scored.errors)))


def root_mean_squared_error(scored: Scored) -> float:
    return float(np.sqrt(np.mean(scored.errors**2)))


def r2(scored: Scored) -> float:
    """Share of the variance explained; undefined for fewer than two rows."""
    from sklearn.metrics import r2_score

    if len(scored.targets) < 2:
        return math.nan
    return float(r2_score(scored.targets, scored.outputs[:, 0]))


METRICS: dict[str, Callable[[Scored], float]] = {
    "accuracy": accuracy,
    "auc": auc,
    "f1": f1,
    "balanced_accuracy": balanced_accuracy,
    "precision": precision,
    "recall": recall,
    "mean_absolute_error": mean_absolute_error,
    "root_mean_squared_error": root_mean_squared_error,
    "r2": r2,
}
