"""What one look at the store sees."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlrun.store.run_folder import RUNNING


@dataclass(frozen=True)
class RunState:
    """How far a run is; or, once it has ended, what it came to: then the losses are those of the kept epoch."""

    id: str
    name: str
    path: Path
    status: str
    """running, or how it ended."""
    sweep: str | None = None
    """The id of the sweep it belongs to, where that is under way."""
    epoch: int = 0
    """How many epochs have ended."""
    epochs: int | None = None
    """How many are planned."""
    train_loss: float | None = None
    val_loss: float | None = None
    monitor: str | None = None
    """The curve that decides which epoch is best."""
    best: float | None = None
    """Its best value."""
    best_epoch: int | None = None
    seconds_per_epoch: float | None = None
    seconds_left: float | None = None
    problem: str | None = None
    """Why its curves cannot be read, or why it failed."""

    @property
    def running(self) -> bool:
        return self.status == RUNNING


@dataclass(frozen=True)
class BestSoFar:
    """The configuration of a sweep that leads: its mean over the runs that came to a number."""

    monitor: str
    value: float
    runs: int
    settings: tuple[tuple[str, str], ...]
    """What tells it apart from the others: (what, value)."""


@dataclass(frozen=True)
class SweepState:
    """How far a sweep is."""

    id: str
    name: str
    path: Path
    running: bool
    runs: int
    """How many are planned, or were so far where a search plans them round by round."""
    open_end: bool = False
    """Whether more may be planned."""
    done: int = 0
    """How many have ended, those included that failed or diverged."""
    in_training: int = 0
    failed: int = 0
    diverged: int = 0
    best: BestSoFar | None = None
    share: float = 0.0
    """Of the work: runs that are done, and the epochs of those in training."""
    seconds_left: float | None = None
    problem: str | None = None
    """Why its list of runs cannot be read."""


@dataclass(frozen=True)
class Seen:
    """What is being trained, and what was when it was last looked at."""

    sweeps: tuple[SweepState, ...]
    runs: tuple[RunState, ...]
    """Those in training first, then those that ended while they were watched."""
    alive: bool
    """Whether some process still works on any of it."""
