"""Independent draws from a space (Bergstra & Bengio 2012), in one round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.data.streams import stream
from dlrun.sweeps.proposals import Batch, Proposals
from dlrun.sweeps.space import Space
from dlrun.sweeps.trials import Round, Scored, counted


@dataclass
class RandomSearch:
    """More trials with the same seed begin with the same ones, so that a search can be made longer."""

    monitor: str
    proposals: Proposals
    space: Space
    n_trials: int
    seed: int

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """All of them; None after that."""
        return None if history else drawn_round("random", self)


def drawn_round(name: str, search: RandomSearch) -> Round:
    """A first round of random draws. Raises ConfigError where none of them holds."""
    batch = search.proposals.new(())
    batch.draw(search.space, search.n_trials, stream(search.seed, "search"))
    why = f"{name}: {counted(len(batch.trials))} drawn over {', '.join(search.space.dimensions)}"
    return Round(tuple(batch.trials), f"{why}{fewer(batch, search.n_trials)}{batch.left_out}",
                 warnings=tuple(batch.warnings))  # fmt: skip


def fewer(batch: Batch, wanted: int) -> str:
    """Says where there are fewer different configurations than were asked for."""
    found = len(batch.trials)
    return "" if found >= wanted else f"; {wanted:,} were asked for, but only {found:,} differ"
