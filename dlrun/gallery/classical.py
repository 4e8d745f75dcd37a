"""Classical methods for lessons: fitted on the very rows of a net. They are not kept: writing a forest down takes
longer than growing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlrun.errors import DlrunError, Interrupted
from dlrun.gallery.studio import Studio
from dlrun.runner.baselines import baseline_of
from dlrun.spec import Experiment
from dlrun.spec.other_kinds import BaselineName
from dlrun.training import EpochRow, Job
from dlrun.training.baselines import BaselineEngine, left_out

Fitted = dict[BaselineName, list[EpochRow]]
"""Method -> what `curves.csv` of a baseline has, per net."""


def fit_classical(studio: Studio, nets: Sequence[Experiment], methods: Sequence[BaselineName]) -> Fitted:
    """Each method on the rows of each net, in the order of the nets.

    Raises:
        DlrunError: data that a method cannot be fitted to.
        Interrupted: after Ctrl-C.
    """
    studio.tell(f"fitting {len(nets) * len(methods):,} baselines")
    found: Fitted = {name: [] for name in methods}
    for outcome in BaselineEngine().run(jobs(studio, nets, methods), lambda job, row: None):
        name = outcome.job.experiment.baseline
        if outcome.status != "completed" or name is None:
            raise DlrunError(f"{outcome.job.experiment.name}: {outcome.status}: {outcome.reason}")
        found[name.name].append(outcome.curves[0])
    return found


def jobs(studio: Studio, nets: Sequence[Experiment], methods: Sequence[BaselineName]) -> Iterator[Job]:
    """One per net and method; with the net's own seed for what draws at random."""
    for net in nets:
        data = studio.data(net)
        for name in methods:
            reason = left_out(name, data, asked_for=True)
            if reason is not None:
                raise DlrunError(f"{name} {reason}")
            if studio.stopping():
                raise Interrupted("interrupted: nothing was changed")
            experiment = baseline_of(net, name, data.task)
            yield Job(experiment.name, experiment, data)
