"""A config -> the runs of the classical methods on the very rows of its net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlrun.data import Task
from dlrun.runner.run_data import RunData
from dlrun.runner.train import Planned, folds_of, plan
from dlrun.spec import Experiment, Finding, Fit
from dlrun.spec.other_kinds import Baseline, BaselineName
from dlrun.store.baseline_names import SEEDED, baseline_name
from dlrun.training.baselines import ENGINE, METHODS, left_out

HEEDED = ("data", "fit.loss", "fit.metrics", "fit.monitor", "fit.class_weight")
"""What of a config a baseline heeds; the rest is about nets."""


@dataclass(frozen=True)
class Candidates:
    """The runs of the methods that can be tried, and why others cannot."""

    planned: Sequence[Planned]
    left_out: Mapping[BaselineName, str]
    """Method -> the reason, as the end of a sentence."""


def candidates(experiment: Experiment, only: Sequence[BaselineName] | None, seeds: int, data: RunData) -> Candidates:
    """The runs that a config's baselines are.

    Args:
        experiment: of the net.
        only: the methods that the user named; all when None.
        seeds: of the methods that draw at random, counted up from the experiment's; the others have one, 0.
        data: prepares the rows, and holds them for the trainer.

    Raises:
        DataError: data that cannot be trained on.
    """
    plain = baseline_of(experiment, "trivial", Task("binary", ""))
    rows = data.of(plain, folds_of(plain)[0])
    wanted = tuple(METHODS) if only is None else tuple(dict.fromkeys(only))
    reasons = {name: reason for name in wanted if (reason := left_out(name, rows, only is not None))}
    experiments = [
        baseline_of(experiment, name, rows.task, step)
        for name in wanted
        if name not in reasons
        for step in range(seeds if name in SEEDED else 1)
    ]
    return Candidates(plan(experiments, ENGINE), reasons)


def heeded(findings: Sequence[Finding]) -> list[Finding]:
    """Those that are about what a baseline heeds."""
    return [finding for finding in findings if finding.path.startswith(HEEDED)]


def baseline_of(experiment: Experiment, name: BaselineName, task: Task, step: int = 0) -> Experiment:
    """A method on an experiment's rows. Two nets on the same rows, measured in the same way, have the same one.

    Args:
        task: says what the method is called.
        step: how far the seed is counted up; a method that does not draw at random has seed 0.
    """
    fit = experiment.fit
    return Experiment(
        name=baseline_name(name, task.kind == "regression"),
        seed=experiment.seed + step if name in SEEDED else 0,
        data=experiment.data.model_copy(update={"augmentation": None}),
        fit=Fit(loss=fit.loss, metrics=fit.metrics, monitor=fit.monitor, class_weight=fit.class_weight),
        baseline=Baseline(name=name),
    )
