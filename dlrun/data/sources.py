"""The name or path in a config -> a table. The two tables below are where new sources are added."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

from dlrun.data.csv_table import read_csv
from dlrun.data.generators import CLOUDS, GATE_OUTPUTS, generated_table
from dlrun.data.inline import inline_table
from dlrun.data.sklearn_sets import SETS
from dlrun.data.table import Table
from dlrun.errors import DataError, NotAvailable
from dlrun.spec import Data

READERS: dict[str, Callable[[str, Data], Table]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".data": read_csv,
}
"""File suffix -> what reads it."""

NOT_YET = (".parquet", ".npz", ".gz", ".zip", ".xlsx", ".xls", ".json", ".jsonl", ".feather", ".arff", ".npy")
"""Suffixes of data files that are known, but have no reader."""

BUILT_IN = (*SETS, *GATE_OUTPUTS, *CLOUDS)


def load(data: Data) -> Table:
    """The table that an experiment's `data` section names. Raises DataError, NotAvailable."""
    if data.inline is not None:
        return inline_table(data.inline)
    return load_source(data.source or "", data, "data.source")


def load_source(source: str, data: Data, key: str) -> Table:
    """The table behind a built-in name or a path; the rest of `data` says how to make or read it."""
    if source in SETS:
        return SETS[source]()
    if source in GATE_OUTPUTS or source in CLOUDS:
        return generated_table(source, data)
    path = data_file(source, key)
    return READERS[path.suffix.lower()](source, data)


def data_file(source: str, key: str) -> Path:
    """The path of a source that is not built in: a file that one of `READERS` reads, else DataError or NotAvailable."""
    path = Path(source).expanduser()
    try:
        found = path.exists()
    except (OSError, ValueError):  # too long, or a NUL character in it
        found = False
    if not found:
        raise _unknown(source, key)
    if path.is_dir() or path.suffix.lower() not in READERS:
        raise _unreadable(path, source, key)
    return path


def _unknown(source: str, key: str) -> DataError:
    close = difflib.get_close_matches(source.lower(), BUILT_IN, n=1)
    offer = f"Did you mean {close[0]!r}? " if close else ""
    return DataError(
        f"{key}: no file and no built-in data set is called {source!r}. {offer}Built in: {', '.join(BUILT_IN)}"
    )


def _unreadable(path: Path, source: str, key: str) -> DataError | NotAvailable:
    if path.is_dir():
        return NotAvailable(f"{key}: folders of images are not read yet; CSV files are. Received: {source!r}")
    suffix = path.suffix.lower()
    if suffix in NOT_YET:
        return NotAvailable(f"{key}: {suffix} files are not read yet; CSV files are. Received: {source!r}")
    return DataError(f"{key}: must be a file that ends in {', '.join(READERS)}. Received: {source!r}")
