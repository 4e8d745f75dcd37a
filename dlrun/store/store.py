"""The store: the folder `results/`, its runs, and how a run is found by what a user types."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dlrun.errors import NoSuchRun, StoreBusy, StoreError
from dlrun.store.files import remove_folder, sync_all, sync_folder, write_whole, writing
from dlrun.store.index import Ended, Index, finished_at
from dlrun.store.lock import PATIENCE, is_locked, locked
from dlrun.store.names import ID_LENGTH, safe_label, split_folder_name, visible
from dlrun.store.record import FORMAT, Record
from dlrun.store.run_folder import DAMAGED, INTERRUPTED, RUNNING, RunFolder
from dlrun.store.writer import SCRATCH, Files, RunWriter, heal

REMOVED = ".rm-"
UNFINISHED = (RUNNING, INTERRUPTED, DAMAGED, "failed", "pruned")
"""Statuses of runs that are trained again without --force."""
_LISTED = 10
"""How many candidates a message names."""


@dataclass(frozen=True)
class Entry:
    """A run as a listing shows it."""

    folder: RunFolder
    record: Record
    """Its final record, or what is known so far; of a damaged one only name and status, and the reason."""
    time: float
    """When it finished or was last written, in seconds since 1970."""


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
        return Index(self.root / "index.sqlite")

    def folders(self) -> list[RunFolder]:
        """All run folders, in no particular order. Links are no runs."""
        names = self._names()
        if heal(self.runs, [name for name in names if name.startswith(".")]):
            names = self._names()
        return [RunFolder(self.runs / name) for name in names if split_folder_name(name)]

    def _names(self) -> list[str]:
        try:
            with os.scandir(self.runs) as found:
                return [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(f"{self.runs}: cannot be read ({error.strerror})") from error

    def _names_ending_in(self, ids: frozenset[str]) -> list[RunFolder]:
        """As `folders`, but without a closer look at those with other ids, of which there may be many thousands."""
        try:
            names = os.listdir(self.runs)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(f"{self.runs}: cannot be read ({error.strerror})") from error
        wanted = [name for name in names if name[-ID_LENGTH:] in ids]
        if heal(self.runs, [name for name in wanted if name.startswith(".")]):
            return self._names_ending_in(ids)
        paths = [self.runs / name for name in wanted if split_folder_name(name)]
        return [RunFolder(path) for path in paths if path.is_dir() and not path.is_symlink()]

    def entries(self, limit: int | None = None) -> list[Entry]:
        """Runs with their records, the newest first; at most `limit`. None of them makes it fail."""
        folders = {folder.path.name: folder for folder in self.folders()}
        if not folders:
            return []
        finished, others = self.index.newest(self.runs, folders, limit)
        entries = [Entry(folders[name], record, time) for name, time, record in finished if name in folders]
        entries += [_unindexed(folders[name]) for name in others]
        return sorted(entries, key=lambda entry: -entry.time)[:limit]  # stable: the index knows who came later

    def entry(self, folder: RunFolder) -> Entry:
        """One run as a listing shows it; a damaged record does not make it fail."""
        entry = _unindexed(folder)
        return Entry(folder, entry.record, finished_at(entry.record, folder.path))

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
        found = [folder for folder in self.folders() if folder.id == run_id]
        return min(found, key=lambda folder: not folder.finished, default=None)

    def folders_of(self, ids: Collection[str]) -> dict[str, list[RunFolder]]:
        """The folders that carry these ids, by id, found in one look at the store; of an id without any nothing."""
        found: dict[str, list[RunFolder]] = {}
        for folder in self._names_ending_in(frozenset(ids)):
            found.setdefault(folder.id, []).append(folder)
        return found

    def endings_of(self, folders: Mapping[str, Sequence[RunFolder]]) -> dict[str, tuple[RunFolder, Ended]]:
        """By id, the folder with a record that can be read and how that run ended, of what `folders_of` gives."""
        by_name = {folder.path.name: folder for found in folders.values() for folder in found}
        if not by_name:
            return {}
        endings = self.index.endings(self.runs, by_name)
        return {by_name[name].id: (by_name[name], ended) for name, ended in endings.items()}

    def finished_among(self, ids: Collection[str]) -> dict[str, RunFolder]:
        """Those of these runs that need not be trained again, as `finished` says of one."""
        ended = self.endings_of(self.folders_of(ids))
        return {run: folder for run, (folder, ending) in ended.items() if ending.status not in UNFINISHED}

    def sync(self, folders: Sequence[RunFolder]) -> None:
        """Returns when the names of the files in these run folders are on the disk. Raises StoreNotWritable."""
        with writing(self.runs):
            sync_all([self.runs, *(folder.path for folder in folders)])

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
        found = self._meant(reference)
        if len(found) == 1:
            return found[0]
        raise NoSuchRun(f"`{visible(reference)}` names {len(found)} runs. Say more of the id:{_list(found)}")

    def find_all(self, reference: str) -> list[RunFolder]:
        """The runs a user means where several will do: all that have this name, in the order of their folders' names;
        else the one that `find` gives.

        Raises:
            NoSuchRun: none answers to it, or several with different names.
        """
        found = self._meant(reference)
        if len({folder.label for folder in found}) == 1:
            return sorted(found, key=lambda folder: folder.path.name)
        return [self.find(reference)]

    def _meant(self, reference: str) -> list[RunFolder]:
        """All runs that answer to a reference, at least one."""
        folders = self.folders()
        bare = self._without_path(reference)
        found = _matches(folders, bare) or _named_like(folders, bare)
        if len(found) > 1:  # two names may share a label
            found = [folder for folder in found if _true_name(folder) == reference] or found
        if not found:
            shown = visible(reference)
            raise NoSuchRun(f"{self.root}: no run answers to `{shown}`.{_nearest(folders, reference)}")
        return found

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
                remove_folder(self.runs / f"{SCRATCH}{folder.path.name}")
        except StoreBusy:
            raise StoreBusy(f"{folder.path.name} is running. End it first; Ctrl-C keeps what there is") from None

    def _without_path(self, reference: str) -> str:
        """The folder's name where the reference is the path of a run folder of this store."""
        path = Path(reference)
        if len(path.parts) > 1 and path.absolute().parent.resolve() == self.runs.resolve():
            return path.name
        return reference


def _matches(folders: Sequence[RunFolder], reference: str) -> list[RunFolder]:
    by_folder = [folder for folder in folders if folder.path.name == reference]
    if by_folder:
        return by_folder
    name, _, prefix = reference.rpartition("-")
    label = safe_label(reference)
    own_label = safe_label(name) if name and re.fullmatch("[0-9a-f]{1,12}", prefix) else None
    by_prefix = re.fullmatch("[0-9a-f]{1,12}", reference) is not None
    return [
        folder
        for folder in folders
        if (by_prefix and folder.id.startswith(reference))
        or (folder.label == label and reference.strip())
        or (folder.label == own_label and folder.id.startswith(prefix))
    ]


def _named_like(folders: Sequence[RunFolder], reference: str) -> list[RunFolder]:
    """Runs whose name begins so."""
    label = safe_label(reference)
    return [folder for folder in folders if reference.strip() and folder.label.startswith(label)]


def _true_name(folder: RunFolder) -> str | None:
    try:
        return folder.record()["name"]
    except StoreError:
        return None


def _list(folders: Sequence[RunFolder]) -> str:
    names = sorted(folder.path.name for folder in folders)
    more = f"\n  ... and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return "".join(f"\n  {visible(name)}" for name in names[:_LISTED]) + more


def _nearest(folders: Sequence[RunFolder], reference: str) -> str:
    if not folders:
        return " It has no runs yet"
    from difflib import get_close_matches

    by_name: Mapping[str, RunFolder] = {folder.path.name: folder for folder in folders}
    labels = {folder.label: folder for folder in folders}
    near = get_close_matches(safe_label(reference), [*labels, *by_name], n=3, cutoff=0.5)
    found = {id(run): run for run in (by_name.get(name) or labels[name] for name in near)}
    return f" The nearest:{_list(list(found.values()))}" if found else " `dlrun ls` lists them all"


def _unindexed(folder: RunFolder) -> Entry:
    try:
        record = folder.record()
    except StoreError as error:
        record = Record(format=FORMAT, id=folder.id, name=folder.label, status=DAMAGED, reason=str(error))
    return Entry(folder, record, folder.changed_at())
