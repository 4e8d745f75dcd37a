"""The rows that are measured after each epoch, and what a program reads from them as rows of `curves.csv`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Prepared, Task
from dlrun.data import Rows as DataRows
from dlrun.spec import Experiment
from dlrun.training.fused.program import Reading
from dlrun.training.job import EpochRow
from dlrun.training.metrics import Scored, measure, metric_names
from dlrun.training.objective import objective_of

CHUNK = 256
"""Rows that are measured at a time: what a layer gives for them stays in the cache."""


@dataclass(frozen=True)
class Side:
    """Where the train or validation rows lie among those that are measured."""

    name: str
    """train or val."""
    rows: DataRows
    start: int

    @property
    def span(self) -> slice:
        return slice(self.start, self.start + len(self.rows))


def sides(data: Prepared) -> tuple[list[Side], int]:
    """The sides, and the rows of a chunk. Equal rows stand at equal places of their chunks, so they give equal
    numbers."""
    known = [("train", data.measured_train)] + ([("val", data.validation)] if data.validation is not None else [])
    most = max(len(rows) for _, rows in known)
    size = max(1, math.ceil(most / math.ceil(most / CHUNK)))
    found, start = [], 0
    for name, rows in known:
        found.append(Side(name, rows, start))
        start += math.ceil(len(rows) / size) * size
    return found, size


def in_chunks(arrays: list[np.ndarray], size: int) -> np.ndarray:
    """The arrays, each filled up with zeros to whole chunks, behind one another: (chunks, size, ...)."""
    parts = []
    for array in arrays:
        whole = np.zeros((math.ceil(len(array) / size) * size, *array.shape[1:]), array.dtype)
        whole[: len(array)] = array
        parts.append(whole.reshape(-1, size, *array.shape[1:]))
    return np.concatenate(parts)


class Readout:
    """Turns the readings of a stack of members into rows of curves.

    Args:
        experiment: says which metrics are measured.
        data: the rows.
    """

    def __init__(self, experiment: Experiment, data: Prepared):
        self.objective = objective_of(experiment, data.task)
        self.metrics = metric_names(experiment, data.task)
        self.sides, _ = sides(data)

    def rows(self, reading: Reading, places: list[int]) -> list[EpochRow]:
        """What was measured of the members at these places: all columns but `epoch`, `learning_rate`, `seconds`."""
        found: list[EpochRow] = [{"loss": float(reading.loss[place])} for place in places]
        for side in self.sides:
            losses = reading.losses[places, side.span].mean(axis=1, dtype=np.float64) * self.objective.unit
            for row, loss in zip(found, losses.tolist(), strict=True):
                row[f"{side.name}_loss"] = loss
        for side in self.sides:
            outputs = reading.outputs[places, side.span]
            for name in self.metrics:
                values = stacked_metric(name, side.rows.y, outputs, self.objective.task, self.objective.threshold)
                for row, value in zip(found, values, strict=True):
                    row[f"{side.name}_{name}"] = value
        for row, place in zip(found, places, strict=True):
            row["penalty"] = float(reading.penalty[place])
        return found


def stacked_metric(name: str, targets: np.ndarray, outputs: np.ndarray, task: Task, threshold: float) -> list[float]:
    """One metric of each member, for outputs (members, rows, outputs); as `metrics.measure` gives it."""
    if name in TOGETHER:
        finite = np.isfinite(outputs).all(axis=(1, 2))
        return list(np.where(finite, TOGETHER[name](targets, outputs, task, threshold), np.nan).tolist())
    return [measure(name, Scored(targets, member, task, threshold)) for member in outputs]


def accuracies(targets: np.ndarray, outputs: np.ndarray, task: Task, threshold: float) -> Any:
    """The first of several equal outputs is the class."""
    if task.kind == "binary":
        return ((outputs[..., 0] > threshold) == (targets == 1)).mean(axis=1)
    return (outputs.argmax(axis=2) == targets).mean(axis=1)


def errors(targets: np.ndarray, outputs: np.ndarray, task: Task) -> Any:
    return (outputs[..., 0].astype(np.float64) - targets.astype(np.float64)) * task.spread


def absolute(targets: np.ndarray, outputs: np.ndarray, task: Task, threshold: float) -> Any:
    return np.abs(errors(targets, outputs, task)).mean(axis=1)


def root_squared(targets: np.ndarray, outputs: np.ndarray, task: Task, threshold: float) -> Any:
    with np.errstate(over="ignore"):  # of a member that diverges
        return np.sqrt((errors(targets, outputs, task) ** 2).mean(axis=1))


TOGETHER = {
    "accuracy": accuracies,
    "mean_absolute_error": absolute,
    "root_mean_squared_error": root_squared,
}
"""Metrics that are measured for all members at once; the others one by one."""
