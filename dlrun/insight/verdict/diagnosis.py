"""What is said of one run: the words, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlrun.insight.words import Said

UNDERFIT = "underfit"
NOT_CONVERGED = "not converged"
GOOD_FIT = "good fit"
OVERFIT = "overfit"
RATE_TOO_HIGH = "learning rate too high"
DIVERGED = "diverged"
TOO_NOISY = "too noisy to tell"
NO_VALIDATION = "no validation data"

VERDICTS = (
    UNDERFIT,
    NOT_CONVERGED,
    GOOD_FIT,
    OVERFIT,
    RATE_TOO_HIGH,
    DIVERGED,
    TOO_NOISY,
    NO_VALIDATION,
)
"""What curves may say; `docs/verdicts.md` says when."""


@dataclass(frozen=True)
class Told:
    """The verdict of one run, as tables show it."""

    verdict: str
    """One of `VERDICTS`."""
    turns: int | None
    """The epoch from which it overfits, or would have, had its weights not been kept before."""


@dataclass(frozen=True)
class Diagnosis:
    """What the curves of one run say."""

    verdict: str | None
    """One of `VERDICTS`; None for a run that has no epoch to judge by."""
    evidence: Mapping[str, float | int | None] = field(default_factory=dict)
    """Name -> number; what is not known is None. `docs/verdicts.md` lists the names."""
    findings: tuple[Said, ...] = ()
    """The evidence in words, the decisive first."""

    @property
    def turns(self) -> int | None:
        """The epoch from which validation worsens while training improves."""
        turn = self.evidence.get("turn")
        return None if turn is None else int(turn)


@dataclass(frozen=True)
class NextExperiment:
    """One change that is worth trying next."""

    kind: str
    """What is changed, such as `dropout` or `wider`; `nothing` where nothing is to be gained."""
    patch: Mapping[str, Any]
    """Dotted key of the config -> its new value."""
    why: Said
