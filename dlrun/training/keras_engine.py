"""The `keras` engine: one real `model.fit` per run, with Keras' own callbacks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from dlrun.spec import Experiment
from dlrun.training.augmentation import Augmented
from dlrun.training.batches import Batches, batch_size
from dlrun.training.best_epoch import BestEpoch
from dlrun.training.callbacks import KeepBest, Measure, Progress, asking, callbacks_for, learning_rate
from dlrun.training.class_weights import row_weights
from dlrun.training.devices import Devices, take
from dlrun.training.forward import Forward
from dlrun.training.health.log import HealthLog
from dlrun.training.job import Job, OnEpoch, Outcome, Status, Stopping, never
from dlrun.training.mirrored import Mirror, mirrored_train_function
from dlrun.training.network import build
from dlrun.training.objective import Objective, objective_of
from dlrun.training.precision import array_type, numbers_in
from dlrun.training.train_functions import Arrays, as_it_is, build_loss, train_function
from dlrun.training.trained_network import TrainedNetwork, trained_parameters


class KerasEngine:
    """Trains jobs one after the other.

    Args:
        backend: tensorflow, jax or torch; Keras is imported with it.
        device: what is computed on, a word of `--device`.

    Raises:
        BackendError: one of them is not there, or this process already computes on others.
    """

    name = "keras"

    def __init__(self, backend: str, device: str = "auto"):
        began = time.perf_counter()
        self.devices = take(device, backend)
        self.backend = backend
        self._import_seconds = time.perf_counter() - began

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        """Yields an outcome per job; calls `on_epoch` after each epoch of each job.

        When `stopping` says so, or at a KeyboardInterrupt, a job ends with the status `interrupted`, and the net and
        curves there are so far.

        Raises:
            ConfigError: a spec that does not fit its data.
        """
        import keras

        for job in jobs:
            yield self._outcome(job, on_epoch, stopping)
            keras.utils.clear_session(free_memory=False)

    def _outcome(self, job: Job, on_epoch: OnEpoch, stopping: Stopping) -> Outcome:
        imported, self._import_seconds = self._import_seconds, 0.0
        with numbers_in(job.experiment.fit.precision):
            try:
                outcome = self._trained(job, on_epoch, stopping)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                outcome = failed(job, "out of memory; use a smaller fit.batch_size or a smaller net")
        return replace(outcome, seconds={"import": imported, **outcome.seconds}, device=self.devices.name)

    def _trained(self, job: Job, on_epoch: OnEpoch, stopping: Stopping) -> Outcome:
        began = time.perf_counter()
        fitting = Fitting.begin(job, on_epoch, self.backend, self.devices)
        built = time.perf_counter()
        status, reason = fitting.fit(stopping)
        fitting.trainer.train_function = None  # it holds the train rows, and a circle keeps it alive for a while
        network = fitting.kept_network()
        seconds = {"build": built - began, "train": time.perf_counter() - built}
        best = fitting.progress.kept.best
        return Outcome(
            job=job,
            status=status,
            curves=tuple(fitting.progress.rows),
            best_epoch=best.best_epoch,
            kept_epoch=best.kept_epoch,
            network=network,
            parameters=trained_parameters(fitting.network),
            steps_per_epoch=fitting.batches.steps,
            seconds=seconds,
            reason=reason,
            health=fitting.progress.health.document() if fitting.progress.health else None,
        )


@dataclass
class Fitting:
    """One job on its way through `fit`."""

    job: Job
    network: Any
    """The plain net, which is measured and kept."""
    trainer: Any
    """A compiled Keras model around the same layers, or around their copies on several devices, which is fitted."""
    forward: Forward
    batches: Batches
    progress: Progress
    mirror: Mirror | None = None
    """The copies, on TensorFlow."""

    @classmethod
    def begin(cls, job: Job, on_epoch: OnEpoch, backend: str, devices: Devices) -> Fitting:
        """Builds the net and all that trains it."""
        experiment, data = job.experiment, job.data
        objective = objective_of(experiment, data.task)
        features, rows = data.train.x.shape[1], len(data.train)
        with devices.scope():
            network = build(
                experiment.model, features, data.task.outputs, objective.activation, experiment.seed,
                experiment.fit.precision,
            )  # fmt: skip
            mirror = Mirror.of(network, devices.members) if devices.several and backend == "tensorflow" else None
            augmented = Augmented.of(experiment, data)
            trainer = compiled(network, mirror, experiment, objective, augmented)
        batches = Batches(
            experiment.seed, rows, batch_size(experiment.fit.batch_size, rows), trained_parameters(network),
            None if augmented is None else augmented.draws.epoch, job.health,
        )  # fmt: skip
        completed = None if augmented is None else augmented.batch
        arrays = train_arrays(job, objective)
        build_loss(backend, trainer, arrays)
        if mirror is None:
            trainer.train_function = train_function(backend, trainer, arrays, batches, completed or as_it_is)
        else:
            trainer.train_function = mirrored_train_function(mirror, trainer, arrays, batches, completed)
        measured = max(len(data.measured_train), len(data.validation or ()))
        forward = Forward(network, objective, backend, max(features, *experiment.model.hidden, 1), measured)
        kept = KeepBest(network, BestEpoch.of(experiment))
        measure = Measure(experiment, data, forward)
        trained = mirror.trained if mirror else network
        health = HealthLog(network, trained, trainer, objective, job, backend, batches) if job.health else None
        progress = Progress(trainer, measure, kept, lambda row: on_epoch(job, row), health)
        return cls(job, network, trainer, forward, batches, progress, mirror)

    def fit(self, stopping: Stopping = never) -> tuple[Status, str | None]:
        """Trains; gives the status and, where it diverged, why."""
        epochs = self.job.epochs
        try:
            if epochs == 0:
                self._measure_start()
            else:
                self._fit(epochs, stopping)
        except KeyboardInterrupt:
            return "interrupted", "stopped by Ctrl-C"
        if self.progress.diverged is not None:
            return "diverged", self.progress.diverged
        return self.job.status_after(len(self.progress.rows), self.trainer.stop_training), None

    def _fit(self, epochs: int, stopping: Stopping) -> None:
        self.progress.see_start()
        self.trainer.fit(
            self.batches.endless(),
            steps_per_epoch=self.batches.calls,
            epochs=epochs,
            shuffle=False,
            verbose=0,
            callbacks=[asking(stopping), *self._fetching(), *callbacks_for(self.job.experiment, self.progress)],
        )

    def _fetching(self) -> list[Any]:
        import keras

        mirror = self.mirror
        return [] if mirror is None else [keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: mirror.fetch())]

    def _measure_start(self) -> None:
        row = self.progress.measure.row(0, learning_rate(self.trainer), float("nan"))
        self.progress.rows.append(row)
        self.progress.kept.see(row)
        self.progress.see_start()
        self.progress.announce(0, row)

    def kept_network(self) -> TrainedNetwork | None:
        """The net with the weights of the kept epoch; None where no epoch was finite."""
        kept = self.progress.kept
        if kept.best.kept_epoch is None:
            return None
        kept.restore()
        return TrainedNetwork(self.network, self.forward, self.job.experiment.fit.precision)


def compiled(
    network: Any, mirror: Mirror | None, experiment: Experiment, objective: Objective, augmented: Augmented | None
) -> Any:
    """The Keras model that is fitted, augmentation before the net, with its optimizer's variables."""
    import keras

    layers = network if mirror is None else mirror.trained
    inputs, outputs = layers.inputs, layers.outputs
    if augmented is not None:
        with nullcontext() if mirror is None else mirror.strategy.scope():
            inputs, x = augmented.symbolic(layers.input_shape[-1], None if mirror is None else mirror.own)
            outputs = layers(x)
    trainer = keras.Model(inputs, outputs)  # outside the scope: in it, Keras would share out the row order
    with nullcontext() if mirror is None else mirror.strategy.scope():
        trainer.compile(optimizer=keras_optimizer(experiment), loss=objective.training_loss(), jit_compile=False)
        trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def train_arrays(job: Job, objective: Objective) -> Arrays:
    """The train rows as the net wants them: x, targets and, with class weights, the weight of each row."""
    rows, fit = job.data.train, job.experiment.fit
    numbers = array_type(fit.precision)
    weights = row_weights(fit.class_weight, job.data.task, rows.y)
    arrays = (rows.x.astype(numbers, copy=False), objective.targets(rows.y))
    return arrays if weights is None else (*arrays, weights.astype(numbers))


def keras_optimizer(experiment: Experiment) -> Any:
    """The Keras optimizer of the spec; in float16 with its loss scaled, so that small gradients survive."""
    import keras

    given = experiment.optimizer
    optimizer = keras_optimizer_of(type(given).__name__, given.arguments())
    if experiment.fit.precision == "mixed_float16":
        return keras.mixed_precision.LossScaleOptimizer(optimizer)
    return optimizer


def keras_optimizer_of(class_name: str, arguments: Mapping[str, Any]) -> Any:
    """One of Keras' optimizers. `keras.optimizers.get` does not know every one by name; the classes are all there."""
    import keras

    return getattr(keras.optimizers, class_name)(**arguments)


def is_out_of_memory(error: Exception) -> bool:
    """Whether a backend ran out of memory: each says it with a class or a word of its own."""
    text = f"{type(error).__name__} {error}"
    words = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OutOfMemory", "out of memory")
    return isinstance(error, MemoryError) or any(word in text for word in words)


def failed(job: Job, reason: str) -> Outcome:
    """A job that came to nothing."""
    rows = len(job.data.train)
    steps = -(-rows // batch_size(job.experiment.fit.batch_size, rows))
    return Outcome(job, "failed", (), None, None, None, 0, steps, reason=reason)
