"""What each swept key changes, the other keys averaged out: an analysis of variance of the monitor.

Numbers are fitted by the additive model: value = mean + what each key's level adds + error, one value per configuration
(the mean over its seeds). In a full grid the levels' means are the plain marginal means; in a random search they are
what the means would be if all levels had met equally often (Searle, Speed & Milliken 1980, "Population marginal means
in the linear model"). Losses above 0 are fitted as logarithms: they spread over powers of ten, and effects multiply.

The error is measured by the seeds where a full grid was run with equally many, else by what the model leaves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from statistics import fmean
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.maps.axis import Axis, axis_of
from dlrun.insight.maps.capacity import value_said
from dlrun.insight.maps.effect import LEVEL, Effects, KeyEffect, Level, PairEffect
from dlrun.insight.maps.error_terms import Noise, is_full_grid, noise_of
from dlrun.insight.maps.least_squares import Fit, fit, squares_left
from dlrun.insight.maps.swept import Swept
from dlrun.insight.metrics import bare
from dlrun.insight.statistics import holm, t_quantile
from dlrun.insight.words import Said
from dlrun.store import Entry
from dlrun.store.names import visible

MOST_LEVELS = 16
"""A full grid with more levels of a key is put into ranges as well."""
MOST_EXACT = 6
RANGES = 5
FEWEST_PER_RANGE = 4
"""Configurations per range and key, so that a range's mean is one of several."""
MOST_KEYS_OF_PAIRS = 12
"""Pairs are looked at among so many keys, those that explain most: of a hundred there are five thousand pairs."""


def effects(swept: Swept, log: bool | None = None) -> Effects:
    """The effect of each key in which the configurations differ, and of each pair.

    Args:
        log: fit logarithms; by default where the monitor is a loss and all values are above 0.
    Raises:
        UsageError: fewer than two configurations came to a number, or they differ in nothing.
    """
    usable = [place for place, found in enumerate(swept.configurations) if found.mean(swept.monitor) is not None]
    _check(swept, usable)
    tables = [swept.configurations[place].values(swept.monitor) for place in usable]
    use_log = _use_log(swept.monitor, [value for values in tables for value in values], log)
    forward = math.log if use_log else float
    values = [fmean(map(forward, table)) for table in tables]
    axes = _axes(swept, usable)
    factors = [axis.places for axis in axes]
    noise = noise_of([swept.configurations[place] for place in usable], swept.monitor, factors, values, forward)
    model = fit(values, factors)
    total = sum((value - fmean(values)) ** 2 for value in values)
    lost = [place for place in range(len(swept.configurations)) if place not in set(usable)]
    found = [
        _effect(swept, axes, place, values, model, noise, total, use_log, lost, usable) for place in range(len(axes))
    ]
    leading = sorted(range(len(axes)), key=lambda place: -found[place].share)[:MOST_KEYS_OF_PAIRS]
    pairs = _pairs(axes, sorted(leading), values, model, noise, total, use_log)
    runs = sum(len(table) for table in tables)
    return Effects(
        swept.name, swept.monitor, use_log, tuple(sorted(found, key=lambda one: -one.share)), pairs,
        math.exp(model.intercept) if use_log else model.intercept, len(usable), runs, len(lost),
        is_full_grid(factors), noise, (*swept.notes, *_notes(swept, axes, noise, use_log, lost, found)),
    )  # fmt: skip


def metric_named(entries: Sequence[Entry], name: str | None) -> str | None:
    """The curve that a user means by `val_loss` or `accuracy` (of validation); None for None.

    Raises:
        UsageError: no run has it.
    """
    known = list(dict.fromkeys(key for entry in entries for key in entry.record.get("metrics", {})))
    if name is None or name in known:
        return name
    if f"val_{name}" in known:
        return f"val_{name}"
    raise UsageError(f"--value: must be one of {', '.join(known)}. Received: {visible(name)!r}")


def _check(swept: Swept, usable: Sequence[int]) -> None:
    if not swept.keys:
        raise UsageError(
            "effects: there is one configuration alone, so no key has an effect. "
            "`dlrun sweep CONFIG --grid model.width=16,32,64` makes a sweep"
        )
    if len(usable) < 2:
        raise UsageError(
            f"effects: needs two configurations that came to a number. {len(usable)} of {len(swept.configurations)} did"
        )


def _use_log(monitor: str, values: Sequence[float], log: bool | None) -> bool:
    positive = min(values) > 0
    if log and not positive:
        raise UsageError(f"--log: needs values above 0. Received: {monitor} down to {numbers.number(min(values))}")
    return positive and bare(monitor) in _LOSSES if log is None else log


_LOSSES = ("loss", "mean_absolute_error", "mean_squared_error", "root_mean_squared_error")


def _axes(swept: Swept, usable: Sequence[int]) -> list[Axis]:
    """The keys that still differ among the usable configurations; values as they are in a full grid, else numbers of
    many values in ranges that hold equally many configurations."""
    columns = {key: [swept.column(key.key)[place] for place in usable] for key in swept.keys}
    exact = [axis_of(key.key, key.title, column, MOST_LEVELS, RANGES, True) for key, column in columns.items()]
    factors = [axis.places for axis in exact if len(axis.levels) > 1]
    if is_full_grid(factors) and not any(axis.ranges for axis in exact) and _has_freedom(swept, usable, factors):
        return [axis for axis in exact if len(axis.levels) > 1]
    ranges = max(2, min(RANGES, len(usable) // (FEWEST_PER_RANGE * max(1, len(columns)))))
    found = [axis_of(key.key, key.title, column, MOST_EXACT, ranges, True) for key, column in columns.items()]
    kept = [axis for axis in found if len(axis.levels) > 1]
    if not kept:
        raise UsageError("effects: the configurations that came to a number differ in no key")
    return kept


def _has_freedom(swept: Swept, usable: Sequence[int], factors: Sequence[Sequence[int]]) -> bool:
    """Whether anything is left to measure noise by: several seeds, or several keys."""
    seeds = min(len(swept.configurations[place].values(swept.monitor)) for place in usable)
    return seeds > 1 or len(usable) > 1 + sum(max(levels) for levels in factors)


# --- one key ---------------------------------------------------------------------------------------------------------


def _effect(
    swept: Swept, axes: Sequence[Axis], place: int, values: Sequence[float], model: Fit, noise: Noise, total: float,
    log: bool, lost: Sequence[int], usable: Sequence[int],
) -> KeyEffect:  # fmt: skip
    axis, added = axes[place], model.added[place]
    back = math.exp if log else float
    others = [other.places for number, other in enumerate(axes) if number != place]
    squares = max(0.0, squares_left(values, others)[0] - model.squares)
    between = len(axis.levels) - 1
    best, worst = (pick(range(len(added)), key=lambda level: swept.sign * added[level]) for pick in (min, max))
    change = added[best] - added[worst]
    change_low, change_high = _ends(change, _reach(model, noise, place, best, worst), log)
    return KeyEffect(
        axis.key,
        axis.title,
        tuple(_levels(swept, axis, model, place, noise, log, lost)),
        squares / total if total else 0.0,
        noise.by_chance(between, total),
        noise.p(squares, between),
        best,
        worst,
        back(change),
        change_low,
        change_high,
        model.told_apart[place],
        bool(axis.ranges),
        axis.log,
        _points(swept, axis, values, back, usable),
        log,
    )


def _points(
    swept: Swept, axis: Axis, values: Sequence[float], back: Any, usable: Sequence[int]
) -> tuple[tuple[Any, float], ...]:
    column = swept.column(axis.key)
    by_value = axis.ranges and axis.numeric
    shown = [column[place] for place in usable] if by_value else [axis.labels[level] for level in axis.places]
    return tuple((one, back(value)) for one, value in zip(shown, values, strict=True))


def _ends(middle: float, half: float | None, log: bool) -> tuple[float, float] | tuple[None, None]:
    """The ends of an interval as values of the monitor; None where it has none, or is too wide for numbers to hold.

    With one degree of freedom Student's t may be in the hundreds: as logarithms that is a ratio beyond every number,
    which neither JSON nor an axis takes.
    """
    if half is None:
        return None, None
    try:
        low, high = (math.exp(end) if log else end for end in (middle - half, middle + half))
    except OverflowError:
        return None, None
    known = low > 0 and math.isfinite(high / low) if log else math.isfinite(low) and math.isfinite(high)
    return (low, high) if known else (None, None)


def _reach(model: Fit, noise: Noise, place: int, best: int, worst: int) -> float | None:
    """Half of the interval of the change from the worst level to the best."""
    if noise.variance is None or best == worst:
        return None
    scale = model.scale[place]
    count = len(scale)
    spread = math.sqrt(
        noise.variance * max(0.0, float(scale[best, best] + scale[worst, worst] - 2 * scale[best, worst]))
    )
    return t_quantile(noise.freedom, 1 - LEVEL / (count * (count - 1) / 2)) * spread


def _levels(
    swept: Swept, axis: Axis, model: Fit, place: int, noise: Noise, log: bool, lost: Sequence[int]
) -> list[Level]:
    counts = Counter(axis.places)
    gone = _lost(swept, axis, lost)
    back = math.exp if log else float
    found = []
    for level, added in enumerate(model.added[place]):
        middle = model.intercept + added
        half = None
        if noise.variance is not None:
            spread = math.sqrt(noise.variance * max(0.0, float(model.scale[place][level, level])))
            half = t_quantile(noise.freedom) * spread
        low, high = _ends(middle, half, log)
        value = axis.levels[level]
        found.append(Level(axis.labels[level], value, back(middle), low, high, counts[level], gone[level]))
    return found


def _lost(swept: Swept, axis: Axis, lost: Sequence[int]) -> list[int]:
    """Per level how many configurations came to no number; those of no level that is left are not counted."""
    column = swept.column(axis.key)
    counts = [0] * len(axis.levels)
    for place in lost:
        for level, value in enumerate(axis.levels):
            span = axis.ranges[level] if axis.ranges else None
            number = isinstance(column[place], (int, float))
            if value == column[place] or (span and number and span[0] <= column[place] <= span[1]):
                counts[level] += 1
    return counts


# --- pairs -----------------------------------------------------------------------------------------------------------


def _pairs(
    axes: Sequence[Axis], among: Sequence[int], values: Sequence[float], model: Fit, noise: Noise, total: float,
    log: bool,
) -> tuple[PairEffect, ...]:  # fmt: skip
    factors = [axis.places for axis in axes]
    additive, plain = squares_left(values, factors)
    found = []
    for left, right in combinations(among, 2):
        rest, parameters = squares_left(values, factors, (left, right))
        error = noise if noise.by_seeds else noise.of_residuals(rest, len(values) - parameters)
        if parameters > plain and (noise.by_seeds or len(values) > parameters):
            squares = max(0.0, additive - rest)
            found.append((left, right, squares, parameters - plain, error))
    corrected = holm([error.p(squares, freedom) for _, _, squares, freedom, error in found])
    rows = [_pair(axes, pair, values, model, total, log, p) for pair, p in zip(found, corrected, strict=True)]
    return tuple(sorted(rows, key=lambda row: (row.p if row.p is not None else 1.0, -row.share)))


def _pair(
    axes: Sequence[Axis], pair: tuple[int, int, float, int, Noise], values: Sequence[float], model: Fit, total: float,
    log: bool, p: float | None,
) -> PairEffect:  # fmt: skip
    left, right, squares, freedom, error = pair
    where, by = _furthest(axes, left, right, values, model)
    ratio = squares / freedom / error.variance if error.variance else None
    return PairEffect(
        (axes[left].key, axes[right].key),
        (axes[left].title, axes[right].title),
        squares / total if total else 0.0,
        error.by_chance(freedom, total),
        ratio,
        p,
        (axes[left].labels[where[0]], axes[right].labels[where[1]]),
        math.exp(by) if log else by,
    )


def _furthest(
    axes: Sequence[Axis], left: int, right: int, values: Sequence[float], model: Fit
) -> tuple[tuple[int, int], float]:
    """The pair of levels whose mean is furthest from the additive model's, and by how much."""
    rests: dict[tuple[int, int], list[float]] = {}
    for place, value in enumerate(values):
        said = model.intercept + sum(added[axis.places[place]] for added, axis in zip(model.added, axes, strict=True))
        rests.setdefault((axes[left].places[place], axes[right].places[place]), []).append(value - said)
    means = {levels: fmean(found) for levels, found in rests.items()}
    where = max(means, key=lambda levels: abs(means[levels]) * math.sqrt(len(rests[levels])))
    return where, means[where]


# --- in words --------------------------------------------------------------------------------------------------------


def _notes(
    swept: Swept, axes: Sequence[Axis], noise: Noise, log: bool, lost: Sequence[int], found: Sequence[KeyEffect]
) -> list[Said]:
    notes = [Said("maps.log_effects" if log else "maps.plain_effects", {"monitor": value_said(swept.monitor)})]
    notes.append(noise.said)
    ranged = [axis.title for axis in axes if axis.ranges]
    if ranged:
        notes.append(Said("maps.quantiles", {"keys": ", ".join(ranged)}))
    if len(axes) > MOST_KEYS_OF_PAIRS:
        notes.append(Said("maps.pairs_among", {"most": MOST_KEYS_OF_PAIRS, "all": len(axes)}))
    if lost:
        notes.append(Said("maps.left_out", {"count": len(lost), "all": len(swept.configurations)}))
    mixed = [one.title for one in found if not one.told_apart]
    if mixed:
        notes.append(Said("maps.mixed", {"keys": ", ".join(mixed)}))
    return notes
