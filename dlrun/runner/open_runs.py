"""The runs that this process trains now: their locks are held, their curves grow."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from dlrun.errors import StoreBusy
from dlrun.runner.spec_texts import SpecTexts
from dlrun.store import Ending, RunFolder, RunWriter, Store, finish_many
from dlrun.store.index import Ended
from dlrun.store.lock import allow_many_locks
from dlrun.store.record import Record
from dlrun.store.writer import Files
from dlrun.training import EpochRow, Job, curve_columns

FLUSHED = 0.5
"""Seconds after which epochs are written to the disk at the latest. What is under way when the process dies is trained
again, so a line at once for each of a hundred runs would serve nobody."""


@dataclass
class OpenRun:
    """One run that is trained now."""

    job: Job
    writer: RunWriter
    held: ExitStack
    """Its lock."""
    engine: str
    started: datetime = field(default_factory=lambda: datetime.now().astimezone())


@dataclass(frozen=True)
class Taken:
    """What became of jobs that this process wanted to train."""

    jobs: tuple[Job, ...]
    """It does."""
    busy: tuple[Job, ...]
    """Another process trains them now."""
    done: dict[str, RunFolder]
    """Another process has trained them in the meantime, by id."""


class OpenRuns:
    """Takes, writes and ends runs, many at a time. Use it in a `with` statement: at its end all locks are let go, and
    what did not finish is there as `interrupted`."""

    def __init__(self, store: Store, texts: SpecTexts):
        self._store = store
        self._texts = texts
        self._open: dict[str, OpenRun] = {}
        self._noted: dict[str, RunWriter] = {}
        self._flushed = time.monotonic()
        self._finished: list[RunFolder] = []
        """The latest group; what was finished before it is on the disk by its sync."""

    def __enter__(self) -> Self:
        allow_many_locks()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as all_of_them:
            for run in self._open.values():
                all_of_them.push(run.held)
            if kind is None:
                self._flush()
                if self._finished:
                    self._store.sync(self._finished)

    def __getitem__(self, run_id: str) -> OpenRun:
        return self._open[run_id]

    def take(self, jobs: Sequence[Job], engine: str, is_done: Callable[[Job, Ended], bool]) -> Taken:
        """Takes the locks of runs and begins their folders, but for those that are done or busy.

        Args:
            is_done: whether a job need not be trained, given how the run ended.
        Raises:
            StoreNotWritable: no space left, or no permission.
        """
        locked = [job for job in jobs if self._lock(job, engine)]
        folders = self._store.folders_of([job.id for job in locked])
        ended = self._store.endings_of(folders)
        done = {job.id: ended[job.id][0] for job in locked if job.id in ended and is_done(job, ended[job.id][1])}
        for run_id in done:
            self._open.pop(run_id).held.close()
        mine = tuple(job for job in locked if job.id not in done)
        for job in mine:
            columns = curve_columns(job.experiment, job.data.task)
            self._open[job.id].writer.begin(self._texts.of(job.experiment), columns, folders.get(job.id, ()))
        ours = {job.id for job in locked}
        return Taken(mine, tuple(job for job in jobs if job.id not in ours), done)

    def note(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        """Takes epochs, which are on the disk soon. Raises StoreNotWritable."""
        for job, row in rows:
            writer = self._open[job.id].writer
            writer.note(row)
            self._noted[job.id] = writer
        if time.monotonic() - self._flushed > FLUSHED:
            self._flush()

    def finish(self, records: Mapping[str, tuple[Record, Files]]) -> list[RunFolder]:
        """Writes the ends of runs, by id, and lets their locks go. Raises StoreNotWritable."""
        endings = [Ending(self._open[run_id].writer, *ending) for run_id, ending in records.items()]
        folders = finish_many(endings)
        self._finished = folders
        self._let_go(records)
        return folders

    def leave(self, run_ids: Sequence[str]) -> None:
        """Leaves runs unfinished, with the curves there are. Raises StoreNotWritable."""
        self._flush()
        self._let_go(run_ids)

    def _lock(self, job: Job, engine: str) -> bool:
        writer, held = self._store.writer(job.id, job.experiment.name, patience=0), ExitStack()
        try:
            held.enter_context(writer)
        except StoreBusy:
            return False
        self._open[job.id] = OpenRun(job, writer, held, engine)
        return True

    def _let_go(self, run_ids: Sequence[str] | Mapping[str, object]) -> None:
        for run_id in run_ids:
            self._noted.pop(run_id, None)
            self._open.pop(run_id).held.close()

    def _flush(self) -> None:
        for writer in self._noted.values():
            writer.flush()
        self._noted.clear()
        self._flushed = time.monotonic()
