"""A limit of time: no work is begun that would not end within it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dlrun.training.blocks import Block

SLOWEST, FASTEST = 8.0, 0.25
"""Limits of how far measured times may correct the estimates."""


@dataclass
class Budget:
    """Counts from its making.

    Args:
        seconds: how long work may take; None for no limit.
        clock: seconds of a clock that never goes back.
    """

    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic
    left_out: int = 0
    """Runs that were not begun for want of time."""
    _deadline: float = math.inf
    _estimated: float = 0.0
    _measured: float = 0.0
    _under_way: dict[str, UnderWay] = field(default_factory=dict)
    _compiled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.seconds is not None:
            self._deadline = self.clock() + self.seconds

    @property
    def over(self) -> bool:
        """Whether work was left out, or the time has come."""
        return self.left_out > 0 or self.clock() >= self._deadline

    @property
    def pace(self) -> float:
        """Measured seconds per estimated second, from the blocks that have ended."""
        return min(max(self._measured / self._estimated, FASTEST), SLOWEST) if self._estimated else 1.0

    def allows(self, block: Block) -> bool:
        """Whether the block, begun now, would end in time."""
        return self.clock() + self.pace * self.estimate(block) <= self._deadline

    def estimate(self, block: Block) -> float:
        """Seconds, with the compilation where no block of the same program was begun."""
        return block.seconds + (0.0 if block.program in self._compiled else block.compile_seconds)

    def begin(self, block: Block) -> None:
        """A worker takes the block."""
        ids = {job.id for job in block.jobs}
        self._under_way |= dict.fromkeys(ids, UnderWay(ids, self.estimate(block), self.clock()))
        self._compiled.add(block.program)

    def end(self, run_id: str) -> None:
        """One of its runs has ended."""
        block = self._under_way.pop(run_id)
        block.left.discard(run_id)
        if not block.left:
            self._estimated += block.estimate
            self._measured += self.clock() - block.began


@dataclass
class UnderWay:
    """A block that a worker has taken."""

    left: set[str]
    """Ids of its runs that have not ended."""
    estimate: float
    began: float
