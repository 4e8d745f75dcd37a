"""A CSV file -> a table of numeric and text columns."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dlrun.data.csv_shape import CsvText, csv_text
from dlrun.data.table import Column, Numeric, Table, Text
from dlrun.errors import DataError
from dlrun.spec import Data

if TYPE_CHECKING:
    import pandas as pd

MISSING = (
    "", "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NAN", "-nan", "null", "NULL", "Null"
)  # fmt: skip
"""Texts that mean a missing value. `None` and `none` are not among them: in many files they are a category."""

MOSTLY_NUMBERS = 0.9
"""A column of which this share is numbers is numeric; its other texts are typing errors and count as missing."""
FEW_TEXTS = 20
"""... unless it has so few different texts that they are categories, such as 0, 1, 2, 3+."""


def read_csv(source: str, data: Data) -> Table:
    """The table in a CSV file. Raises DataError with the line or the column that cannot be used."""
    shape = csv_text(source, data)
    frame = _frame(source, shape, data)
    if not len(frame):
        raise DataError(f"{source}: has column names but no rows")
    empty = Table(source, dict.fromkeys(shape.names, Numeric(np.empty(0))), np.arange(len(frame)))
    target = None if data.target is None else empty.named(data.target, "data.target")
    table = replace(empty, notes=shape.notes, columns={name: _column(frame[name]) for name in shape.names})
    for name, column in table.columns.items():
        if isinstance(column, Text):
            table = _cleaned(table, name, column, data, name == target)
    return table


def _frame(source: str, shape: CsvText, data: Data) -> pd.DataFrame:
    import pandas as pd

    arguments: dict[str, Any] = {
        "sep": shape.separator,
        "header": 0 if shape.header else None,
        "names": list(shape.names),
        "index_col": False,
        "decimal": data.decimal,
        "skipinitialspace": True,
        "keep_default_na": False,
        "na_values": [*MISSING, *(data.na_values or ())],
        "low_memory": False,
        "encoding": "utf-8",
    }
    try:
        return pd.read_csv(io.BytesIO(shape.content), **arguments)
    except pd.errors.ParserError as error:
        found = re.search(r"EOF inside string starting at row (\d+)", str(error))
        if found:
            raise DataError(f"{source}: a quote that opens in line {int(found[1]) + 1} is never closed") from error
        raise DataError(f"{source}: cannot be read as CSV: {' '.join(str(error).split())}") from error


def _column(series: pd.Series[Any]) -> Column:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        return Numeric(series.to_numpy(float))
    codes, levels = pd.factorize(series)
    return Text(codes.astype(np.int64), tuple(str(level) for level in levels))


def _cleaned(table: Table, name: str, column: Text, data: Data, is_target: bool) -> Table:
    """The table with blanks around texts removed, and numbers with a few typing errors made numbers."""
    missing = {*MISSING, *(data.na_values or ())}
    stripped = [level.strip() for level in column.levels]
    column = column.renamed([None if level in missing else level for level in stripped])
    numbers = column.numbers(data.decimal)
    wrong = np.isnan(numbers) & ~column.missing
    if is_target:
        kept: Column = column if wrong.any() or column.missing.all() else Numeric(numbers)
        return table.with_column(name, kept)
    mostly = wrong.sum() <= (1 - MOSTLY_NUMBERS) * (~column.missing).sum()
    if not mostly or (wrong.any() and len(column.levels) <= FEW_TEXTS):
        return table.with_column(name, column)
    return _noted(table.with_column(name, Numeric(numbers)), name, column, wrong)


def _noted(table: Table, name: str, column: Text, wrong: np.ndarray) -> Table:
    if not wrong.any():
        return table
    row = int(np.flatnonzero(wrong)[0])
    first = column.levels[column.codes[row]]
    note = (
        f"Column {name!r}: {int(wrong.sum())} of its values are no numbers and count as missing "
        f"(the first is {first!r} in row {row + 1})"
    )
    return replace(table, notes=(*table.notes, note))
