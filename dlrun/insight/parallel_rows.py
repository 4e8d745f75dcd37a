"""Settings beside results as plain rows: one line per configuration through an axis per setting, up to the monitor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.comparison import common_monitor, differing_settings
from dlrun.insight.configurations import Configuration, by_configuration
from dlrun.insight.curve_units import is_share
from dlrun.insight.labels import setting_labels
from dlrun.insight.metrics import greater_is_better, metric_names
from dlrun.insight.numbers import number, setting
from dlrun.insight.table import Column
from dlrun.insight.telling import is_numeric, wants_log
from dlrun.insight.terminal_table import cut
from dlrun.insight.ticks import linear_ticks, log_ticks
from dlrun.store import Entry
from dlrun.store.names import visible

MOST_AXES = 10
"""Settings shown; more make a picture that nobody reads."""
MOST_TICKS = 8
_APART = 0.06
"""Between a round value and an end of the axis."""
_LABEL = 140
"""Cells of a configuration's settings in words."""
_WORDS = 18
"""Cells of a category's name."""


@dataclass(frozen=True)
class ParallelAxis:
    """One axis. Places go from 0 at its foot to 1 at its top."""

    key: str
    title: str
    ticks: tuple[tuple[float, str], ...]
    """Place and words."""
    log: bool = False


@dataclass(frozen=True)
class ParallelLine:
    """A configuration."""

    label: str
    places: tuple[float, ...]
    """One per axis."""
    value: float
    """The monitor's mean over its runs."""
    runs: str
    """How many of them came to a number: `3 of 3`."""


@dataclass(frozen=True)
class ParallelRows:
    """What is to be drawn."""

    axes: tuple[ParallelAxis, ...]
    """The settings that differ, then the monitor with its best value on top."""
    lines: tuple[ParallelLine, ...]
    """The best first."""
    title: str
    percent: bool = False
    notes: list[str] = field(default_factory=list)


def parallel_rows(entries: Sequence[Entry], metric: str | None = None) -> ParallelRows:
    """The rows of all configurations that came to a number.

    Args:
        metric: `loss` or another one, without `val_`; the runs' monitor when not given.
    Raises:
        UsageError: no configuration has that metric, or there are no two of them that differ.
    """
    monitor = _monitor(entries, metric)
    groups = [Configuration(tuple(group), monitor, len(group)) for group in by_configuration(entries)]
    kept = sorted((group for group in groups if group.mean(monitor) is not None), key=lambda group: group.order)
    firsts = [group.entries[0] for group in kept]
    settings, columns = differing_settings(firsts, {"backend": "text"}) if kept else ([], [])
    if len(kept) < 2 or not columns:
        raise UsageError(
            f"--parallel: needs two configurations with different settings and a {monitor}. Received: {len(kept)}"
        )
    values = [group.mean(monitor) or 0.0 for group in kept]
    settings = [
        {column.key: row.get(column.key, first.record.get(column.key)) for column in columns}
        for row, first in zip(settings, firsts, strict=True)
    ]
    shown = columns[:MOST_AXES]
    drawn = [_axis(column, [row[column.key] for row in settings]) for column in shown]
    drawn.append(_result_axis(monitor, values))
    names = setting_labels(firsts, settings, columns, width=_LABEL)
    places = list(zip(*(places for _, places in drawn), strict=True))
    lines = [
        ParallelLine(name, place, value, f"{len(group.usable)} of {group.runs}")
        for name, place, value, group in zip(names, places, values, kept, strict=True)
    ]
    notes = [f"{len(groups) - len(kept)} configurations came to no {monitor}"] if len(groups) > len(kept) else []
    if len(columns) > MOST_AXES:
        notes.append(f"No room for: {', '.join(visible(column.title) for column in columns[MOST_AXES:])}")
    return ParallelRows(tuple(axis for axis, _ in drawn), tuple(lines), _title(kept), is_share(monitor), notes)


def _monitor(entries: Sequence[Entry], metric: str | None) -> str:
    if metric is None:
        return common_monitor([entry.record for entry in entries])
    columns = dict.fromkeys(key for entry in entries for key in entry.record.get("metrics", {}))
    found = next((column for column in (f"val_{metric}", f"train_{metric}") if column in columns), None)
    if found is None:
        known = ", ".join(map(visible, metric_names(columns))) or "none: no run is finished"
        raise UsageError(f"--metric: must be one of {known}. Received: {visible(metric)}")
    return found


def _title(groups: Sequence[Configuration]) -> str:
    names = list(dict.fromkeys(visible(entry.record["name"]) for group in groups for entry in group.entries))
    number_of = f"{len(groups)} configurations"
    return f"{names[0]}: {number_of}" if len(names) == 1 else number_of


# --- axes -------------------------------------------------------------------------------------------------------------


def _axis(column: Column, values: Sequence[Any]) -> tuple[ParallelAxis, list[float]]:
    """The axis of a setting and every value's place on it."""
    title = visible(column.title)
    if not _is_measured(values):
        return _categories(column.key, title, values)
    log = wants_log(values)
    place = _scaled(values, log)
    distinct = sorted(set(values))
    ticks = distinct if len(distinct) <= MOST_TICKS else _round(distinct[0], distinct[-1], log)
    marks = tuple((place(tick), setting(tick)) for tick in ticks)
    return ParallelAxis(column.key, title, marks, log), [place(value) for value in values]


def _is_measured(values: Sequence[Any]) -> bool:
    """Whether the values are places on a scale: numbers, of which 0 is not one beside powers of ten."""
    if any(value is None for value in values) or not is_numeric(values):
        return False
    positive = [value for value in values if value > 0]
    return not (min(values) == 0 and wants_log(positive) and max(positive) >= 50 * min(positive))


def _categories(key: str, title: str, values: Sequence[Any]) -> tuple[ParallelAxis, list[float]]:
    """Evenly spaced, in the order of numbers or of the alphabet."""
    texts = [visible("null" if value is None else setting(value)) for value in values]
    ordered = [text for _, text in sorted({(_rank(value), text) for value, text in zip(values, texts, strict=True)})]
    place = {text: (number + 0.5) / len(ordered) for number, text in enumerate(ordered)}
    every = math.ceil(len(ordered) / (2 * MOST_TICKS))
    marks = tuple((place[text], cut(text, _WORDS)) for text in ordered[::every])
    return ParallelAxis(key, title, marks), [place[text] for text in texts]


def _rank(value: Any) -> tuple[int, float]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return (0, 0.0) if value is None else (1, float(value)) if is_number else (2, 0.0)


def _result_axis(monitor: str, values: Sequence[float]) -> tuple[ParallelAxis, list[float]]:
    """The monitor's axis, with the better end on top."""
    log, upward = wants_log(values), greater_is_better(monitor)
    place = _scaled(values, log)
    ends = [min(values), max(values)]
    inner = [tick for tick in _round(ends[0], ends[1], log) if _APART < place(tick) < 1 - _APART]
    turned = [(place(tick) if upward else 1 - place(tick), _result(monitor, tick)) for tick in (*ends, *inner)]
    axis = ParallelAxis(monitor, visible(monitor).replace("_", " "), tuple(turned), log)
    return axis, [place(value) if upward else 1 - place(value) for value in values]


def _result(monitor: str, value: float) -> str:
    return f"{100 * value:.3g} %" if is_share(monitor) else f"{value:.3g}"


def _scaled(values: Sequence[float], log: bool) -> Any:
    """The function from a value to its place; a lone value stands in the middle."""
    low, high = (math.log10(end) if log else float(end) for end in (min(values), max(values)))

    def place(value: float) -> float:
        at = math.log10(value) if log else value
        return (at - low) / (high - low) if high > low else 0.5

    return place


def _round(low: float, high: float, log: bool) -> list[float]:
    inside = [tick for tick in (log_ticks if log else linear_ticks)(low, high, MOST_TICKS) if low <= tick <= high]
    return inside or [low, high]


def best_words(rows: ParallelRows) -> str:
    """`best: width 128, depth 4: 0.0511 (3 of 3 runs)`."""
    best = rows.lines[0]
    value = f"{best.value:.2%}" if rows.percent else number(best.value)
    return f"best: {best.label}: {value}{'' if best.runs == '1 of 1' else f' ({best.runs} runs)'}"
