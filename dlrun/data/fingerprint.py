"""What data is, as one hash: of the bytes in files, of the numbers and names in other data. Never of paths."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlrun.data.archive import members
from dlrun.data.idx_folder import idx_arrays, idx_files
from dlrun.data.image_folder import sorted_out
from dlrun.data.inline import inline_table
from dlrun.data.known_sets import KNOWN, known_arrays
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
    if source in KNOWN:
        return _arrays_digest(known_arrays(source))
    if source in BUILT_IN:
        return _table_digest(load_source(source, data, key))
    path = data_file(source, key)
    if path.is_dir():
        return _folder_digest(source, path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DataError(f"{key}: {source!r} cannot be read: {error.strerror}") from error


def _folder_digest(source: str, path: Path) -> bytes:
    """Of IDX files the arrays, packed or not; of images their content, in order of their paths, with class and part."""
    if idx_files(path):
        return _arrays_digest(idx_arrays(source))
    whole = hashlib.sha256(b"images")
    with members(source) as found:
        for picture in sorted_out(source, found)[0]:
            whole.update(repr((picture.label, picture.part)).encode())
            whole.update(hashlib.sha256(picture.member.read()).digest())
    return whole.digest()


def _arrays_digest(arrays: Mapping[str, np.ndarray]) -> bytes:
    whole = hashlib.sha256(b"arrays")
    for name in sorted(arrays):
        whole.update(repr((name, arrays[name].shape, arrays[name].dtype.str)).encode())
        whole.update(np.ascontiguousarray(arrays[name]).tobytes())
    return whole.digest()


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
