"""A CSV file -> a table of numeric and text columns.

Columns are numbers where every value is a plain number; what else texts spell (units, dates) is found later, from the
texts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dlrun.data.csv_columns import NotPlain, read_columns
from dlrun.data.csv_dialect import Dialect, dialect_of
from dlrun.data.csv_shape import WHITESPACE, rectangular
from dlrun.data.table import Column, Numeric, Table
from dlrun.data.text_file import TextFile, text_file
from dlrun.errors import DataError
from dlrun.spec import Data


def read_csv(source: str, data: Data) -> Table:
    """The table in a text file. Raises DataError with the line or the column that cannot be used."""
    return text_table(text_file(source, data.encoding), data)


def text_table(file: TextFile, data: Data) -> Table:
    """The table in a text."""
    dialect = dialect_of(file, data)
    _find_target(file, dialect, data)
    columns = _columns(file, dialect, data)
    rows = len(next(iter(columns.values())))
    if not rows:
        raise DataError(f"{file.name}: has column names but no rows")
    return Table(file.name, columns, np.arange(rows), notes=dialect.notes, decimal=dialect.decimal)


def _find_target(file: TextFile, dialect: Dialect, data: Data) -> None:
    """Raises DataError before the file is read where it lacks the column to predict."""
    if data.target is None:
        return
    table = Table(file.name, dict.fromkeys(dialect.names, Numeric(np.empty(0))), np.arange(0))
    try:
        table.named(data.target, "data.target")
    except DataError as error:
        if dialect.header or data.header is not None:
            raise
        raise DataError(
            f"{error}. Line {dialect.skipped + 1} is read as data: give the position of the target (-1 is the last), "
            "or data.header: true if the line names the columns"
        ) from error


def _columns(file: TextFile, dialect: Dialect, data: Data) -> dict[str, Column]:
    try:
        if dialect.separator == WHITESPACE:
            raise NotPlain
        return read_columns(file, dialect, data.na_values or ())
    except NotPlain:
        plain = rectangular(file, dialect.separator, dialect.names, dialect.skipped)
    try:
        return read_columns(plain, replace(dialect, separator="\t", skipped=0), data.na_values or ())
    except NotPlain as error:
        raise DataError(f"{file.name}: cannot be read as CSV: {error.__cause__ or 'quotes do not match'}") from error
