"""Successive halving over epochs (Jamieson & Talwalkar 2016): many short runs, of which only the best go on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.sweeps.proposals import Proposals
from dlrun.sweeps.random_search import RandomSearch, drawn_round
from dlrun.sweeps.space import Space
from dlrun.sweeps.trials import Round, Scored, best_first, counted


@dataclass
class HalvingSearch:
    """Each rung is a round. A run that goes on is trained from its start again: its beginning is the same.

    Args:
        epochs: of a whole run.
        factor: one in so many goes on, to so many times as many epochs.
        min_epochs: of the first rung.
    """

    monitor: str
    proposals: Proposals
    space: Space
    n_trials: int
    seed: int
    epochs: int
    factor: int
    min_epochs: int

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """The next rung; None after the last, or where none of a rung's trials came to a number."""
        first = self._first()
        rungs = self.rungs(len(first.trials))
        trials, why, start = first.trials, first.why, 0
        for rung, until in enumerate(rungs):
            if start >= len(history):
                why = f"{why}; rung {rung + 1} of {len(rungs)}, {self._length(until)}"
                return Round(trials, f"{why}{self._no_halves(rungs)}", until, () if rung else first.warnings)
            ended = history[start : start + len(trials)]
            start += len(trials)
            keep = max(1, len(first.trials) // self.factor ** (rung + 1))
            trials = tuple(scored.trial for scored in best_first(ended, self.monitor)[:keep])
            why = f"halving: the best {len(trials):,} of {counted(len(ended))} go on"
            if not trials:
                break
        return None

    def _first(self) -> Round:
        return drawn_round("halving", RandomSearch(self.monitor, self.proposals, self.space, self.n_trials, self.seed))

    def rungs(self, trials: int) -> list[int | None]:
        """The epoch at which the runs of each rung end; None for the last, which trains whole runs."""
        lengths, left = [self.epochs], trials // self.factor
        while left >= 1 and self.min_epochs <= (shorter := self._epochs_of(len(lengths))) < lengths[-1]:
            lengths.append(shorter)
            left //= self.factor
        return [*lengths[:0:-1], None]

    def _no_halves(self, rungs: Sequence[int | None]) -> str:
        """Says where nothing ends early."""
        if len(rungs) > 1:
            return ""
        return f"; none ends early, as that takes {self.factor} trials and {self.factor} x {self.min_epochs} epochs"

    def _epochs_of(self, back: int) -> int:
        """The length of a rung so many before the last."""
        return math.ceil(self.epochs / int(self.factor**back))

    def _length(self, until: int | None) -> str:
        return f"all {self.epochs} epochs" if until is None else f"to epoch {until} of {self.epochs}"
