"""What goes into an engine and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from dlrun.data import Prepared
from dlrun.spec import Experiment

EpochRow = dict[str, float]
"""One row of `curves.csv`: column -> value. Regular columns stand in `curve_columns`."""

Status = Literal["completed", "stopped_early", "pruned", "diverged", "failed", "interrupted"]


@dataclass(frozen=True)
class Job:
    """One run to be trained."""

    id: str
    experiment: Experiment
    data: Prepared
    fold: int | None = None
    """With `data.folds`, the fold that is validated on, from 0."""
    until: int | None = None
    """The epoch after which a search ends it, with the status `pruned`; None for all of `fit.epochs`."""
    health: bool = False
    """Whether the keras engine measures its layers; the fused engine never does. It changes no number of the run."""

    @property
    def epochs(self) -> int:
        """How many it is trained at most."""
        planned = self.experiment.fit.epochs
        return planned if self.until is None else min(self.until, planned)

    def status_after(self, epochs: int, stopped: bool) -> Status:
        """What a run is that ended after so many epochs, whether or not early stopping wanted it."""
        if epochs >= self.experiment.fit.epochs:
            return "completed"
        return "stopped_early" if stopped or epochs < self.epochs else "pruned"


class Network(Protocol):
    """A trained net with the kept weights."""

    @property
    def file_name(self) -> str:
        """What its file is called in a run's folder."""

    @property
    def parameters(self) -> int | None:
        """How many weights are trained; None where that is no number of the method's."""

    def save(self, path: Path) -> None:
        """Writes its file; of a net a plain `.keras` file."""

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features): float32 (rows, outputs)."""


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    job: Job
    status: Status
    curves: tuple[EpochRow, ...]
    best_epoch: int | None
    """Counted from 1 (0 where nothing was trained); None where no epoch has a finite monitor value."""
    kept_epoch: int | None
    """The epoch whose weights `network` holds: the best one, or the last with `fit.keep: last`."""
    network: Network | None
    """None when nothing usable came out."""
    parameters: int | None
    steps_per_epoch: int | None
    """None where there are no steps."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Phases: `import`, `build`, `train` (compilation of the first epoch included)."""
    reason: str | None = None
    """Why it failed or diverged, one line."""
    notes: tuple[str, ...] = ()
    device: str = "cpu"
    """What it was trained on, as the backend names it."""
    health: Mapping[str, Any] | None = None
    """What was measured of its layers, as `health.json` holds it, where the job asked for it."""


OnEpoch = Callable[[Job, EpochRow], None]
Stopping = Callable[[], bool]
"""Whether training shall end; asked after each call of a compiled program."""


def never() -> bool:
    """For callers that nothing stops."""
    return False


class Engine(Protocol):
    """Trains jobs. Writes no files, prints nothing."""

    name: str

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        """Yields an outcome per job; calls `on_epoch` after each epoch of each job. Where `stopping` says so, the job
        under way ends as `interrupted`."""
