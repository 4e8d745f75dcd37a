"""The health of a net while it trains: measured at the start and after epochs, kept as one document."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from dlrun.data import Rows, stream
from dlrun.training.batches import Batches
from dlrun.training.class_weights import row_weights
from dlrun.training.health.blocks import blocks_of
from dlrun.training.health.document import document_of
from dlrun.training.health.instrument import Instrument, Plan
from dlrun.training.health.layer_health import LayerHealth, host, layers_of
from dlrun.training.health.step_watch import StepWatch
from dlrun.training.job import Job
from dlrun.training.objective import Objective
from dlrun.training.precision import array_type

ROWS: Final = 512
"""Rows that are looked at; of fewer all."""
ENTRIES: Final = 2000
"""Layers x epochs that a document holds: some 250 kB. Of longer runs every second, third ... epoch is measured, and
always the start and the last."""


@dataclass
class HealthLog:
    """Measures one run. It reads the net and changes nothing.

    Args:
        network: the plain net, which has at the end of each epoch the weights of the trained one.
        trained: the net whose weights each step changes: the same, or its copies on several devices.
        trainer: the compiled model around it.
        objective: gives the training loss.
        job: says how many epochs there may be, and how rows are weighted.
        backend: that Keras runs on.
        batches: with a step apart.
    """

    network: Any
    trained: Any
    trainer: Any
    objective: Objective
    job: Job
    backend: str
    batches: Batches
    epochs: list[int] = field(default_factory=list)
    """Those that were measured; 0 is the start."""
    found: list[list[LayerHealth]] = field(default_factory=list)
    """Of each of them every layer."""

    def __post_init__(self) -> None:
        self.blocks = blocks_of(self.network)
        layers = [self.trained.get_layer(block.name) for block in self.blocks]
        self.step = StepWatch(self.trainer, layers, self.batches.call_apart, self.due)

    @cached_property
    def rows(self) -> Rows:
        """The sample."""
        return sample(self.job.data.measured_train, self.job.experiment.seed)

    @cached_property
    def _instrument(self) -> Instrument:
        """Compiled at its first use."""
        weights = weights_of(self.job, self.rows)
        plan = Plan(self.network, self.blocks, self.objective.training_loss(), True, weights is not None)
        x = self.rows.x.astype(array_type(self.job.experiment.fit.precision), copy=False)
        return Instrument(plan, self.backend, x, self.objective.targets(self.rows.y), weights)

    @cached_property
    def every(self) -> int:
        """One epoch of so many is measured."""
        return math.ceil((self.job.epochs + 1) * len(self.blocks) / ENTRIES)

    def due(self, epoch: int) -> bool:
        """Whether this epoch, counted from 1, is measured as a matter of course."""
        return epoch % self.every == 0 or epoch == self.job.epochs

    def see(self, epoch: int) -> None:
        """Measures the net as it is at the end of this epoch, once."""
        if epoch in self.epochs[-1:]:
            return
        scale = getattr(self.trainer.optimizer, "dynamic_scale", None)
        found = self._instrument.read(1.0 if scale is None else float(host(scale)))
        self.epochs.append(epoch)
        self.found.append(layers_of(self.blocks, found, self.step.taken()))

    def document(self) -> dict[str, Any]:
        """What was measured, as JSON can hold it."""
        normalised = any(block.norm is not None for block in self.blocks)
        return document_of(self.epochs, self.found, len(self.rows), self.batches.steps, normalised)


def sample(rows: Rows, seed: int) -> Rows:
    """At most `ROWS` of these rows, drawn from the seed."""
    if len(rows) <= ROWS:
        return rows
    return rows.take(np.sort(stream(seed, "health").choice(len(rows), ROWS, replace=False)))


def weights_of(job: Job, rows: Rows) -> np.ndarray | None:
    """(rows,): what each row counts in the loss, as in training; None where all count alike."""
    fit, data = job.experiment.fit, job.data
    weights = row_weights(fit.class_weight, data.task, data.train.y)
    if weights is None:
        return None
    of_class = np.ones(len(data.task.classes), weights.dtype)
    of_class[data.train.y] = weights
    return np.asarray(of_class[rows.y].astype(array_type(fit.precision)))
