"""Metrics of outputs against targets, in the target's own unit: over all rows at once, never a mean over batches.

They are written for one set of rows and for many resamples of it alike, and need numpy alone: scikit-learn would cost
every run a second of import. The tests hold them against scikit-learn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dlrun.data import Task
from dlrun.errors import ConfigError, Problem
from dlrun.spec import Experiment, auto_metrics
from dlrun.spec.names import CLASSIFICATION_METRICS, REGRESSION_METRICS
from dlrun.spec.task_rules import UNBALANCED, unbalanced
from dlrun.training.ranking import average_precision, roc_area
from dlrun.training.tally import Tally, mean_over, ratio, tally


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
    counts: np.ndarray | None = None
    """(resamples, rows): how often each row is drawn. Every metric is then (resamples,), not one number."""

    @cached_property
    def classes(self) -> np.ndarray:
        """(rows,) the class each row is given; the first of several equal outputs."""
        if self.task.kind == "binary":
            return (self.outputs[:, 0] > self.threshold).astype(np.int64)
        return np.asarray(self.outputs.argmax(axis=1))

    @cached_property
    def errors(self) -> np.ndarray:
        """(rows,) output minus target in the target's own unit."""
        difference = self.outputs[:, 0].astype(np.float64) - self.targets.astype(np.float64)
        return np.asarray(difference * self.task.spread)

    @cached_property
    def tally(self) -> Tally:
        """What is true and what is given, counted per class."""
        return tally(self.targets, self.classes, len(self.task.classes), self.counts)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """The mean of values (rows,) over the rows, or over each resample of them, in float64."""
        values = values.astype(np.float64)
        if self.counts is None:
            return np.asarray(values.mean())
        return np.asarray(self.counts.astype(np.float64) @ values / self.counts.sum(axis=1))


def metric_names(experiment: Experiment, task: Task) -> tuple[str, ...]:
    """The metrics that are measured.

    Raises:
        ConfigError: a metric that does not fit the task.
    """
    given = experiment.fit.metrics
    if not isinstance(given, tuple):
        return auto_metrics(task.kind, task.shares)
    known = REGRESSION_METRICS if task.kind == "regression" else CLASSIFICATION_METRICS
    kind = "regression" if task.kind == "regression" else "classification"
    wrong = [name for name in given if name not in known]
    if wrong:
        text = f"fit.metrics must fit a {kind} task: {', '.join(known)}. Received: {', '.join(wrong)}."
        raise ConfigError([Problem("", text)])
    return tuple(dict.fromkeys(given))


def metric_notes(experiment: Experiment, task: Task) -> tuple[str, ...]:
    """Says why `fit.metrics: auto` measures more than accuracy."""
    if isinstance(experiment.fit.metrics, tuple) or not unbalanced(task.shares):
        return ()
    most, least = (task.classes[task.shares.index(pick(task.shares))] for pick in (max, min))
    times = max(task.shares) / min(task.shares)
    return (
        f"Classes are unbalanced: {most!r} has {times:.3g} times the rows of {least!r} (more than {UNBALANCED:g}), so "
        "fit.metrics: auto measures auc and balanced_accuracy beside accuracy.",
    )


def measure(name: str, scored: Scored) -> float:
    """One metric; nan where an output is not finite or the rows do not define it."""
    if len(scored.targets) == 0 or not np.isfinite(scored.outputs).all():
        return math.nan
    return float(METRICS[name](scored))


def accuracy(scored: Scored) -> np.ndarray:
    return scored.mean(scored.classes == scored.targets)


def balanced_accuracy(scored: Scored) -> np.ndarray:
    """The mean over the classes that occur of the share of their rows found."""
    return mean_over(scored.tally.recall, scored.tally.support > 0)


def auc(scored: Scored) -> np.ndarray:
    """Area under the ROC curve; for more than two classes the mean of each one against the rest, where it occurs."""
    return _against_the_rest(scored, roc_area)


def mean_average_precision(scored: Scored) -> np.ndarray:
    """Average precision of the second class; for more than two classes the mean of each one against the rest, where it
    occurs."""
    return _against_the_rest(scored, average_precision)


def _against_the_rest(scored: Scored, area: Callable[..., np.ndarray]) -> np.ndarray:
    if scored.task.kind == "binary":
        return area(scored.targets == 1, scored.outputs[:, 0], scored.counts)
    occurring = np.unique(scored.targets)
    areas = [area(scored.targets == index, scored.outputs[:, index], scored.counts) for index in occurring]
    found = np.stack(areas, axis=-1)
    return mean_over(np.nan_to_num(found), ~np.isnan(found))


def f1(scored: Scored) -> np.ndarray:
    """Of the second class; for more than two classes the mean over all."""
    return _second_or_mean(scored, scored.tally.f1)


def precision(scored: Scored) -> np.ndarray:
    """Of the second class; for more than two classes the mean over all."""
    return _second_or_mean(scored, scored.tally.precision)


def recall(scored: Scored) -> np.ndarray:
    """Of the second class; for more than two classes the mean over all."""
    return _second_or_mean(scored, scored.tally.recall)


def _second_or_mean(scored: Scored, per_class: np.ndarray) -> np.ndarray:
    return per_class[..., 1] if scored.task.kind == "binary" else mean_over(per_class, scored.tally.seen)


def mean_absolute_error(scored: Scored) -> np.ndarray:
    return scored.mean(np.abs(scored.errors))


def root_mean_squared_error(scored: Scored) -> np.ndarray:
    return np.asarray(np.sqrt(scored.mean(scored.errors**2)))


def r2(scored: Scored) -> np.ndarray:
    """Share of the variance explained. Undefined for fewer than two rows; where the targets never change it is 1 for
    no error at all, else 0, as in scikit-learn."""
    if len(scored.targets) < 2:
        return np.asarray(math.nan)
    targets = scored.targets.astype(np.float64) * scored.task.spread
    targets = targets - targets[0]  # close to 0, so that little is lost below; exactly 0 where all are alike
    variance = np.maximum(scored.mean(targets**2) - scored.mean(targets) ** 2, 0)
    unexplained = scored.mean(scored.errors**2)
    return np.where(variance > 0, 1 - ratio(unexplained, variance), np.where(unexplained > 0, 0.0, 1.0))


METRICS: dict[str, Callable[[Scored], np.ndarray]] = {
    "accuracy": accuracy,
    "auc": auc,
    "f1": f1,
    "balanced_accuracy": balanced_accuracy,
    "precision": precision,
    "recall": recall,
    "average_precision": mean_average_precision,
    "mean_absolute_error": mean_absolute_error,
    "root_mean_squared_error": root_mean_squared_error,
    "r2": r2,
}
