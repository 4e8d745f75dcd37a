"""The curves of some runs as plain rows: what the figure and the terminal plot draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypedDict

from dlrun.errors import UsageError
from dlrun.insight.labels import labels
from dlrun.insight.metrics import greater_is_better, metric_names
from dlrun.store import Entry, Record
from dlrun.store.names import visible

TRAIN, VALIDATION = "train", "validation"
DECADES = 2
"""A logarithmic axis is chosen where the values are positive and span more powers of ten than this."""
MOST_POINTS = 600
"""Points drawn per curve; a longer one is thinned to the lows and highs of stretches."""


class Point(TypedDict):
    """One value of one curve."""

    run: str
    curve: str
    """train or validation."""
    epoch: float
    value: float


@dataclass(frozen=True)
class CurveRows:
    """What is to be drawn."""

    runs: tuple[str, ...]
    """Labels, in the order of the colours."""
    points: list[Point]
    best: list[Point]
    """Per run the best epoch, on the validation curve where there is one."""
    rates: list[Point]
    """Learning rates (`curve` is empty) of the runs in which it changes."""
    value_title: str
    """What the vertical axis shows, with its unit."""
    log: bool
    notes: list[str] = field(default_factory=list)


def curve_rows(entries: Sequence[Entry], metric: str = "loss", log: bool | None = None) -> CurveRows:
    """Train and validation curves of a metric.

    Args:
        entries: the runs, finished or not.
        metric: `loss`, or a metric that the runs recorded, without `train_` or `val_`.
        log: whether the vertical axis is logarithmic; None decides by the values.
    Raises:
        UsageError: no run has the metric.
        StoreError: a `curves.csv` is damaged.
    """
    names = labels(entries)
    curves = [entry.folder.curves() for entry in entries]
    _check(curves, metric)
    points = [p for name, columns in zip(names, curves, strict=True) for p in _points(name, columns, metric)]
    best = [
        p
        for name, columns, entry in zip(names, curves, entries, strict=True)
        for p in _best(name, columns, metric, entry.record)
    ]
    use_log, notes = _scale([*points, *best], log)
    if use_log:
        points, best = ([p for p in found if p["value"] > 0] for found in (points, best))
    rates = [p for name, columns in zip(names, curves, strict=True) for p in _rates(name, columns)]
    unit = _unit(entries, metric)
    notes += [f"{name}: no epochs yet" for name, columns in zip(names, curves, strict=True) if not _rows(columns)]
    return CurveRows(tuple(names), points, best, rates, f"{visible(metric).replace('_', ' ')} ({unit})", use_log, notes)


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


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most about so many points: the first, the last, and the lowest and highest of every stretch between."""
    if len(points) <= most:
        return list(points)
    stretches = max(1, most // 2 - 1)
    inner = points[1:-1]
    edges = [round(place * len(inner) / stretches) for place in range(stretches + 1)]
    kept = [points[0]]
    for start, end in pairwise(edges):
        stretch = inner[start:end]
        extremes = {id(pick(stretch, key=_value)) for pick in (min, max)} if stretch else set()
        kept += [point for point in stretch if id(point) in extremes]
    return [*kept, points[-1]]


def _value(point: Point) -> float:
    return point["value"]


def _check(curves: Sequence[Mapping[str, Sequence[float]]], metric: str) -> None:
    known = list(dict.fromkeys(name for columns in curves for name in metric_names(columns)))
    if known and metric not in known:
        raise UsageError(f"--metric: must be one of {', '.join(known)}. Received: {visible(metric)}")


def _rows(columns: Mapping[str, Sequence[float]]) -> int:
    return len(columns.get("epoch", ()))


def _points(run: str, columns: Mapping[str, Sequence[float]], metric: str) -> list[Point]:
    """Both curves; values that are not finite are left out, so that a line ends where the run diverged."""
    found: list[Point] = []
    for curve, column in ((TRAIN, f"train_{metric}"), (VALIDATION, f"val_{metric}")):
        pairs = zip(columns.get("epoch", ()), columns.get(column, ()), strict=False)
        finite = [Point(run=run, curve=curve, epoch=e, value=v) for e, v in pairs if math.isfinite(v)]
        found += thinned(finite)
    return found


def _best(run: str, columns: Mapping[str, Sequence[float]], metric: str, record: Record) -> list[Point]:
    epoch = best_epoch(record, columns)
    for curve, column in ((VALIDATION, f"val_{metric}"), (TRAIN, f"train_{metric}")):
        pairs = dict(zip(columns.get("epoch", ()), columns.get(column, ()), strict=False))
        if epoch is not None and math.isfinite(pairs.get(epoch, math.nan)):
            return [Point(run=run, curve=curve, epoch=epoch, value=pairs[epoch])]
    return []


def _rates(run: str, columns: Mapping[str, Sequence[float]]) -> list[Point]:
    rates = columns.get("learning_rate", ())
    if len(set(rates)) < 2:
        return []
    pairs = zip(columns["epoch"], rates, strict=False)
    return thinned([Point(run=run, curve="", epoch=e, value=v) for e, v in pairs if math.isfinite(v)])


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


def _unit(entries: Sequence[Entry], metric: str) -> str:
    """The unit in brackets: losses are plain data losses, errors stand in the target's own unit."""
    if metric == "loss":
        return "data loss"
    targets = {visible(target["name"]) for entry in entries if (target := entry.record.get("target"))}
    if metric in ("mean_absolute_error", "root_mean_squared_error") and len(targets) == 1:
        return f"in units of {targets.pop()}"
    return "share" if metric == "accuracy" else "score"
