"""What `dlrun sweep` does once its words are understood: workers, search, the table, refit and longer training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from dlrun.cli.configs import judge
from dlrun.cli.stopping import Stopping
from dlrun.cli.sweep_progress import QuietSweep, sweep_listener_for
from dlrun.cli.terminal import say
from dlrun.errors import Interrupted
from dlrun.runner import Budget, SweepTrainer, plan
from dlrun.runner.held_networks import Keep
from dlrun.spec import Experiment, Loaded
from dlrun.store import RunFolder, Store
from dlrun.store.names import visible
from dlrun.sweeps import search_of
from dlrun.sweeps.after import continued, refitted
from dlrun.sweeps.run import run_sweep
from dlrun.training.crew import LocalCrew
from dlrun.training.layout import layout

BACKEND = "jax"
"""What sweeps run on."""


@dataclass(frozen=True)
class Wishes:
    """The options of `dlrun sweep`, read and checked."""

    results: Path | None = None
    jobs: int | None = None
    """Workers; one per core or device when None."""
    device: str = "auto"
    memory: float | None = None
    """Bytes for all workers; half of what is free when None."""
    budget: float | None = None
    """Seconds."""
    keep: Keep = "best"
    force: bool = False
    only_failed: bool = False
    refit: bool = False
    continued: int = 0
    """How many of the best configurations are trained for longer."""
    epochs: int | None = None
    """For those: how many in all; twice as many when None."""
    quiet: bool = False


@dataclass
class Sweeping:
    """A sweep under way: its workers, and what trains with them."""

    loaded: Loaded
    wishes: Wishes
    crew: LocalCrew
    store: Store
    stopping: Stopping
    listener: QuietSweep
    budget: Budget
    groups: list[Group] = field(default_factory=list)

    @classmethod
    @contextmanager
    def begin(cls, loaded: Loaded, wishes: Wishes, stopping: Stopping) -> Iterator[Sweeping]:
        """Starts the workers; they are ended when the block is left."""
        crew = LocalCrew(wishes.jobs, wishes.device)
        crew.start()  # they load JAX while data are read
        listener = sweep_listener_for(wishes.quiet, swept_keys(loaded.experiment))
        try:
            yield cls(loaded, wishes, crew, Store.default(wishes.results), stopping, listener, Budget(wishes.budget))
        except Interrupted as interrupted:
            interrupted.exit_code = stopping.exit_code
            raise
        finally:
            listener.close()
            crew.close()

    def run(self) -> list[Group]:
        """The sweep, then what is to follow it; the runs of each part, in the order in which they were trained.

        Raises:
            ConfigError, DataError: before anything is trained.
            UsageError: what is to follow cannot be done.
            Interrupted: after Ctrl-C; says what is saved.
        """
        trainer = self.trainer(self.wishes.keep)
        swept = run_sweep(search_of(self.loaded), trainer, self.loaded.experiment, self.listener.round)
        self.groups.append(Group("sweep", swept.runs))
        if self.wishes.continued:
            self._continue(trainer)
        if self.wishes.refit:
            self._refit(trainer)
        return self.groups

    def trainer(self, keep: Keep) -> SweepTrainer:
        """Trains with the workers of this sweep."""
        return SweepTrainer(
            self.store,
            self.crew,
            self.blocks,
            self.listener,
            partial(judge, self.loaded),
            backend=BACKEND,
            force=self.wishes.force,
            only_failed=self.wishes.only_failed,
            keep=keep,
            stopping=self.stopping,
            budget=self.budget,
        )

    @property
    def blocks(self) -> Any:
        """Cuts jobs into blocks for the workers."""
        crew = self.crew
        crew.start()
        memory = self.wishes.memory if self.wishes.memory is not None else crew.free_memory()
        return partial(layout, workers=crew.size, memory=memory, accelerator=crew.accelerated)

    def _continue(self, trainer: SweepTrainer) -> None:
        best = trainer.standings.ranked()[: self.wishes.continued]
        longer = continued([trainer.folders_of(unit) for unit in best], self.wishes.epochs)
        for note in longer.notes:
            say(f"--continue leaves out {visible(note)}")
        self._train("continued", longer.experiments, self.wishes.keep)

    def _refit(self, trainer: SweepTrainer) -> None:
        best = trainer.standings.best
        self._train("refit", refitted([] if best is None else trainer.folders_of(best)), "all")

    def _train(self, title: str, experiments: Sequence[Experiment], keep: Keep) -> None:
        trainer = self.trainer(keep)
        folders = trainer.train(plan(experiments, BACKEND))
        trainer.keep_weights()
        self.groups.append(Group(title, tuple(folders)))


@dataclass(frozen=True)
class Group:
    """Runs that are shown together."""

    title: str
    """sweep, continued or refit."""
    runs: tuple[RunFolder, ...]


def swept_keys(experiment: Experiment) -> tuple[str, ...]:
    """The dotted keys that tell the configurations of a sweep apart."""
    sweep = experiment.sweep
    return tuple((sweep and (sweep.grid or sweep.space)) or ())
