"""What the index knows of finished runs: entering them, and finding the newest, those of a configuration, those of a
name."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from dlrun.errors import StoreError
from dlrun.store.configuration import configuration_of
from dlrun.store.index_database import transaction
from dlrun.store.record import Record
from dlrun.store.run_folder import RunFolder

AT_ONCE = 500
"""Folders per question: SQLite takes 999 of them at most in old versions."""
_PER_TRANSACTION = 5000
"""Runs entered together: a rebuild that is ended loses no more, and holds no more in memory."""
_COLUMNS = "folder, finished, written, stamp, record"

Item = TypeVar("Item")


class Row(NamedTuple):
    """One finished run as the index knows it."""

    folder: str
    finished: float
    """Seconds since 1970."""
    written: int
    """When its `result.json` was, in nanoseconds."""
    stamp: str
    record: str
    """The JSON text."""

    def parsed(self) -> Record:
        """Raises ValueError where the index is damaged."""
        return cast(Record, json.loads(self.record))


def stamp(folder: str | Path) -> str | None:
    """Changes whenever the folder's `result.json` is replaced; None where there is none."""
    try:
        state = os.stat(f"{folder}/result.json")
    except (OSError, ValueError):
        return None
    return f"{state.st_mtime_ns}-{state.st_size}-{state.st_ino}"


def known(database: sqlite3.Connection) -> set[str]:
    """The names of all folders in the index."""
    joined = database.execute("SELECT group_concat(folder, '/') FROM runs").fetchone()[0]  # no name has a `/`
    return set(joined.split("/")) if joined else set()


def count(database: sqlite3.Connection) -> int:
    """How many runs are in the index."""
    return int(database.execute("SELECT count(*) FROM runs").fetchone()[0])


def newest(database: sqlite3.Connection, limit: int | None) -> list[Row]:
    """The runs that finished last, the latest first."""
    query = f"SELECT {_COLUMNS} FROM runs ORDER BY finished DESC, written DESC LIMIT ?"
    return [Row(*row) for row in database.execute(query, (-1 if limit is None else limit,))]


def newest_configurations(database: sqlite3.Connection, limit: int) -> list[tuple[float, str]]:
    """Of the configurations whose runs finished last, the time and the configuration, the latest first."""
    found: dict[str, float] = {}
    query = "SELECT configuration, finished FROM runs ORDER BY finished DESC, written DESC"
    for configuration, finished in database.execute(query):
        if len(found) == limit and configuration not in found:
            break
        found.setdefault(configuration, finished)
    return [(time, configuration) for configuration, time in found.items()]


def of_configurations(database: sqlite3.Connection, wanted: Collection[str]) -> list[Row]:
    """All runs of these configurations, the latest first."""
    rows = [Row(*row) for row in _asked(database, _COLUMNS, "configuration", wanted)]
    return sorted(rows, key=lambda row: (-row.finished, -row.written))


def of_folders(database: sqlite3.Connection, columns: str, folders: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Folder -> some of its columns, for those of these folders that are in the index."""
    return {folder: tuple(row) for folder, *row in _asked(database, f"folder, {columns}", "folder", folders)}


def _asked(database: sqlite3.Connection, columns: str, key: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    for part in parts(filter(storable, values), AT_ONCE):
        places = ", ".join("?" * len(part))
        yield from database.execute(f"SELECT {columns} FROM runs WHERE {key} IN ({places})", part)


def parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of at most so many."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


def drop(database: sqlite3.Connection, folders: Collection[str]) -> None:
    """Takes these folders out of the index."""
    with transaction(database):
        database.executemany("DELETE FROM runs WHERE folder = ?", [(folder,) for folder in folders])


def enter(database: sqlite3.Connection, runs: Path, folders: Iterable[str]) -> None:
    """Enters these folders as they are on disk now; those without a readable record leave the index."""
    for part in parts(filter(storable, folders), _PER_TRANSACTION):
        rows = {folder: _row(runs, folder) for folder in part}
        found = [row for row in rows.values() if row is not None]
        with transaction(database):
            missing = [(folder,) for folder, row in rows.items() if row is None]
            database.executemany("DELETE FROM runs WHERE folder = ?", missing)
            database.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", found)


def enter_changed(database: sqlite3.Connection, runs: Path, folders: Iterable[str]) -> None:
    """Enters what is new or changed among these folders, no others: a store may hold many more."""
    stamps = {folder: stamp(f"{runs}/{folder}") for folder in folders}
    entered = {folder: row[0] for folder, row in of_folders(database, "stamp", stamps).items()}
    changed = [folder for folder, mark in stamps.items() if entered.get(folder) != mark]
    if changed:
        enter(database, runs, changed)


def storable(text: str) -> bool:
    """Whether SQLite can hold the text: a name of bytes that are no UTF-8 it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _row(runs: Path, folder: str) -> tuple[object, ...] | None:
    path = f"{runs}/{folder}"
    mark = stamp(path)  # before the reading: a record replaced in between is then seen as changed
    if mark is None:
        return None
    try:
        record = RunFolder(Path(path)).record()
    except StoreError:
        return None
    text = json.dumps(record)  # ASCII, so that half a surrogate pair in a name is no trouble to SQLite
    return (
        folder,
        _encodable(record["name"]),
        configuration_of(record),
        _encodable(record["status"]),
        max(0, min(record.get("epochs", 0), 2**62)),  # SQLite holds 64 bits
        finished_at(record, Path(path)),
        int(mark.rsplit("-", 2)[0]),  # before 1970 it begins with a minus
        mark,
        text,
    )


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


def finished_at(record: Record, path: Path) -> float:
    """When the run finished, in seconds since 1970: what the record says, else the age of its folder."""
    try:
        return datetime.fromisoformat(record.get("finished") or "").timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return RunFolder(path).changed_at()


def changed_rows(runs: Path, rows: Sequence[Row]) -> list[str]:
    """The folders among these whose record was replaced since it was entered."""
    return [row.folder for row in rows if row.stamp != stamp(f"{runs}/{row.folder}")]
