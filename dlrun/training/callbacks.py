"""What happens at the end of each epoch: our measurements first, so that Keras' own callbacks watch honest numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.spec.experiment import EarlyStopping
from dlrun.spec.names import greater_is_better
from dlrun.spec.schedules import ReduceLROnPlateau
from dlrun.training.best_epoch import BestEpoch, divergence
from dlrun.training.forward import Chunk, Forward, Reading
from dlrun.training.health.log import HealthLog
from dlrun.training.job import EpochRow
from dlrun.training.metrics import Scored, measure, metric_names
from dlrun.training.schedules import rate_of


class Measure:
    """Fills an epoch's row: what Keras reports, and honest numbers for both sides on the same weights.

    Args:
        experiment: says what is measured.
        data: the rows.
        forward: the instrument.
    """

    def __init__(self, experiment: Experiment, data: Prepared, forward: Forward):
        self.experiment, self.data, self.forward = experiment, data, forward
        self.metrics = metric_names(experiment, data.task)
        sides = {"train": data.measured_train, "val": data.validation}
        self.sides: dict[str, tuple[np.ndarray, list[Chunk]]] = {
            side: (rows.y, forward.chunks(rows)) for side, rows in sides.items() if rows is not None
        }
        self.began = time.perf_counter()

    def row(self, epoch: int, learning_rate: float, loss: float) -> EpochRow:
        """The row of an epoch that has just ended, columns in the order of `curve_columns`."""
        readings = {side: self.forward.read(chunks) for side, (_, chunks) in self.sides.items()}
        row: EpochRow = {"epoch": epoch, "learning_rate": learning_rate, "loss": loss}
        for side, reading in readings.items():
            row[f"{side}_loss"] = reading.mean_loss * self.forward.objective.unit
        for side, reading in readings.items():
            row |= self._metrics(side, reading)
        row["penalty"] = readings["train"].penalty
        now = time.perf_counter()
        row["seconds"], self.began = now - self.began, now
        return row

    def _metrics(self, side: str, reading: Reading) -> EpochRow:
        objective = self.forward.objective
        scored = Scored(self.sides[side][0], reading.outputs, objective.task, objective.threshold)
        return {f"{side}_{name}": measure(name, scored) for name in self.metrics}


@dataclass
class KeepBest:
    """Remembers the weights of the best epoch so far, or of the last one."""

    model: Any
    best: BestEpoch
    weights: list[np.ndarray] = field(default_factory=list)
    """Of all variables of the model, the states of dropout included."""

    def see(self, row: EpochRow) -> None:
        """Takes note of an epoch that has just ended."""
        if self.best.see(row):
            self.weights = [on_host(variable) for variable in self.model.variables]

    def restore(self) -> None:
        """Gives the model the weights that were kept."""
        for variable, value in zip(self.model.variables, self.weights, strict=True):
            variable.assign(value)


@dataclass
class Progress:
    """The epochs of a run so far: measures each, keeps what is best, notices divergence, tells who listens."""

    trainer: Any
    """The compiled model."""
    measure: Measure
    kept: KeepBest
    tell: Callable[[EpochRow], None]
    health: HealthLog | None = None
    """Looks at the layers as well, where that is wanted."""
    rows: list[EpochRow] = field(default_factory=list)
    diverged: str | None = None
    """Where a loss stopped being finite."""

    def fill(self, epoch: int, logs: dict[str, float]) -> None:
        """Puts the epoch's numbers into Keras' logs, for the callbacks that follow."""
        row = self.measure.row(epoch + 1, learning_rate(self.trainer), logs["loss"])
        self.rows.append(row)
        self.kept.see(row)
        logs.update({key: value for key, value in row.items() if key != "epoch"})

    def see_start(self) -> None:
        """Looks at the layers before the first step."""
        if self.health is not None:
            self.health.see(0)
            self.measure.began = time.perf_counter()

    def see(self, epoch: int, logs: dict[str, float]) -> None:
        """Looks at the layers when it is time, and at the end; the `seconds` of epochs know nothing of it."""
        if self.health is not None and (self.health.due(epoch + 1) or self.trainer.stop_training):
            self.health.see(epoch + 1)
            self.measure.began = time.perf_counter()

    def stop_when_diverged(self, epoch: int, logs: dict[str, float]) -> None:
        """Keras' early stopping and plateau take a NaN for the best value and never recover, so this comes first."""
        self.diverged = divergence(epoch + 1, logs)
        if self.diverged is not None:
            self.trainer.stop_training = True

    def announce(self, epoch: int, logs: dict[str, float]) -> None:
        self.tell(self.rows[-1])


def learning_rate(trainer: Any) -> float:
    """The optimizer's rate."""
    return shortest(on_host(trainer.optimizer.learning_rate))


def shortest(rate: Any) -> float:
    """The shortest number that float32 rounds to this rate."""
    return float(str(np.float32(rate)))


def on_host(variable: Any) -> np.ndarray:
    """A copy of a Keras variable; on JAX what Keras gives is a view of memory that the next step reuses."""
    import keras

    return np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(variable)))


def asking(stopping: Callable[[], bool]) -> Any:
    """Ends `fit` by a KeyboardInterrupt when training shall stop; asked after every call of the compiled program."""
    import keras

    def ask(*_: Any, **__: Any) -> None:
        if stopping():
            raise KeyboardInterrupt

    return keras.callbacks.LambdaCallback(on_train_begin=ask, on_train_batch_end=ask)


def callbacks_for(experiment: Experiment, progress: Progress) -> list[Any]:
    """Keras callbacks in the order in which they act."""
    import keras

    calling = keras.callbacks.LambdaCallback
    return [
        *([progress.health.step.callback()] if progress.health else []),
        calling(on_epoch_end=progress.fill),
        calling(on_epoch_end=progress.stop_when_diverged),
        *keras_callbacks(experiment),
        *([calling(on_epoch_end=progress.see)] if progress.health else []),
        calling(on_epoch_end=progress.announce),
    ]


def keras_callbacks(experiment: Experiment) -> list[Any]:
    """Keras' own callbacks that the experiment asks for: schedule, plateau, early stopping."""
    import keras

    found: list[Any] = []
    rate = rate_of(experiment)
    if rate is not None:
        found.append(keras.callbacks.LearningRateScheduler(lambda epoch, _: rate(epoch)))
    for part in (experiment.schedule, experiment.fit.early_stopping):
        if isinstance(part, ReduceLROnPlateau):
            found.append(keras.callbacks.ReduceLROnPlateau(**watching(part, experiment)))
        elif isinstance(part, EarlyStopping):
            found.append(keras.callbacks.EarlyStopping(**watching(part, experiment)))
    return found


def watching(part: ReduceLROnPlateau | EarlyStopping, experiment: Experiment) -> dict[str, Any]:
    """Arguments of a Keras callback that watches a curve; the direction is told, as Keras cannot guess it."""
    arguments = part.model_dump(exclude={"name"})
    arguments["monitor"] = part.monitor or experiment.monitor
    if part.mode == "auto":
        arguments["mode"] = "max" if greater_is_better(arguments["monitor"]) else "min"
    return arguments
