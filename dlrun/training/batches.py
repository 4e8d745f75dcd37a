"""Which rows each step sees. The order is ours, so that it is the same on every backend and engine."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dlrun.data import stream

WORK_PER_CALL = 1e11
"""Floating-point operations in one call of the compiled function: about a second, so that Ctrl-C is heard."""
STEPS_PER_CALL = 10_000


def epoch_order(seed: int, epoch: int, rows: int) -> np.ndarray:
    """int32 (rows,): the train rows in the order in which an epoch, counted from 0, sees them."""
    return stream(seed, "shuffle", epoch).permutation(rows).astype(np.int32)


@dataclass(frozen=True)
class Batches:
    """The batches of a run: every row once per epoch, the last batch maybe smaller."""

    seed: int
    rows: int
    size: int
    """Rows per batch."""
    parameters: int
    """Weights of the net: they decide how many steps one call takes."""

    @property
    def steps(self) -> int:
        """Batches per epoch, a smaller last one included."""
        return math.ceil(self.rows / self.size)

    @property
    def full_steps(self) -> int:
        """Batches of full size per epoch."""
        return self.rows // self.size

    @property
    def steps_per_call(self) -> int:
        work = 6 * max(self.parameters, 1) * self.size  # forward and backward, multiply and add
        return int(min(self.steps, max(1, min(WORK_PER_CALL // work, STEPS_PER_CALL))))

    @property
    def calls(self) -> int:
        """Calls of the training function per epoch."""
        return math.ceil(self.steps / self.steps_per_call)

    def endless(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """One pair per call: the epoch's row order (rows,), and the first and one past the last step, int32 (2,)."""
        for epoch in itertools.count():
            order = epoch_order(self.seed, epoch, self.rows)
            for first in range(0, self.steps, self.steps_per_call):
                last = min(first + self.steps_per_call, self.steps)
                yield order, np.array([first, last], np.int32)


def batch_size(given: int | str, rows: int) -> int:
    """Rows per step: `full` means all; never more than there are."""
    return rows if given == "full" else min(int(given), rows)
