"""A crew without Keras, in this process: what the runner does around training can be watched in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dlrun.runner import Unit
from dlrun.store import RunFolder
from dlrun.training import EpochRow, Job, Outcome, Stopping, curve_columns
from dlrun.training.blocks import Begin, Block, OnEpochs
from tests.runner.engines import ConstantNetwork


def layout(jobs: Sequence[Job], size: int = 4, seconds: float = 1.0) -> list[Block]:
    """Blocks of so many jobs, in order; a program per width."""
    widths = sorted({job.experiment.model.hidden for job in jobs})
    parts = [[job for job in jobs if job.experiment.model.hidden == width] for width in widths]
    return [
        Block("fused", f"{part[0].experiment.model.hidden} relu", tuple(part[start : start + size]), size, seconds)
        for part in parts
        for start in range(0, len(part), size)
    ]


def loss(job: Job, epoch: int) -> float:
    """Falls with the epochs; lower for later seeds and wider nets, so that every ranking is known."""
    return 1 / (epoch + job.experiment.seed / 100 + sum(job.experiment.model.hidden) / 10)


@dataclass
class HalvingCrew:
    """Trains one block after the other, all jobs of a block epoch by epoch.

    Args:
        interrupt_after: blocks after which it is stopped in the middle of the next one, as by Ctrl-C.
        diverge, fail: seeds whose runs diverge or fail.
    """

    interrupt_after: int | None = None
    diverge: tuple[int, ...] = ()
    fail: tuple[int, ...] = ()
    trained: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    closed: bool = False

    def run(
        self, blocks: Sequence[Block], begin: Begin, on_epochs: OnEpochs, stopping: Stopping
    ) -> Iterator[list[Outcome]]:
        for block in blocks:
            if stopping():
                return
            begun = begin(block)
            if begun is not None:
                if len(self.blocks) == self.interrupt_after:
                    on_epochs([(job, self.row(job, 1)) for job in begun.jobs])
                    yield [Outcome(job, "interrupted", (), None, None, None, 0, 0) for job in begun.jobs]
                    return
                self.blocks.append(begun)
                yield self.outcomes(begun, on_epochs)

    def outcomes(self, block: Block, on_epochs: OnEpochs) -> list[Outcome]:
        self.trained += [job.id for job in block.jobs]
        for epoch in range(1, max(job.epochs for job in block.jobs) + 1):
            on_epochs([(job, self.row(job, epoch)) for job in block.jobs if epoch <= job.epochs])
        return [self.outcome(job) for job in block.jobs]

    def row(self, job: Job, epoch: int) -> EpochRow:
        value = float("nan") if job.experiment.seed in self.diverge else loss(job, epoch)
        return dict.fromkeys(curve_columns(job.experiment, job.data.task), value) | {"epoch": epoch}

    def outcome(self, job: Job) -> Outcome:
        rows = tuple(self.row(job, epoch) for epoch in range(1, job.epochs + 1))
        if job.experiment.seed in self.fail:
            return Outcome(job, "failed", (), None, None, None, 0, 0, reason="its worker was killed by signal 9")
        if job.experiment.seed in self.diverge:
            return Outcome(job, "diverged", rows, None, None, None, 3, 1, reason="epoch 1: loss is nan")
        network = ConstantNetwork(job.data.task.outputs)
        return Outcome(job, job.status_after(job.epochs, False), rows, job.epochs, job.epochs, network, 3, 1)

    def close(self) -> None:
        self.closed = True


class SweepHeard:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.leaders: list[Unit] = []

    def skipped(self, folders: Sequence[RunFolder]) -> None:
        self.words.append(f"skipped {len(folders)}")

    def planned(self, blocks: Sequence[Block]) -> None:
        self.words.append(f"planned {len(blocks)}")

    def started(self, block: Block) -> None:
        self.words.append(f"started {len(block.jobs)}")

    def epochs(self, rows: Sequence[tuple[Job, EpochRow]]) -> None:
        self.words.append(f"epoch {rows[0][1]['epoch']}")

    def finished(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None:
        self.words.append(f"finished {len(folders)}")

    def best(self, unit: Unit) -> None:
        self.leaders.append(unit)

    def waiting(self, runs: int) -> None:
        self.words.append(f"waiting {runs}")

    def left_out(self, runs: int) -> None:
        self.words.append(f"left out {runs}")

    def training_again(self, runs: int) -> None:
        self.words.append(f"training again {runs}")

    def differs(self, folder: RunFolder) -> None:
        self.words.append("differs")

    def round(self, number: int, configurations: int, why: str) -> None:
        self.words.append(f"round {number}: {configurations}, {why}")
