"""Rounds of random draws from ranges that shrink around the best, and widen where the best lies at a bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dlrun.data.streams import stream
from dlrun.spec.points import one_line
from dlrun.sweeps.proposals import Proposals
from dlrun.sweeps.rounds import next_part, parts
from dlrun.sweeps.space import DIGITS, EXACT, Choice, Dimension, Range, Space
from dlrun.sweeps.trials import Round, Scored, best_first, counted

ROUNDS = 3
"""Where `search.rounds` is not given."""
QUARTER = 4
"""One in so many trials counts as good."""
AT_BOUND = 0.1
"""The best lies at a bound where it is nearer to it than this share of the range."""
FURTHER = 0.5
"""A range that is widened moves its bound by this share of its width."""


@dataclass
class ZoomSearch:
    """Ranges are compared on their own scale, logarithmic or linear.

    Args:
        rounds: into so many the trials are cut.
    """

    monitor: str
    proposals: Proposals
    space: Space
    n_trials: int
    seed: int
    rounds: int

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        """The next trials; None when `n_trials` have been run, or nothing new is left in the ranges."""
        sizes = parts(self.n_trials, self.rounds)
        number = next_part(sizes, len(history))
        if number is None:
            return None
        space, moves = self.space, [f"{key} {ends(found)}" for key, found in self.space.dimensions.items()]
        for place in range(1, number + 1):
            space, moves = self._zoomed(space, history[: sum(sizes[:place])], sizes[place - 1])
        batch = self.proposals.new(history)
        batch.draw(space, sizes[number], stream(self.seed, "search", number))
        if not batch.trials:
            return None
        why = f"zoom: round {number + 1} of {self.rounds}: {counted(len(batch.trials))}: {'; '.join(moves)}"
        return Round(tuple(batch.trials), f"{why}{batch.left_out}", warnings=tuple(batch.warnings))

    def _zoomed(self, space: Space, history: Sequence[Scored], drawn: int) -> tuple[Space, list[str]]:
        """The space of the next round, and what has become of each key.

        Args:
            drawn: how many trials the last round had.
        """
        best = best_first(history, self.monitor)[: math.ceil(len(history) / QUARTER)]
        if not best:
            return space, ["the same ranges again, as no configuration came to a number"]
        zoomed, moves = dict(space.dimensions), []
        for key, dimension in space.dimensions.items():
            good = [scored.trial.values[key] for scored in best if key in scored.trial.values]
            if good:
                zoomed[key], how = follow(dimension, good, drawn)
                moves.append(f"{key} {how}")
        moves.append(f"after the best {len(best):,} of {len(history):,}")
        return Space(zoomed), moves


def follow(dimension: Dimension, good: Sequence[Any], drawn: int) -> tuple[Dimension, str]:
    """What is drawn from next, and in words what that is.

    Args:
        good: the values of the good trials, the best first.
        drawn: how many trials the last round had.
    """
    if isinstance(dimension, Choice):
        kept = Choice(tuple(value for value in dimension.values if any(repr(value) == repr(one) for one in good)))
        return kept, ends(kept)
    bound = bound_of(good[0], dimension)
    wider = widened(dimension, bound) if bound else dimension
    moved = around(wider, good, width(dimension) / drawn, bound if wider != dimension else "")
    if wider != dimension:
        return moved, f"widened to {moved} because the best, {one_line(good[0])}, lies at its {bound} bound"
    return moved, f"narrowed to {moved}" if width(moved) < width(dimension) else f"stays {moved}"


def bound_of(value: float, found: Range) -> str:
    """`lower` or `upper` where the value lies at that bound of the range, else nothing."""
    share = (found.scale(value) - found.scale(found.low)) / (width(found) or 1.0)
    return "lower" if share <= AT_BOUND else "upper" if share >= 1 - AT_BOUND else ""


def width(found: Range) -> float:
    """On its own scale."""
    return found.scale(found.top) - found.scale(found.low)


def widened(found: Range, bound: str) -> Range:
    """The range with one bound moved outwards, as far as its key allows; of steps, whole ones."""
    step, limits = FURTHER * width(found), found.limits
    if bound == "upper":
        high = reach(found.top, found.unscale(found.scale(found.top) + step), limits.high, limits.open_high)
        return found.with_ends(found.low, max(found.high, aligned(high, found, math.floor)))
    low = reach(found.low, found.unscale(found.scale(found.low) - step), limits.low, limits.open_low)
    return found.with_ends(min(found.low, aligned(low, found, math.ceil)), found.high)


def reach(here: float, there: float, limit: float, is_open: bool) -> float:
    """Where a bound moves to: as far as it may; half the way to a limit that is not legal itself."""
    is_legal = there < limit if there > here else there > limit
    if is_legal or (there == limit and not is_open):
        return there
    return (here + limit) / 2 if is_open else limit


def around(found: Range, good: Sequence[float], margin: float, kept: str) -> Range:
    """The part of the range that holds the good values, with a margin on its scale.

    Args:
        kept: `lower` or `upper` for a bound that stays where it is.
    """
    low = found.low if kept == "lower" else found.unscale(found.scale(min(good)) - margin)
    high = found.high if kept == "upper" else found.unscale(found.scale(max(good)) + margin)
    low, high = aligned(low, found, math.floor), aligned(high, found, math.ceil)
    return found.with_ends(max(low, found.low), min(high, found.top))


def aligned(value: float, found: Range, rounding: Callable[[float], int]) -> float:
    """A bound at a step of the range, or of few digits.

    Args:
        rounding: floor or ceil.
    """
    if found.grain:
        return found.low + rounding((value - found.low) / found.grain) * found.grain
    digits = DIGITS - 1 - math.floor(math.log10(abs(value) or 1.0))
    shifted = float(f"{value * 10.0**digits:.{EXACT}g}")
    return float(f"{rounding(shifted) / 10.0**digits:.{DIGITS}g}")


def ends(dimension: Dimension) -> str:
    """`0.001..0.1`, or `relu, tanh`."""
    if isinstance(dimension, Choice):
        return ", ".join(one_line(value) for value in dimension.values)
    return str(dimension)
