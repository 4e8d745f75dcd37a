"""What `dlrun sweep` does once its words are understood: workers, search, the table, refit and longer training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from dlrun.cli.configs import judge
from dlrun.cli.stopping import Stopping
from dlrun.cli.sweep_progress import QuietSweep, sweep_listener_for
from dlrun.cli.swept_values import swept_keys
from dlrun.cli.terminal import say
from dlrun.errors import UsageError
from dlrun.runner import Budget, SweepTrainer, plan
from dlrun.runner.budget import START_SECONDS
from dlrun.runner.held_networks import Keep
from dlrun.spec import Experiment, Loaded
from dlrun.spec.sweep import OWN_KEYS
from dlrun.store import RunFolder, Store
from dlrun.store.names import visible
from dlrun.sweeps import how_many_runs, search_of
from dlrun.sweeps.after import continued, refitted, refuse_refit_of
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
    seconds: dict[str, float] = field(default_factory=dict)
    """What the sweep itself spent on `data` and on the `store`."""
    problems: list[UsageError] = field(default_factory=list)
    """Why something that was to follow the sweep could not be done."""

    @classmethod
    @contextmanager
    def begin(cls, loaded: Loaded, wishes: Wishes, stopping: Stopping) -> Iterator[Sweeping]:
        """Starts the workers; they are ended when the block is left."""
        crew = LocalCrew(wishes.jobs, wishes.device)
        crew.start()  # they load JAX while data are read
        listener = sweep_listener_for(wishes.quiet, swept_keys(loaded.experiment))
        with stopping.heeded(), closing(crew), closing(listener):
            budget = Budget(wishes.budget, start_seconds=START_SECONDS)
            yield cls(loaded, wishes, crew, Store.default(wishes.results), stopping, listener, budget)

    def run(self) -> list[Group]:
        """The sweep, then what is to follow it; the runs of each part, in the order in which they were trained.

        Raises:
            ConfigError, DataError: before anything is trained.
            UsageError: what is to follow can never be done with these data.
            Interrupted: after Ctrl-C; says what is saved.
        """
        if self.wishes.refit and not any(key.startswith("data.") for key in swept_keys(self.loaded.experiment)):
            refuse_refit_of(self.loaded.experiment)
        trainer = self.trainer(self.wishes.keep)
        self.seconds = trainer.seconds
        self.listener.phase("", in_rounds(self.loaded))
        swept = run_sweep(search_of(self.loaded), trainer, self.loaded.experiment, self.listener.round)
        self.groups.append(Group("sweep", swept.runs))
        if self.wishes.only_failed and not trainer.trained:
            say("--failed: no run of this sweep has failed, so none was trained", self.wishes.quiet)
        self._follow(trainer)
        return self.groups

    def _follow(self, trainer: SweepTrainer) -> None:
        """What comes after the sweep. What cannot be done is noted: the table of the sweep is shown all the same."""
        steps = ((self.wishes.continued, self._continue), (self.wishes.refit, self._refit))
        for step in (step for wished, step in steps if wished):
            try:
                step(trainer)
            except UsageError as error:
                self.problems.append(error)

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
        epochs = ", ".join(f"{count:,}" for count in sorted({one.fit.epochs for one in longer.experiments}))
        self.listener.phase(f"continue: the best {len(best)} from their start, for {epochs} epochs")
        self._train("continued", longer.experiments, self.wishes.keep)

    def _refit(self, trainer: SweepTrainer) -> None:
        best = trainer.standings.best
        experiments = refitted([] if best is None else trainer.folders_of(best))
        epochs = f"{experiments[0].fit.epochs:,} epoch{'s' * (experiments[0].fit.epochs != 1)}"
        self.listener.phase(f"refit: the best on train and validation rows together, for {epochs}")
        self._train("refit", experiments, "all")

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


def in_rounds(loaded: Loaded) -> int:
    """How many runs a search has that plans them round by round; 0 for one that plans all at once."""
    sweep = loaded.experiment.sweep
    rounds = sweep is not None and sweep.search is not None and sweep.search.name in OWN_KEYS["rounds"]
    return how_many_runs(loaded) if rounds else 0
