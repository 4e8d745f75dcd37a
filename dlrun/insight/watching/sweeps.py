"""Following one sweep: which of its runs have ended, and which configuration leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import Any

from dlrun.errors import StoreError
from dlrun.insight import numbers
from dlrun.insight.grouping import SPLIT_SEED, by_configuration
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.watching.runs import RunWatch
from dlrun.insight.watching.states import BestSoFar, SweepState
from dlrun.store import Entry, Store, SweepFolder
from dlrun.store.index_rows import stamp
from dlrun.store.spec_file import read_spec

_LOST = ("failed", "diverged", "damaged")
"""Runs that count in no mean."""


@dataclass
class SweepWatch:
    """One sweep."""

    store: Store
    folder: SweepFolder
    _entries: dict[str, tuple[str, Entry]] = field(default_factory=dict)
    """Of the runs that have ended, by the folder's name, with their stamps."""
    _listed: tuple[float, tuple[str, ...]] = (-1.0, ())
    """When its list was written, and the list."""
    _paces: list[tuple[float, float]] = field(default_factory=list)
    """Time and work done, at the first look and at the latest."""
    _settings: tuple[object, tuple[tuple[str, str], ...]] = (None, ())
    """What tells the leader apart, and for which leader among how many."""

    def ids(self) -> tuple[str, ...]:
        """The ids of its runs; read again when the list was written again. Raises StoreError."""
        written = _written(self.folder.runs_path)
        if written != self._listed[0]:
            self._listed = (written, tuple(self.folder.runs()))
        return self._listed[1]

    def look(self, running: bool, in_training: Sequence[RunWatch], now: float) -> SweepState:
        """How far it is.

        Args:
            running: whether some process works on it.
            in_training: those of its runs that are trained now.
        """
        name = str(self._spec.get("name", self.folder.label))
        state = SweepState(self.folder.id, name, self.folder.path, running, 0)
        try:
            ids = self.ids()
        except StoreError as error:
            return SweepState(state.id, state.name, state.path, running, 0, problem=str(error))
        ended = self._ended(ids, {watch.folder.id for watch in in_training})
        statuses = [entry.record["status"] for entry in ended]
        work = len(ended) + sum(watch.share for watch in in_training)
        return SweepState(
            id=state.id,
            name=state.name,
            path=state.path,
            running=running,
            runs=len(ids),
            open_end=self._has_rounds,
            done=len(ended),
            in_training=len(in_training),
            failed=statuses.count("failed") + statuses.count("damaged"),
            diverged=statuses.count("diverged"),
            best=self._leader(ended),
            share=min(1.0, work / len(ids)) if ids else 0.0,
            seconds_left=self._left(work, len(ids), now) if running else None,
        )

    def _ended(self, ids: Iterable[str], in_training: set[str]) -> list[Entry]:
        """Its runs that have a record; each record is read once."""
        folders = [one for found in self.store.folders_of(tuple(ids)).values() for one in found]
        marks = {folder: stamp(folder.path) for folder in folders if folder.id not in in_training}
        there = {folder: mark for folder, mark in marks.items() if mark is not None}
        new = [folder for folder, mark in there.items() if self._entries.get(folder.path.name, ("",))[0] != mark]
        for entry in self.store.entries_of(new):
            self._entries[entry.folder.path.name] = (there[entry.folder], entry)
        return [self._entries[folder.path.name][1] for folder in there]

    @cached_property
    def _spec(self) -> dict[str, Any]:
        """Its base experiment; empty where that cannot be read."""
        try:
            return read_spec(self.folder.spec_path)
        except StoreError:
            return {}

    @property
    def _has_rounds(self) -> bool:
        """Whether a search plans its runs round by round."""
        sweep = self._spec.get("sweep")
        search = sweep.get("search") if isinstance(sweep, Mapping) else None
        return isinstance(search, Mapping) and search.get("name") != "random"

    def _leader(self, ended: Sequence[Entry]) -> BestSoFar | None:
        """The configuration with the best mean; one of which a run was lost has none. Split seeds repeat a measurement,
        as they do where runs are compared."""
        monitors = [monitor for entry in ended if (monitor := entry.record.get("monitor"))]
        if not monitors:
            return None
        groups = {group[0].folder.path.name: group for group in by_configuration(ended)}
        monitor = max(set(monitors), key=monitors.count)
        means = {key: mean for key, group in groups.items() if (mean := _mean(group, monitor)) is not None}
        if not means:
            return None
        best = (max if greater_is_better(monitor) else min)(means, key=lambda key: means[key])
        return BestSoFar(monitor, means[best], len(groups[best]), self._told_apart(best, groups))

    def _told_apart(self, best: str, groups: Mapping[str, Sequence[Entry]]) -> tuple[tuple[str, str], ...]:
        """The settings of the leader that differ between the configurations."""
        known = (best, len(groups))
        if self._settings[0] != known:
            from dlrun.insight.comparison import differing_settings

            order = [best, *(key for key in groups if key != best)]
            rows, columns = differing_settings([groups[key][0] for key in order], {})
            told = [column for column in columns if column.key != SPLIT_SEED]  # it repeats, so it tells nothing apart
            shown = tuple((column.title, numbers.setting(rows[0].get(column.key))) for column in told)
            self._settings = (known, shown)
        return self._settings[1]

    def _left(self, work: float, runs: int, now: float) -> float | None:
        """Seconds until all is done, at the pace since the first look."""
        if not self._paces:
            self._paces = [(now, work)]
        began, first = self._paces[0]
        if work <= first or now <= began:
            return None
        return (runs - work) * (now - began) / (work - first)


def _mean(group: Sequence[Entry], monitor: str) -> float | None:
    if any(entry.record["status"] in _LOST for entry in group):
        return None
    values = [value for entry in group if (value := entry.record.get("metrics", {}).get(monitor)) is not None]
    return fmean(values) if len(values) == len(group) else None


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0.0
