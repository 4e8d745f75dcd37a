"""Which rows each step sees. The order is ours, so that it is the same on every backend and engine."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
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
    drawn: Callable[[int], tuple[np.ndarray, ...]] | None = None
    """What is drawn for each row of an epoch, counted from 0; see `augmentation_draws`."""
    apart: bool = False
    """Whether the last step of full size is a call of its own, so that weights can be read just before and after."""

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
        return len(self.spans)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The first and one past the last step of each call."""
        cuts = {*range(0, self.steps, self.steps_per_call), self.steps}
        if self.apart:
            cuts |= {self._step_apart, self._step_apart + 1}
        return list(itertools.pairwise(sorted(cuts)))

    @property
    def call_apart(self) -> int:
        """Which call of an epoch, from 0, is that of the single step."""
        return self.spans.index((self._step_apart, self._step_apart + 1))

    @property
    def _step_apart(self) -> int:
        return max(self.full_steps, 1) - 1

    def endless(self) -> Iterator[tuple[tuple[np.ndarray, ...], np.ndarray]]:
        """One pair per call: the epoch's row order (rows,) with what is drawn for each of its rows, and the first and
        one past the last step, int32 (2,)."""
        for epoch in itertools.count():
            drawn = () if self.drawn is None else self.drawn(epoch)
            order = (epoch_order(self.seed, epoch, self.rows), *drawn)
            for span in self.spans:
                yield order, np.array(span, np.int32)


def batch_size(given: int | str, rows: int) -> int:
    """Rows per step: `full` means all; never more than there are."""
    return rows if given == "full" else min(int(given), rows)
