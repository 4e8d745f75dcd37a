"""One class knows all paths of a run's folder."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from typing import Any, ClassVar

from dlrun.errors import StoreError
from dlrun.store.curves_file import last_row, read_curves
from dlrun.store.lock import is_locked
from dlrun.store.names import split_folder_name
from dlrun.store.record import FORMAT, Record, finite, read_record
from dlrun.store.spec_file import read_spec

RUNNING = "running"
INTERRUPTED = "interrupted"
DAMAGED = "damaged"
"""The status shown for a run whose `result.json` cannot be read."""


def is_run(runs: Path, name: str) -> bool:
    """Whether `name` is that of a run folder in `runs`. Links are none."""
    if split_folder_name(name) is None:
        return False
    try:
        return S_ISDIR(os.lstat(f"{runs}/{name}").st_mode)
    except (OSError, ValueError):
        return False


@dataclass(frozen=True)
class RunFolder:
    """A run on disk, finished or not."""

    path: Path
    HEALTH: ClassVar[str] = "health.json"

    @cached_property
    def _label_and_id(self) -> tuple[str, str]:
        parts = split_folder_name(self.path.name)
        if parts is None:
            raise StoreError(f"{self.path}: is no run folder: its name must end in - and 12 hex characters")
        return parts

    @property
    def label(self) -> str:
        """The safe form of the run's name, as it stands in the folder's name."""
        return self._label_and_id[0]

    @property
    def id(self) -> str:
        """12 hex characters."""
        return self._label_and_id[1]

    @property
    def spec_path(self) -> Path:
        return self.path / "spec.yaml"

    @property
    def curves_path(self) -> Path:
        return self.path / "curves.csv"

    @property
    def result_path(self) -> Path:
        return self.path / "result.json"

    @property
    def model_path(self) -> Path:
        return self.path / "model.keras"

    @property
    def preprocessing_path(self) -> Path:
        return self.path / "preprocessing.json"

    @property
    def predictions_path(self) -> Path:
        return self.path / "predictions.npz"

    @property
    def health_path(self) -> Path:
        return self.path / self.HEALTH

    @property
    def finished(self) -> bool:
        """Whether there is a `result.json`."""
        return os.path.isfile(self.result_path)

    @property
    def busy(self) -> bool:
        """Whether a process writes this run now."""
        return is_locked(self.path.parent, self.id)

    @property
    def status(self) -> str:
        """The record's status; without one `running` or `interrupted`; `damaged` where it cannot be read."""
        try:
            return self.record()["status"]
        except StoreError:
            return DAMAGED

    def record(self) -> Record:
        """The final record; for a run without one what is known so far: name, seed, epochs, and in
        `metrics_last` what was measured at the last of them.

        Raises:
            StoreError: `result.json` is damaged.
        """
        return read_record(self.result_path) if self.finished else self._so_far()

    def curves(self) -> dict[str, list[float]]:
        """Column -> one value per epoch, as far as it was trained.

        Raises:
            StoreError: `curves.csv` is damaged before its last line, or absent though the run is finished.
        """
        curves = read_curves(self.curves_path)
        if not curves and self.finished:
            what = "is empty" if self.curves_path.exists() else "is missing"
            raise StoreError(f"{self.curves_path}: {what}, though the run is finished. Train it again with --force")
        return curves

    def spec(self) -> dict[str, Any]:
        """The experiment, nested, every default filled in.

        Raises:
            StoreError: `spec.yaml` is absent or damaged.
        """
        return read_spec(self.spec_path)

    def files(self) -> list[tuple[str, int]]:
        """Name and size in bytes of every file in the folder, by name."""
        with suppress(OSError), os.scandir(self.path) as entries:
            found = [(entry.name, entry.stat(follow_symlinks=False).st_size) for entry in entries]
            return sorted(found)
        return []

    def changed_at(self) -> float:
        """When something was last written here, in seconds since 1970; 0 when the folder is gone."""
        times = [_modified(path) for path in (self.path, self.curves_path, self.result_path)]
        return max(times)

    def _so_far(self) -> Record:
        try:
            spec = self.spec()
        except StoreError:
            spec = {}
        seed, last = spec.get("seed"), last_row(self.curves_path)
        return Record(
            format=FORMAT,
            id=self.id,
            name=str(spec.get("name", self.label)),
            kind=next((kind for kind in ("baseline", "ensemble") if kind in spec), "mlp"),
            status=RUNNING if self.busy else INTERRUPTED,
            seed=seed if isinstance(seed, int) else None,
            fold=None,
            epochs=int(last.get("epoch", 0)),
            metrics_last=finite({key: value for key, value in last.items() if key.startswith(("train_", "val_"))}),
        )


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
