"""From evidence to a verdict: plain functions, asked in the order of `RULES`; the first that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dlrun.insight.verdict import diagnosis as words
from dlrun.insight.verdict.curve_pair import curve_pair
from dlrun.insight.verdict.diagnosis import Diagnosis
from dlrun.insight.verdict.evidence import Evidence, evidence_of
from dlrun.insight.verdict.findings import findings, without_epochs
from dlrun.insight.verdict.thresholds import LIMITS
from dlrun.store import Record

Rule = Callable[[Evidence], bool]


def diagnose(record: Record, curves: Mapping[str, Sequence[float]], reference: Record | None = None) -> Diagnosis:
    """What the curves of a run say, a pure function of its record and its curves.

    A run that is not finished is judged as far as it came. Without a trained epoch there is no verdict, unless it
    diverged in its first.

    Args:
        curves: column -> one value per epoch, as in `curves.csv`.
        reference: the record of a run to name beside it, such as a baseline's; it decides nothing.
    """
    pair = curve_pair(curves)
    status = record.get("status")
    broken = pair.broken or status == words.DIVERGED
    if not pair.train:
        verdict = words.DIVERGED if broken else None
        return Diagnosis(verdict, {}, without_epochs(record, verdict, start_only=list(curves.get("epoch", ())) == [0]))
    evidence = evidence_of(record, curves, pair, reference)
    verdict = words.DIVERGED if broken else verdict_of(evidence)
    return Diagnosis(verdict, evidence.numbers(), findings(verdict, evidence, record))


def verdict_of(evidence: Evidence) -> str:
    """The first rule that holds; a good fit where none does."""
    return next((verdict for verdict, holds in RULES if holds(evidence)), words.GOOD_FIT)


def no_validation(evidence: Evidence) -> bool:
    """There are no validation rows."""
    return evidence.val_loss is None


def too_few_epochs(evidence: Evidence) -> bool:
    """It has just begun."""
    return evidence.epochs < LIMITS["epochs"]


def rate_too_high(evidence: Evidence) -> bool:
    """The train loss swings or jumps, or ends above the trivial loss without falling."""
    if too_few_epochs(evidence):
        return False
    swings = above(evidence.swing, "swing") or above(evidence.jumps, "jumps")
    thrown_out = above(evidence.above_trivial, "above_trivial") and not falls(evidence)
    return swings or thrown_out or (learnt_nothing(evidence) and above(evidence.swing, "wander"))


def kept_after_turn(evidence: Evidence) -> bool:
    """Validation worsened while training improved, and weights from after that are kept."""
    return evidence.turn is not None and evidence.kept_epoch > evidence.turn and above(evidence.rise_kept, "rise_kept")


def falls(evidence: Evidence) -> bool:
    """The deciding loss still falls at the end, and surely so."""
    if evidence.falling is None or not above(evidence.falling, "falling"):
        return False
    return evidence.falling > LIMITS["sure"] * (evidence.falling_error or 0.0)


def noisy_validation(evidence: Evidence) -> bool:
    """The validation loss swings from epoch to epoch by more than a verdict could stand on."""
    return above(evidence.noise_share, "noise_share")


def hidden_by_rows(evidence: Evidence) -> bool:
    """There are few validation rows, or other ones might well have given another answer."""
    if evidence.validation_rows is not None and evidence.validation_rows < LIMITS["rows"]:
        return True
    if evidence.lost is None or evidence.lost_error is None or learnt_little(evidence):
        return False
    return above(evidence.lost_error, "lost_error") and abs(evidence.lost - LIMITS["lost"]) < evidence.lost_error


def learnt_nothing(evidence: Evidence) -> bool:
    """The train loss ends where the trivial predictor's is."""
    return evidence.above_trivial is not None and evidence.above_trivial > 1 - LIMITS["learnt_least"]


def learnt_little(evidence: Evidence) -> bool:
    """The train loss is near that of the trivial predictor."""
    many = evidence.classes is not None and evidence.classes >= LIMITS["classes"]
    return evidence.learnt is not None and evidence.learnt < LIMITS["learnt_of_many" if many else "learnt"]


def memorised(evidence: Evidence) -> bool:
    """Much of what was learnt does not carry over, and surely so."""
    if evidence.lost is None or evidence.lost < LIMITS["lost"]:
        return False
    return evidence.lost > 2 * (evidence.lost_error or 0.0)


def above(value: float | None, limit: str) -> bool:
    return value is not None and value >= LIMITS[limit]


RULES: tuple[tuple[str, Rule], ...] = (
    (words.RATE_TOO_HIGH, rate_too_high),
    (words.NO_VALIDATION, no_validation),
    (words.NOT_CONVERGED, too_few_epochs),
    (words.OVERFIT, kept_after_turn),
    (words.TOO_NOISY, noisy_validation),
    (words.NOT_CONVERGED, falls),
    (words.TOO_NOISY, hidden_by_rows),
    (words.UNDERFIT, learnt_little),
    (words.OVERFIT, memorised),
)
"""Precedence: what stands first hides what stands below it."""
