"""The database behind `index.sqlite`: its tables, and how it is opened where it is missing, broken or read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

VERSION = 2
"""Grows with every change of the tables; an index of another version is built again."""

_TABLES = (
    "DROP TABLE IF EXISTS runs",
    "DROP TABLE IF EXISTS remembered",
    """CREATE TABLE runs (
        folder TEXT PRIMARY KEY, name TEXT, configuration TEXT, status TEXT, epochs INTEGER,
        finished REAL, written INTEGER, stamp TEXT, record TEXT
    )""",  # with row numbers, so that the list of folders is read without the records
    "CREATE INDEX newest ON runs (finished DESC, written DESC, configuration)",
    "CREATE INDEX of_configuration ON runs (configuration)",
    """CREATE TABLE remembered (
        folder TEXT, topic TEXT, version INTEGER, stamp TEXT, value TEXT, PRIMARY KEY (folder, topic)
    ) WITHOUT ROWID""",
    """CREATE TRIGGER forget AFTER DELETE ON runs BEGIN
        DELETE FROM remembered WHERE folder = old.folder;
    END""",
)
_PATIENCE = 5.0
"""Seconds to wait for another process that writes the index."""
_COPY_PATIENCE = 0.2


def opened(path: Path) -> sqlite3.Connection:
    """The database, its tables made anew when they are missing or of another version.

    Raises:
        sqlite3.Error: it is broken, or locked, or cannot be written though it must be.
    """
    database = connected(path)
    try:
        if version(database) != VERSION:
            _make_tables(database)
    except BaseException:
        database.close()
        raise
    return database


def connected(path: Path) -> sqlite3.Connection:
    """The database as it is. Raises sqlite3.Error."""
    database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")  # a cache: after a power cut it is built again
    except BaseException:
        database.close()
        raise
    return database


def copied(path: Path) -> sqlite3.Connection:
    """A copy in memory, for a store that cannot be written; an empty one where there is nothing to copy."""
    memory = in_memory()
    with suppress(sqlite3.Error, ValueError):
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_COPY_PATIENCE)
        with closing(source):
            if version(source) == VERSION:
                source.backup(memory)
    return memory


def in_memory() -> sqlite3.Connection:
    """An empty database that is gone when it is closed."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    _make_tables(database)
    return database


def version(database: sqlite3.Connection) -> int:
    """The version of the tables; 0 where there are none."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is written within, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")  # a plain BEGIN that reads first fails at once when another writes
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _make_tables(database: sqlite3.Connection) -> None:
    with transaction(database):
        for statement in _TABLES:
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")
