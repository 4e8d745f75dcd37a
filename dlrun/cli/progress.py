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
            self._progress.update(self._tasks[job.id], completed=int(row["epoch"]), numbers=brief(row))

    def finished(self, outcome: Outcome, folder: RunFolder) -> None:
        if self._progress is not None:
            self._progress.stop_task(self._tasks[outcome.job.id])

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


WIDE = 110
"""Cells from which a terminal has room for a bar beside the numbers."""
BRIEF = {"train_loss": "train", "val_loss": "val", "learning_rate": "rate"}


def brief(row: EpochRow) -> str:
    """The numbers in so few cells that 80 hold the whole line: `train 0.0212  val 0.0934  accuracy 0.972  rate 0.1`."""
    kept = list(shown_columns(row))
    return "  ".join(f"{BRIEF.get(key, key.partition('_')[2])} {row[key]:.3g}" for key in [*kept, "learning_rate"])


def live_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, min_width=5)),
        *([BarColumn(bar_width=20)] if console.width >= WIDE else []),
        MofNCompleteColumn(table_column=Column(no_wrap=True, min_width=5)),
        TimeRemainingColumn(compact=True, table_column=Column(no_wrap=True, min_width=5)),
        TextColumn("{task.fields[numbers]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
        console=console,
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


def numbers(row: EpochRow) -> str:
    """`train_loss 0.0212  val_loss 0.0934  val_accuracy 0.9722  learning_rate 0.001`."""
    parts = [f"{key} {short(row[key])}" for key in shown_columns(row)]
    parts.append(f"learning_rate {short(row['learning_rate'])}")
    parts.append(f"{row['seconds']:.2f} s")
    return "  ".join(parts)


def shown_columns(row: EpochRow) -> list[str]:
    """Both losses, and the first metric on the rows that count."""
    losses = [key for key in ("train_loss", "val_loss") if key in row]
    side = "val_" if "val_loss" in row else "train_"
    return losses + [key for key in row if key.startswith(side) and key not in losses][:1]


def short(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else str(value)
