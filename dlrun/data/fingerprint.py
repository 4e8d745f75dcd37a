"""What data is, as one hash: of the bytes in files, of the numbers and names in other data. Never of paths."""

from __future__ import annotations

import hashlib

import numpy as np

from dlrun.data.inline import inline_table
from dlrun.data.sources import BUILT_IN, data_file, load_source
from dlrun.data.table import Numeric, Table
from dlrun.errors import DataError
from dlrun.spec import Data


def fingerprint(data: Data) -> str:
    """64 hex digits over the content of the source and of the validation and test sources.

    Files are hashed as bytes, not parsed. Raises DataError where a file is not there or cannot be read.
    """
    whole = hashlib.sha256()
    main = _table_digest(inline_table(data.inline)) if data.inline else _digest(data.source, data, "data.source")
    whole.update(b"source" + main)
    if data.validation_source is not None:
        whole.update(b"validation" + _digest(data.validation_source, data, "data.validation_source"))
    if data.test_source is not None:
        whole.update(b"test" + _digest(data.test_source, data, "data.test_source"))
    return whole.hexdigest()


def _digest(source: str | None, data: Data, key: str) -> bytes:
    source = source or ""
    if source in BUILT_IN:
        return _table_digest(load_source(source, data, key))
    path = data_file(source, key)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DataError(f"{key}: {source!r} cannot be read: {error.strerror}") from error


def _table_digest(table: Table) -> bytes:
    digest = hashlib.sha256(repr((table.target, table.white)).encode())
    for name, column in table.columns.items():
        if isinstance(column, Numeric):
            digest.update(repr((name, len(column))).encode())
            digest.update(np.ascontiguousarray(column.values, "<f8").tobytes())
        else:
            digest.update(repr((name, len(column), column.levels)).encode())
            digest.update(np.ascontiguousarray(column.codes, "<i8").tobytes())
    return digest.digest()
