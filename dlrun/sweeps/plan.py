"""What a sweep would do, found without doing it: configurations, programs, seconds, disk, what is done already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.runner.budget import START_SECONDS
from dlrun.runner.run_data import RunData
from dlrun.runner.sweep import is_done
from dlrun.runner.train import plan
from dlrun.store import Store
from dlrun.sweeps.trials import Round, Trial
from dlrun.training import Job
from dlrun.training.blocks import Block
from dlrun.training.layer_table import parameters_of

BYTES_PER_RUN = 6_500
"""Of `spec.yaml` and `result.json`."""
BYTES_PER_EPOCH = 150
BYTES_PER_WEIGHT = 4.2
"""In `model.keras`, which the best configuration's runs have."""


@dataclass(frozen=True)
class PlannedTrial:
    """One configuration of the plan."""

    trial: Trial
    parameters: int
    runs: int
    done: int
    """Runs that are finished already."""
    program: str
    """The compiled program it falls into; nothing where all is done."""
    engine: str
    seconds: float
    """Of one core, for what is left; compiling left out."""


@dataclass(frozen=True)
class SweepPlan:
    """The first round of a sweep; a search draws its later rounds from what this one gives."""

    first: Round
    trials: tuple[PlannedTrial, ...]
    blocks: tuple[Block, ...]
    workers: int
    epochs: int

    @property
    def runs(self) -> int:
        return sum(trial.runs for trial in self.trials)

    @property
    def done(self) -> int:
        return sum(trial.done for trial in self.trials)

    @property
    def programs(self) -> dict[str, float]:
        """Compiled program -> estimated seconds until it runs."""
        return {block.program: block.compile_seconds for block in self.blocks if block.engine == "fused"}

    @property
    def reasons(self) -> dict[str, int]:
        """Why runs are not fused -> how many."""
        found: dict[str, int] = {}
        for block in self.blocks:
            if block.reason is not None:
                found[block.reason] = found.get(block.reason, 0) + len(block.jobs)
        return found

    @property
    def bytes(self) -> int:
        """On disk, with the weights of the largest configuration, as none is the best yet."""
        weights = max((trial.parameters * trial.runs for trial in self.trials), default=0) * BYTES_PER_WEIGHT
        return round(self.runs * (BYTES_PER_RUN + self.epochs * BYTES_PER_EPOCH) + weights)

    def seconds(self, pace: float = 1.0) -> float:
        """Wall time: the start of the workers, then training and compiling, shared out over them, but not less than the
        longest block; nothing where all is done.

        Args:
            pace: seconds per estimated second on this machine.
        """
        training = [block.seconds * pace for block in self.blocks]
        compiling = sum(self.programs.values())
        shared = max((sum(training) + compiling) / self.workers, max(training, default=0.0))
        return START_SECONDS + shared if self.blocks else 0.0


def sweep_plan(
    first: Round, store: Store, backend: str, layout: Callable[[Sequence[Job]], Sequence[Block]], workers: int
) -> SweepPlan:
    """The plan of a round. Reads the data; trains nothing, writes nothing.

    Raises:
        DataError: data that cannot be read or split.
    """
    data = RunData(all_folds=True)
    fingerprints: dict[str, str] = {}
    planned = {trial.identity: plan(trial.experiments, backend, fingerprints) for trial in first.trials}
    every = [run for runs in planned.values() for run in runs]
    endings = store.endings_of(store.folders_of([run.id for run in every]))
    done = {run_id for run_id, (_, ending) in endings.items() if is_done(ending, first.until)}
    jobs = {
        run.id: Job(run.id, run.experiment, data.of(run.experiment, run.fold), run.fold, first.until) for run in every
    }
    blocks = tuple(layout([job for job in jobs.values() if job.id not in done]))
    shares = {job.id: (block, block.seconds / len(block.jobs)) for block in blocks for job in block.jobs}
    trials = tuple(
        planned_trial(trial, [jobs[run.id] for run in planned[trial.identity]], done, shares) for trial in first.trials
    )
    epochs = max((job.epochs for job in jobs.values()), default=0)
    return SweepPlan(first, trials, blocks, workers, epochs)


def planned_trial(
    trial: Trial, jobs: Sequence[Job], done: set[str], shares: Mapping[str, tuple[Block, float]]
) -> PlannedTrial:
    """What the plan says of one configuration."""
    left: list[Any] = [shares[job.id] for job in jobs if job.id not in done]
    blocks = list(dict.fromkeys((block.program, block.engine) for block, _ in left))
    first = jobs[0]
    return PlannedTrial(
        trial,
        parameters_of(first.experiment, first.data),
        len(jobs),
        sum(job.id in done for job in jobs),
        ", ".join(program for program, _ in blocks),
        ", ".join(dict.fromkeys(engine for _, engine in blocks)),
        sum(seconds for _, seconds in left),
    )
