"""The name or path in a config -> a table. The tables below are where new sources are added."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dlrun.data.archive import Member, members
from dlrun.data.arrays import npy_table, npz_table
from dlrun.data.csv_table import read_csv, text_table
from dlrun.data.file_kinds import NOT_READ
from dlrun.data.generators import CLOUDS, GATE_OUTPUTS, generated_table
from dlrun.data.idx_folder import idx_files, idx_table
from dlrun.data.image_folder import image_table
from dlrun.data.inline import inline_table
from dlrun.data.known_sets import KNOWN, known_table
from dlrun.data.parquet_table import parquet_table
from dlrun.data.picture import SUFFIXES as IMAGES
from dlrun.data.sklearn_sets import SETS
from dlrun.data.table import Table
from dlrun.data.text_file import text_of_bytes
from dlrun.errors import DataError
from dlrun.spec import Data

READERS: dict[str, Callable[[str, Data], Table]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".data": read_csv,
    ".parquet": lambda source, data: parquet_table(source, data.na_values or ()),
    ".pq": lambda source, data: parquet_table(source, data.na_values or ()),
}
"""Suffix of a table -> what reads it. Files with another suffix are read as text, unless they are of a known kind."""
TEXTS = (".csv", ".tsv", ".tab", ".txt", ".data", ".dat")

BUILT_IN = (*SETS, *KNOWN, *GATE_OUTPUTS, *CLOUDS)


def load(data: Data) -> Table:
    """The table that an experiment's `data` section names. Raises DataError."""
    if data.inline is not None:
        return inline_table(data.inline)
    return load_source(data.source or "", data, "data.source")


def load_source(source: str, data: Data, key: str, like: tuple[int, ...] | None = None, labelled: bool = True) -> Table:
    """The table behind a built-in name or a path; the rest of `data` says how to make or read it.

    Args:
        source: a built-in name, a file or a folder.
        data: how to make or read it.
        key: which key of the config named it, for messages.
        like: the `Table.size` that images are brought to, so that they fit those that a net was trained on.
        labelled: whether the column to predict must be there where a source knows it. Without, as for new rows, a
            single image, a folder of images without classes and arrays x without y are sources too.
    """
    table = _loaded(source, data, key, like, labelled)
    if data.image_size is not None and not _scaled_images(source, table):
        raise DataError(f"data.image_size: is for folders of images. Received: {data.image_size} for {source!r}")
    return table


def _loaded(source: str, data: Data, key: str, like: tuple[int, ...] | None, labelled: bool) -> Table:
    if source in SETS:
        return SETS[source]()
    if source in KNOWN:
        return known_table(source)
    if source in GATE_OUTPUTS or source in CLOUDS:
        return generated_table(source, data)
    path = data_file(source, key, labelled)
    suffix = path.suffix.lower()
    if path.is_dir() and idx_files(path):
        return idx_table(source, labelled)
    if path.is_dir() or suffix in IMAGES:
        return images_table(source, data, key, like, labelled)
    if suffix == ".zip":
        return zip_table(source, data, key, like, labelled)
    if suffix in (".npz", ".npy"):
        return npz_table(source, labelled) if suffix == ".npz" else npy_table(source)
    return READERS.get(suffix, read_csv)(source, data)


def images_table(source: str, data: Data, key: str, like: tuple[int, ...] | None, labelled: bool) -> Table:
    """The table of images. Raises DataError also where new rows are images, but those of the net were none."""
    if like is None and not labelled:
        raise DataError(
            f"{key}: must hold the columns that the run was trained on, which was trained on no images. "
            f"Received: {source!r}"
        )
    return image_table(source, data, like, labelled)


def _scaled_images(source: str, table: Table) -> bool:
    """Whether the table's images come from files, which have sizes of their own."""
    path = Path(source)
    from_files = source not in BUILT_IN and (path.suffix.lower() == ".zip" or (path.is_dir() and not idx_files(path)))
    return from_files and table.size is not None


def zip_table(
    source: str, data: Data, key: str = "data.source", like: tuple[int, ...] | None = None, labelled: bool = True
) -> Table:
    """The table in a zip archive: its images, or the one text table in it."""
    with members(source) as found:
        images = any(member.suffix in IMAGES for member in found)
        tables = [member for member in found if member.suffix in TEXTS]
        if not images and tables:
            return _only_table(source, tables, data)
    return images_table(source, data, key, like, labelled)


def _only_table(source: str, tables: list[Member], data: Data) -> Table:
    if len(tables) > 1:
        raise DataError(
            f"{source}: holds {len(tables)} tables ({', '.join(member.name for member in tables[:5])}"
            f"{', ...' if len(tables) > 5 else ''}). Unpack it and name one"
        )
    name = f"{source}: {tables[0].name}"
    return replace(text_table(text_of_bytes(name, tables[0].read(), data.encoding), data), name=source)


def data_file(source: str, key: str, labelled: bool = True) -> Path:
    """The path of a source that is not built in: a folder, or a file that is read. Raises DataError.

    Args:
        labelled: as for `load_source`.
    """
    path = Path(source).expanduser()
    try:
        found = path.exists()
    except (OSError, ValueError):  # too long, or a NUL character in it
        found = False
    if not found:
        raise _unknown(source, key)
    if not labelled and path.suffix.lower() in (".npy", *IMAGES):
        return path
    suffix = "".join(path.suffixes[-2:]).lower()
    refused = NOT_READ.get(suffix) or NOT_READ.get(path.suffix.lower())
    if refused is not None and not path.is_dir():
        raise DataError(f"{key}: {refused[0]} are not read: {refused[1]}. Received: {source!r}")
    if path.suffix.lower() in IMAGES and not path.is_dir():
        raise DataError(
            f"{key}: a single image is no data set. Give a folder with one folder per class. Received: {source!r}"
        )
    return path


def _unknown(source: str, key: str) -> DataError:
    close = difflib.get_close_matches(source.lower(), BUILT_IN, n=1)
    offer = f"Did you mean {close[0]!r}? " if close else ""
    return DataError(
        f"{key}: no file and no built-in data set is called {source!r}. {offer}Built in: {', '.join(BUILT_IN)}"
    )
