"""Following one run: what its `curves.csv` gained since the last look."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.watching.states import RunState
from dlrun.store import Record, RunFolder
from dlrun.store.curves_file import CurvesTail
from dlrun.store.run_folder import RUNNING
from dlrun.store.spec_file import read_spec


@dataclass
class RunWatch:
    """One run that some process trains."""

    folder: RunFolder
    sweep: str | None = None
    """The id of its sweep."""
    aside: Path | None = None
    """The folder in which it was seen to be trained again, perhaps under another name."""
    _tail: CurvesTail | None = None
    _spec: dict[str, Any] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _best: tuple[float, int] | None = None
    """Value and epoch."""
    _since: tuple[float, float] | None = None
    """Time and epoch from which the pace is measured."""
    _problem: str | None = None

    @property
    def written(self) -> Path:
        """Where it is written: aside, where a finished run is trained again."""
        return self.aside if self.aside is not None and self.aside.is_dir() else self.folder.path

    @property
    def running(self) -> bool:
        """Whether it is written and has not ended, given that some process holds its lock."""
        return self.written != self.folder.path or (self.folder.path.is_dir() and not self.folder.finished)

    def look(self, now: float) -> RunState:
        """How far it is at a time, in seconds since 1970."""
        path = self.written
        if self._tail is None or self._tail.path != path / "curves.csv":
            self._begin(path)
        self._read()
        planned = self._section("fit").get("epochs")
        epochs = planned if isinstance(planned, int) else None
        pace = self._pace()
        return RunState(
            id=self.folder.id,
            name=str(self._spec.get("name", self.folder.label)),
            path=self.folder.path,
            status=RUNNING,
            sweep=self.sweep,
            epoch=int(self._last.get("epoch", 0)),
            epochs=epochs,
            train_loss=finite(self._last.get("train_loss")),
            val_loss=finite(self._last.get("val_loss")),
            monitor=self.monitor,
            best=self._best[0] if self._best else None,
            best_epoch=self._best[1] if self._best else None,
            seconds_per_epoch=pace,
            seconds_left=self._left(epochs, pace, now),
            problem=self._problem,
        )

    @property
    def share(self) -> float:
        """Of its epochs, how much is done."""
        planned = self._section("fit").get("epochs")
        return min(1.0, self._last.get("epoch", 0) / planned) if isinstance(planned, int) and planned > 0 else 0.0

    @property
    def monitor(self) -> str:
        """The curve that decides: the one the spec names, else val_loss, or train_loss without validation rows."""
        named = self._section("fit").get("monitor")
        if isinstance(named, str) and named in self._last:
            return named
        return "val_loss" if "val_loss" in self._last or not self._last else "train_loss"

    def _begin(self, path: Path) -> None:
        self._tail = CurvesTail(path / "curves.csv")
        self._last, self._best, self._since, self._problem = {}, None, None, None
        try:
            self._spec = read_spec(path / "spec.yaml")
        except StoreError:
            self._spec = {}

    def _section(self, name: str) -> dict[str, Any]:
        section = self._spec.get(name)
        return section if isinstance(section, dict) else {}

    def _read(self) -> None:
        assert self._tail is not None
        try:
            again, rows = self._tail.news()
        except StoreError as error:
            self._problem = str(error)
            return
        if again:
            self._last, self._best, self._since, self._problem = {}, None, None, None
        for row in rows:
            self._last = row
            self._judge(row)

    def _judge(self, row: dict[str, float]) -> None:
        monitor = self.monitor
        value = row.get(monitor, math.nan)
        sign = -1 if greater_is_better(monitor) else 1
        if math.isfinite(value) and (self._best is None or sign * value < sign * self._best[0]):
            self._best = (value, int(row["epoch"]))

    def _pace(self) -> float | None:
        """Seconds per epoch by the clock: many runs may share one processor. Since the first look, or at that look
        since the run began."""
        epoch, written = self._last.get("epoch", 0.0), modified(self.folder_file("curves.csv"))
        if not epoch or written is None:
            return None
        if self._since is None:
            self._since = (written, epoch)
        began, first = self._since
        if epoch > first:
            return max(0.0, written - began) / (epoch - first)
        begun = modified(self.folder_file("spec.yaml"))
        return None if begun is None else max(0.0, written - begun) / epoch

    def _left(self, epochs: int | None, pace: float | None, now: float) -> float | None:
        if epochs is None or pace is None:
            return None
        since = now - (modified(self.folder_file("curves.csv")) or now)
        return max(0.0, pace * (epochs - self._last.get("epoch", 0)) - max(0.0, since))

    def folder_file(self, name: str) -> Path:
        """A file of the run where it is written now."""
        return self.written / name


def ended_state(folder: RunFolder, record: Record, sweep: str | None = None) -> RunState:
    """What a run came to that is trained no more."""
    metrics = record.get("metrics") or record.get("metrics_last", {})
    monitor = record.get("monitor")
    return RunState(
        id=folder.id,
        name=record["name"],
        path=folder.path,
        status=record["status"],
        sweep=sweep,
        epoch=record.get("epochs", 0),
        epochs=record.get("epochs"),
        train_loss=metrics.get("train_loss"),
        val_loss=metrics.get("val_loss"),
        monitor=monitor,
        best=metrics.get(monitor or ""),
        best_epoch=record.get("best_epoch"),
        problem=record.get("reason"),
    )


def finite(value: float | None) -> float | None:
    """The value where JSON can hold it."""
    return value if value is not None and math.isfinite(value) else None


def modified(path: Path) -> float | None:
    """When a file was last written, in seconds since 1970."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None
