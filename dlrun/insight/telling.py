"""Which of the settings that differ tells most about how good a line is: the one to colour many lines by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from dlrun.insight.curve_lines import Line
from dlrun.insight.numbers import setting
from dlrun.insight.table import Column

GROUPS = 7
"""So many values of a setting have a colour each; numbers beyond that a continuous scale."""
_MARKS = ("seed", "fold")


def telling_setting(lines: Sequence[Line], columns: Sequence[Column]) -> Column | None:
    """The setting whose values explain most of the order of the lines' scores; None where no setting can be shown
    by colours.

    It is the share of the variance of the ranks between the setting's values, less what as many random groups would
    explain (Kelley's epsilon squared).
    """
    shares = {column: _explained(lines, column.key) for column in columns if column.key not in _MARKS}
    known = {column: share for column, share in shares.items() if share is not None}
    return max(known, key=lambda column: known[column], default=None)


def is_numeric(values: Sequence[Any]) -> bool:
    """Whether all known values are numbers."""
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known)


def wants_log(values: Sequence[Any]) -> bool:
    """Whether numbers are better shown by their ratios: all positive, the largest at least eight times the smallest."""
    known = [value for value in values if value is not None]
    return is_numeric(known) and min(known) > 0 and max(known) >= 8 * min(known)


def _explained(lines: Sequence[Line], key: str) -> float | None:
    scored = [line for line in lines if line.score is not None]
    values = [line.settings.get(key) for line in scored]
    groups = _groups(values)
    if groups is None or len(set(groups)) < 2:
        return None
    ranks = _ranks([line.score or 0.0 for line in scored])
    return _epsilon_squared(ranks, groups)


def _groups(values: Sequence[Any]) -> list[str] | None:
    """The values as names of groups; many different numbers become fifths. None for many different words."""
    names = [setting(value) for value in values]
    if len(set(names)) <= GROUPS:
        return names
    if not is_numeric(values):
        return None
    return [
        str(int(5 * rank // len(values))) for rank in _ranks([(value is not None, value or 0.0) for value in values])
    ]


def _ranks(values: Sequence[Any]) -> list[float]:
    """The place of each in their order; equal ones share the mean of theirs, so that the order in which lines come
    decides nothing."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    found = [0.0] * len(values)
    for _, alike in groupby(enumerate(order), key=lambda item: values[item[1]]):
        ranked = list(alike)
        for _, place in ranked:
            found[place] = (ranked[0][0] + ranked[-1][0]) / 2
    return found


def _epsilon_squared(values: Sequence[float], groups: Sequence[str]) -> float:
    members: Mapping[str, list[float]] = {name: [] for name in groups}
    for value, name in zip(values, groups, strict=True):
        members[name].append(value)
    mean = sum(values) / len(values)
    total = sum((value - mean) ** 2 for value in values)
    within = sum(sum((value - sum(found) / len(found)) ** 2 for value in found) for found in members.values())
    free = len(values) - len(members)
    if free <= 0 or total == 0:
        return 0.0
    return 1.0 - (within / free) / (total / (len(values) - 1))
