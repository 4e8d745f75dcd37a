"""The store: the folder `results/`, its runs, and how a run is found by what a user types."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from dlrun.errors import NoSuchRun, StoreBusy, StoreError
from dlrun.store import references
from dlrun.store.files import remove_folder, sync_all, sync_folder, write_whole, writing
from dlrun.store.index import Ended, Found, Index, Listing
from dlrun.store.index_rows import finished_at, stamp
from dlrun.store.lock import PATIENCE, held_locks, is_locked, locked
from dlrun.store.names import ID_LENGTH, split_folder_name
from dlrun.store.record import FORMAT, Record
from dlrun.store.run_folder import DAMAGED, INTERRUPTED, RUNNING, RunFolder, is_run
from dlrun.store.sweep_folder import SweepFolder, sweep_folders
from dlrun.store.writer import SCRATCH, Files, RunWriter, heal

REMOVED = ".rm-"
UNFINISHED = (RUNNING, INTERRUPTED, DAMAGED, "failed", "pruned")
"""Statuses of runs that are trained again without --force."""
_CHANGING = (RUNNING, INTERRUPTED, DAMAGED)
"""Statuses of runs that have no record that can be read."""


@dataclass(frozen=True)
class Entry:
    """A run as a listing shows it."""

    folder: RunFolder
    record: Record
    """Its final record, or what is known so far; of a damaged one only name and status, and the reason."""
    time: float
    """When it finished or was last written, in seconds since 1970."""
    stamp: str | None = field(default=None, compare=False, repr=False)
    """Of the `result.json` that the record was read from; None where that is not known."""


class Store:
    """The runs below one folder. Making one creates nothing; `writer` does."""

    def __init__(self, root: Path):
        self.root = root.absolute()
        self.runs = self.root / "runs"

    @classmethod
    def default(cls, results: Path | None = None) -> Store:
        """The store at `results`, else at the folder in DLRUN_RESULTS, else at ./results."""
        return cls(results or Path(os.environ.get("DLRUN_RESULTS") or "results"))

    @cached_property
    def index(self) -> Index:
        """The cache of finished runs."""
        return Index(self.root / "index.sqlite", self.runs)

    def folders(self) -> list[RunFolder]:
        """All run folders, in no particular order. Links are no runs."""
        return self.folders_named(self.names())

    def names(self, ids: frozenset[str] | None = None) -> list[str]:
        """The names of run folders, perhaps of other things too, but of nothing hidden: there may be many thousands, so
        none is looked at.

        Args:
            ids: only those that end in one of these.
        """
        names = self._listed()
        if ids is not None:
            names = [name for name in names if name[-ID_LENGTH:] in ids]
        hidden = [name for name in names if name.startswith(".")]
        if not hidden:
            return names
        if heal(self.runs, hidden):
            return self.names(ids)
        return [name for name in names if not name.startswith(".")]

    def _listed(self) -> list[str]:
        try:
            return os.listdir(self.runs)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(f"{self.runs}: cannot be read ({error.strerror})") from error

    def folders_named(self, names: Iterable[str]) -> list[RunFolder]:
        """Those of the names that are run folders."""
        return [RunFolder(self.runs / name) for name in names if is_run(self.runs, name)]

    def entries(self, limit: int | None = None) -> list[Entry]:
        """Runs with their records, the newest first; at most `limit`. None of them makes it fail."""
        return self.newest_entries(limit)[0]

    def newest_entries(self, limit: int | None) -> tuple[list[Entry], int]:
        """What `entries` gives, and how many runs there are in all."""
        names = self.names()
        listing = self.index.newest(names, limit) if names else Listing([], [], 0)
        return self._entries(listing, limit), listing.in_all

    def recent(self, configurations: int) -> list[Entry]:
        """All runs of the newest configurations, at most so many of them, the newest run first. A run that is
        unfinished or damaged is a configuration of its own. None of them makes it fail."""
        names = self.names()
        return self._entries(self.index.recent(names, configurations), None) if names else []

    def _entries(self, listing: Listing, limit: int | None) -> list[Entry]:
        """The newest of a listing. Only of those that are given back anything is read."""
        made = [(one.time, partial(self._known, one)) for one in listing.runs]
        ages = [(time, partial(_unindexed, RunFolder(self.runs / name))) for time, name in listing.others]
        newest = sorted([*made, *ages], key=lambda one: -one[0])[:limit]  # stable: the index knows who came later
        return [make(time) for time, make in newest]

    def _known(self, found: Found, time: float) -> Entry:
        return Entry(RunFolder(self.runs / found.folder), found.record, time, found.stamp)

    def entries_of(self, folders: Sequence[RunFolder]) -> list[Entry]:
        """These runs as a listing shows them, in the order given."""
        if not folders:
            return []
        found = self.index.of([folder.path.name for folder in folders])
        known = {name: self._known(one, one.time) for name, one in found.items()}
        return [known.get(folder.path.name) or _unindexed(folder, folder.changed_at()) for folder in folders]

    def entry(self, folder: RunFolder) -> Entry:
        """One run as a listing shows it; a damaged record does not make it fail."""
        entry = _unindexed(folder, 0.0)
        return replace(entry, time=finished_at(entry.record, folder.path))

    def remembered(
        self, topic: str, version: int, entries: Sequence[Entry], compute: Callable[[Entry], Any]
    ) -> list[Any]:
        """What `compute` gives for each entry, in their order. Of finished runs it is kept in the index, as long as
        their `result.json` is the same, and not worked out again; an index that cannot be used is no trouble.

        Args:
            topic: what it is about; each has values of its own.
            version: grows when the rule changes; values of another one are worked out again.
            compute: gives what JSON can hold. Where it raises StoreError the value is None and is not kept: what could
                not be read once may be readable the next time. Anything else that it raises goes on.
        """
        stamps = _unchanged(entries)
        values = self.index.remembered(topic, version, stamps) if stamps else {}
        new: dict[str, Any] = {}
        for entry in entries:
            name = entry.folder.path.name
            if name in values:
                continue
            try:
                values[name] = new[name] = json.loads(json.dumps(compute(entry)))  # as it will come from the index
            except StoreError:
                values[name] = None
        self.index.remember(topic, version, stamps, {name: value for name, value in new.items() if name in stamps})
        return [values[entry.folder.path.name] for entry in entries]

    def newest(self) -> RunFolder:
        """The run that was written last.

        Raises:
            NoSuchRun: the store is empty.
        """
        entries = self.entries(limit=1)
        if not entries:
            raise NoSuchRun(f"{self.root}: no runs yet. `dlrun train CONFIG` makes the first")
        return entries[0].folder

    def by_id(self, run_id: str) -> RunFolder | None:
        """The run with exactly this id, the finished one where an unfinished attempt lies beside it."""
        found = self.folders_of([run_id]).get(run_id, [])
        return min(found, key=lambda folder: not folder.finished, default=None)

    def folders_of(self, ids: Collection[str]) -> dict[str, list[RunFolder]]:
        """The folders that carry these ids, by id, found in one look at the store; of an id without any nothing."""
        found: dict[str, list[RunFolder]] = {}
        for folder in self.folders_named(self.names(frozenset(ids)) if ids else []):
            found.setdefault(folder.id, []).append(folder)
        return found

    def endings_of(self, folders: Mapping[str, Sequence[RunFolder]]) -> dict[str, tuple[RunFolder, Ended]]:
        """By id, the folder with a record that can be read and how that run ended, of what `folders_of` gives."""
        by_name = {folder.path.name: folder for found in folders.values() for folder in found}
        if not by_name:
            return {}
        endings = self.index.endings(by_name)
        return {by_name[name].id: (by_name[name], ended) for name, ended in endings.items()}

    def finished_among(self, ids: Collection[str]) -> dict[str, RunFolder]:
        """Those of these runs that need not be trained again, as `finished` says of one."""
        ended = self.endings_of(self.folders_of(ids))
        return {run: folder for run, (folder, ending) in ended.items() if ending.status not in UNFINISHED}

    def sync(self, folders: Sequence[RunFolder]) -> None:
        """Returns when the names of the files in these run folders are on the disk. Raises StoreNotWritable."""
        with writing(self.runs):
            sync_all([self.runs, *(folder.path for folder in folders)])

    def busy(self) -> set[str]:
        """The ids of the runs that some process writes now."""
        return held_locks(self.runs)

    def is_busy(self, run_id: str) -> bool:
        """Whether some process writes this run now."""
        return is_locked(self.runs, run_id)

    def finished(self, run_id: str) -> RunFolder | None:
        """The run with this id if it need not be trained again. One that failed, was pruned or is damaged must."""
        folder = self.by_id(run_id)
        if folder is None or not folder.finished or folder.status in UNFINISHED:
            return None
        return folder

    def find(self, reference: str) -> RunFolder:
        """The run a user means: by its folder, its folder's name, any unique beginning of its id or its name,
        `<name>-<beginning of the id>`.

        Raises:
            NoSuchRun: none or several answer to it; the message lists what could have been meant.
        """
        return references.find(self, reference)

    def find_all(self, reference: str) -> list[RunFolder]:
        """The runs a user means where several will do: all that have this name, in the order of their folders' names;
        else the one that `find` gives.

        Raises:
            NoSuchRun: none answers to it, or several with different names.
        """
        return references.find_all(self, reference)

    def sweeps(self) -> list[SweepFolder]:
        """The sweeps, in the order of their folders' names."""
        return sweep_folders(self.root)

    def sweep(self, reference: str) -> SweepFolder | None:
        """The sweep a user means: by its folder, its folder's name, its name, a beginning of its id, or
        `<name>-<beginning of the id>`; None where none answers to it.

        Raises:
            NoSuchRun: several do that have different runs.
        """
        return references.sweep(self, reference)

    def sweep_or_runs(self, reference: str) -> SweepFolder | list[RunFolder]:
        """What a user means: a run's folder or whole id comes first, then what `sweep` gives, then what `find_all`
        gives.

        Raises:
            NoSuchRun: nothing answers to it, or several things do.
        """
        return references.sweep_or_runs(self, reference)

    def runs_named(self, reference: str) -> list[RunFolder]:
        """The runs of what `sweep_or_runs` gives, at least one; those of a sweep in the order planned.

        Raises:
            NoSuchRun: nothing answers to it, or several things do, or none of the sweep's runs is there.
            StoreError: the sweep's list of runs is damaged.
        """
        return references.runs_named(self, reference)

    def writer(self, run_id: str, name: str, patience: float = PATIENCE) -> RunWriter:
        """What writes the run with this id. Use it in a `with` statement, which holds the run's lock.

        Args:
            patience: seconds to wait for the lock.
        Raises (on entering):
            StoreBusy: another process writes the same run.
            StoreNotWritable: the store cannot be written.
        """
        if split_folder_name(f"run-{run_id}") is None:
            raise StoreError(f"a run's id must be 12 hex characters. Received: {run_id!r}")
        return RunWriter(self.runs, self.index, run_id, name, patience)

    def add_files(self, folder: RunFolder, files: Files) -> None:
        """Puts files into a finished run, whose record stays as it is. They are written in the order given, each whole
        or not at all.

        Raises:
            StoreBusy: another process writes the run.
            StoreError: the run has no record.
            StoreNotWritable: no space left, or no permission.
        """
        with locked(self.runs, folder.id):
            if not folder.finished:
                raise StoreError(f"{folder.path}: has no result.json, so nothing is added to it. Train the run first")
            for name, write in files.items():
                write_whole(folder.path / name, write)
            with writing(folder.path):
                sync_folder(folder.path)

    def remove(self, folder: RunFolder) -> None:
        """Removes a run. Links in its folder are removed, what they point to is not.

        Raises:
            StoreBusy: it is being written.
            StoreNotWritable: no permission.
        """
        try:
            with locked(self.runs, folder.id):
                removed = self.runs / f"{REMOVED}{folder.path.name}"
                remove_folder(removed)
                with writing(folder.path):
                    os.replace(folder.path, removed)  # one step: nobody meets half a run
                remove_folder(removed)
                for scratch in list(self.runs.glob(f"{SCRATCH}*-{folder.id}")):  # perhaps of another name
                    remove_folder(scratch)
        except StoreBusy:
            raise StoreBusy(f"{folder.path.name} is running. End it first; Ctrl-C keeps what there is") from None


def _unchanged(entries: Sequence[Entry]) -> dict[str, str]:
    """The stamps of the finished runs whose record is still the one in their entry, by the folder's name. A run may
    have been trained again since it was read: what is worked out of the old record must not pass for the new one's."""
    finished = [entry for entry in entries if entry.stamp is not None and entry.record["status"] not in _CHANGING]
    return {
        entry.folder.path.name: mark
        for entry in finished
        if (mark := stamp(entry.folder.path)) is not None and mark == entry.stamp
    }


def _unindexed(folder: RunFolder, time: float) -> Entry:
    mark = stamp(folder.path)  # before the reading: a record replaced in between is then seen as changed
    try:
        record = folder.record()
    except StoreError as error:
        record = Record(format=FORMAT, id=folder.id, name=folder.label, status=DAMAGED, reason=str(error))
    return Entry(folder, record, time, mark)
