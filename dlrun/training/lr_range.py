"""The learning-rate range test (Smith 2017, "Cyclical learning rates for training neural networks", section 3.3): the
net is trained while the rate grows from step to step, and the loss of each step is noted.

    from dlrun.training.lr_range import range_test

    found = range_test(experiment, data, backend="jax", low=1e-6, high=10, steps=200)   # one RangeTest, of one seed
    found.rates, found.losses, found.smoothed

Net, optimizer, batches and loss are those of a run of the experiment; schedule and early stopping are left out. The
rules that read a suggestion from the curves are in `dlrun.insight.explore.lr_range`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from dlrun.data import Prepared
from dlrun.errors import Interrupted
from dlrun.spec import Experiment
from dlrun.training.devices import Devices, take
from dlrun.training.job import Job, Stopping, never
from dlrun.training.keras_engine import Fitting
from dlrun.training.precision import numbers_in

SMOOTHING = 0.9
"""Of the loss before, in the running mean. fastai has 0.98, which at 200 steps would lag by a quarter of them."""
RISE = 4.0
"""The test ends where the smoothed loss is above so many times the lowest one (as in fastai), and above its start."""
START = 0.1
"""The first so many of the steps: how high the loss may be without a cause, and no place for the lowest: a lucky first
batch of few rows has next to none."""

ENDLESS_WORK = 10**15
"""Weights of a net of which one step is all that a call of the train function may do."""

Ending = Literal["highest rate", "rose", "not finite"]


@dataclass(frozen=True)
class RangeTest:
    """The test with one seed."""

    seed: int
    rates: tuple[float, ...]
    """The learning rate of each step, growing by a constant factor."""
    losses: tuple[float, ...]
    """The training loss of each step's batch, before its update: as Keras minimises it, penalty, dropout, class weights
    in; of a regression in standardised units."""
    smoothed: tuple[float, ...]
    """Their running mean."""
    ended: Ending


def range_test(
    experiment: Experiment,
    data: Prepared,
    backend: str,
    low: float,
    high: float,
    steps: int,
    stopping: Stopping = never,
    smoothing: float = SMOOTHING,
) -> RangeTest:
    """Trains with rates from low to high, each step a batch, in so many steps; ends early where the loss has risen.

    Raises:
        ConfigError: a spec that does not fit its data.
        BackendError: the backend is not there, or Keras already runs on another one.
        Interrupted: after Ctrl-C.
    """
    devices = take("auto", backend)  # before anything imports Keras
    rates = [low * (high / low) ** (step / (steps - 1)) for step in range(steps)]
    mean = RunningMean(smoothing)
    done: list[tuple[float, float, float]] = []
    ended: Ending = "highest rate"
    with numbers_in(experiment.fit.precision):
        for rate, loss in zip(rates, _losses(experiment, data, backend, devices, rates), strict=True):
            if stopping():
                raise Interrupted("interrupted: nothing is kept of a range test")
            if not math.isfinite(loss):
                ended = "not finite"
                break
            done.append((rate, loss, mean.of(loss)))
            if has_risen([smoothed for _, _, smoothed in done], steps):
                ended = "rose"
                break
    tried, losses, smoothed = (tuple(one[place] for one in done) for place in range(3))
    return RangeTest(experiment.seed, tried, losses, smoothed, ended)


@dataclass
class RunningMean:
    """An exponential running mean without the pull towards 0 at its start (Kingma and Ba 2015, section 3)."""

    smoothing: float
    _sum: float = 0.0
    _weight: float = 0.0

    def of(self, value: float) -> float:
        """The mean with one more value."""
        self._sum = self.smoothing * self._sum + (1 - self.smoothing) * value
        self._weight = self.smoothing * self._weight + 1 - self.smoothing
        return self._sum / self._weight


def has_risen(smoothed: list[float], steps: int) -> bool:
    """Whether the last smoothed loss is hopelessly above the lowest one since the start, and above all of the start. A
    loss may be negative, so the distance is measured in its size.

    Args:
        steps: of the whole test.
    """
    first = max(5, round(START * steps))
    known = smoothed[first:]
    if len(known) < 2:
        return False
    best, last = min(known), known[-1]
    return last > best + (RISE - 1) * abs(best) and last > max(smoothed[:first])


def _losses(
    experiment: Experiment, data: Prepared, backend: str, devices: Devices, rates: list[float]
) -> Iterator[float]:
    """The loss of one training step after the other, each at its rate."""
    fitting = Fitting.begin(Job("range", experiment, data), lambda job, row: None, backend, devices)
    one_by_one = replace(fitting.batches, parameters=ENDLESS_WORK)
    try:
        yield from STEPPERS[backend](fitting.trainer, zip(rates, one_by_one.endless(), strict=False))
    finally:
        fitting.trainer.train_function = None  # it holds the train rows


Steps = Iterator[tuple[float, Any]]
"""The rate of each, and what a train function takes for it."""


def on_variables(trainer: Any, steps: Steps) -> Iterator[float]:
    """TensorFlow: the train function changes the model's variables."""
    for rate, batch in steps:
        trainer.optimizer.learning_rate = rate
        trainer.reset_metrics()
        trainer.train_function(iter([batch]))
        yield float(trainer.get_metrics_result()["loss"])


def on_torch(trainer: Any, steps: Steps) -> Iterator[float]:
    """PyTorch: as Keras' own iterator hands it over."""
    import keras

    for rate, batch in steps:
        trainer.optimizer.learning_rate = rate
        trainer.reset_metrics()
        trainer.train_function([keras.tree.map_structure(keras.ops.convert_to_tensor, batch)])
        yield float(trainer.get_metrics_result()["loss"])


def on_state(trainer: Any, steps: Steps) -> Iterator[float]:
    """JAX: the train function takes the state and gives the next one."""
    tracker = trainer.metrics[0]
    optimizer = trainer.optimizer
    place = [variable is optimizer.learning_rate for variable in optimizer.variables].index(True)
    trained, fixed, kept = (
        [variable.value for variable in variables]
        for variables in (trainer.trainable_variables, trainer.non_trainable_variables, optimizer.variables)
    )
    start = [np.zeros(variable.shape, variable.dtype) for variable in trainer.metrics_variables]
    for rate, batch in steps:
        kept[place] = np.asarray(rate, optimizer.learning_rate.dtype)
        _, (trained, fixed, kept, measured) = trainer.train_function((trained, fixed, kept, start), iter([batch]))
        yield float(tracker.stateless_result(measured))


STEPPERS: dict[str, Callable[[Any, Steps], Iterator[float]]] = {
    "tensorflow": on_variables,
    "jax": on_state,
    "torch": on_torch,
}


def range_tests(
    experiment: Experiment,
    data: Prepared,
    backend: str,
    low: float,
    high: float,
    steps: int,
    seeds: int = 1,
    stopping: Stopping = never,
) -> list[RangeTest]:
    """`range_test` with the experiment's seed and those that follow."""
    if backend == "jax":
        from dlrun.training.program_cache import cache_folder, keep_compiled

        keep_compiled(cache_folder())
    return [
        range_test(experiment.with_seed(experiment.seed + place), data, backend, low, high, steps, stopping)
        for place in range(seeds)
    ]
