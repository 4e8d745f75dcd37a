"""What follows a sweep: the best configuration trained on all rows, the best ones trained for longer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from dlrun.errors import UsageError
from dlrun.runner.train import Planned
from dlrun.spec import Experiment
from dlrun.store import RunFolder

Run = tuple[Planned, RunFolder]
OVER_ALL_EPOCHS = ("cosine", "polynomial", "one_cycle")
"""Schedules whose rates follow from how many epochs there are."""
PLATEAU = "reduce_lr_on_plateau"


def refitted(runs: Sequence[Run]) -> list[Experiment]:
    """The experiments, one per seed, that train a configuration on its train and validation rows together.

    There are no validation rows then that could say when to stop, so what they said in the sweep is taken over:
    - it is trained for as many epochs as the median of the best epochs over seeds and folds, and its last weights are
      kept; early stopping is left out;
    - each epoch has the learning rate that it had, also where the schedule spans all epochs, which are fewer now, or
      follows the validation loss.

    Args:
        runs: the configuration's finished runs: all seeds and folds.
    Raises:
        UsageError: it cannot be done, and why.
    """
    refuse_refit(runs)
    kept = [int(record["kept_epoch"] or 0) for record in (folder.record() for _, folder in runs)]
    epochs = math.floor(median(kept) + 0.5)
    if epochs < 1:
        raise UsageError("--refit: the best epoch is the start, before any training. There is nothing to train")
    by_seed = groupby(sorted(runs, key=lambda run: run[0].experiment.seed), key=lambda run: run[0].experiment.seed)
    return [on_all_rows(list(group), epochs) for _, group in by_seed]


def refuse_refit(runs: Sequence[Run]) -> None:
    if not runs:
        raise UsageError("--refit: no configuration came to a number")
    refuse_refit_of(runs[0][0].experiment)
    unusable = [folder.path.name for _, folder in runs if folder.record().get("kept_epoch") is None]
    if unusable:
        raise UsageError(f"--refit: {unusable[0]} has no best epoch: it failed or diverged")


def refuse_refit_of(experiment: Experiment) -> None:
    """Raises UsageError where there are no validation rows that could be put to the train rows."""
    data = experiment.data
    if data.validation_source is not None:
        raise UsageError(
            f"--refit: the validation rows are in a file of their own ({data.validation_source}), and rows of two "
            "files are not put together. Make one file of them and use data.validation_split in place of "
            "data.validation_source"
        )
    if not experiment.has_validation:
        raise UsageError("--refit: there are no validation rows (data.validation_split is 0): all rows are trained on")


def on_all_rows(runs: Sequence[Run], epochs: int) -> Experiment:
    """The experiment of one seed, given its run, or its runs of all folds."""
    planned, folder = min(runs, key=lambda run: abs(int(run[1].record()["kept_epoch"] or 0) - epochs))
    experiment = planned.experiment
    tree: dict[str, Any] = dict(experiment.to_dict())
    tree["name"] = f"{experiment.name}-refit"
    tree["data"] |= {"validation_split": 0.0, "folds": None}
    tree["fit"] |= {"epochs": epochs, "early_stopping": None, "keep": "last"}
    if experiment.fit.monitor.startswith("val_"):
        tree["fit"]["monitor"] = "auto"
    if experiment.schedule.name in (*OVER_ALL_EPOCHS, PLATEAU):
        tree |= as_it_was(tree, folder.curves()["learning_rate"], epochs)
    return Experiment.model_validate(tree)


def as_it_was(tree: Mapping[str, Any], rates: Sequence[float], epochs: int) -> dict[str, Any]:
    """The sections that give each epoch the rate it had; epochs beyond the curve have the last one."""
    wanted = [*rates[:epochs], *[rates[-1]] * (epochs - len(rates))]
    steps = [(rate, len(list(group))) for rate, group in groupby(wanted)]
    if len(steps) == 1:
        return {"optimizer": tree["optimizer"] | {"learning_rate": steps[0][0]}, "schedule": {"name": "constant"}}
    ends = [sum(count for _, count in steps[: place + 1]) for place in range(len(steps) - 1)]
    return {"schedule": {"name": "piecewise", "boundaries": ends, "values": [rate for rate, _ in steps]}}


@dataclass(frozen=True)
class Continued:
    """Configurations that are to be trained for longer."""

    experiments: tuple[Experiment, ...]
    notes: tuple[str, ...] = ()
    """What is left out, and why."""


def continued(configurations: Iterable[Sequence[Run]], epochs: int | None = None) -> Continued:
    """The experiments that train configurations for more epochs.

    They are new runs, trained from their start: the schedule may depend on how many epochs there are, and a stored net
    holds neither the optimizer's state nor that of callbacks.

    Args:
        configurations: the finished runs of each, the best first.
        epochs: how many in all; twice as many as before when not given.
    Raises:
        UsageError: more epochs cannot change any of them.
    """
    found: dict[str, Experiment] = {}
    notes = []
    for runs in configurations:
        reason = why_no_longer(runs, epochs)
        if reason:
            notes.append(f"{runs[0][1].path.name}: {reason}")
            continue
        for planned, _ in runs:
            longer = with_epochs(planned.experiment, epochs)
            found.setdefault(longer.model_dump_json(), longer)  # folds share an experiment
    if not found:
        why = "".join(f"\n  {note}" for note in notes) or ": no configuration came to a number"
        raise UsageError(f"--continue: nothing to train for longer{why}")
    return Continued(tuple(found.values()), tuple(notes))


def why_no_longer(runs: Sequence[Run], epochs: int | None) -> str:
    """Why more epochs change nothing; nothing where they may."""
    if not runs:
        return "has no finished runs"
    experiment = runs[0][0].experiment
    if epochs is not None and epochs <= experiment.fit.epochs:
        return f"has {experiment.fit.epochs:,} epochs already; --epochs must be more. Received: {epochs:,}"
    if epochs is None and experiment.fit.epochs == 0:
        return "has 0 epochs; give --epochs"
    stopped = all(folder.status == "stopped_early" for _, folder in runs)
    if stopped and experiment.schedule.name not in OVER_ALL_EPOCHS:
        return "early stopping ended each of its runs, and would again. Raise fit.early_stopping.patience"
    return ""


def with_epochs(experiment: Experiment, epochs: int | None) -> Experiment:
    wanted = epochs or 2 * experiment.fit.epochs
    return experiment.model_copy(update={"fit": experiment.fit.model_copy(update={"epochs": wanted})})
