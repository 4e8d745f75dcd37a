"""Learning rates as functions of the epoch, counted from 0. One pure function per schedule of the spec."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from dlrun.spec.experiment import Experiment
from dlrun.spec.schedules import (
    Cosine,
    CosineRestarts,
    Exponential,
    InverseTime,
    OneCycle,
    Piecewise,
    Polynomial,
    Step,
    Warmed,
)

RateOf = Callable[[int], float]
"""Epoch from 0 -> learning rate."""


def rate_of(experiment: Experiment) -> RateOf | None:
    """The learning rate of each epoch; None where it is no formula of the epoch: `constant` without warm-up, which
    the optimizer keeps by itself, and `reduce_lr_on_plateau`."""
    schedule, start = experiment.schedule, experiment.optimizer.learning_rate
    if not isinstance(schedule, Warmed) or (schedule.name == "constant" and schedule.warmup_epochs == 0):
        return None
    warmup = schedule.warmup_epochs
    epochs = max(experiment.fit.epochs - warmup, 1)
    formula = FORMULAS[schedule.name]
    after: RateOf = lambda epoch: float(formula(schedule, start, epoch, epochs))  # noqa: E731
    return lambda epoch: after(epoch - warmup) if epoch >= warmup else warmed_up(epoch, warmup, after(0))


def warmed_up(epoch: int, warmup: int, target: float) -> float:
    """Linear: 1/warmup of the target in the first epoch, the target in the last epoch of the warm-up."""
    return target * (epoch + 1) / warmup


# Each formula takes the schedule, the start rate, the epoch after warm-up from 0, and how many epochs there are.


def constant(schedule: Warmed, start: float, epoch: int, epochs: int) -> float:
    return start


def step(schedule: Step, start: float, epoch: int, epochs: int) -> float:
    """start * factor ** floor(epoch / every)."""
    return float(start * schedule.factor ** (epoch // schedule.every))


def exponential(schedule: Exponential, start: float, epoch: int, epochs: int) -> float:
    """start * decay_rate ** (epoch / decay_epochs), as keras.optimizers.schedules.ExponentialDecay."""
    periods = epoch / schedule.decay_epochs
    return float(start * schedule.decay_rate ** (math.floor(periods) if schedule.staircase else periods))


def inverse_time(schedule: InverseTime, start: float, epoch: int, epochs: int) -> float:
    """start / (1 + decay_rate * epoch / decay_epochs), as keras.optimizers.schedules.InverseTimeDecay."""
    return start / (1 + schedule.decay_rate * epoch / schedule.decay_epochs)


def polynomial(schedule: Polynomial, start: float, epoch: int, epochs: int) -> float:
    """As keras.optimizers.schedules.PolynomialDecay over all epochs."""
    left = 1 - min(epoch / epochs, 1.0)
    end = schedule.end_learning_rate
    return float((start - end) * left**schedule.power + end)


def cosine(schedule: Cosine, start: float, epoch: int, epochs: int) -> float:
    """Loshchilov and Hutter 2017, without restarts, as keras.optimizers.schedules.CosineDecay over all epochs."""
    return start * annealed(min(epoch / epochs, 1.0), schedule.alpha)


def annealed(done: float, alpha: float) -> float:
    """From 1 to alpha along half a cosine."""
    return (1 - alpha) * 0.5 * (1 + math.cos(math.pi * done)) + alpha


def cosine_restarts(schedule: CosineRestarts, start: float, epoch: int, epochs: int) -> float:
    """SGDR (Loshchilov and Hutter 2017), as keras.optimizers.schedules.CosineDecayRestarts."""
    began, length, peak = 0.0, float(schedule.first_decay_epochs), 1.0
    while epoch >= began + length:
        began, length, peak = began + length, length * schedule.t_mul, peak * schedule.m_mul
    done = (epoch - began) / length
    return start * ((1 - schedule.alpha) * 0.5 * peak * (1 + math.cos(math.pi * done)) + schedule.alpha)


def one_cycle(schedule: OneCycle, start: float, epoch: int, epochs: int) -> float:
    """Smith 2018: up from `start` to the maximum and down to 0, each along half a cosine."""
    peak, top = schedule.pct_start * epochs, schedule.max_learning_rate
    if epoch < peak:
        return top - (top - start) * annealed(epoch / peak, 0.0)
    return top * annealed((epoch - peak) / (epochs - peak), 0.0)


def piecewise(schedule: Piecewise, start: float, epoch: int, epochs: int) -> float:
    """values[i] from epoch boundaries[i - 1] on: boundary 10 means that the eleventh epoch has the next value."""
    return schedule.values[bisect_right(schedule.boundaries, epoch)]


FORMULAS: dict[str, Callable[[Any, float, int, int], float]] = {
    "constant": constant,
    "step": step,
    "exponential": exponential,
    "inverse_time": inverse_time,
    "polynomial": polynomial,
    "cosine": cosine,
    "cosine_restarts": cosine_restarts,
    "one_cycle": one_cycle,
    "piecewise": piecewise,
}
