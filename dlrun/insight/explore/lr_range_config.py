"""Which keys of a config hold the learning rates that a range test is about."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.spec import Experiment
from dlrun.spec.schedules import OneCycle, Piecewise

RISES_FROM = 0.1
"""The first rate of one_cycle as a share of the highest, where that is to be below the first one of the config."""


def highest_rate(experiment: Experiment) -> float:
    """The highest rate that the config trains with: some schedules set their own."""
    schedule = experiment.schedule
    if isinstance(schedule, Piecewise):
        return max(schedule.values)
    return schedule.max_learning_rate if isinstance(schedule, OneCycle) else experiment.optimizer.learning_rate


def keys_for(experiment: Experiment, rate: float) -> dict[str, float]:
    """The keys that make this the highest rate of the config; none where a list of rates sets it."""
    if isinstance(experiment.schedule, Piecewise):
        return {}
    if not isinstance(experiment.schedule, OneCycle):
        return {"optimizer.learning_rate": rate}
    too_high = rate < experiment.optimizer.learning_rate
    return {"schedule.max_learning_rate": rate, **({"optimizer.learning_rate": RISES_FROM * rate} if too_high else {})}


def train_again(config: str, target: str | None, sets: Sequence[str], rates: dict[str, float]) -> list[str]:
    """The words of the command that trains what was tested, with these rates."""
    others = [one for one in sets if one.partition("=")[0].strip() not in rates]
    told = [*others, *(f"{key}={rate:g}" for key, rate in rates.items())]
    asked = ["dlrun", "train", config, *(["--target", target] if target else [])]
    return [*asked, *(word for one in told for word in ("--set", one))]
