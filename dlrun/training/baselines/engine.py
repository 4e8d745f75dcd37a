"""The `sklearn` engine: fits classical methods and measures them as nets are measured.

Loads no Keras, unless the loss is one without a formula in `training/trivial.py` (poisson, hinge, huber, ...).
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module

import numpy as np

from dlrun.data import Rows
from dlrun.spec import Experiment
from dlrun.spec.other_kinds import BaselineName
from dlrun.training.baselines.fitted import FittedBaseline, fit_baseline
from dlrun.training.baselines.methods import ENGINE, METHODS
from dlrun.training.best_epoch import BestEpoch, divergence
from dlrun.training.class_weights import row_weights
from dlrun.training.curves import curve_columns
from dlrun.training.job import EpochRow, Job, OnEpoch, Outcome, Stopping, never
from dlrun.training.metrics import Scored, measure, metric_names
from dlrun.training.objective import objective_of
from dlrun.training.trivial import mean_loss

EPOCH = 0
"""A baseline has no epochs: it is measured once, as a net is that is not trained."""


class BaselineEngine:
    """Fits baselines one after the other. A fit cannot be interrupted: the one under way comes to its end."""

    name = ENGINE

    def __init__(self) -> None:
        began = time.perf_counter()
        for module in sorted({method.classes.module for method in METHODS.values()}):
            import_module(f"sklearn.{module}")
        self._import_seconds = time.perf_counter() - began

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        """Yields an outcome per job; calls `on_epoch` once for each, with epoch 0.

        Raises:
            ConfigError: a loss that does not fit the task.
        """
        for job in jobs:
            imported, self._import_seconds = self._import_seconds, 0.0
            outcome = outcome_of(job)
            for row in outcome.curves:
                on_epoch(job, row)
            yield replace(outcome, seconds={"import": imported, **outcome.seconds})


def outcome_of(job: Job) -> Outcome:
    """The job, fitted and measured; what scikit-learn warned of is among its notes."""
    began = time.perf_counter()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            network = fit(job)
        except MemoryError:
            return failed(job, "out of memory")
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            return failed(job, f"scikit-learn: {first_line(error)}")
        row = measured(job, network, time.perf_counter() - began)
    best = BestEpoch.of(job.experiment)
    best.see(row)
    wrong = divergence(EPOCH, {key: value for key, value in row.items() if key != "loss"})  # nothing is trained by it
    return Outcome(
        job=job,
        status="completed" if wrong is None else "diverged",
        curves=(row,),
        best_epoch=best.best_epoch,
        kept_epoch=best.kept_epoch,
        network=None if best.kept_epoch is None else network,
        parameters=network.parameters,
        steps_per_epoch=None,
        seconds={"fit": row["seconds"], "measure": time.perf_counter() - began - row["seconds"]},
        reason=wrong,
        notes=(*notes_of(job.experiment, network), *told(warned)),
    )


def fit(job: Job) -> FittedBaseline:
    """Raises ValueError where scikit-learn cannot fit the method to these rows."""
    experiment, rows = job.experiment, job.data.train
    weights = row_weights(experiment.fit.class_weight, job.data.task, rows.y)
    return fit_baseline(named(experiment), rows, objective_of(experiment, job.data.task), experiment.seed, weights)


def named(experiment: Experiment) -> BaselineName:
    if experiment.baseline is None:
        raise TypeError("the sklearn engine fits baselines alone")
    return experiment.baseline.name


def measured(job: Job, network: FittedBaseline, seconds: float) -> EpochRow:
    """One row of `curves.csv`: losses and metrics as those of nets; there is nothing else that trains."""
    found = {"epoch": float(EPOCH), "seconds": seconds}
    for side, rows in (("train", job.data.measured_train), ("val", job.data.validation)):
        if rows is not None:
            found |= measured_on(rows, network, job.experiment, side)
    return {column: found.get(column, np.nan) for column in curve_columns(job.experiment, job.data.task)}


def measured_on(rows: Rows, network: FittedBaseline, experiment: Experiment, side: str) -> dict[str, float]:
    objective = network.objective
    outputs = network.outputs(rows.x)
    scored = Scored(rows.y, outputs, objective.task, objective.threshold)
    metrics = {f"{side}_{name}": measure(name, scored) for name in metric_names(experiment, objective.task)}
    return {f"{side}_loss": mean_loss(objective, rows.y, outputs) * objective.unit, **metrics}


def failed(job: Job, reason: str) -> Outcome:
    """A job that came to nothing."""
    return Outcome(job, "failed", (), None, None, None, None, None, reason=reason)


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300] or type(error).__name__


def notes_of(experiment: Experiment, network: FittedBaseline) -> tuple[str, ...]:
    """What was fitted, and what of the config it does not heed."""
    method = METHODS[network.name]
    notes = [f"Fitted with scikit-learn: {network.described}."]
    if experiment.fit.class_weight is not None and not method.weighted:
        notes.append("fit.class_weight is not heeded: this method takes no weights.")
    if not network.fits_its_loss:
        notes.append(f"It minimises a loss of its own, and is measured by {network.objective.loss}.")
    return tuple(notes)


def told(warned: Sequence[warnings.WarningMessage]) -> tuple[str, ...]:
    """What scikit-learn warned of, each once; what libraries deprecate among themselves is theirs."""
    theirs = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
    texts = [str(one.message).strip().partition("\n")[0] for one in warned if not issubclass(one.category, theirs)]
    return tuple(f"scikit-learn warns: {text}" for text in dict.fromkeys(texts))
