"""Parquet files -> a table, by the types that the file itself gives its columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dlrun.data.missing import MISSING
from dlrun.data.table import Column, Numeric, Table, Text
from dlrun.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

_INDEX = "__index_level_"


def parquet_table(source: str, na_values: tuple[str, ...] = ()) -> Table:
    """The table in a Parquet file.

    Numbers, decimals and durations (in seconds) become numbers; texts, categories, truth values, dates and times texts;
    nulls missing values. Columns of other types are left out, with a note.

    Raises DataError where the file is damaged or has no rows.
    """
    frame = _read(source)
    names = list(frame.column_names)
    doubled = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if doubled is not None:
        raise DataError(f"{source}: has more than one column {doubled!r}. Rename them")
    if not frame.num_rows:
        raise DataError(f"{source}: has column names but no rows")
    columns: dict[str, Column] = {}
    notes = []
    arrays = dict(zip(names, frame.columns, strict=True))
    del frame
    for name in names:
        array = arrays.pop(name)
        column = None if name.startswith(_INDEX) else column_of(array, frozenset({*MISSING, *na_values}))
        if column is not None:
            columns[name] = column
        else:
            what = (
                "it is the row index of pandas" if name.startswith(_INDEX) else f"it holds values of type {array.type}"
            )
            notes.append(f"Column {name!r} is left out: {what}.")
    if not columns:
        raise DataError(f"{source}: has no columns that can be used. {' '.join(notes)}".rstrip())
    return Table(source, columns, np.arange(len(next(iter(columns.values())))), notes=tuple(notes))


def _read(source: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    path = Path(source).expanduser()
    try:
        return parquet.ParquetFile(path).read()
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise DataError(f"{source}: cannot be read: {error.strerror}") from error
        raise DataError(f"{source}: is cut off, damaged or no Parquet file") from error


def column_of(array: pa.ChunkedArray, missing: frozenset[str]) -> Column | None:
    """A column of a table; None for types that are no single value, such as lists."""
    import pyarrow as pa
    import pyarrow.compute as compute

    kind = array.type
    if pa.types.is_dictionary(kind):
        return column_of(array.cast(kind.value_type), missing)
    if pa.types.is_null(kind):
        return Numeric(np.full(len(array), np.nan))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Numeric(_numbers(array))
    if pa.types.is_duration(kind):
        return Numeric(_numbers(array.cast(pa.duration("ns")).cast(pa.int64())) / 1e9)
    if pa.types.is_boolean(kind):
        return _texts(compute.if_else(array, "True", "False"), missing)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return _texts(_times(array), missing)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _texts(array.cast(pa.large_string()), missing)
    return None


def _numbers(array: pa.ChunkedArray) -> np.ndarray:
    """float64 (rows,), NaN where missing."""
    import pyarrow as pa

    return np.array(array.cast(pa.float64(), safe=False).to_numpy(), float)


def _times(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO 8601 texts: 2026-11-20, 2026-11-20T09:30:00 or 09:30:00, with an offset where the file has a time zone."""
    import pyarrow as pa
    import pyarrow.compute as compute

    kind = array.type
    if pa.types.is_date(kind):
        return compute.strftime(array.cast(pa.date32()).cast(pa.timestamp("s")), format="%Y-%m-%d")
    if pa.types.is_time(kind):
        return array.cast(pa.time64("us")).cast(pa.string())
    whole = array.cast(pa.timestamp("us", kind.tz), safe=False)
    return compute.strftime(whole, format="%Y-%m-%dT%H:%M:%S" + ("%z" if kind.tz else ""))


def _texts(array: pa.ChunkedArray, missing: frozenset[str]) -> Text:
    encoded = array.dictionary_encode().combine_chunks()
    encoded = encoded.unify_dictionaries() if hasattr(encoded, "unify_dictionaries") else encoded
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    levels = encoded.dictionary.to_pylist()
    text = Text(codes, tuple(levels))
    bare = [level.strip() for level in levels]
    return text.renamed([None if level in missing else level for level in bare])
