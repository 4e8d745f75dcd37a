"""The sides of a sweep's comparison, each a whole process: dlrun cold and warm, scikit-learn, PyTorch, a Keras loop."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.processes import DLRUN, HERE, PYTHON
from bench.stored import checked, mean_accuracy, phase_seconds
from bench.watched import Finished, watched
from bench.workloads import DATA, Workload


@dataclass(frozen=True)
class Measured:
    """One side, once."""

    seconds: float
    """Of the whole process; scaled where `note` says so."""
    peak: int
    """Bytes resident at once."""
    val_accuracy: float
    """Mean over the runs, after the last epoch: whether the sides did the same work."""
    note: str = ""
    phases: Mapping[str, float] = field(default_factory=dict)
    """Of dlrun: where time went, summed over the runs."""


@dataclass(frozen=True)
class Side:
    """How to measure one side."""

    measure: Callable[[], Measured | None]
    """None where it cannot be measured here."""
    once: bool = False
    """Whether it takes minutes, so that one round must do."""


def in_rounds(sides: Mapping[str, Side], rounds: int) -> dict[str, list[Measured]]:
    """Measures the sides in turns, so that a slow minute of the machine hits all alike."""
    found: dict[str, list[Measured]] = {}
    for number in range(rounds):
        for name, side in sides.items():
            if number and (side.once or name not in found):
                continue
            one = side.measure()
            if one is not None:
                found.setdefault(name, []).append(one)
                print(f"  round {number + 1}: {name} {one.seconds:.1f} s", file=sys.stderr, flush=True)
    return found


@dataclass
class Ours:
    """`dlrun sweep` with a results folder of its own each time."""

    config: Path
    sweep: Workload
    folder: Path
    """Where results and caches go."""
    times: int = 0

    def cold(self) -> Measured:
        """With an empty compilation cache."""
        self.times += 1
        return self._measured(f"results-{self.times}-cold")

    def warm(self) -> Measured:
        """With the compilation cache that the last cold one left."""
        return self._measured(f"results-{self.times}-warm")

    def _measured(self, results: str) -> Measured:
        store, cache = self.folder / results, self.folder / f"cache-{self.times}"
        cache.mkdir(parents=True, exist_ok=True)
        command = [DLRUN, "sweep", str(self.config), "--results", str(store), "-q", "--json"]
        done = watched(command, {"DLRUN_CACHE": str(cache), "DLRUN_DATA": str(DATA)})
        records = checked(store, self.sweep)
        phases = phase_seconds(records) | json.loads(done.output)["seconds"]
        return Measured(done.seconds, done.peak, mean_accuracy(records), phases=phases)


@dataclass(frozen=True)
class PlainLoop:
    """A Keras loop of which some runs were measured."""

    runs: int
    start: float
    """Seconds of Python, imports and data."""
    first: float
    """Seconds of the first run, which pays for what Keras does once."""
    each: float
    """Mean seconds of the others."""
    peak: int
    val_accuracy: float

    def whole(self, runs: int) -> float:
        """Seconds of a process with so many runs. Memory that grows with them would make it longer."""
        return self.start + self.first + self.each * (runs - 1)


def plain_loop(name: str, backend: str, every: int = 1) -> PlainLoop:
    """Every n-th run of a workload. Raises ValueError where that leaves fewer than two."""
    done = _script("plain_sweep.py", name, every, {"KERAS_BACKEND": backend, "DLRUN_DATA": str(DATA)})
    found = json.loads(done.output)
    if found["runs"] < 2:
        raise ValueError(f"a loop must have at least 2 runs to be scaled. Received: {found['runs']}")
    first, others = found["seconds"]["first"], found["seconds"]["others"]
    start = done.seconds - first - others
    return PlainLoop(found["runs"], start, first, others / (found["runs"] - 1), done.peak, found["val_accuracy"])


def plain(sweep: Workload, backend: str, every: int = 1) -> Measured:
    loop, runs = plain_loop(sweep.name, backend, every), len(sweep.runs())
    parts = f"start {loop.start:.1f} s, first run {loop.first:.1f} s, each other {loop.each:.2f} s"
    scaled = (
        "" if loop.runs == runs else f"; {loop.runs} of {runs} runs measured in {loop.whole(loop.runs):.1f} s, scaled"
    )
    return Measured(loop.whole(runs), loop.peak, loop.val_accuracy, parts + scaled)


def rival(script: str, sweep: Workload) -> Measured | None:
    """scikit-learn's or PyTorch's side, all runs; None, said on the screen, where its library is absent."""
    done = _script(script, sweep.name, 1, {"DLRUN_DATA": str(DATA)})
    found: dict[str, Any] = json.loads(done.output)
    if "absent" in found:
        print(f"  skipped: {script}: {found['absent']}")
        return None
    return Measured(done.seconds, done.peak, found["val_accuracy"])


def _script(script: str, name: str, every: int, env: Mapping[str, str]) -> Finished:
    command = [PYTHON, str(HERE / script), name, str(every)]
    return watched(command, {"PYTHONPATH": str(HERE.parent), **env})
