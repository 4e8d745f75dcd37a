"""What a lesson tells while it trains: one short line, not a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dlrun.runner import Unit
from dlrun.store import RunFolder
from dlrun.training import EpochRow, Job, Outcome
from dlrun.training.blocks import Block


class Counting:
    """Says once how many runs are trained."""

    def __init__(self, tell: Callable[[str], None]):
        self.tell = tell

    def planned(self, blocks: Sequence[Block]) -> None:
        runs = sum(len(block.jobs) for block in blocks)
        if runs:
            self.tell(f"training {runs:,} run{'s' * (runs != 1)}")

    def skipped(self, folders: Sequence[RunFolder]) -> None: ...

    def started(self, block: Block) -> None: ...

    def epochs(self, rows: Sequence[tuple[Job, EpochRow]]) -> None: ...

    def finished(self, outcomes: Sequence[Outcome], folders: Sequence[RunFolder]) -> None: ...

    def best(self, unit: Unit) -> None: ...

    def waiting(self, runs: int) -> None:
        self.tell(f"waiting for {runs:,} runs that another process trains")

    def left_out(self, runs: int) -> None: ...

    def training_again(self, runs: int) -> None:
        self.tell(f"training {runs:,} run{'s' * (runs != 1)} once more, for the weights")

    def differs(self, folder: RunFolder) -> None: ...
