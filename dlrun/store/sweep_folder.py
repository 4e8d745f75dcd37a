"""`results/sweeps/<name>-<id>/`: what a sweep was asked for and which runs it has, so that it can be named later."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dlrun.errors import StoreBusy, StoreError
from dlrun.store.files import write_whole, writing
from dlrun.store.lock import held_locks, locked
from dlrun.store.names import folder_name, split_folder_name
from dlrun.store.record import FORMAT

_WAY_OUT = "The sweep's command writes it again"


@dataclass(frozen=True)
class SweepFolder:
    """A sweep on disk. The runs themselves lie in `results/runs`, whoever trained them."""

    path: Path

    @property
    def id(self) -> str:
        """12 hex characters. Raises StoreError where the folder's name has none."""
        parts = split_folder_name(self.path.name)
        if parts is None:
            raise StoreError(f"{self.path}: is no sweep folder: its name must end in - and 12 hex characters")
        return parts[1]

    @property
    def label(self) -> str:
        """The safe form of the sweep's name."""
        return self.path.name[: -len(self.id) - 1]

    @property
    def spec_path(self) -> Path:
        """The base experiment with its `sweep:`."""
        return self.path / "sweep.yaml"

    @property
    def runs_path(self) -> Path:
        return self.path / "runs.json"

    def runs(self) -> list[str]:
        """The ids of its runs, in the order in which they were planned; those that the search has planned so far.

        Raises:
            StoreError: `runs.json` is absent or damaged.
        """
        try:
            document = json.loads(self.runs_path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise StoreError(f"{self.runs_path}: cannot be read as a sweep's list of runs. {_WAY_OUT}") from error
        problem = _problem(document)
        if problem:
            raise StoreError(f"{self.runs_path}: is no sweep's list of runs: {problem}. {_WAY_OUT}")
        return list(document["runs"])


def write_sweep(root: Path, name: str, sweep_id: str, spec_text: str, runs: Sequence[str]) -> SweepFolder:
    """Writes a sweep's folder, or replaces what it says.

    Args:
        root: of the store.
        sweep_id: 12 hex characters.
        spec_text: the content of `sweep.yaml`.
        runs: the ids of its runs.
    Raises:
        StoreNotWritable: no space left, or no permission.
    """
    folder = SweepFolder(root / "sweeps" / folder_name(name, sweep_id))
    with writing(folder.path):
        folder.path.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, "id": sweep_id, "runs": list(runs)}, indent=1) + "\n"
    for path, content in ((folder.spec_path, spec_text), (folder.runs_path, text)):
        if not _holds(path, content):
            write_whole(path, partial(_write_text, text=content))
    return folder


@contextmanager
def at_work(root: Path, sweep_id: str) -> Iterator[None]:
    """Shows other processes that a sweep is under way, also between its runs: a lock beside its folder is held. Of
    several processes that train one sweep the first holds it."""
    with ExitStack() as held:
        with suppress(StoreBusy):
            held.enter_context(locked(root / "sweeps", sweep_id))  # waits: whoever looks at it holds it for an instant
        yield


def sweep_folders(root: Path) -> list[SweepFolder]:
    """The sweeps of the store at `root`, in the order of their folders' names."""
    try:
        names = sorted(os.listdir(root / "sweeps"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"{root / 'sweeps'}: cannot be read ({error.strerror})") from error
    return [SweepFolder(root / "sweeps" / name) for name in names if split_folder_name(name)]


def sweeps_at_work(root: Path) -> set[str]:
    """The ids of the sweeps that some process trains now."""
    return held_locks(root / "sweeps")


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _problem(document: object) -> str | None:
    if not isinstance(document, dict) or not isinstance(document.get("runs"), list):
        return "must hold a JSON object with a list `runs`"
    if not isinstance(document.get("format"), int) or document["format"] > FORMAT:
        return f"`format` must be at most {FORMAT}. Received: {document.get('format')!r}"
    wrong = [run for run in document["runs"] if not isinstance(run, str)]
    return f"`runs` must hold ids. Received: {wrong[0]!r}" if wrong else None
