"""`index.sqlite`: a cache of the finished runs, so that listing many opens one file.

It holds nothing that the run folders do not hold. Whether it is stale is seen from the folders' names alone;
a record replaced by hand is noticed when its row is about to be shown.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from dlrun.errors import StoreError
from dlrun.store.record import Record
from dlrun.store.run_folder import RunFolder

VERSION = 1
"""Grows with every change of the table; an index of another version is built again."""

_TABLE = """
CREATE TABLE runs (
    folder TEXT PRIMARY KEY, id TEXT, name TEXT, kind TEXT, status TEXT, seed INTEGER, backend TEXT,
    epochs INTEGER, best_epoch INTEGER, parameters INTEGER, seconds REAL, train_loss REAL, val_loss REAL,
    finished REAL, written INTEGER, stamp TEXT, record TEXT
) WITHOUT ROWID
"""
_COLUMNS = 17
AT_ONCE = 500
"""Folders per question: SQLite takes 999 of them at most in old versions."""


class Row(NamedTuple):
    """One finished run as the index knows it."""

    folder: str
    finished: float
    """Seconds since 1970."""
    stamp: str
    record: str
    """The JSON text."""


class Ended(NamedTuple):
    """How a finished run ended."""

    status: str
    epochs: int
    """How many were trained."""


class Listing(NamedTuple):
    """What the index answers."""

    runs: list[tuple[str, float, Record]]
    """Folder name, time of finishing in seconds since 1970, record."""
    others: set[str]
    """Names of the folders without a record that can be read: unfinished or damaged runs."""


class Index:
    """The cache of one store. Its methods bring it up to date and never fail because it is broken."""

    def __init__(self, path: Path):
        self.path = path

    def newest(self, runs: Path, folders: Collection[str], limit: int | None) -> Listing:
        """The finished runs, the newest first.

        Args:
            runs: the folder that holds the run folders.
            folders: the names of all run folders there.
            limit: at most so many; all when None.
        """
        try:
            with closing(_open(self.path)) as database:
                return _listing(database, runs, folders, limit)
        except (sqlite3.Error, ValueError) as error:
            if not isinstance(error, sqlite3.OperationalError):  # that one is: locked, read-only, no folder
                with suppress(OSError):
                    self.path.unlink()
        with closing(_fresh(sqlite3.connect(":memory:", isolation_level=None))) as database:
            return _listing(database, runs, folders, limit)

    def put_many(self, folders: Sequence[RunFolder]) -> None:
        """Enters runs that were just written, if there is an index to enter them into."""
        if not folders or not self.path.exists():
            return
        with suppress(sqlite3.Error, OSError), closing(_connect(self.path)) as database:
            if _version(database) == VERSION:
                _write(database, folders[0].path.parent, [folder.path.name for folder in folders])

    def endings(self, runs: Path, folders: Collection[str]) -> dict[str, Ended]:
        """How those of these folders ended that have a record that can be read.

        Args:
            runs: the folder that holds them.
        """
        try:
            with closing(_open(self.path)) as database:
                return _endings(database, runs, folders)
        except (sqlite3.Error, ValueError):  # the next listing repairs what is broken
            with closing(_fresh(sqlite3.connect(":memory:", isolation_level=None))) as database:
                return _endings(database, runs, folders)


def stamp(folder: Path) -> str | None:
    """Changes whenever the folder's `result.json` is replaced; None where there is none."""
    try:
        state = os.stat(folder / "result.json")
    except OSError:
        return None
    return f"{state.st_mtime_ns}-{state.st_size}-{state.st_ino}"


def _open(path: Path) -> sqlite3.Connection:
    """The database, its table made anew when it is missing or of another version; writable, or an error."""
    database = _connect(path)
    try:
        if _version(database) != VERSION:
            _fresh(database)
        with _transaction(database):
            pass
    except BaseException:
        database.close()
        raise
    return database


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")  # a cache: after a power cut it is built again
    except BaseException:
        database.close()
        raise
    return database


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _fresh(database: sqlite3.Connection) -> sqlite3.Connection:
    with _transaction(database):
        database.execute("DROP TABLE IF EXISTS runs")
        database.execute(_TABLE)
        database.execute("CREATE INDEX newest ON runs (finished DESC, written DESC)")
        database.execute(f"PRAGMA user_version = {VERSION}")
    return database


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")  # a plain BEGIN that reads first fails at once when another writes
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _listing(database: sqlite3.Connection, runs: Path, folders: Collection[str], limit: int | None) -> Listing:
    known = _refresh(database, runs, folders)
    rows = _newest(database, limit)
    changed = [row.folder for row in rows if row.stamp != stamp(runs / row.folder)]
    if changed:
        _write(database, runs, changed)
        rows, known = _newest(database, limit), _known(database)
    return Listing([(row.folder, row.finished, _parsed(row)) for row in rows], set(folders) - known)


def _refresh(database: sqlite3.Connection, runs: Path, folders: Collection[str]) -> set[str]:
    """Enters new folders, drops removed ones; gives back the names that are in the index."""
    known = _known(database)
    gone = known.difference(folders)
    if gone:
        with _transaction(database):
            database.executemany("DELETE FROM runs WHERE folder = ?", [(folder,) for folder in gone])
    new = set(folders) - known
    if new:
        _write(database, runs, new)
    return _known(database) if gone or new else known


def _endings(database: sqlite3.Connection, runs: Path, folders: Collection[str]) -> dict[str, Ended]:
    """Enters what is new or changed among these folders, no others: a store may hold many more."""
    stamps = {folder: mark for folder in folders if (mark := stamp(runs / folder)) is not None}
    entered = {folder: row[0] for folder, row in _rows(database, "stamp", stamps).items()}
    changed = [folder for folder, mark in stamps.items() if entered.get(folder) != mark]
    if changed:
        _write(database, runs, changed)
    return {folder: Ended(row[0], row[1] or 0) for folder, row in _rows(database, "status, epochs", stamps).items()}


def _rows(database: sqlite3.Connection, columns: str, folders: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Folder -> some of its columns, for those of these folders that are in the index."""
    asked, found = list(folders), {}
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        places = ", ".join("?" * len(part))
        for folder, *row in database.execute(f"SELECT folder, {columns} FROM runs WHERE folder IN ({places})", part):
            found[folder] = tuple(row)
    return found


def _known(database: sqlite3.Connection) -> set[str]:
    return {folder for (folder,) in database.execute("SELECT folder FROM runs")}


def _write(database: sqlite3.Connection, runs: Path, folders: Iterable[str]) -> None:
    """Enters these folders as they are on disk now; those without a readable record leave the index."""
    rows = {folder: _row(runs / folder) for folder in folders}
    places = ", ".join("?" * _COLUMNS)
    with _transaction(database):
        missing = [(folder,) for folder, row in rows.items() if row is None]
        database.executemany("DELETE FROM runs WHERE folder = ?", missing)
        found = [row for row in rows.values() if row is not None]
        database.executemany(f"INSERT OR REPLACE INTO runs VALUES ({places})", found)


def _row(path: Path) -> tuple[object, ...] | None:
    mark = stamp(path)  # before the reading: a record replaced in between is then seen as changed
    if mark is None:
        return None
    try:
        record = RunFolder(path).record()
    except StoreError:
        return None
    text = json.dumps(record)  # ASCII, so that half a surrogate pair in a name is no trouble to SQLite
    return (
        path.name,
        *map(_storable, _scalars(record)),
        finished_at(record, path),
        int(mark.partition("-")[0]),
        mark,
        text,
    )


def _scalars(record: Record) -> tuple[object, ...]:
    metrics = record.get("metrics", {})
    keys = ("id", "name", "kind", "status", "seed", "backend", "epochs", "best_epoch", "parameters")
    measured = (record.get("seconds", {}).get("total"), metrics.get("train_loss"), metrics.get("val_loss"))
    return (*(record.get(key) for key in keys), *measured)


def _storable(cell: object) -> object:
    if isinstance(cell, str):
        return cell.encode(errors="replace").decode()
    return cell if isinstance(cell, (int, float)) and abs(cell) < 2**63 else None


def finished_at(record: Record, path: Path) -> float:
    """When the run finished, in seconds since 1970: what the record says, else the age of its folder."""
    try:
        return datetime.fromisoformat(record.get("finished") or "").timestamp()
    except (TypeError, ValueError, OverflowError):
        return RunFolder(path).changed_at()


def _newest(database: sqlite3.Connection, limit: int | None) -> list[Row]:
    query = "SELECT folder, finished, stamp, record FROM runs ORDER BY finished DESC, written DESC LIMIT ?"
    return [Row(*row) for row in database.execute(query, (-1 if limit is None else limit,))]


def _parsed(row: Row) -> Record:
    return cast(Record, json.loads(row.record))
