"""The nets of the best configurations so far. A sweep cannot hold the nets of all its runs, and saving each costs more
than training a small one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from dlrun.runner.scores import Standings, Unit
from dlrun.training import Outcome

Keep = Literal["best", "all", "none"] | int
"""Whose weights a sweep keeps: the best configuration's, so many configurations', all, none."""
MOST_BYTES = 256 * 2**20
BYTES_PER_PARAMETER = 4


@dataclass
class HeldNetworks:
    """Holds outcomes with their nets until it is known which configurations are the best.

    Args:
        standings: how the configurations stand.
        most: how many configurations are kept in the end.
    """

    standings: Standings
    most: int
    _held: dict[str, Outcome] = field(default_factory=dict)

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Holds the nets of runs that have just ended, where their configurations may be among the best."""
        if self.most:
            found = [outcome for outcome in outcomes if outcome.network is not None]
            self._held |= {outcome.job.id: replace(outcome, curves=()) for outcome in found}
            self._drop()

    def pop(self, run_id: str) -> Outcome | None:
        """The outcome of a run with its net; None where it is not held."""
        return self._held.pop(run_id, None)

    def _drop(self) -> None:
        """Lets go of what cannot be among the best, and of the worst of the others where they take too much memory."""
        units = list({id(unit): unit for unit in map(self.standings.unit_of, self._held)}.values())
        units.sort(key=lambda unit: unit.score(self.standings.monitor).order)
        for unit in [unit for unit in units if unit.ended][self.most :]:
            self._forget(unit)
        while units and self._bytes() > MOST_BYTES:  # should one of them win, it is trained again
            self._forget(units.pop())

    def _forget(self, unit: Unit) -> None:
        for run_id in unit.runs:
            self._held.pop(run_id, None)

    def _bytes(self) -> int:
        return sum(outcome.parameters or 0 for outcome in self._held.values()) * BYTES_PER_PARAMETER
