"""Dates and times as numbers that rise with time."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from dlrun.data.table import Numeric, Table
from dlrun.errors import DataError


def times_of(table: Table, name: str) -> np.ndarray:
    """float64 (rows,) that rises with time, from a column of numbers or of ISO 8601 texts such as 2026-11-20T09:30.

    A time without offset counts as UTC. Raises DataError for other texts and for missing values.
    """
    column = table.columns[name]
    if column.missing.any():
        row = int(table.numbers[column.missing][0]) + 1
        raise DataError(f"data.time: column {name!r} must have a value in every row. Received: none in row {row}")
    if isinstance(column, Numeric):
        return np.asarray(column.values, float)
    seconds = np.array([_seconds(level) for level in column.levels])[column.codes]
    wrong = np.flatnonzero(np.isnan(seconds))
    if len(wrong):
        row = int(wrong[0])
        raise DataError(
            f"data.time: column {name!r} must hold numbers, or dates such as 2026-11-20 or 2026-11-20T09:30. "
            f"Received: {column.levels[column.codes[row]]!r} in row {int(table.numbers[row]) + 1}"
        )
    return np.asarray(seconds)


def _seconds(text: str) -> float:
    """Seconds since 1970; NaN where the text is no ISO date. 2026-11 is the month's first day."""
    for spelled in (text, text + "-01"):
        try:
            moment = datetime.fromisoformat(spelled)
        except ValueError:
            continue
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return (aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return float("nan")
