"""What a net has learnt, what of it carries over to rows it has not seen, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlrun.insight.verdict.curve_pair import CurvePair
from dlrun.insight.verdict.thresholds import LIMITS
from dlrun.store import Record

SQUARED, ABSOLUTE, UNKNOWN = math.sqrt(2), math.sqrt(math.pi / 2 - 1), 1.5
"""Spread of the rows' losses over their mean: squared and absolute values of normal errors, and what is taken where
neither fits."""


@dataclass(frozen=True)
class Trivial:
    """The loss of a predictor that knows no input, on both sides."""

    train: float
    val: float
    known: bool
    """False where no record says it and the first epoch stands for it, by which nothing can be called learnt."""


@dataclass(frozen=True)
class CarriedOver:
    """Learnt and lost at one epoch; None where it cannot be said."""

    learnt: float | None
    """(trivial - train loss) / trivial: 0 knows no input, 1 makes no error."""
    lost: float | None
    """1 - (trivial - val loss) / (trivial - train loss), each side with its own trivial loss: the share of what was
    learnt that does not carry over. Free of unit, of scale, and of harder rows on one side."""
    gap_error: float | None
    """Standard error of val_loss - train_loss, had other rows been drawn."""


def trivial_of(record: Record, pair: CurvePair) -> Trivial:
    """The trivial predictor's losses, or those of the first epoch."""
    known = record.get("trivial") or {}
    train, val = known.get("train_loss"), known.get("val_loss")
    if _usable(train) and (_usable(val) or not pair.val):
        return Trivial(float(train or 0), float(val if pair.val and val is not None else train or 0), True)
    return Trivial(pair.train[0], pair.watched[0], False)


def carried_over(
    record: Record, curves: Mapping[str, Sequence[float]], pair: CurvePair, place: int, trivial: Trivial
) -> CarriedOver:
    """What holds at one place of the curves."""
    train = pair.train[place]
    gained = trivial.train - train
    learnt = gained / trivial.train if trivial.known and trivial.train > 0 and not pair.signed else None
    if not pair.val:
        return CarriedOver(learnt, None, None)
    val = pair.val[place]
    error = _gap_error(record, curves, place, train, val)
    enough = trivial.known and gained > LIMITS["learnt_least"] * abs(trivial.train)
    lost = 1 - (trivial.val - val) / gained if enough else None
    return CarriedOver(learnt, lost, error)


def _usable(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and value != 0


def _gap_error(
    record: Record, curves: Mapping[str, Sequence[float]], place: int, train: float, val: float
) -> float | None:
    rows = record.get("rows") or {}
    spread = _spread(curves, place, rows.get("validation") or 1)
    sides = []
    for loss, count in ((train, rows.get("measured_train") or rows.get("train")), (val, rows.get("validation"))):
        if not count:
            return None
        sides.append(spread * abs(loss) / math.sqrt(count))
    return math.hypot(*sides)


def _spread(curves: Mapping[str, Sequence[float]], place: int, count: int) -> float:
    """Standard deviation of the rows' losses over their mean, by what the validation metrics say of the loss."""
    accuracy = _at(curves.get("val_accuracy"), place)
    if accuracy is not None:
        return max(1.0, _of_wrong(min(max(1 - accuracy, 1 / count), 0.5)))
    squared = _at(curves.get("val_root_mean_squared_error"), place)
    loss = _at(curves.get("val_loss"), place)
    if squared is None or not loss:
        return UNKNOWN
    return SQUARED if math.isclose(squared**2, loss, rel_tol=0.01) else ABSOLUTE


def _of_wrong(wrong: float) -> float:
    """The spread of a cross-entropy over its mean where each row is wrong with this chance and the net knows it: few
    wrong rows carry most of the loss. Measured on 20 trained nets it was within a factor of 2."""
    right = 1 - wrong
    entropy = -wrong * math.log(wrong) - right * math.log(right) if right > 0 else 0.0
    return math.sqrt(wrong * right) * math.log(right / wrong) / entropy if entropy else 1.0


def _at(column: Sequence[float] | None, place: int) -> float | None:
    if column is None or place >= len(column) or not math.isfinite(column[place]):
        return None
    return column[place]
