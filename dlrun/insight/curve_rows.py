"""The curves of some runs as plain rows: what the figures and the terminal plot draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import TypedDict

from dlrun.errors import StoreError, UsageError
from dlrun.insight.curve_lines import Curves, Line, lines_of
from dlrun.insight.curve_units import Unit, unit_of
from dlrun.insight.metrics import greater_is_better, metric_names, trivial_value
from dlrun.insight.table import Column
from dlrun.insight.thinning import points_each, thinned
from dlrun.store import Entry, Record
from dlrun.store.names import visible

TRAIN, VALIDATION, GAP = "train", "validation", "gap"
DECADES = 2
"""A logarithmic axis is chosen where the values are positive and span more powers of ten than this."""
_NO_EPOCHS = (
    "curves: classical methods and ensembles have no epochs, so there are no curves to draw. Name a net beside them, "
    "or see `dlrun compare`"
)
SHARE = 0.5
"""A mean over seeds goes on while at least so many of them still train."""


class Point(TypedDict):
    """One value of one curve; of several seeds their mean."""

    line: str
    """The label of the run or configuration."""
    curve: str
    """train, validation or gap."""
    epoch: float
    value: float


class Range(TypedDict):
    """The lowest and the highest value over the seeds of a configuration."""

    line: str
    curve: str
    epoch: float
    low: float
    high: float


@dataclass(frozen=True)
class CurveRows:
    """What is to be drawn."""

    lines: tuple[Line, ...]
    """In the order of the colours."""
    points: list[Point]
    band: list[Range]
    """Of the lines that stand for several runs."""
    best: list[Point]
    """Per line the best epoch (of several runs its median), on the validation curve where there is one."""
    rates: list[Point]
    """Learning rates (`curve` is empty) of the lines in which it changes."""
    settings: tuple[Column, ...]
    """The settings that differ between the lines, whose values stand in each line."""
    title: str
    """What is drawn: a run's name, or how many runs or configurations of what."""
    value_title: str
    """What the vertical axis shows, with its unit."""
    log: bool
    percent: bool = False
    """Values are shares, to be written as percentages."""
    greater_is_better: bool = False
    baseline: float | None = None
    """The trivial predictor's value on the validation rows, where all runs agree on it."""
    notes: list[str] = field(default_factory=list)
    flat: tuple[str, ...] = ()
    """The labels of what has no epochs, such as classical methods: a level line across those of the nets."""

    @property
    def is_gap(self) -> bool:
        return any(point["curve"] == GAP for point in self.points)

    @property
    def curves(self) -> list[str]:
        """Those of train, validation and gap that are there."""
        found = {point["curve"] for point in self.points}
        return [curve for curve in (TRAIN, VALIDATION, GAP) if curve in found]

    @property
    def ranked(self) -> list[Line]:
        """The lines with a best value, the best first."""
        scored = [line for line in self.lines if line.score is not None]
        return sorted(scored, key=lambda line: (line.score or 0.0) * (-1 if self.greater_is_better else 1))


def curve_rows(
    entries: Sequence[Entry], metric: str = "loss", log: bool | None = None, each: bool = False, gap: bool = False
) -> CurveRows:
    """Train and validation curves of a metric, or the gap between them.

    Args:
        entries: the runs, finished or not.
        metric: `loss`, or a metric that the runs recorded, without `train_` or `val_`.
        log: whether the vertical axis is logarithmic; None decides by the values.
        each: a line for every run; without it the seeds and folds of a configuration are one line with a band.
        gap: validation minus train per epoch in place of the two curves.
    Raises:
        UsageError: no run has the metric, or the losses are different measures; a logarithmic gap.
        StoreError: no `curves.csv` can be read.
    """
    if gap and log:
        raise UsageError("--gap: has values on both sides of 0, which no logarithmic axis holds. Leave out --log")
    read, notes = _read(entries)
    _check(list(read.values()), metric)
    drawn = [entry for entry in entries if entry.folder.path in read]
    unit = unit_of(drawn, metric)
    better = greater_is_better(f"val_{metric}")
    lines, columns = lines_of(drawn, read, metric, each)
    most = points_each((1 if gap else 2) * len(lines))
    nets, flat = [line for line in lines if not line.flat], [line for line in lines if line.flat]
    if flat and not nets:
        raise UsageError(_NO_EPOCHS)
    ends = _ends(nets)
    points, band = _drawn([row for line in nets for row in _rows(line, metric, gap)], most)
    points += [point for line in flat for point in _level(line, metric, gap, ends)]
    best = [point for line in nets for point in _best(line, metric, gap)]
    use_log, more = _scale([*points, *best], False if gap else log)
    if use_log:
        points, best = ([point for point in found if point["value"] > 0] for found in (points, best))
        band = [row for row in band if row["low"] > 0]
    return CurveRows(
        lines=tuple(lines),
        points=points,
        band=band,
        best=best,
        rates=[point for line in nets for point in _rates(line, most)],
        settings=tuple(columns),
        title=_title(lines, each),
        value_title=_gap_title(metric, unit) if gap else unit.title,
        log=use_log,
        percent=unit.percent,
        greater_is_better=better,
        baseline=None if gap else _baseline(drawn, metric),
        notes=[*notes, *_different_data(drawn), *_ended(lines), *more],
        flat=tuple(line.label for line in flat),
    )


def best_epoch(record: Record, curves: Mapping[str, Sequence[float]]) -> int | None:
    """The best epoch: the record's, or for an unfinished run the best so far by validation or train loss."""
    if record.get("best_epoch") is not None:
        return record["best_epoch"]
    monitor = next((column for column in ("val_loss", "train_loss") if column in curves), None)
    if monitor is None or "status" not in record or record["status"] not in ("running", "interrupted"):
        return None
    finite = [
        (value, epoch) for value, epoch in zip(curves[monitor], curves["epoch"], strict=True) if math.isfinite(value)
    ]
    if not finite:
        return None
    pick = max if greater_is_better(monitor) else min
    return int(pick(finite)[1])


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(entries: Sequence[Entry]) -> tuple[dict[Path, Curves], list[str]]:
    """By run folder the curves, and what is wrong with those that are not there.

    Raises:
        StoreError: none of them can be read.
    """
    found: dict[Path, Curves] = {}
    damaged: list[str] = []
    empty: list[str] = []
    for entry in entries:
        name = visible(entry.folder.path.name)
        try:
            curves = entry.folder.curves()
        except StoreError as error:
            damaged.append(f"{name}: its curves cannot be drawn. {visible(str(error))}")
            continue
        if curves.get("epoch"):
            found[entry.folder.path] = curves
        elif entry.record.get("epochs"):
            damaged.append(f"{name}: its curves.csv has no rows, though the run had {entry.record['epochs']} epochs")
        else:
            empty.append(f"{name}: {'it ended before its first epoch' if entry.folder.finished else 'no epochs yet'}")
    if damaged and not found:
        raise StoreError("\n".join([*damaged, *empty]))
    return found, [*damaged, *empty]


def _check(curves: Sequence[Curves], metric: str) -> None:
    known = list(dict.fromkeys(name for columns in curves for name in metric_names(columns)))
    if known and metric not in known:
        raise UsageError(f"--metric: must be one of {', '.join(map(visible, known))}. Received: {visible(metric)}")


# --- points -----------------------------------------------------------------------------------------------------------


Row = tuple[Point, Range | None]


def _ends(lines: Sequence[Line]) -> tuple[float, float]:
    """The first and the last epoch of some lines."""
    epochs = [epoch for line in lines for curves in line.curves for epoch in curves["epoch"]]
    return (min(epochs), max(epochs)) if epochs else (0.0, 0.0)


def _level(line: Line, metric: str, gap: bool, ends: tuple[float, float]) -> list[Point]:
    """What has no epochs as a line from end to end, at its validation value, where it has one."""
    found = [row for curve in _rows(line, metric, gap)[-1:] for row, _ in curve]
    found = found or [row for curve in _rows(line, metric, gap) for row, _ in curve]
    return [Point(**{**found[0], "epoch": epoch}) for epoch in dict.fromkeys(ends)] if found else []


def _rows(line: Line, metric: str, gap: bool) -> list[list[Row]]:
    """The line's curves, each a list of points with their ranges."""
    if gap:
        return [_mean(line, GAP, [_gap(curves, metric) for curves in line.curves])]
    sides = ((TRAIN, f"train_{metric}"), (VALIDATION, f"val_{metric}"))
    return [_mean(line, curve, [_finite(curves, column) for curves in line.curves]) for curve, column in sides]


def _mean(line: Line, curve: str, runs: Sequence[Mapping[float, float]]) -> list[Row]:
    """Mean and range per epoch, as long as at least half of the runs that have the curve still train."""
    present = [run for run in runs if run]
    values: dict[float, list[float]] = {}
    for run in present:
        for epoch, value in run.items():
            values.setdefault(epoch, []).append(value)
    enough = [(epoch, found) for epoch, found in sorted(values.items()) if len(found) >= SHARE * len(present)]
    return [
        (
            Point(line=line.label, curve=curve, epoch=epoch, value=fmean(found)),
            Range(line=line.label, curve=curve, epoch=epoch, low=min(found), high=max(found))
            if len(present) > 1
            else None,
        )
        for epoch, found in enough
    ]


def _drawn(curves: Sequence[Sequence[Row]], most: int) -> tuple[list[Point], list[Range]]:
    kept = [row for curve in curves for row in thinned(curve, lambda row: row[0]["value"], most)]
    return [point for point, _ in kept], [around for _, around in kept if around is not None]


def _finite(curves: Curves, column: str) -> dict[float, float]:
    """Epoch -> value; what is not finite is left out, so that a line ends where the run diverged."""
    pairs = zip(curves.get("epoch", ()), curves.get(column, ()), strict=False)
    return {epoch: value for epoch, value in pairs if math.isfinite(value)}


def _gap(curves: Curves, metric: str) -> dict[float, float]:
    train, validation = _finite(curves, f"train_{metric}"), _finite(curves, f"val_{metric}")
    return {epoch: validation[epoch] - value for epoch, value in train.items() if epoch in validation}


def _best(line: Line, metric: str, gap: bool) -> list[Point]:
    """The best epoch on the line; of several runs the median of theirs, at the mean curve."""
    epochs = [
        epoch
        for entry, curves in zip(line.entries, line.curves, strict=True)
        if (epoch := best_epoch(entry.record, curves)) is not None
    ]
    if not epochs:
        return []
    middle = median(epochs)
    for curve in reversed(_rows(line, metric, gap)):
        near = min((point for point, _ in curve), key=lambda point: abs(point["epoch"] - middle), default=None)
        if near is not None and (len(line.entries) > 1 or near["epoch"] == middle):
            return [near]
    return []


def _rates(line: Line, most: int) -> list[Point]:
    """The learning rates of the line's longest run, where they change."""
    curves = max(line.curves, key=lambda curves: len(curves["epoch"]))
    rates = _finite(curves, "learning_rate")
    if len(set(rates.values())) < 2:
        return []
    points = [Point(line=line.label, curve="", epoch=epoch, value=value) for epoch, value in rates.items()]
    return thinned(points, lambda point: point["value"], most)


# --- what stands around them ------------------------------------------------------------------------------------------


def _scale(points: Sequence[Point], log: bool | None) -> tuple[bool, list[str]]:
    values = [point["value"] for point in points]
    positive = [value for value in values if value > 0]
    if log is None:
        spans = bool(positive) and max(positive) / min(positive) > 10**DECADES
        return spans and len(positive) == len(values), []
    if log and not positive:
        return False, ["A logarithmic axis needs values above 0; there are none"] if values else []
    hidden = len(values) - len(positive)
    notes = [f"{hidden} values of 0 or below have no place on a logarithmic axis"] if log and hidden else []
    return log, notes


def _gap_title(metric: str, unit: Unit) -> str:
    return f"{visible(metric).replace('_', ' ')} gap: validation minus train ({unit.short})"


def _baseline(entries: Sequence[Entry], metric: str) -> float | None:
    """The trivial predictor's validation value (train value without validation), where all runs agree within 1 %."""
    found = [
        value for entry in entries if (value := _first(entry.record, f"val_{metric}", f"train_{metric}")) is not None
    ]
    if not found or max(found) - min(found) > 0.01 * max(map(abs, found)):
        return None
    return fmean(found)


def _first(record: Record, *columns: str) -> float | None:
    return next((value for column in columns if (value := trivial_value(record, column)) is not None), None)


def _title(lines: Sequence[Line], each: bool) -> str:
    names = list(dict.fromkeys(visible(entry.record["name"]) for line in lines for entry in line.entries))
    number = len(lines)
    what = "" if number == 1 else f"{number} {'runs' if each else 'configurations'}"
    if len(names) == 1:
        return f"{names[0]}: {what}" if what else names[0]
    return what or ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


def _different_data(entries: Sequence[Entry]) -> list[str]:
    prints = {found for entry in entries if (found := entry.record.get("data", {}).get("fingerprint"))}
    return [f"These runs saw {len(prints)} different data sets: their values do not compare"] if len(prints) > 1 else []


def _ended(lines: Sequence[Line]) -> list[str]:
    """Says where the seeds of a line ended at different epochs, so that the mean's end is no surprise."""
    uneven = [line for line in lines if len({len(curves["epoch"]) for curves in line.curves}) > 1]
    if not uneven:
        return []
    return ["Where seeds ended at different epochs, a mean is over those still training, while they are at least half"]
