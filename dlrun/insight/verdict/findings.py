"""Evidence in words: what decided first, then what else is worth knowing."""

from __future__ import annotations

from collections.abc import Iterator

from dlrun.insight import numbers
from dlrun.insight.same_rows import kind_of
from dlrun.insight.verdict import diagnosis as words
from dlrun.insight.verdict.evidence import Evidence
from dlrun.insight.verdict.thresholds import LIMITS
from dlrun.insight.words import Said
from dlrun.store import Record
from dlrun.store.names import visible

UNFINISHED = ("running", "interrupted", "pruned", "failed")
LONG_WASTE = 0.25
"""Epochs after the best one are named where they are a larger share of all."""
HALF_LEARNT = 0.6
"""A good fit that has learnt less is told what that may mean."""


def findings(verdict: str, evidence: Evidence, record: Record) -> tuple[Said, ...]:
    """The evidence of a verdict in words."""
    found = [*_decisive(verdict, evidence, record), *_common(verdict, evidence), *_circumstances(evidence, record)]
    return tuple(found)


def without_epochs(record: Record, verdict: str | None, start_only: bool) -> tuple[Said, ...]:
    """What is said of a run without a trained epoch that came to a number."""
    if verdict == words.DIVERGED:
        return (say("diverged_at_once"),)
    if kind_of(record) == "baseline":
        return (Said("baselines.no_epochs"),)
    if kind_of(record) == "ensemble":
        return (Said("ensemble.no_curves"),)
    if record.get("status") == "failed":
        return (say("failed", reason=visible(record.get("reason") or "?")),)
    return (say("start_only" if start_only else "no_epochs"),)


def say(name: str, **values: object) -> Said:
    return Said(f"verdict.{name}", values)


def percent(share: float) -> str:
    """A share in per cent: 0.4 %, 37 %, 1,250 %."""
    size = abs(share) * 100
    return f"{share * 100:.1f} %" if size < 9.95 else f"{share * 100:,.0f} %" if size < 1e6 else f"{share * 100:.3g} %"


def _decisive(verdict: str, evidence: Evidence, record: Record) -> Iterator[Said]:
    if verdict == words.DIVERGED:
        yield say("broke_off", epochs=evidence.epochs)
    elif verdict == words.RATE_TOO_HIGH:
        yield from _thrown_about(evidence)
    elif verdict == words.NO_VALIDATION:
        yield say("no_validation_rows", train=numbers.number(evidence.train_loss), epoch=evidence.kept_epoch)
    elif verdict == words.OVERFIT:
        yield from _overfit(evidence)
    elif verdict == words.NOT_CONVERGED:
        yield from _not_converged(evidence)
    elif verdict == words.TOO_NOISY:
        yield from _too_noisy(evidence)
    elif verdict == words.UNDERFIT:
        yield from _learnt(evidence, "learnt_little")
    elif verdict == words.GOOD_FIT:
        yield from _good(evidence)


def _thrown_about(evidence: Evidence) -> Iterator[Said]:
    if _reaches(evidence.above_trivial, "above_trivial"):
        yield say("above_trivial", times=f"{evidence.above_trivial:.3g}")
    if _reaches(evidence.swing, "swing"):
        yield say("swings", swing=percent(evidence.swing or 0.0))
    elif not _reaches(evidence.jumps, "jumps") and not _reaches(evidence.above_trivial, "above_trivial"):
        yield say("wanders", swing=percent(evidence.swing or 0.0))
    if _reaches(evidence.jumps, "jumps"):
        yield say("jumps", share=percent(evidence.jumps or 0.0), size=percent(LIMITS["jump"]))


def _overfit(evidence: Evidence) -> Iterator[Said]:
    if evidence.turn is not None and evidence.kept_epoch > evidence.turn:
        rise = percent(evidence.rise_kept or 0.0)
        yield say("kept_after_turn", turn=evidence.turn, kept=evidence.kept_epoch, rise=rise)
    if evidence.lost is not None:
        yield say("lost", share=percent(evidence.lost)) if evidence.lost < 1 else say("lost_all")


def _not_converged(evidence: Evidence) -> Iterator[Said]:
    if evidence.epochs < LIMITS["epochs"]:
        yield say("few_epochs", epochs=evidence.epochs)
    elif evidence.falling is not None and evidence.slope_end is not None:
        slope = numbers.number(-evidence.slope_end)
        yield say("still_falling", slope=slope, share=percent(evidence.falling))


def _too_noisy(evidence: Evidence) -> Iterator[Said]:
    rows = evidence.validation_rows
    if _reaches(evidence.noise_share, "noise_share"):
        yield say("noisy", noise=numbers.number(evidence.noise_val))
    if rows is not None and rows < LIMITS["rows"]:
        yield say("few_rows", rows=rows)
    if evidence.lost is not None and _reaches(evidence.lost_error, "lost_error"):
        lost, error = percent(evidence.lost), percent(evidence.lost_error or 0.0)
        yield say("lost_unsure", share=lost, error=error, limit=percent(LIMITS["lost"]))


def _good(evidence: Evidence) -> Iterator[Said]:
    if evidence.turn is not None and evidence.kept_epoch <= evidence.turn:
        yield say("would_overfit", turn=evidence.turn, rise=percent(evidence.rise_end or 0.0))
    elif evidence.turn is not None:
        yield say("just_after_turn", turn=evidence.turn, rise=percent(evidence.rise_kept or 0.0))
    if evidence.lost is not None:
        yield say("carried_over", share=percent(evidence.lost)) if evidence.lost > 0 else say("carried_over_all")
    if evidence.learnt is not None and evidence.learnt < HALF_LEARNT:
        yield from _learnt(evidence, "learnt_half")


def _learnt(evidence: Evidence, name: str) -> Iterator[Said]:
    if evidence.learnt is not None:
        trivial = numbers.number(evidence.trivial_train)
        yield say(name, train=numbers.number(evidence.train_loss), share=percent(evidence.learnt), trivial=trivial)


def _common(verdict: str, evidence: Evidence) -> Iterator[Said]:
    yield say("best", best=evidence.best_epoch, epochs=evidence.epochs, kept=evidence.kept_epoch)
    if evidence.gap is None:
        return
    yield say(
        "gap",
        train=numbers.number(evidence.train_loss),
        val=numbers.number(evidence.val_loss),
        gap=numbers.number(evidence.gap),
        share="–" if evidence.gap_relative is None else percent(evidence.gap_relative),
    )
    if evidence.gap_error is not None and verdict != words.DIVERGED:
        yield say("gap_error", error=numbers.number(evidence.gap_error), rows=numbers.count(evidence.validation_rows))
    if evidence.kept_epoch != evidence.epochs and evidence.gap_end is not None:
        yield say("gap_end", gap=numbers.number(evidence.gap_end))


def _circumstances(evidence: Evidence, record: Record) -> Iterator[Said]:
    if evidence.wasted_epochs > LONG_WASTE * evidence.epochs and evidence.epochs > 2 * LIMITS["epochs"]:
        yield say("wasted", count=evidence.wasted_epochs)
    if evidence.reference_val_loss is not None:
        yield say("reference", loss=numbers.number(evidence.reference_val_loss))
    if evidence.trivial_train is None:
        yield say("trivial_unknown")
    status = record.get("status")
    if status in UNFINISHED:
        yield say(f"was_{status}", epochs=evidence.epochs)


def _reaches(value: float | None, limit: str) -> bool:
    return value is not None and value >= LIMITS[limit]
