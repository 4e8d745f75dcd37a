"""What can be measured on the curves of one run. Numbers only: what they mean is said in `rules`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median

from dlrun.insight.verdict import series
from dlrun.insight.verdict.carried_over import Trivial, carried_over, trivial_of
from dlrun.insight.verdict.curve_pair import CurvePair
from dlrun.insight.verdict.thresholds import LIMITS
from dlrun.store import Record

FLAT = 1e-6
"""A loss that changes by less than this share of itself is flat: what remains are the last digits."""


@dataclass(frozen=True)
class Evidence:
    """The numbers behind a verdict, losses in their own unit; None where unknown."""

    epochs: int
    """With finite losses."""
    validation_rows: int | None
    classes: int | None
    """How many; None for a regression."""
    best_epoch: int
    """Of the lowest validation loss; without validation rows of the lowest train loss."""
    kept_epoch: int
    train_loss: float
    """At the kept epoch, as is `val_loss`."""
    val_loss: float | None
    gap: float | None
    """val_loss - train_loss at the kept epoch."""
    gap_relative: float | None
    """The gap over the validation loss."""
    gap_best: float | None
    gap_end: float | None
    """At the last epoch."""
    gap_end_relative: float | None
    gap_error: float | None
    """Standard error of the gap: other rows would have given another one."""
    trivial_train: float | None
    trivial_val: float | None
    reference_val_loss: float | None
    """Of another run, such as a baseline."""
    learnt: float | None
    """(trivial - train loss) / trivial at the kept epoch."""
    lost: float | None
    """The share of it that does not carry over to the validation rows."""
    lost_error: float | None
    """Its standard error: other rows, and the noise from epoch to epoch."""
    turn: int | None
    """The epoch from which validation worsens while training improves."""
    rise_end: float | None
    """The validation loss at the end over that at its lowest, less 1, both smoothed."""
    rise_kept: float | None
    """The same at the kept epoch."""
    slope_end: float | None
    """Change of the validation (else train) loss per epoch over the last quarter."""
    falling: float | None
    """What it falls in a quarter of the epochs at that slope, over all it has fallen."""
    falling_error: float | None
    wasted_epochs: int
    """Epochs after the best one."""
    noise_val: float | None
    """Standard deviation of the validation loss from epoch to epoch, its trend taken out."""
    noise_share: float | None
    """The same over the trivial loss, or over all it has fallen where that is more."""
    swing: float | None
    """Noise of the train loss over the trivial loss."""
    jumps: float | None
    """The share of epochs in which the train loss jumps up."""
    above_trivial: float | None
    """Median train loss of the last third over the trivial loss."""

    def numbers(self) -> dict[str, float | int | None]:
        """Name -> number, as JSON can hold it."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value if value is None or math.isfinite(value) else None for name, value in found.items()}


def evidence_of(
    record: Record, curves: Mapping[str, Sequence[float]], pair: CurvePair, reference: Record | None = None
) -> Evidence:
    """All that is known of a run with at least one finite epoch.

    Args:
        reference: the record of a run to compare with, such as a baseline's.
    """
    trivial = trivial_of(record, pair)
    kept = pair.kept(record)
    over = carried_over(record, curves, pair, kept, trivial)
    rows = (record.get("rows") or {}).get("validation")
    turned = Turn.of(pair, kept, trivial, rows)
    end = Ending.of(pair, trivial)
    noise_val = pair.noise_val
    error = None if over.gap_error is None else math.hypot(over.gap_error, noise_val or 0.0)
    gaps = [v - t for t, v in zip(pair.train, pair.val, strict=True)] if pair.val else []
    size = trivial.train - min(pair.train) if pair.signed else trivial.train
    return Evidence(
        epochs=len(pair.train),
        validation_rows=rows,
        classes=len(record.get("classes") or ()) or None,
        best_epoch=pair.first + pair.best,
        kept_epoch=pair.first + kept,
        train_loss=pair.train[kept],
        val_loss=pair.val[kept] if pair.val else None,
        gap=gaps[kept] if gaps else None,
        gap_relative=ratio(gaps[kept], pair.val[kept]) if gaps else None,
        gap_best=gaps[pair.best] if gaps else None,
        gap_end=gaps[-1] if gaps else None,
        gap_end_relative=ratio(gaps[-1], pair.val[-1]) if gaps else None,
        gap_error=over.gap_error,
        trivial_train=trivial.train if trivial.known else None,
        trivial_val=trivial.val if trivial.known and pair.val else None,
        reference_val_loss=(reference.get("metrics") or {}).get("val_loss") if reference else None,
        learnt=over.learnt,
        lost=over.lost,
        lost_error=ratio(error, trivial.train - pair.train[kept]) if over.lost is not None else None,
        turn=None if turned.place is None else pair.first + turned.place,
        rise_end=turned.rise_end,
        rise_kept=turned.rise_kept,
        slope_end=end.slope,
        falling=end.falling,
        falling_error=end.falling_error,
        wasted_epochs=len(pair.watched) - 1 - pair.best,
        noise_val=noise_val,
        noise_share=ratio(noise_val, max(size, end.fall)),
        swing=ratio(pair.noise_train, size),
        jumps=_jumps(pair.train, LIMITS["jump"] * size),
        above_trivial=_above(pair, trivial),
    )


@dataclass(frozen=True)
class Turn:
    """Where validation begins to worsen while training improves."""

    place: int | None
    rise_end: float | None
    rise_kept: float | None

    @classmethod
    def of(cls, pair: CurvePair, kept: int, trivial: Trivial, rows: int | None) -> Turn:
        """The lowest place of the smoothed validation loss, where the curve rises from there by more than its noise.

        Args:
            rows: for validation; of too few, single rows make a rise.
        """
        if not pair.val:
            return cls(None, None, None)
        val, train = pair.smooth_val, pair.smooth_train
        low = min(range(len(val)), key=val.__getitem__)
        rise = val[-1] - val[low]
        width = series.window(len(val))  # at the end the mean is over half of it
        noise = pair.noise_val
        error = math.inf if noise is None else noise * math.sqrt(1 / width + 2 / (width + 1))
        luck = (noise or 0.0) * math.sqrt(2 * math.log(len(val) / width) / width)  # how deep chance alone goes
        fallen = LIMITS["rise_of_fall"] * (max(trivial.val, val[0]) - val[low])
        level = max(val) - val[low] if pair.signed else max(val[low], fallen)
        real = rise > max(LIMITS["rise"] * level, fallen, LIMITS["sure"] * error + luck)
        turned = real and train[-1] < train[low] and (rows is None or rows >= LIMITS["rows"])
        reach = series.window(len(val)) // 2
        near = range(max(0, low - reach), min(len(val), low + reach + 1))
        return cls(
            min(near, key=pair.val.__getitem__) if turned else None,
            ratio(rise, level),
            ratio(val[kept] - val[low], level),
        )


@dataclass(frozen=True)
class Ending:
    """How the curve ends that decides."""

    fall: float
    """All that it has fallen: from the trivial loss, or from the first epoch where it never came below that."""
    slope: float | None
    falling: float | None
    falling_error: float | None

    @classmethod
    def of(cls, pair: CurvePair, trivial: Trivial) -> Ending:
        values = pair.watched
        low = min(pair.smooth_val or pair.smooth_train)
        start = trivial.val if trivial.known and trivial.val > low else values[0]
        fall = start - low
        if len(values) < 2:
            return cls(fall, None, None, None)
        last = series.tail(values, 0.25, 3)
        slope = series.slope(last)
        error = series.slope_error(len(last), (pair.noise_val if pair.val else pair.noise_train) or 0.0)
        quarter = len(values) / 4
        if fall <= FLAT * max(abs(start), abs(low)):
            return cls(fall, slope, 0.0, 0.0)
        return cls(fall, slope, ratio(-slope * quarter, fall), ratio(error * quarter, fall))


def ratio(value: float | None, whole: float) -> float | None:
    """A share; None where the whole is no size to share."""
    if value is None or whole == 0:
        return None
    share = value / abs(whole)
    return share if math.isfinite(share) else None


def _above(pair: CurvePair, trivial: Trivial) -> float | None:
    end = median(series.tail(pair.train, 1 / 3, 1))
    return ratio(end, trivial.train) if trivial.known and not pair.signed else None


def _jumps(train: Sequence[float], size: float) -> float | None:
    return series.rises(train, size) / (len(train) - 1) if len(train) > 1 and size > 0 else None
