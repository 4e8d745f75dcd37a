"""What one line of a figure stands for: a run, or all seeds and folds of a configuration; and what it is called."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from dlrun.insight.comparison import differing_settings
from dlrun.insight.configurations import by_configuration
from dlrun.insight.labels import setting_labels
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.same_rows import kind_of
from dlrun.insight.table import Column, Kind
from dlrun.store import Entry
from dlrun.store.names import visible

Curves = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Line:
    """One line."""

    label: str
    """What tells it from the others: `width 64, depth 2`; a lone run has its name."""
    entries: tuple[Entry, ...]
    curves: tuple[Curves, ...]
    """Column -> one value per epoch, per entry."""
    settings: Mapping[str, Any]
    """The settings that differ between the lines, by dotted key."""
    score: float | None
    """The mean over its runs of the best value of the metric, on validation rows where there are any."""

    @property
    def flat(self) -> bool:
        """Whether it was not trained in epochs: a classical method, an ensemble."""
        return kind_of(self.entries[0].record) != "mlp"


def lines_of(
    entries: Sequence[Entry], curves: Mapping[Path, Curves], metric: str, each: bool
) -> tuple[list[Line], list[Column]]:
    """The lines, and the settings that differ between them. Lines stand in the order of these settings.

    Args:
        curves: by run folder.
        each: one line per run, in place of one per configuration.
    """
    groups = [[entry] for entry in entries] if each else by_configuration(entries)
    if not groups:
        return [], []
    marks: dict[str, Kind] = {"backend": "text", "seed": "count", "fold": "count"} if each else {"backend": "text"}
    settings, columns = differing_settings([group[0] for group in groups], marks)
    settings = [
        values | {column.key: group[0].record.get(column.key) for column in columns if column.key in marks}
        for values, group in zip(settings, groups, strict=True)
    ]
    names = _labels(groups, settings, columns)
    found = [
        Line(name, tuple(group), members, values, _score(members, metric))
        for name, group, values in zip(names, groups, settings, strict=True)
        if (members := tuple(curves[entry.folder.path] for entry in group))
    ]
    order = [column.key for column in columns]
    return sorted(found, key=lambda line: (line.flat, [_order(line.settings.get(key)) for key in order])), columns


def _labels(
    groups: Sequence[Sequence[Entry]], settings: Sequence[Mapping[str, Any]], columns: Sequence[Column]
) -> list[str]:
    if len(groups) == 1:
        return [visible(groups[0][0].record["name"])]
    return setting_labels([group[0] for group in groups], settings, columns)


def _score(members: Sequence[Curves], metric: str) -> float | None:
    pick = max if greater_is_better(f"val_{metric}") else min
    for column in (f"val_{metric}", f"train_{metric}"):
        finite = [[value for value in curves.get(column, ()) if math.isfinite(value)] for curves in members]
        bests = [pick(values) for values in finite if values]
        if bests:
            return fmean(bests)
    return None


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers by size, before words by the alphabet; what has no such setting first."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (1, float(value), "")
    return (0, 0.0, "") if value is None else (2, 0.0, str(value))
