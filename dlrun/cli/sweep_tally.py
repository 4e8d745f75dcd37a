"""How far a sweep is: runs per program, and the share of the work that is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dlrun.training.blocks import Block

EARLIEST = 0.02
"""The share of the work from which on the time that is left can be told."""


@dataclass
class Program:
    """Runs that one compiled program trains."""

    words: str
    runs: int = 0
    done: int = 0
    under_way: int = 0
    """Those that a worker trains now."""

    def __str__(self) -> str:
        return f"{self.words}: {self.done:,} of {self.runs:,} run{'' if self.runs == 1 else 's'}"


@dataclass
class Tally:
    """Counts the runs of a sweep and weighs them by the seconds they are estimated to take."""

    clock: Callable[[], float] = time.monotonic
    expected: int = 0
    """How many runs all rounds of a search have together, where that is known before they are planned."""
    skipped: int = 0
    """Runs that were done before the sweep began."""
    block_ended: bool = False
    """Whether the latest call of `finish` ended a block."""
    programs: dict[str, Program] = field(default_factory=dict)
    _program_of: dict[str, Program] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    _shares: dict[str, float] = field(default_factory=dict)
    """Of each run, how much of it is done."""
    _blocks: dict[str, set[str]] = field(default_factory=dict)
    """Of each run under way, the runs of its block that have not ended."""
    _began: float | None = None
    """When the first epochs had ended ..."""
    _share_then: float = 0.0
    """... and what was done by then."""

    @property
    def runs(self) -> int:
        """How many are trained in this process, or left to another one; those of rounds to come too."""
        return max(len(self._weights), self.expected - self.skipped)

    @property
    def done(self) -> int:
        return sum(program.done for program in self.programs.values())

    @property
    def is_done(self) -> bool:
        """Whether all that is planned has ended."""
        return self.done == len(self._weights)

    @property
    def share(self) -> float:
        """Of the work, what is done: 0 to 1."""
        whole = sum(self._weights.values())
        if not whole:
            return 0.0
        done = sum(self._weights[run] * share for run, share in self._shares.items()) / whole
        return done * len(self._weights) / self.runs  # runs that are not planned yet count as those that are

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None where that says nothing yet, or all is done."""
        share = self.share
        since = share - self._share_then
        if self._began is None or since < EARLIEST or share >= 1:
            return None
        return (self.clock() - self._began) * (1 - share) / since

    def lines(self, most: int) -> list[str]:
        """A line per program: those under way, then those to come; how many more there are."""
        open_ones = [program for program in self.programs.values() if program.done < program.runs]
        shown = sorted(open_ones, key=lambda program: not program.under_way)[:most]
        more = len(open_ones) - len(shown)
        rest = [f"and {more:,} more program{'' if more == 1 else 's'}"] if more and most > 1 else []
        return [*map(str, shown), *rest]

    def skip(self, runs: Sequence[str]) -> int:
        """Runs are done without having been trained here; gives how many of them were planned, so that another process
        must have trained them."""
        planned = [run for run in runs if run in self._weights]
        for run in planned:
            self._shares[run] = 1.0
            self._program_of[run].done += 1
        self.skipped += len(runs) - len(planned)
        return len(planned)

    def plan(self, blocks: Sequence[Block]) -> None:
        """Takes note of what is to be trained; of what was planned before, nothing. A run that has ended and is planned
        again, as halving does to train it for longer, is not done any more."""
        for block in blocks:
            self._forget(
                [job.id for job in block.jobs if self._shares.get(job.id) == 1.0 and job.id not in self._blocks]
            )
            fresh = [job for job in block.jobs if job.id not in self._weights]
            program = self.programs.setdefault(block.program, Program(block.program))
            program.runs += len(fresh)
            for job in fresh:
                self._weights[job.id] = max(block.seconds, 1e-9) / len(block.jobs)
                self._program_of[job.id] = program

    def _forget(self, runs: Sequence[str]) -> None:
        """Runs were never planned."""
        for run in runs:
            program = self._program_of.pop(run)
            program.runs, program.done = program.runs - 1, program.done - 1
            del self._weights[run], self._shares[run]

    def start(self, block: Block) -> None:
        """A worker takes a block."""
        left = {job.id for job in block.jobs}
        self._blocks |= dict.fromkeys(left, left)
        for run in left:
            self._program_of[run].under_way += 1

    def advance(self, shares: Sequence[tuple[str, float]]) -> None:
        """Takes note of how much of runs, by id, is done: 0 to 1."""
        self._shares |= {run: min(share, 1.0) for run, share in shares if run in self._weights}
        if self._began is None:  # loading and compiling say nothing about the pace
            self._began, self._share_then = self.clock(), self.share

    def finish(self, runs: Sequence[str]) -> None:
        """Runs have ended."""
        self.block_ended = False
        for run in runs:
            self._shares[run] = 1.0
            self._program_of[run].done += 1
            self._program_of[run].under_way -= 1
            left = self._blocks.pop(run)
            left.discard(run)
            self.block_ended = self.block_ended or not left
