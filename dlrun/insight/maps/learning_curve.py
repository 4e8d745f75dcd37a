"""The learning curve: losses against the number of train rows, and whether more rows, more capacity or more
regularisation would help."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.maps.power_law import Outlook, outlook, power_law, relative_error
from dlrun.insight.maps.swept import FRACTION, Swept, differ
from dlrun.insight.statistics import Sample, interval_of
from dlrun.insight.words import Said
from dlrun.store.names import visible

FEWEST = 3
"""Numbers of rows below which a law of three numbers says nothing."""
WORTH = 0.05
"""Doubling the rows is worth it where it takes away at least this share of the validation loss."""
CERTAIN = 0.02
"""More rows help for certain where even the lower end of that share's interval is above this."""
MET = 0.15
"""Both curves have met where the gap is less than this share of the validation loss."""
WIDE = 0.5
"""The gap is wide where it is more than this share of the validation loss."""
LOW = 0.1
"""Little is left to gain where the validation loss is below this share of the trivial predictor's."""
MOST_SERIES = 6

ROWS_HELP, ROWS_LITTLE, ROWS_UNKNOWN = "rows_help", "rows_little", "rows_unknown"

Point = dict[str, Any]
"""A number of train rows: `rows`, `fraction`, `runs` ("5 of 5"), `train_loss`, `val_loss`, `gap`, and for each loss
`<loss>_low` and `<loss>_high`, its 95 % interval over seeds, folds or splits (None for one run); `still_falling`:
whether the best epoch of most runs is their last."""


@dataclass(frozen=True)
class Series:
    """One learning curve: a configuration on ever more rows."""

    label: str
    """The keys in which it differs from the others; empty where there is no other."""
    points: tuple[Point, ...]
    """By rows; those of which no run came to a number are left out."""
    outlook: Outlook | None
    """None with fewer than three numbers of rows, or without an interval."""
    trivial: float | None
    """Validation loss of the trivial predictor."""
    lost: int
    """Numbers of rows of which every run diverged or failed."""


@dataclass(frozen=True)
class LearningCurve:
    """All curves, that with the lowest validation loss at the most rows first."""

    name: str
    series: tuple[Series, ...]
    notes: tuple[Said, ...]


def learning_curve(swept: Swept) -> LearningCurve:
    """Train and validation loss against the number of train rows, one curve per configuration.

    Raises:
        UsageError: `data.train_fraction` does not differ, or there is no validation loss.
    """
    if FRACTION not in [key.key for key in swept.keys]:
        raise UsageError(
            f"learning-curve: the runs must differ in {FRACTION}. {visible(differ(swept))}. "
            f"`dlrun sweep CONFIG --grid {FRACTION}=0.1,0.2,0.4,0.7,1 --seeds 5` makes such a sweep"
        )
    groups: dict[str, list[int]] = {}
    for place, settings in enumerate(swept.settings):
        rest = {key: value for key, value in settings.items() if key != FRACTION}
        groups.setdefault(json.dumps(rest, sort_keys=True, default=str), []).append(place)
    every = [_series(swept, places, len(groups) > 1) for places in groups.values()]
    found = [series for series in every if series.points]
    if not found:
        raise UsageError(
            "learning-curve: no run came to a validation loss. It needs rows held out: data.validation_split"
        )
    ordered = sorted(found, key=lambda one: (-one.points[-1]["rows"], one.points[-1]["val_loss"]))
    return LearningCurve(swept.name, tuple(ordered), (*swept.notes, *_notes(ordered, sum(one.lost for one in every))))


def _series(swept: Swept, places: Sequence[int], several: bool) -> Series:
    points, tables, trivial, lost = [], [], None, 0
    for place in places:
        found = swept.configurations[place]
        sample = found.sample("val_loss")
        counts = [n for entry in found.usable if (n := entry.record.get("rows", {}).get("train"))]
        if not sample.values or not counts:
            lost += 1
            continue
        points.append(_point(swept, place, fmean(counts)))
        tables.append((points[-1]["rows"], sample))
        trivial = found.usable[0].record.get("trivial", {}).get("val_loss", trivial)
    points.sort(key=lambda point: point["rows"])
    tables.sort(key=lambda table: table[0])
    label = _label(swept, places[0]) if several else ""
    return Series(label, tuple(points), _outlook(tables), trivial, lost)


def _point(swept: Swept, place: int, rows: float) -> Point:
    found = swept.configurations[place]
    point: Point = {"rows": rows, "fraction": swept.settings[place].get(FRACTION)}
    for key in ("train_loss", "val_loss"):
        interval = interval_of(found.sample(key))
        point[key] = interval.mean if interval else None
        point[f"{key}_low"], point[f"{key}_high"] = (interval.low, interval.high) if interval else (None, None)
    train = point["train_loss"]
    point["gap"] = None if train is None else point["val_loss"] - train
    last = [entry.record.get("best_epoch") == entry.record.get("epochs", -1) for entry in found.usable]
    return point | {"runs": f"{len(found.usable)} of {found.runs}", "still_falling": sum(last) > len(last) / 2}


def _label(swept: Swept, place: int) -> str:
    parts = [
        f"{key.title} {numbers.setting(value)}"
        for key in swept.keys
        if key.key != FRACTION and (value := swept.settings[place].get(key.key)) is not None
    ]
    return visible(", ".join(parts))


def _outlook(tables: Sequence[tuple[float, Sample]]) -> Outlook | None:
    """What doubling the rows would bring. Single values have the same spread, as a share of their mean, at all numbers
    of rows; with one run each it is what the law leaves. Folds and splits share rows, so that their mean is less sure
    than that of as many seeds."""
    rows, values = [rows for rows, _ in tables], [sample.replicates for _, sample in tables]
    means = [fmean(found) for found in values]
    if len(set(rows)) < FEWEST or min(means) <= 0:
        return None
    spread = relative_error(values)
    if spread is None:
        spread = _left_over(rows, means)
    if not spread:
        return None
    factors = [math.sqrt(1 / len(sample.replicates) + sample.shared) for _, sample in tables]
    return outlook(rows, means, [spread * mean * factor for mean, factor in zip(means, factors, strict=True)])


def _left_over(rows: Sequence[float], means: Sequence[float]) -> float | None:
    """The spread around the law, as a share of the mean; the law has three numbers."""
    law = power_law(rows, means, means)
    freedom = len(rows) - 3
    squares = sum(((mean - law.at(n)) / mean) ** 2 for n, mean in zip(rows, means, strict=True))
    return math.sqrt(squares / freedom) if freedom > 0 else None


def _notes(found: Sequence[Series], lost: int) -> list[Said]:
    """What to know of the curves.

    Args:
        lost: numbers of rows that came to nothing, those of configurations without any point too.
    """
    notes = []
    if lost:
        notes.append(Said("maps.curve_lost", {"count": lost}))
    short = [point for one in found for point in one.points if point["still_falling"]]
    if short:
        notes.append(Said("maps.curve_too_short", {"count": len(short)}))
    if len(found) > 1:
        notes.append(Said("maps.curve_of_many", {"count": len(found), "label": found[0].label}))
    if all(point["val_loss_low"] is None for one in found for point in one.points):
        notes.append(Said("maps.curve_one_seed", {}))
    return notes


# --- in words --------------------------------------------------------------------------------------------------------


def rows_verdict(series: Series) -> str | None:
    """Whether more rows would help: `rows_help`, `rows_little` or `rows_unknown`; None where there is no outlook."""
    ahead = series.outlook
    if ahead is None:
        return None
    if ahead.gain_low >= CERTAIN and ahead.gain >= WORTH:
        return ROWS_HELP
    return ROWS_LITTLE if ahead.gain_high < WORTH else ROWS_UNKNOWN


def findings(series: Series) -> list[Said]:
    """Would more rows help, or more capacity, or more regularisation?"""
    verdict = rows_verdict(series)
    said = [_said_of_rows(series, verdict)]
    last = series.points[-1]
    if last["gap"] is None or last["val_loss"] <= 0:
        return said
    share = last["gap"] / last["val_loss"]
    values = {
        "gap": numbers.number(last["gap"]),
        "share": f"{100 * share:.0f}",
        "train": numbers.number(last["train_loss"]),
        "val": numbers.number(last["val_loss"]),
    }
    if share < MET:
        low = series.trivial is not None and last["val_loss"] < LOW * series.trivial
        return [*said, Said("maps.curves_met_low" if low else "maps.curves_met", values)]
    if share > WIDE:
        return [*said, Said(_wide(series, verdict), values)]
    return [*said, Said("maps.gap_between", values)]


def _wide(series: Series, verdict: str | None) -> str:
    if verdict == ROWS_HELP:
        return "maps.gap_wide_rows"
    return "maps.gap_wide_open" if not _closing(series) else "maps.gap_wide_closing"


def _closing(series: Series) -> bool:
    """Whether the gap at the most rows is clearly smaller than at about half as many."""
    last = series.points[-1]
    before = [p for p in series.points if p["rows"] <= 0.75 * last["rows"] and p["gap"] is not None]
    return bool(before) and last["gap"] < 0.8 * before[-1]["gap"]


def _said_of_rows(series: Series, verdict: str | None) -> Said:
    ahead = series.outlook
    if ahead is None:
        return Said("maps.rows_no_law", {"points": len(series.points), "fewest": FEWEST})
    values = {
        "rows": numbers.count(2 * ahead.rows),
        "now": numbers.number(ahead.now),
        "then": numbers.number(ahead.doubled),
        "low": numbers.number(ahead.low),
        "high": numbers.number(ahead.high),
        "gain": f"{100 * ahead.gain:.0f}",
        "gain_low": f"{100 * ahead.gain_low:.0f}",
        "gain_high": f"{100 * ahead.gain_high:.0f}",
    }
    return Said(f"maps.{verdict}", values)
