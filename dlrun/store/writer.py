"""Writing one run, so that whatever happens the store holds the old record or the new one, never a half."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from dlrun.errors import StoreError
from dlrun.store.curves_file import CurvesFile
from dlrun.store.evaluations import keep_evaluations
from dlrun.store.files import remove_folder, sync, sync_folder, write_whole, writing
from dlrun.store.index import Index
from dlrun.store.lock import locked
from dlrun.store.names import folder_name
from dlrun.store.record import Record, to_json
from dlrun.store.run_folder import RunFolder

SCRATCH = ".tmp-"
REPLACED = ".old-"


class RunWriter:
    """Holds the lock of one run while it is written. Made by `Store.writer`.

    A run that has no finished record yet is written in its own folder, where others can watch it. One that
    is finished is trained again aside; its old record stays until `finish` swaps the folders.
    """

    def __init__(self, runs: Path, index: Index, run_id: str, name: str):
        self._runs = runs
        self._index = index
        self._id = run_id
        self._target = RunFolder(runs / folder_name(name, run_id))
        self._folder: RunFolder | None = None
        self._curves: CurvesFile | None = None
        self._held = ExitStack()

    def __enter__(self) -> Self:
        with writing(self._runs):
            self._runs.mkdir(parents=True, exist_ok=True)
        self._held.enter_context(locked(self._runs, self._id))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the lock go. A first attempt that did not finish stays, as `interrupted`."""
        with self._held:
            self._close_curves()
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

    def begin(self, spec_text: str, columns: Sequence[str]) -> None:
        """Starts the run's files afresh; what an earlier unfinished attempt left is removed.

        Args:
            spec_text: the content of `spec.yaml`.
            columns: of `curves.csv`.
        Raises:
            StoreNotWritable: no space left, or no permission.
        """
        earlier = self._folders()
        finished = any(folder.finished for folder in earlier)
        path = self._scratch if finished else self._target.path
        for leftover in (self._scratch, *(folder.path for folder in earlier if not folder.finished)):
            remove_folder(leftover)
        with writing(path):
            path.mkdir(parents=True)
        self._folder = RunFolder(path)
        write_whole(self._folder.spec_path, lambda aside: _write_text(aside, spec_text))
        self._curves = CurvesFile(self._folder.curves_path, columns)

    def append(self, row: Mapping[str, float]) -> None:
        """Adds one epoch to `curves.csv`.

        Raises:
            StoreError: the row has other columns than `begin` was given.
            StoreNotWritable: no space left.
        """
        if self._curves is None:
            raise StoreError(f"{self._target.path}: nothing was begun")
        self._curves.append(row)

    def finish(self, record: Record, files: Mapping[str, Callable[[Path], None]] | None = None) -> RunFolder:
        """Writes the other files, then `result.json` as the last one, and gives back the finished folder.

        Args:
            record: numbers in it that are not finite become null.
            files: file name -> what writes it to the path it is given.
        Raises:
            StoreNotWritable: no space left, or no permission.
        """
        folder = self.folder
        self._close_curves()
        with writing(folder.path):
            sync(folder.curves_path)
        for name, write in (files or {}).items():
            write_whole(folder.path / name, write)
        text = to_json(record)
        write_whole(folder.result_path, lambda aside: _write_text(aside, text))
        sync_folder(folder.path)
        if self._aside:
            keep_evaluations(self._folders(), folder)
            self._swap(folder)
        self._folder = None
        sync_folder(self._runs)
        self._index.put(self._target)
        return self._target

    def abandon(self) -> None:
        """Removes what `begin` made, as if the run had never been started."""
        self._close_curves()
        if self._folder is not None:
            remove_folder(self._folder.path)
            self._folder = None

    @property
    def _scratch(self) -> Path:
        return self._runs / f"{SCRATCH}{self._target.path.name}"

    @property
    def _aside(self) -> bool:
        return self._folder is not None and self._folder.path == self._scratch

    def _folders(self) -> list[RunFolder]:
        """Folders that carry this id: a run may have been trained under another name."""
        return [RunFolder(path) for path in self._runs.glob(f"*-{self._id}") if not path.name.startswith(".")]

    def _swap(self, folder: RunFolder) -> None:
        """Puts the new folder in the old one's place. `heal` repairs what a crash between the steps leaves."""
        old = self._folders()
        with writing(self._target.path):
            for replaced in old:
                os.replace(replaced.path, self._runs / f"{REPLACED}{replaced.path.name}")
            os.replace(folder.path, self._target.path)
        for replaced in old:
            with suppress(OSError):
                remove_folder(self._runs / f"{REPLACED}{replaced.path.name}")

    def _close_curves(self) -> None:
        if self._curves is not None:
            self._curves.close()
            self._curves = None


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
