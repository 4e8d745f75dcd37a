"""Writing one run, so that whatever happens the store holds the old record or the new one, never a half."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from dlrun.errors import StoreError, StoreNotWritable
from dlrun.store.curves_file import CurvesFile
from dlrun.store.evaluations import keep_evaluations
from dlrun.store.files import aside_of, remove_folder, sync_all, write_unsynced, writing
from dlrun.store.index import Index
from dlrun.store.lock import PATIENCE, locked
from dlrun.store.names import ID_LENGTH, folder_name
from dlrun.store.record import Record, to_json
from dlrun.store.run_folder import RunFolder

SCRATCH = ".tmp-"
REPLACED = ".old-"

Files = Mapping[str, Callable[[Path], None]]
"""File name -> what writes it to the path it is given."""


class RunWriter:
    """Holds the lock of one run while it is written. Made by `Store.writer`.

    A run that has no finished record yet is written in its own folder, where others can watch it. One that
    is finished is trained again aside; its old record stays until the end swaps the folders.

    Its end has two steps, with a sync between them that many runs may share (`finish_many`): `write_out` writes
    all there is, `publish` gives `result.json` its name.

    Args:
        patience: seconds to wait for the lock.
    """

    def __init__(self, runs: Path, index: Index, run_id: str, name: str, patience: float = PATIENCE):
        self.runs = runs
        self.index = index
        self._id = run_id
        self._patience = patience
        self._target = RunFolder(runs / folder_name(name, run_id))
        self._folder: RunFolder | None = None
        self._earlier: list[RunFolder] = []
        self._curves: CurvesFile | None = None
        self._held = ExitStack()

    def __enter__(self) -> Self:
        if not self.runs.is_dir():
            with writing(self.runs):
                self.runs.mkdir(parents=True, exist_ok=True)
        self._held.enter_context(locked(self.runs, self._id, self._patience))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the lock go. A first attempt that did not finish stays, as `interrupted`."""
        with self._held:
            if self._folder is not None and self._aside:
                remove_folder(self._folder.path)

    @property
    def folder(self) -> RunFolder:
        """Where it is being written.

        Raises:
            StoreError: `begin` was not called.
        """
        if self._folder is None:
            raise StoreError(f"{self._target.path}: nothing was begun")
        return self._folder

    def begin(self, spec_text: str, columns: Sequence[str], earlier: Sequence[RunFolder] | None = None) -> None:
        """Starts the run's files afresh; what an earlier unfinished attempt left is removed.

        Args:
            spec_text: the content of `spec.yaml`.
            columns: of `curves.csv`.
            earlier: the folders that carry this id, where the caller has looked since it holds the lock.
        Raises:
            StoreNotWritable: no space left, or no permission.
        """
        self._earlier = self._folders() if earlier is None else list(earlier)
        finished = any(folder.finished for folder in self._earlier)
        path = self._scratch if finished else self._target.path
        for leftover in (self._scratch, *(folder.path for folder in self._earlier if not folder.finished)):
            remove_folder(leftover)
        with writing(path):
            path.mkdir(parents=True)
        self._folder = RunFolder(path)
        write_unsynced(self._folder.spec_path, lambda aside: _write_text(aside, spec_text))
        self._curves = CurvesFile(self._folder.curves_path, columns)

    def append(self, row: Mapping[str, float]) -> None:
        """Adds one epoch to `curves.csv`.

        Raises:
            StoreError: the row has other columns than `begin` was given.
            StoreNotWritable: no space left.
        """
        self._open_curves.append(row)

    def note(self, row: Mapping[str, float]) -> None:
        """Takes one epoch, which the next `flush` adds to `curves.csv`. Raises StoreError as `append` does."""
        self._open_curves.note(row)

    def flush(self) -> None:
        """Adds the noted epochs to `curves.csv`. Raises StoreNotWritable."""
        self._open_curves.flush()

    def finish(self, record: Record, files: Files | None = None) -> RunFolder:
        """Writes the other files, then `result.json` as the last one, and gives back the finished folder.

        Args:
            record: numbers in it that are not finite become null.
            files: what else is kept of the run.
        Raises:
            StoreNotWritable: no space left, or no permission.
        """
        (folder,) = finish_many([Ending(self, record, files or {})])
        with writing(folder.path):
            sync_all([folder.path, self.runs])
        return folder

    def write_out(self, record: Record, files: Files) -> list[Path]:
        """Writes all files, `result.json` under another name; gives the paths that must be on the disk before
        `publish`. Raises StoreNotWritable."""
        folder = self.folder
        self.flush()
        for name, write in files.items():
            write_unsynced(folder.path / name, write)
        text = to_json(record)
        with writing(folder.result_path):
            _write_text(self._unpublished, text)
        return [folder.spec_path, folder.curves_path, *(folder.path / name for name in files), self._unpublished]

    def publish(self) -> RunFolder:
        """Makes the run a finished one, once what `write_out` wrote is on the disk. Raises StoreNotWritable."""
        folder = self.folder
        with writing(folder.result_path):
            os.replace(self._unpublished, folder.result_path)
        if self._aside:
            keep_evaluations(self._earlier, folder)
            self._swap(folder)
        self._folder = None
        self._curves = None
        return self._target

    def abandon(self) -> None:
        """Removes what `begin` made, as if the run had never been started."""
        if self._folder is not None:
            remove_folder(self._folder.path)
            self._folder = None
            self._curves = None

    @property
    def _open_curves(self) -> CurvesFile:
        if self._curves is None:
            raise StoreError(f"{self._target.path}: nothing was begun")
        return self._curves

    @property
    def _unpublished(self) -> Path:
        return aside_of(self.folder.result_path)

    @property
    def _scratch(self) -> Path:
        return self.runs / f"{SCRATCH}{self._target.path.name}"

    @property
    def _aside(self) -> bool:
        return self._folder is not None and self._folder.path == self._scratch

    def _folders(self) -> list[RunFolder]:
        """Folders that carry this id: a run may have been trained under another name."""
        return [RunFolder(path) for path in self.runs.glob(f"*-{self._id}") if not path.name.startswith(".")]

    def _swap(self, folder: RunFolder) -> None:
        """Puts the new folder in the old one's place. `heal` repairs what a crash between the steps leaves."""
        old = [earlier for earlier in self._earlier if earlier.path.exists()]
        with writing(self._target.path):
            for replaced in old:
                os.replace(replaced.path, self.runs / f"{REPLACED}{replaced.path.name}")
            os.replace(folder.path, self._target.path)
        for replaced in old:
            with suppress(OSError):
                remove_folder(self.runs / f"{REPLACED}{replaced.path.name}")


@dataclass(frozen=True)
class Ending:
    """A run that has ended."""

    writer: RunWriter
    record: Record
    """Numbers in it that are not finite become null."""
    files: Files = field(default_factory=dict)
    """What else is kept of it."""


def finish_many(endings: Sequence[Ending]) -> list[RunFolder]:
    """Finishes runs of one store together; gives back their folders, in the same order.

    All files are written, one sync serves them all, then each run gets its `result.json`. So the guarantee is the same
    for one run and for a thousand: where there is a `result.json`, all that belongs to it was on the disk before,
    whatever ended the process or the machine. The names themselves are on the disk with the next sync: a power cut
    before it may leave these runs unfinished.

    Raises:
        StoreNotWritable: no space left, or no permission. Those that could be written whole are finished all the same.
    """
    if not endings:
        return []
    runs, index = endings[0].writer.runs, endings[0].writer.index
    problems: list[StoreNotWritable] = []
    paths: list[Path] = []
    written: list[RunWriter] = []
    for ending in endings:
        with _collecting(problems):
            paths += ending.writer.write_out(ending.record, ending.files)
            written.append(ending.writer)
    with writing(runs):
        sync_all(paths)
    folders: list[RunFolder] = []
    for writer in written:
        with _collecting(problems):
            folders.append(writer.publish())
    index.put_many(folders)
    if problems:
        raise problems[0]
    return folders


@contextmanager
def _collecting(problems: list[StoreNotWritable]) -> Iterator[None]:
    """Notes the error of one run, so that the others are still kept."""
    try:
        yield
    except StoreNotWritable as error:
        problems.append(error)


def scratch_folders(runs: Path) -> dict[str, Path]:
    """Where finished runs are trained again, by id. Of several folders with one id, as a crash may leave one that has
    another name, the one written last."""
    with suppress(OSError):
        names = [name for name in os.listdir(runs) if name.startswith(SCRATCH)]
        found = [(_changed_at(runs / name), runs / name) for name in names]
        return {path.name[-ID_LENGTH:]: path for _, path in sorted(found)}
    return {}


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def heal(runs: Path, hidden: Sequence[str]) -> bool:
    """Repairs what a crash in the middle of a swap left, given the hidden names in `runs`; whether it put a run back.

    Best effort: nothing happens where the store cannot be written or the run is being written.
    """
    put_back = False
    for name in hidden:
        if not name.startswith(REPLACED):
            continue
        run = RunFolder(runs / name.removeprefix(REPLACED))
        with suppress(OSError, StoreError), locked(runs, run.id):
            if any(runs.glob(f"[!.]*-{run.id}")):
                remove_folder(runs / name)
            else:
                os.replace(runs / name, run.path)
                put_back = True
    return put_back


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
