"""Configurations against one of them: better, worse, a tie, or more than these runs can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlrun.insight.statistics import LEVEL, Difference, Sample, difference, holm, pairs_of

BETTER, WORSE, TIE, CANNOT_TELL = "better", "worse", "tie", "cannot tell"
REFERENCE = "reference"
"""The outcome of the one that the others are compared with."""
BEST = "best"


@dataclass(frozen=True)
class Against:
    """One configuration against the reference."""

    difference: Difference | None
    """Its mean less the reference's; None where one of them has no value, and for the reference itself."""
    p: float | None
    """Corrected for the number of comparisons."""
    outcome: str


def against(
    samples: Sequence[Sample], reference: int, greater: bool = False, chosen_as_best: bool = False
) -> list[Against]:
    """Each configuration against one of them, in their order.

    The p-values are Holm-corrected over the comparisons in the table. A reference that was chosen as the best of the
    table by these very numbers is not just any: each pair might have been the best and one beside it. The correction is
    then over all pairs.

    Args:
        samples: the values of each configuration.
        reference: the place of the one that the others are compared with.
        greater: whether larger values are better.
        chosen_as_best: whether the reference is the best because it has the best mean.
    """
    base = samples[reference]
    found = [None if place == reference else difference(sample, base) for place, sample in enumerate(samples)]
    with_values = sum(bool(sample.values) for sample in samples)
    corrected = holm([one.p if one else None for one in found], pairs_of(with_values) if chosen_as_best else None)
    return [
        Against(one, p, REFERENCE if place == reference else outcome(one, p, greater, samples[place].lost, base.lost))
        for place, (one, p) in enumerate(zip(found, corrected, strict=True))
    ]


def outcome(found: Difference | None, p: float | None, greater: bool, lost: int = 0, reference_lost: int = 0) -> str:
    """`better`, `worse` or `tie`; `cannot tell` where there are too few runs.

    Runs that diverged have no value, so those that are left make a configuration look better than it is: whatever lost
    more of them than the other side is never called the better one.

    Args:
        p: of the difference, corrected.
        lost: runs that diverged.
    """
    if found is None or p is None:
        return CANNOT_TELL
    if p > LEVEL:
        return TIE
    better = (found.mean > 0) == greater
    flattered = lost > reference_lost if better else reference_lost > lost
    return CANNOT_TELL if flattered else BETTER if better else WORSE


def standing(samples: Sequence[Sample], greater: bool = False) -> list[str]:
    """The outcome of each configuration against the first, which is the best of them."""
    if not samples or not samples[0].values:
        return [CANNOT_TELL] * len(samples)
    return [one.outcome for one in against(samples, 0, greater, chosen_as_best=True)]
