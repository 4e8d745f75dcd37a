"""`index.sqlite`: a cache of the finished runs, so that listing many opens one file.

It holds nothing that the run folders do not hold. Whether it is stale is seen from the folders' names alone;
a record replaced by hand is noticed when its row is about to be shown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from dlrun.store import index_database, index_rows, remembered
from dlrun.store.index_rows import Row, stamp
from dlrun.store.record import Record
from dlrun.store.run_folder import RunFolder, is_run

Answer = TypeVar("Answer")


class Ended(NamedTuple):
    """How a finished run ended."""

    status: str
    epochs: int
    """How many were trained."""
    name: str
    """As the user wrote it."""


class Found(NamedTuple):
    """A finished run in an answer."""

    folder: str
    """Its name."""
    time: float
    """When it finished, in seconds since 1970."""
    record: Record
    stamp: str
    """Of the `result.json` that the record was read from."""


class Listing(NamedTuple):
    """What the index answers."""

    runs: list[Found]
    """The newest first."""
    others: list[tuple[float, str]]
    """Folders without a record that can be read, unfinished or damaged runs: when they were last written, and their
    names. The newest first."""
    in_all: int
    """How many run folders there are."""


class Index:
    """The cache of one store. Its methods bring it up to date and never fail because it is broken.

    Args:
        path: of the file, which may be missing.
        runs: the folder that holds the run folders.
    """

    def __init__(self, path: Path, runs: Path):
        self.path = path
        self.runs = runs

    def newest(self, names: Collection[str], limit: int | None) -> Listing:
        """The runs that finished last.

        Args:
            names: of all folders in `runs`, and of whatever else is there.
            limit: at most so many, and at most so many others; all when None.
        """

        def work(database: sqlite3.Connection) -> Listing:
            others = self._refresh(database, names)
            found, lost = self._checked(database, partial(index_rows.newest, database, limit))
            return Listing(found, self._latest(others | lost, limit), index_rows.count(database) + len(others | lost))

        return self._ask(work)

    def recent(self, names: Collection[str], configurations: int) -> Listing:
        """All runs of the newest configurations, of which each of the others is one.

        Args:
            names: as of `newest`.
            configurations: how many at most.
        """

        def work(database: sqlite3.Connection) -> Listing:
            others = self._refresh(database, names)
            ages = [(time, "", name) for time, name in self._latest(others, configurations)]
            ages += [(time, key, "") for time, key in index_rows.newest_configurations(database, configurations)]
            chosen = sorted(ages, reverse=True)[:configurations]
            keys = [key for _, key, _ in chosen if key]
            found, lost = self._checked(database, partial(index_rows.of_configurations, database, keys))
            shown = {name for _, _, name in chosen if name} | lost
            return Listing(found, self._latest(shown, None), index_rows.count(database) + len(others | lost))

        return self._ask(work)

    def of(self, names: Collection[str]) -> dict[str, Found]:
        """Those of these runs that have a record that can be read, by the folder's name."""

        def work(database: sqlite3.Connection) -> dict[str, Found]:
            index_rows.enter_changed(database, self.runs, names)
            rows = index_rows.of_folders(database, "finished, written, stamp, record", names)
            return {name: _found(Row(name, *row)) for name, row in rows.items()}

        return self._ask(work)

    def endings(self, names: Collection[str]) -> dict[str, Ended]:
        """How those of these runs ended that have a record that can be read, by the folder's name."""

        def work(database: sqlite3.Connection) -> dict[str, Ended]:
            index_rows.enter_changed(database, self.runs, names)
            rows = index_rows.of_folders(database, "status, epochs, name", names)
            return {name: Ended(*row) for name, row in rows.items()}

        return self._ask(work)

    def put_many(self, folders: Sequence[RunFolder]) -> None:
        """Enters runs that were just written, if there is an index to enter them into."""
        if not folders or not self.path.exists():
            return
        with suppress(sqlite3.Error, OSError), closing(index_database.connected(self.path)) as database:
            if index_database.version(database) == index_database.VERSION:
                index_rows.enter(database, self.runs, [folder.path.name for folder in folders])

    def remembered(self, topic: str, version: int, stamps: Mapping[str, str]) -> dict[str, Any]:
        """Folder -> value, of those of these folders whose value is kept and valid.

        Args:
            stamps: what `stamp` says of the folders now.
        """
        return self._ask(lambda database: remembered.values(database, topic, version, stamps))

    def remember(self, topic: str, version: int, stamps: Mapping[str, str], found: Mapping[str, Any]) -> None:
        """Keeps values, if there is an index that can be written.

        Args:
            stamps: what `stamp` said of the folders before the values were worked out.
        """
        if not found or not self.path.exists():
            return
        with suppress(sqlite3.Error, OSError), closing(index_database.connected(self.path)) as database:
            if index_database.version(database) == index_database.VERSION:
                remembered.keep(database, topic, version, stamps, found)

    def _ask(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """What `work` gives for the database; where the file does not serve, for one in memory."""
        try:
            return self._on(index_database.opened, work)
        except sqlite3.OperationalError:  # locked, read-only, no folder
            pass
        except (sqlite3.Error, ValueError):  # broken
            with suppress(OSError):
                self.path.unlink()
            with suppress(sqlite3.Error, ValueError):
                return self._on(index_database.opened, work)
        with suppress(sqlite3.Error, ValueError):
            return self._on(index_database.copied, work)
        return self._on(lambda _: index_database.in_memory(), work)

    def _on(self, opened: Callable[[Path], sqlite3.Connection], work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with closing(opened(self.path)) as database:
            return work(database)

    def _refresh(self, database: sqlite3.Connection, names: Collection[str]) -> set[str]:
        """Enters new runs, drops removed ones; gives the names of the other run folders."""
        known, there = index_rows.known(database), set(names)
        gone, new = known - there, there - known
        if gone:
            index_rows.drop(database, gone)
        others = {name for name in new if is_run(self.runs, name)}
        ended = [name for name in others if stamp(f"{self.runs}/{name}") is not None]
        if not ended:
            return others
        index_rows.enter(database, self.runs, ended)
        return others - index_rows.of_folders(database, "folder", ended).keys()

    def _checked(self, database: sqlite3.Connection, query: Callable[[], list[Row]]) -> tuple[list[Found], set[str]]:
        """What the query finds, and the folders that it found no more, as their records were replaced by hand."""
        rows = query()
        changed = index_rows.changed_rows(self.runs, rows)
        if changed:
            index_rows.enter(database, self.runs, changed)
            rows = query()
        kept = index_rows.of_folders(database, "folder", changed)
        return [_found(row) for row in rows], {name for name in changed if name not in kept and is_run(self.runs, name)}

    def _latest(self, names: Collection[str], limit: int | None) -> list[tuple[float, str]]:
        ages = [(RunFolder(self.runs / name).changed_at(), name) for name in names]
        return sorted(ages, reverse=True)[:limit]


def _found(row: Row) -> Found:
    return Found(row.folder, row.finished, row.parsed(), row.stamp)
