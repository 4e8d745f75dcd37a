"""Many jobs -> a crew of workers -> store: skips what is done, keeps what ends, shares the store with other sweeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Protocol

from dlrun.errors import Interrupted
from dlrun.runner.budget import Budget
from dlrun.runner.held_networks import HeldNetworks, Keep
from dlrun.runner.open_runs import OpenRuns
from dlrun.runner.records import Background, files_of, record_of
from dlrun.runner.run_data import RunData
from dlrun.runner.scores import Standings, Unit, unit_key
from dlrun.runner.spec_texts import SpecTexts
from dlrun.runner.train import Planned, facts_of
from dlrun.runner.weights import add_weights, is_as_recorded, without_weights
from dlrun.spec import Finding, rules_of_data
from dlrun.store import Record, RunFolder, Store
from dlrun.store.index import Ended
from dlrun.store.store import UNFINISHED
from dlrun.store.writer import Files
from dlrun.training import EpochRow, Job, Outcome, Stopping, check_fit, never
from dlrun.training.blocks import Block, Crew

LOOK_AGAIN = 0.2
"""Seconds between two looks at runs that another process trains."""

MOMENT = 3.0
"""Seconds that another process is given to write the weights of runs that it trained beside this one."""

Layout = Callable[[Sequence[Job]], Sequence[Block]]


class SweepListener(Protocol):
    """Hears how a sweep goes; what the command line shows."""

    def skipped(self, folders: Sequence[RunFolder]) -> None:
        """These runs are done already."""

    def planned(self, blocks: Sequence[Block]) -> None:
        """This is what is to be trained."""

    def started(self, block: Block) -> None:
        """A worker takes it."""

    def epochs(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        """Epochs have ended."""

    def finished(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None:
        """Their records are in the store."""

    def best(self, unit: Unit) -> None:
        """The configuration that leads now, of those whose runs have all ended."""

    def waiting(self, runs: int) -> None:
        """So many runs are trained by another process now; its end is waited for."""

    def left_out(self, runs: int) -> None:
        """So many runs were not begun, as they would not have ended in time."""

    def training_again(self, runs: int) -> None:
        """So many runs are finished, but their weights were not kept; they are trained once more for them."""

    def differs(self, folder: RunFolder) -> None:
        """Trained again it came out differently, so its weights are not kept."""


@dataclass
class SweepTrainer:
    """Trains planned runs side by side and keeps them.

    Args:
        store: where runs are kept.
        crew: trains blocks of jobs. Whoever made it closes it, after `keep_weights`.
        layout: cuts jobs into blocks.
        listener: hears how it goes.
        judge: takes the findings that only the data show; raises ConfigError on errors.
        backend: the Keras backend, for the record.
        force: trains finished runs again and replaces them at their end.
        only_failed: trains nothing but the runs that failed.
        keep: whose weights are kept.
        monitor: the curve that says which configuration is better; each experiment's own when not given.
        stopping: whether training shall end.
        budget: a limit of time.
    """

    store: Store
    crew: Crew
    layout: Layout
    listener: SweepListener
    judge: Callable[[list[Finding]], None]
    backend: str = "jax"
    force: bool = False
    only_failed: bool = False
    keep: Keep = "best"
    monitor: str | None = None
    stopping: Stopping = never
    budget: Budget = field(default_factory=Budget)
    _data: RunData = field(default_factory=lambda: RunData(all_folds=True))
    _texts: SpecTexts = field(default_factory=SpecTexts)
    _folders: dict[str, RunFolder] = field(default_factory=dict)
    """Of all runs that are done, by id."""
    _trained: set[str] = field(default_factory=set)
    """Ids of the runs that ended in this process."""
    _elsewhere: set[str] = field(default_factory=set)
    """Ids of the runs that ended in another process meanwhile."""
    _busy: dict[str, Job] = field(default_factory=dict)
    """Left to other processes, by id."""
    _judged: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("data", "store"), 0.0))
    """What was spent so far on preparing data and on the store, by the wall clock."""

    @property
    def trained(self) -> int:
        """How many runs ended in this process."""
        return len(self._trained)

    @cached_property
    def standings(self) -> Standings:
        """How the configurations stand, of all calls of `train`."""
        return Standings(self.monitor)

    @cached_property
    def _networks(self) -> HeldNetworks:
        most = self.keep if isinstance(self.keep, int) else int(self.keep == "best")
        return HeldNetworks(self.standings, most)  # with `all` each run's weights are written at its end

    @cached_property
    def _background(self) -> Background:
        return Background(self.backend)

    def train(
        self, planned: Sequence[Planned], until: int | None = None, before: Callable[[], object] = never
    ) -> list[RunFolder]:
        """Trains what is not done; gives the folders of what is done then, in the order planned, each once. A run
        whose training was left out for want of time has none.

        Args:
            until: the epoch after which the runs end as `pruned`; None for all of their epochs.
            before: called when all is checked, just before the first run is trained.
        Raises:
            ConfigError, DataError: before anything is trained.
            StoreNotWritable: no space left, or no permission; what has ended before is kept.
            Interrupted: after Ctrl-C; what is finished stays, and the curves of what was under way.
        """
        runs = list({run.id: run for run in planned}.values())
        self.standings.expect(runs)
        with self._counted("store"):
            todo = self._todo(runs, until)
        if todo:
            with self._counted("data"):
                jobs = [self._job(run, until) for run in todo]
                self._judge(jobs)
            before()
            self._train(jobs)
        return [self._folders[run.id] for run in runs if run.id in self._folders]

    def keep_weights(self) -> None:
        """Writes the weights of the configurations that are to be kept; trains their runs again where nobody holds
        them. Raises as `train`."""
        if self.keep == "none":
            return
        ranked = self.standings.ranked()
        units = ranked if self.keep == "all" else ranked[: self._networks.most]
        missing = without_weights([found for unit in units for found in self.folders_of(unit)])
        for run, folder in list(missing):
            outcome = self._networks.pop(run.id)
            if outcome is not None:
                add_weights(self.store, folder, outcome)
                missing.remove((run, folder))
        missing = self._wait_for_weights(missing)
        if missing and self.budget.over:
            self.listener.left_out(len(missing))
        elif missing:
            self._train_again(missing)

    def folders_of(self, unit: Unit) -> list[tuple[Planned, RunFolder]]:
        """The runs of a configuration that are done, with their folders."""
        return [(run, self._folders[run.id]) for run in unit.runs.values() if run.id in self._folders]

    @contextmanager
    def _counted(self, phase: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] += time.perf_counter() - began

    # --- what is to be trained ---------------------------------------------------------------------------------------

    def _todo(self, runs: Sequence[Planned], until: int | None) -> list[Planned]:
        """The runs that are not done; the listener hears of the others."""
        ended = self.store.endings_of(self.store.folders_of([run.id for run in runs]))
        done = {
            run_id: folder
            for run_id, (folder, ending) in ended.items()
            if is_done(ending, until) and (not self.force or run_id in self._trained)
        }
        self._skip({run.id: done[run.id] for run in runs if run.id in done})
        if self.only_failed:
            return [run for run in runs if run.id in ended and ended[run.id][1].status == "failed"]
        return [run for run in runs if run.id not in done]

    def _skip(self, done: Mapping[str, RunFolder]) -> None:
        """Takes note of runs that are done; the listener hears of those that did not end in this process."""
        found = {run_id: folder for run_id, folder in done.items() if run_id not in self._folders}
        self._folders |= found
        for run_id, folder in found.items():
            self._note(run_id, folder.record())
        if found:
            self.listener.skipped(list(found.values()))

    def _judge(self, jobs: Sequence[Job]) -> None:
        """Checks what needs the data, once per configuration; what is wrong in several is said once."""
        findings: dict[Finding, None] = {}
        for job in jobs:
            key = unit_key(job.experiment)
            if key not in self._judged:
                self._judged.add(key)
                findings |= dict.fromkeys(rules_of_data(job.experiment, facts_of(job.data)))
                check_fit(job.experiment, job.data)
        self.judge(list(findings))

    # --- training ----------------------------------------------------------------------------------------------------

    def _train(self, jobs: Sequence[Job]) -> None:
        """Trains the jobs; those that another process trains are left to it, and trained where it did not finish."""
        left_out = self.budget.left_out
        left = list(jobs)
        while left:
            blocks = self.layout(left)
            self.listener.planned(blocks)
            self._run(blocks)
            left = self._wait()
        if self.budget.left_out > left_out:
            self.listener.left_out(self.budget.left_out - left_out)

    def _run(self, blocks: Sequence[Block]) -> None:
        under_way = 0
        with OpenRuns(self.store, self._texts) as runs:
            begin, on_epochs = partial(self._begin, runs=runs), partial(self._hear, runs=runs)
            for outcomes in self.crew.run(blocks, begin, on_epochs, self.stopping):
                ended = [outcome for outcome in outcomes if outcome.status != "interrupted"]
                with self._counted("store"):
                    self._keep(ended, runs)
                under_way += len(outcomes) - len(ended)
                runs.leave([outcome.job.id for outcome in outcomes if outcome.status == "interrupted"])
        if under_way or self.stopping():
            raise Interrupted(self._interrupted_text(under_way))

    def _begin(self, block: Block, runs: OpenRuns) -> Block | None:
        """What of a block is to be trained, now that a worker is free for it; the locks of its runs are taken."""
        if not self.budget.allows(block):
            self.budget.left_out += len(block.jobs)
            return None
        with self._counted("store"):
            taken = runs.take(block.jobs, block.engine, self._is_done)
        self._busy |= {job.id: job for job in taken.busy}
        self._skip(taken.done)
        self._elsewhere |= taken.done.keys()
        if not taken.jobs:
            return None
        mine = replace(block, jobs=taken.jobs)
        self.budget.begin(mine)
        self.listener.started(mine)
        return mine

    def _is_done(self, job: Job, ending: Ended) -> bool:
        return not self.force and is_done(ending, job.until)

    def _hear(self, rows: Sequence[tuple[Job, EpochRow]], runs: OpenRuns) -> None:
        with self._counted("store"):
            runs.note(rows)
        self.listener.epochs(rows)

    def _keep(self, outcomes: Sequence[Outcome], runs: OpenRuns) -> None:
        if not outcomes:
            return
        endings: dict[str, tuple[Record, Files]] = {}
        for outcome in outcomes:
            run = runs[outcome.job.id]
            record = record_of(outcome, run.engine, self._background, run.started)
            endings[outcome.job.id] = (record, files_of(outcome) if self.keep == "all" else {})
            self.budget.end(outcome.job.id)
        folders = runs.finish(endings)
        self._folders |= {folder.id: folder for folder in folders}
        self._trained |= endings.keys()
        for run_id, (record, _) in endings.items():
            self._note(run_id, record)
        self._networks.take(outcomes)
        self.listener.finished(outcomes, folders)

    def _note(self, run_id: str, record: Record) -> None:
        leader = self.standings.best
        self.standings.note(run_id, record)
        if self.standings.best is not None and self.standings.best is not leader:
            self.listener.best(self.standings.best)

    def _wait(self) -> list[Job]:
        """Waits for the other processes; gives the jobs that they let go unfinished, as soon as there are some."""
        if self._busy:
            self.listener.waiting(len(self._busy))
        while self._busy and not self.budget.over:
            if self.stopping():
                raise Interrupted(self._interrupted_text(0))
            free = [run_id for run_id in self._busy if not self.store.is_busy(run_id)]
            unfinished = self._unfinished([self._busy.pop(run_id) for run_id in free])
            if unfinished:
                return unfinished
            if not free:
                time.sleep(LOOK_AGAIN)
        self.budget.left_out += len(self._busy)
        self._busy.clear()
        return []

    def _unfinished(self, jobs: Sequence[Job]) -> list[Job]:
        """Those of these jobs that are still to be trained."""
        ended = self.store.endings_of(self.store.folders_of([job.id for job in jobs]))
        done = {job.id: ended[job.id][0] for job in jobs if job.id in ended and self._is_done(job, ended[job.id][1])}
        self._skip(done)
        self._elsewhere |= done.keys()
        return [job for job in jobs if job.id not in done]

    # --- weights -----------------------------------------------------------------------------------------------------

    def _train_again(self, missing: Sequence[tuple[Planned, RunFolder]]) -> None:
        self.listener.training_again(len(missing))
        folders = {run.id: folder for run, folder in missing}
        blocks = self.layout([self._again(run, folder.record()) for run, folder in missing])
        engines = {job.id: block.engine for block in blocks for job in block.jobs}
        for outcomes in self.crew.run(blocks, lambda block: block, lambda _: None, self.stopping):
            for outcome in [outcome for outcome in outcomes if outcome.status != "interrupted"]:
                folder = folders[outcome.job.id]
                if is_as_recorded(outcome, folder.record()):
                    add_weights(self.store, folder, outcome)
                else:
                    self._replace(outcome, folder, engines[outcome.job.id])
        if self.stopping():
            raise Interrupted(self._interrupted_text(0))

    def _wait_for_weights(self, missing: Sequence[tuple[Planned, RunFolder]]) -> list[tuple[Planned, RunFolder]]:
        """Runs that another process has just ended have weights that it still holds: it is given a moment to write
        them. What is missing then."""
        left, until = list(missing), time.monotonic() + MOMENT
        while any(run.id in self._elsewhere for run, _ in left) and time.monotonic() < until and not self.stopping():
            time.sleep(LOOK_AGAIN)
            left = without_weights(left)
        return left

    def _again(self, run: Planned, record: Record) -> Job:
        """The job that comes to the same end."""
        until = record.get("epochs") if record["status"] == "pruned" else None
        return self._job(run, until)

    def _job(self, run: Planned, until: int | None) -> Job:
        return Job(run.id, run.experiment, self._data.of(run.experiment, run.fold), run.fold, until)

    def _replace(self, outcome: Outcome, folder: RunFolder, engine: str) -> None:
        """Replaces a run by its second training, record, curves and weights together, so that they fit each other."""
        with OpenRuns(self.store, self._texts) as runs:
            if runs.take([outcome.job], engine, lambda *_: False).jobs:
                runs.note([(outcome.job, row) for row in outcome.curves])
                record = record_of(outcome, engine, self._background, runs[outcome.job.id].started)
                runs.finish({outcome.job.id: (record, files_of(outcome))})
                self._note(outcome.job.id, record)
                self.listener.differs(folder)

    def _interrupted_text(self, under_way: int) -> str:
        """What is saved, and how to go on."""
        runs = sum(len(unit.runs) for unit in self.standings.units.values())
        done = len(self._folders)
        kept = (
            f"{done:,} of {runs:,} runs are finished and kept in {self.store.runs}" if done else "no run has finished"
        )
        curves = f" The curves of {under_way:,} that were under way are kept too." if under_way else ""
        return f"interrupted: {kept}.{curves} The same command goes on from there."


def is_done(ending: Ended, until: int | None) -> bool:
    """Whether a run that ended so need not be trained, up to the epoch `until` or, where that is None, to its end."""
    if ending.status == "pruned":
        return until is not None and ending.epochs >= until
    return ending.status not in UNFINISHED
