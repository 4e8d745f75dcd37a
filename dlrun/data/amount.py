"""Whether the column to predict holds amounts, and its numbers where they are written as texts or among a few slips."""

from __future__ import annotations

import numpy as np

from dlrun.data.spellings import FEW_TEXTS, MOSTLY_NUMBERS, MixedUnits, Spelling, by_level, spelling_of
from dlrun.data.table import Column, Numeric, Table, Text
from dlrun.data.understanding import spelling_note
from dlrun.errors import DataError

AUTO_CLASSES = 20
AUTO_ROWS_PER_CLASS = 5


def is_amount(column: Column) -> bool:
    """Whether `task: auto` takes a column without missing values as amounts."""
    if isinstance(column, Text):
        return False
    distinct = np.unique(column.values)
    if len(distinct) == 1:
        return False  # one value is refused as one class
    if (distinct != np.floor(distinct)).any() or not np.isfinite(distinct).all():
        return True
    few = len(distinct) <= AUTO_CLASSES and len(column) >= AUTO_ROWS_PER_CLASS * len(distinct)
    return not (few or len(distinct) == 2)


def with_amounts(table: Table, target: str, task: str) -> tuple[Table, tuple[str, ...]]:
    """The table with its target as numbers where it holds amounts, without the few rows in which it is no number.

    Args:
        table: without rows whose target is missing.
        task: `data.task`.

    Targets of which more than a tenth is no number stay as they are. Raises DataError for a mix of units.
    """
    if task == "classification":
        return table, ()
    column = table.columns[target]
    values, how = _read(table, target, column, task)
    good = np.isfinite(values)
    if good.sum() < MOSTLY_NUMBERS * len(good) or not (task == "regression" or is_amount(Numeric(values[good]))):
        return table, ()
    dropped = _dropped_note(table, target, column, ~good)
    return table.with_column(target, Numeric(values)).take(good), (*how, *dropped)


def _read(table: Table, target: str, column: Column, task: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """float64 (rows,), NaN where there is no number, and how texts were read."""
    if isinstance(column, Numeric):
        return np.asarray(column.values, float), ()
    spelling = spelling_of(column, table.decimal == ",", few=0 if task == "regression" else FEW_TEXTS)
    if isinstance(spelling, MixedUnits) and (task == "regression" or len(column.levels) > AUTO_CLASSES):
        examples = ", ".join(repr(text) for text in spelling.examples)
        raise DataError(
            f"{table.name}: the column to predict, {target!r}, has numbers of different units ({examples}). "
            "Write all in one unit"
        )
    if not isinstance(spelling, Spelling):
        return np.full(len(column), np.nan), ()
    note = spelling_note(column, spelling)
    return by_level(column, spelling.values), () if note is None else (f"{target!r}: {note}.",)


def _dropped_note(table: Table, target: str, column: Column, wrong: np.ndarray) -> tuple[str, ...]:
    if not wrong.any():
        return ()
    row = int(np.flatnonzero(wrong)[0])
    came = repr(column.levels[column.codes[row]]) if isinstance(column, Text) else str(column.values[row])
    rows = f"{int(wrong.sum()):,} rows are" if wrong.sum() > 1 else "1 row is"
    return (
        f"{table.name}: {rows} left out: no number in the column to predict, {target!r} "
        f"(the first is {came} in row {int(table.numbers[row]) + 1}).",
    )
