"""A limit of time: no work is begun that would not end within it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dlrun.training.blocks import Block

START_SECONDS = 2.5
"""Until workers have loaded JAX and Keras."""
SLOWEST, FASTEST = 8.0, 0.25
"""Limits of how far measured times may correct the estimates."""


@dataclass
class Budget:
    """Counts from its making.

    Args:
        seconds: how long work may take; None for no limit.
        clock: seconds of a clock that never goes back.
        start_seconds: from its making until workers can begin.
    """

    seconds: float | None = None
    clock: Callable[[], float] = time.monotonic
    start_seconds: float = 0.0
    left_out: int = 0
    """Runs that were not begun for want of time."""
    _ready: float = 0.0
    _deadline: float = math.inf
    _estimated: float = 0.0
    _measured: float = 0.0
    _under_way: dict[str, UnderWay] = field(default_factory=dict)
    _compiled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        now = self.clock()
        self._ready = now + self.start_seconds
        if self.seconds is not None:
            self._deadline = now + self.seconds

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
        return self._start() + self.pace * self.estimate(block) <= self._deadline

    def _start(self) -> float:
        """When a block that is given to a worker now is begun."""
        return max(self.clock(), self._ready)

    def estimate(self, block: Block) -> float:
        """Seconds, with the compilation where no block of the same program was begun."""
        return block.seconds + (0.0 if block.program in self._compiled else block.compile_seconds)

    def begin(self, block: Block) -> None:
        """A worker takes the block."""
        ids = {job.id for job in block.jobs}
        self._under_way |= dict.fromkeys(ids, UnderWay(ids, self.estimate(block), self._start()))
        self._compiled.add(block.program)

    def end(self, run_id: str) -> None:
        """One of its runs has ended."""
        block = self._under_way.pop(run_id)
        block.left.discard(run_id)
        if not block.left:
            self._estimated += block.estimate
            self._measured += max(self.clock() - block.began, 0.0)


@dataclass
class UnderWay:
    """A block that a worker has taken."""

    left: set[str]
    """Ids of its runs that have not ended."""
    estimate: float
    began: float
