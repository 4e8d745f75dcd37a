"""One member's way through its epochs, on the host: learning rate, early stopping, best epoch, divergence.

Keras' own callbacks decide; they are driven epoch by epoch with the numbers that were measured.
"""

from __future__ import annotations

from typing import Any

from dlrun.training.best_epoch import BestEpoch, divergence
from dlrun.training.callbacks import keras_callbacks, shortest
from dlrun.training.job import EpochRow, Job, Status


class WatchedOptimizer:
    """What Keras' callbacks see of an optimizer: a learning rate that is kept in the format of the weights."""

    def __init__(self, rate: float, numbers: Any):
        self._numbers = numbers
        self._rate = numbers(rate)

    @property
    def learning_rate(self) -> Any:
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._rate = self._numbers(rate)


class WatchedModel:
    """What Keras' callbacks see of a model."""

    def __init__(self, optimizer: WatchedOptimizer):
        self.optimizer = optimizer
        self.stop_training = False


class Course:
    """A job under way.

    Args:
        job: what is trained.
        numbers: numpy's type of the weights.
    """

    def __init__(self, job: Job, numbers: Any):
        self.job = job
        self.rows: list[EpochRow] = []
        self.best = BestEpoch.of(job.experiment)
        self.diverged: str | None = None
        self.seconds = 0.0
        self._model = WatchedModel(WatchedOptimizer(job.experiment.optimizer.learning_rate, numbers))
        self._callbacks = keras_callbacks(job.experiment)
        for callback in self._callbacks:
            callback.set_model(self._model)
            callback.on_train_begin()

    @property
    def epoch(self) -> int:
        """Epochs that are done."""
        return len(self.rows)

    def begin_epoch(self) -> Any:
        """The learning rate of the epoch that begins."""
        for callback in self._callbacks:
            callback.on_epoch_begin(self.epoch)
        return self._model.optimizer.learning_rate

    @property
    def shown_rate(self) -> float:
        """The learning rate as curves show it."""
        return shortest(self._model.optimizer.learning_rate)

    def end_epoch(self, row: EpochRow) -> bool:
        """Takes the row of an epoch that has just ended; whether its weights are to be kept."""
        self.rows.append(row)
        self.seconds += row["seconds"]
        keep = self.best.see(row)
        self.diverged = divergence(self.epoch, row)
        logs = {key: value for key, value in row.items() if key != "epoch"}
        for callback in self._callbacks:
            callback.on_epoch_end(self.epoch - 1, logs)
        return keep

    @property
    def ended(self) -> bool:
        """Whether there is no further epoch."""
        return self.diverged is not None or self._model.stop_training or self.epoch >= self.job.epochs

    @property
    def status(self) -> Status:
        """What has become of it."""
        if self.diverged is not None:
            return "diverged"
        return self.job.status_after(self.epoch, self._model.stop_training)
