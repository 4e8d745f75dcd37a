"""How training is shown while it goes on, on stderr: a live line in a terminal, a plain line per epoch elsewhere."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from dlrun.cli.terminal import say
from dlrun.store import RunFolder
from dlrun.store.names import visible
from dlrun.training import EpochRow, Job, Outcome

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def listener_for(quiet: bool, backend: str, runs: int) -> QuietListener:
    """The listener that fits where stderr goes."""
    if quiet:
        return QuietListener()
    return LiveListener(backend, runs) if sys.stderr.isatty() else PlainListener(backend, runs)


class QuietListener:
    """Shows nothing while training."""

    def __init__(self) -> None:
        self.skipped_runs: list[str] = []

    def skipped(self, folder: RunFolder) -> None:
        self.skipped_runs.append(folder.id)

    def loading(self) -> None: ...

    def started(self, job: Job) -> None: ...

    def epoch(self, job: Job, row: EpochRow) -> None: ...

    def finished(self, outcome: Outcome, folder: RunFolder) -> None: ...

    def close(self) -> None: ...


class PlainListener(QuietListener):
    """One line per epoch."""

    def __init__(self, backend: str, runs: int) -> None:
        super().__init__()
        self.backend = backend
        self.runs = runs

    def skipped(self, folder: RunFolder) -> None:
        super().skipped(folder)
        say(f"{visible(folder.path.name)} is done already; --force trains it again")

    def loading(self) -> None:
        say(f"loading {self.backend} ...")

    def started(self, job: Job) -> None:
        say(f"{title(job)}: {size(job)}")

    def epoch(self, job: Job, row: EpochRow) -> None:
        say(f"{label(job, self.runs)}epoch {int(row['epoch'])}/{job.experiment.fit.epochs}  {numbers(row)}")


class LiveListener(PlainListener):
    """A bar per run: epoch, both losses, metric, learning rate and the time that is left."""

    def __init__(self, backend: str, runs: int) -> None:
        super().__init__(backend, runs)
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def started(self, job: Job) -> None:
        super().started(job)
        if self._progress is None:
            self._progress = live_progress()
            self._progress.start()
        self._tasks[job.id] = self._progress.add_task(
            unit(job), total=job.experiment.fit.epochs, numbers="compiling ..."
        )

    def epoch(self, job: Job, row: EpochRow) -> None:
        if self._progress is not None:
            self._progress.update(self._tasks[job.id], completed=int(row["epoch"]), numbers=numbers(row, seconds=False))

    def finished(self, outcome: Outcome, folder: RunFolder) -> None:
        if self._progress is not None:
            self._progress.stop_task(self._tasks[outcome.job.id])

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def live_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[numbers]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
    )


def title(job: Job) -> str:
    return f"training {visible(job.experiment.name)}, {unit(job)}"


def label(job: Job, runs: int) -> str:
    return f"{unit(job)}  " if runs > 1 or job.fold is not None else ""


def unit(job: Job) -> str:
    """Which run of its configuration it is: `seed 0`, or `seed 0, fold 2 of 5`."""
    fold = "" if job.fold is None else f", fold {job.fold + 1} of {job.experiment.data.folds}"
    return f"seed {job.experiment.seed}{fold}"


def size(job: Job) -> str:
    data = job.data
    held_out = f"{len(data.validation):,} validation" if data.validation else "no validation"
    return f"{len(data.train):,} train and {held_out} rows, {len(data.feature_names):,} features"


def numbers(row: EpochRow, seconds: bool = True) -> str:
    """`train_loss 0.0212  val_loss 0.0934  val_accuracy 0.9722  learning_rate 0.001`."""
    kept = ["train_loss", "val_loss"]
    side = "val_" if "val_loss" in row else "train_"
    kept += [key for key in row if key.startswith(side) and key not in kept][:1]
    parts = [f"{key} {short(row[key])}" for key in kept if key in row]
    parts.append(f"learning_rate {short(row['learning_rate'])}")
    if seconds:
        parts.append(f"{row['seconds']:.2f} s")
    return "  ".join(parts)


def short(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else str(value)
