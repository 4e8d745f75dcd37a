"""Which rows are copies of each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dlrun.data.table import Column, Numeric


def copies(columns: Iterable[Column], rows: int) -> np.ndarray:
    """int64 (rows,): for each row the position of the first row that equals it in all columns.

    Rows are compared by a 64-bit hash: of a million different rows, two fall together with a chance of 3 in 10^8.
    """
    keys = np.zeros(rows, np.uint64)
    for column in columns:
        keys = _mixed(keys ^ _bits(column))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first[inverse.reshape(-1)].astype(np.int64)


def _bits(column: Column) -> np.ndarray:
    if not isinstance(column, Numeric):
        return column.codes.astype(np.int64).view(np.uint64)
    values = np.array(column.values, np.float64) + 0.0  # -0.0 becomes 0.0
    values[np.isnan(values)] = np.nan  # one of the many NaNs
    return values.view(np.uint64)


def _mixed(keys: np.ndarray) -> np.ndarray:
    """The finisher of splitmix64 (Steele, Lea, Flood 2014), with its increment so that order of columns counts."""
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(keys ^ (keys >> np.uint64(31)))
