"""What is being trained in a store: found by the locks that training holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dlrun.errors import StoreError
from dlrun.insight.watching.runs import RunWatch, ended_state
from dlrun.insight.watching.states import RunState, Seen, SweepState
from dlrun.insight.watching.sweeps import SweepWatch
from dlrun.store import RunFolder, Store, SweepFolder
from dlrun.store.sweep_folder import sweeps_at_work
from dlrun.store.writer import scratch_folders


@dataclass
class Watcher:
    """Looks at a store again and again.

    A run is in training while its lock is held and it has no record, a sweep while its own lock is held or, where
    several processes share it, the lock of one of its runs.

    Args:
        references: the runs and sweeps to follow; whatever is being trained when empty.
    """

    store: Store
    references: Sequence[str] = ()
    clock: Callable[[], float] = time.time
    _runs: dict[str, RunWatch] = field(default_factory=dict)
    """That were seen in training, by id."""
    _sweeps: dict[str, SweepWatch] = field(default_factory=dict)
    """By id."""
    _followed: set[str] = field(default_factory=set)
    """Ids of the sweeps and runs that are shown, in training or not."""
    _asked: dict[str, RunFolder] = field(default_factory=dict)
    """Runs that were named, by id."""

    def __post_init__(self) -> None:
        """Raises NoSuchRun where a reference names nothing."""
        for reference in self.references:
            found = self.store.sweep_or_runs(reference)
            if isinstance(found, SweepFolder):
                self._sweeps[found.id] = SweepWatch(self.store, found)
                self._followed.add(found.id)
            else:
                self._asked |= {folder.id: folder for folder in found}

    def look(self) -> Seen:
        """How far all of it is now. Raises StoreError where the store cannot be read."""
        busy, now = self.store.busy(), self.clock()
        under_way = self._under_way(busy)
        self._note(busy, under_way)
        training = {run: watch for run, watch in self._runs.items() if run in busy and watch.running}
        states = sorted((watch.look(now) for watch in training.values()), key=_furthest_first)
        sweeps = [self._sweep(sweep, under_way, training, now) for sweep in self._shown(under_way)]
        alive = bool(self._alive(busy, under_way))
        return Seen(tuple(sweeps), (*states, *self._ended(training)), alive)

    def _alive(self, busy: set[str], under_way: dict[str, set[str]]) -> set[str]:
        """The ids of what is shown that some process works on."""
        if not self.references:
            return busy | under_way.keys()
        return (self._asked.keys() & busy) | (self._followed & under_way.keys())

    def _under_way(self, busy: set[str]) -> dict[str, set[str]]:
        """The sweeps some process works on, by id, with the ids of their runs that are busy."""
        locked = sweeps_at_work(self.store.root)
        if not busy and not locked:
            return {}
        folders = sorted(self.store.sweeps(), key=_newest_first)
        members = {folder.id: self._members(folder) & busy for folder in folders}
        found = {sweep: members[sweep] for sweep in members if sweep in locked}
        left = busy.difference(*found.values())
        for sweep, own in members.items():  # one whose process shares it with the one that holds its lock, or did
            if sweep not in found and own & left:
                found[sweep] = own
                left -= own
        return found

    def _members(self, folder: SweepFolder) -> set[str]:
        watch = self._sweeps.setdefault(folder.id, SweepWatch(self.store, folder))
        try:
            return set(watch.ids())
        except StoreError:
            return set()

    def _note(self, busy: set[str], under_way: dict[str, set[str]]) -> None:
        """Takes note of the runs that are in training and shown, and of where they are written."""
        asides = scratch_folders(self.store.runs) if busy else {}  # looked up once for all: the store may be large
        for run, known in self._runs.items():
            known.aside = asides.get(run)
        sweep_of = {run: sweep for sweep, runs in under_way.items() for run in runs}
        if not self.references:
            self._followed |= under_way.keys()
        wanted = {run for run in busy if self._is_wanted(run, sweep_of.get(run))}
        for run, folders in self.store.folders_of(wanted - self._runs.keys()).items():
            watch = RunWatch(min(folders, key=lambda folder: folder.finished), sweep_of.get(run), asides.get(run))
            if watch.running:
                self._runs[run] = watch

    def _is_wanted(self, run: str, sweep: str | None) -> bool:
        return not self.references or run in self._asked or sweep in self._followed

    def _shown(self, under_way: dict[str, set[str]]) -> list[SweepWatch]:
        """The sweeps that are followed, those under way first."""
        return [self._sweeps[sweep] for sweep in sorted(self._followed, key=lambda one: (one not in under_way, one))]

    def _sweep(
        self, watch: SweepWatch, under_way: dict[str, set[str]], training: dict[str, RunWatch], now: float
    ) -> SweepState:
        own = under_way.get(watch.folder.id, set())
        return watch.look(watch.folder.id in under_way, [training[run] for run in own if run in training], now)

    def _ended(self, training: dict[str, RunWatch]) -> list[RunState]:
        """What became of the runs that were named or seen in training, but for those of sweeps, which are counted."""
        folders = {run: watch.folder for run, watch in self._runs.items() if watch.sweep is None} | self._asked
        ended = [folder for run, folder in folders.items() if run not in training and folder.path.is_dir()]
        entries = self.store.entries_of(ended)
        states = [ended_state(entry.folder, entry.record) for entry in entries]
        return [state for state in states if not state.running]  # else it began, or ended, just now


def _furthest_first(state: RunState) -> tuple[bool, int, str, str]:
    """Runs that belong to no sweep, then those that have come furthest."""
    return (state.sweep is not None, -state.epoch, state.name, state.id)


def _newest_first(folder: SweepFolder) -> float:
    try:
        return -folder.runs_path.stat().st_mtime
    except OSError:
        return 0.0
