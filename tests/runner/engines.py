"""An engine without Keras: the runner's own work can be watched in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dlrun.training import EpochRow, Job, OnEpoch, Outcome, Status, Stopping, curve_columns, never


@dataclass
class ConstantNetwork:
    """Gives the same for every row."""

    classes: int
    parameters: int = 3
    file_name: str = "model.keras"

    def save(self, path: Path) -> None:
        path.write_text("a net")

    def outputs(self, x: np.ndarray) -> np.ndarray:
        return np.full((len(x), self.classes), 1 / self.classes, np.float32)


@dataclass
class HalvingEngine:
    """Each epoch halves every measure; `interrupt_after` epochs it is stopped, as by Ctrl-C."""

    name: str = "halving"
    interrupt_after: int | None = None
    diverge: bool = False
    trained: list[str] = field(default_factory=list)

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        for job in jobs:
            self.trained.append(job.id)
            rows: list[EpochRow] = []
            columns = curve_columns(job.experiment, job.data.task)
            for epoch in range(1, job.experiment.fit.epochs + 1):
                if len(rows) == self.interrupt_after:
                    yield Outcome(job, "interrupted", tuple(rows), None, None, None, 3, 1)
                    return
                value = float("nan") if self.diverge else 0.5**epoch
                rows.append(dict.fromkeys(columns, value) | {"epoch": epoch})
                on_epoch(job, rows[-1])
            network = ConstantNetwork(job.data.task.outputs)
            best = None if self.diverge else len(rows)
            status: Status = "diverged" if self.diverge else "completed"
            yield Outcome(job, status, tuple(rows), best, best, None if self.diverge else network, 3, 1,
                          reason="train_loss is not a number" if self.diverge else None)  # fmt: skip
