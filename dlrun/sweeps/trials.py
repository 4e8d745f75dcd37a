"""Configurations to be tried, what they were worth, and the searches that choose them round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dlrun.errors import Problem
from dlrun.spec import Experiment
from dlrun.spec.names import greater_is_better


@dataclass(frozen=True)
class Trial:
    """A configuration to be tried."""

    values: Mapping[str, Any]
    """Swept key -> value."""
    experiments: tuple[Experiment, ...]
    """One per seed, without `sweep`. Equal data sections are one object, so that data are read once."""
    identity: str
    """Equal for trials that are the same configuration."""


@dataclass(frozen=True)
class Scored:
    """A trial that has been run."""

    trial: Trial
    score: float | None
    """Mean of the monitored curve at the kept epoch, over its seeds and folds; None where it came to no number."""


@dataclass(frozen=True)
class Round:
    """Trials that are chosen, and can be run, together."""

    trials: tuple[Trial, ...]
    why: str
    """One line for the user: what is tried, and what that follows from."""
    until: int | None = None
    """The epoch at which runs end as `pruned`; None: they are trained to their end."""
    warnings: tuple[Problem, ...] = ()
    """What the rules find odd in its configurations, each thing once per search."""


class Search(Protocol):
    """Chooses what is tried next. The same history gives the same round."""

    @property
    def monitor(self) -> str:
        """The curve that decides, such as val_loss."""

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """The next trials; None when there are none.

        Args:
            history: what all rounds so far came to, in the order of their trials.
        """


def best_first(history: Sequence[Scored], monitor: str) -> list[Scored]:
    """Those that came to a number, the best first; of equals the earlier."""
    sign = -1 if greater_is_better(monitor) else 1
    known = [(scored.score, scored) for scored in history if scored.score is not None]
    return [scored for _, scored in sorted(known, key=lambda pair: sign * pair[0])]


def counted(configurations: int) -> str:
    """`1 configuration`, `1,200 configurations`."""
    return f"{configurations:,} configuration{'s' * (configurations != 1)}"
