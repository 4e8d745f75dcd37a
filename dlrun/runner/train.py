"""Jobs -> engine -> store: skips what is finished, writes each epoch as it comes and each record at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from dlrun.data import Prepared, fingerprint
from dlrun.errors import Interrupted
from dlrun.runner.health_records import (
    OtherOutcome,
    add_health,
    health_file,
    keep_unfinished,
    lacks_health,
)
from dlrun.runner.records import Background, files_of, record_of
from dlrun.runner.run_data import RunData, data_key
from dlrun.runner.spec_texts import SpecTexts
from dlrun.spec import Experiment, Facts, Finding, rules_of_data, run_id
from dlrun.store import RunFolder, RunWriter, Store
from dlrun.training import Engine, EpochRow, Job, Outcome, check_fit, curve_columns, never


@dataclass(frozen=True)
class Planned:
    """An experiment with the id its run has."""

    id: str
    experiment: Experiment
    fold: int | None = None
    """With `data.folds`, the fold that is validated on, from 0."""


class Listener(Protocol):
    """Hears how it goes; what the command line shows."""

    def skipped(self, folder: RunFolder) -> None:
        """This run is finished already."""

    def loading(self) -> None:
        """The engine is being loaded, which takes a second or more."""

    def started(self, job: Job) -> None:
        """Its first epoch begins."""

    def epoch(self, job: Job, row: EpochRow) -> None:
        """An epoch has ended."""

    def finished(self, outcome: Outcome, folder: RunFolder) -> None:
        """Its record is in the store."""


def plan(experiments: Sequence[Experiment], backend: str, fingerprints: dict[str, str] | None = None) -> list[Planned]:
    """The runs of these experiments, by content, one per fold where they have `data.folds`: the data are read once,
    nothing is trained.

    Args:
        fingerprints: of data that were read before; those that are read now are added.
    """
    known = {} if fingerprints is None else fingerprints
    planned = []
    for experiment in experiments:
        key = data_key(experiment)
        if key not in known:
            known[key] = fingerprint(experiment.data)
        for fold in folds_of(experiment):
            planned.append(Planned(run_id(experiment, known[key], backend, fold), experiment, fold))
    return planned


def folds_of(experiment: Experiment) -> Sequence[int | None]:
    """The folds of an experiment, from 0; None alone where it has none."""
    return [None] if experiment.data.folds is None else range(experiment.data.folds)


def facts_of(data: Prepared) -> Facts:
    numeric = data.numeric is None or bool(data.numeric.any())
    return Facts(
        data.task.kind, len(data.train), data.validation is not None, data.task.shares, data.image is not None, numeric
    )


@dataclass
class Trainer:
    """Trains planned runs one after the other and keeps them.

    Args:
        store: where runs are kept.
        load_engine: gives the engine; called when something is to be trained, as it loads Keras.
        backend: the Keras backend, for the record.
        listener: hears how it goes.
        judge: takes the findings that only the data show; raises ConfigError on errors.
        force: trains finished runs again and replaces them at their end.
        stopping: whether training shall end.
        health: looks at the layers too; a finished run without health records is trained again for them.
        tell: hears, in words, that a run is trained again for its health.
    """

    store: Store
    load_engine: Callable[[], Engine]
    backend: str
    listener: Listener
    judge: Callable[[list[Finding]], None]
    force: bool = False
    stopping: Callable[[], bool] = never
    health: bool = False
    tell: Callable[[str], None] = lambda text: None
    _data: RunData = field(default_factory=RunData)
    _texts: SpecTexts = field(default_factory=SpecTexts)
    _open: dict[str, tuple[RunWriter, datetime]] = field(default_factory=dict)
    _again: dict[str, RunFolder] = field(default_factory=dict)
    """Finished runs that are trained once more, for their health."""
    _refused: list[Path] = field(default_factory=list)
    """Those of them that came to another end."""

    @cached_property
    def _background(self) -> Background:
        return Background(self.backend)

    def train(self, planned: Sequence[Planned]) -> list[RunFolder]:
        """Trains what is not finished; gives the folders of all, in the order planned.

        Raises:
            ConfigError, DataError: before anything is trained.
            Interrupted: after Ctrl-C; what is finished stays, and the curves of the interrupted run.
            StoreError: after the last run, where one that was trained once more came to another end.
        """
        folders = {run.id: self._finished(run) for run in planned}
        todo = [run for run in planned if folders[run.id] is None]
        if todo:
            todo.sort(key=lambda run: -1 if run.fold is None else run.fold)  # so that each fold is prepared once
            self._check(todo)
            self.listener.loading()
            engine = self.load_engine()
            with ExitStack() as held:
                for outcome in engine.run(self._jobs(todo, held), self._on_epoch, self.stopping):
                    folders[outcome.job.id] = self._keep(outcome, engine.name)
        if self._refused:
            raise OtherOutcome(*self._refused)
        return [folder for run in planned if (folder := folders[run.id]) is not None]

    def _finished(self, run: Planned) -> RunFolder | None:
        if self.force:
            return None
        folder = self.store.finished(run.id)
        if folder is not None and self.health and lacks_health(folder):
            self.tell(f"{folder.path.name} is done, but without health records; training it once more to add them")
            self._again[run.id] = folder
            return None
        if folder is not None:
            self.listener.skipped(folder)
        return folder

    def _check(self, todo: Sequence[Planned]) -> None:
        """Prepares the data of each configuration, of folds the first, and checks what needs them."""
        checked: set[str] = set()
        for run in todo:
            key = f"{data_key(run.experiment)} {run.experiment.data.augmentation}"
            if key not in checked:
                checked.add(key)
                data = self._data.of(run.experiment, run.fold)
                self.judge(rules_of_data(run.experiment, facts_of(data)))
                check_fit(run.experiment, data)

    def _jobs(self, todo: Sequence[Planned], held: ExitStack) -> Iterator[Job]:
        """Jobs as the engine asks for them; each run's lock is taken just before it is trained."""
        for place, run in enumerate(todo):
            if self.stopping():
                raise Interrupted(unbegun_text(place, len(todo)))
            data = self._data.of(run.experiment, run.fold)
            if run.id not in self._again:
                writer = held.enter_context(self.store.writer(run.id, run.experiment.name))
                writer.begin(self._texts.of(run.experiment), curve_columns(run.experiment, data.task))
                self._open[run.id] = (writer, datetime.now().astimezone())
            job = Job(run.id, run.experiment, data, run.fold, health=self.health)
            self.listener.started(job)
            yield job

    def _on_epoch(self, job: Job, row: EpochRow) -> None:
        if job.id in self._open:
            self._open[job.id][0].append(row)
        self.listener.epoch(job, row)

    def _keep(self, outcome: Outcome, engine: str) -> RunFolder:
        again = self._again.get(outcome.job.id)
        if again is not None:
            try:
                add_health(self.store, again, outcome)
            except OtherOutcome as refused:  # the other runs are trained all the same
                self._refused += refused.paths
            else:
                self.listener.finished(outcome, again)
            return again
        writer, started = self._open.pop(outcome.job.id)
        if outcome.status == "interrupted":
            keep_unfinished(writer.folder, outcome)
            raise Interrupted(interrupted_text(outcome, writer.folder))
        record = record_of(outcome, engine, self._background, started)
        folder = writer.finish(record, {**files_of(outcome), **health_file(outcome)})
        self.listener.finished(outcome, folder)
        return folder


def unbegun_text(done: int, in_all: int) -> str:
    """What is saved where no run was under way."""
    saved = f"{done} of {in_all} runs are finished and kept" if done else "nothing was trained yet"
    return f"interrupted: {saved}. The same command goes on from there."


def interrupted_text(outcome: Outcome, folder: RunFolder) -> str:
    """What is saved, and how to go on."""
    done, epochs = len(outcome.curves), outcome.job.experiment.fit.epochs
    kept = "The curve of 1 epoch is" if done == 1 else f"The curves of {done} epochs are"
    return (
        f"interrupted in epoch {done + 1} of {epochs}. {kept} kept in {folder.path}; finished runs are whole. "
        "The same command trains this run again from its start."
    )
