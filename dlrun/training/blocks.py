"""Many jobs, cut into what one worker trains together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dlrun.training.job import EpochRow, Job, Outcome, Stopping


@dataclass(frozen=True)
class Block:
    """Jobs that one worker trains, all at once or one after the other."""

    engine: Literal["fused", "keras"]
    program: str
    """The compiled program that trains them, in words: blocks of the same program share it."""
    jobs: tuple[Job, ...]
    slots: int
    """How many are trained at the same time."""
    seconds: float
    """Estimate of the training alone."""
    compile_seconds: float = 0.0
    """Estimate of tracing and compiling, once per program and worker."""
    reason: str | None = None
    """Why they are not fused."""
    recipe: Any = None
    """What its members have in common, for the fused engine."""
    shape: Any = None
    """What the fused engine pads them to."""


OnEpochs = Callable[[Sequence[tuple[Job, EpochRow]]], None]
"""Hears the epochs that ended at the same time, at most one per job."""
Begin = Callable[[Block], Block | None]
"""Called when a worker is free for a block: gives back what of it is to be trained, None for nothing."""


class Crew(Protocol):
    """Workers that train blocks side by side. Writes no runs, prints nothing."""

    def run(
        self, blocks: Sequence[Block], begin: Begin, on_epochs: OnEpochs, stopping: Stopping
    ) -> Iterator[list[Outcome]]:
        """Trains the blocks in the order that suits the workers; yields outcomes, those together that ended together.

        Where `stopping` says so, no block is begun any more and the jobs under way end as `interrupted`, within
        seconds. A job whose worker dies ends as `failed`.
        """

    def close(self) -> None:
        """Ends the workers. Networks of outcomes cannot be saved any more."""
