"""Resident memory of one process while a sweep trains 2,000 models in it: none must be gained.

Small nets on digits, two epochs. The first quarter of the models is left out, as programs are compiled then.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.processes import DLRUN, scratch
from bench.stored import checked
from bench.watched import watched
from bench.workloads import Workload

MODELS = 2_000
RATES = 10
MOST_GAINED = 0.02
"""Share by which the last quarter may lie above the second."""


def main(models: int = MODELS) -> None:
    sweep = small_nets(models)
    with scratch() as folder:
        config = Path(folder, "memory.yaml")
        config.write_text(json.dumps(sweep.config()), encoding="utf-8")
        trace = Trace(Path(folder, "results"))
        done = watched([DLRUN, "sweep", str(config), "--results", str(trace.store), "-q"], cache_in(folder), trace.look)
        checked(trace.store, sweep)
    print(f"\n{models:,} models in one sweep: {done.seconds:.1f} s, peak {done.peak / 1e6:,.0f} MB")
    for line in memory_lines(trace.samples, models):
        print(f"  {line}")


def cache_in(folder: str) -> dict[str, str]:
    return {"DLRUN_CACHE": str(Path(folder, "cache"))}


def small_nets(models: int) -> Workload:
    """2 widths x 2 depths x 10 learning rates x seeds, at least as many as asked for."""
    rates = tuple(float(f"{rate:.3g}") for rate in np.geomspace(1e-4, 1e-2, RATES))
    return Workload("memory", "digits", (8, 16), (1, 2), -(-models // (4 * RATES)), rates, epochs=2)


@dataclass
class Trace:
    """How many models are done, and the bytes resident then."""

    store: Path
    samples: list[tuple[int, int]] = field(default_factory=list)
    _done: set[str] = field(default_factory=set)

    def look(self, resident: int) -> None:
        """Takes a sample; only folders that were not finished the last time are opened."""
        try:
            names = set(os.listdir(self.store / "runs")) - self._done
        except FileNotFoundError:
            names = set()
        self._done |= {name for name in names if (self.store / "runs" / name / "result.json").exists()}
        if resident:
            self.samples.append((len(self._done), resident))


def memory_lines(samples: Sequence[tuple[int, int]], models: int) -> list[str]:
    """Median memory in each quarter of the models, and what was gained from the second to the last."""
    quarters: list[list[int]] = [[], [], [], []]
    for done, resident in samples:
        quarters[min(4 * done // models, 3)].append(resident)
    lines = [
        f"{place * models // 4:6,} to {(place + 1) * models // 4:6,} done: "
        + (f"{statistics.median(found) / 1e6:8,.0f} MB ({len(found)} samples)" if found else "no sample")
        for place, found in enumerate(quarters)
    ]
    if not quarters[1] or not quarters[3]:
        return [*lines, "too few samples to tell what was gained: take more models"]
    before, after = statistics.median(quarters[1]), statistics.median(quarters[3])
    gained = after / before - 1
    limit = f"must be <= {MOST_GAINED:.0%}: {'reached' if gained <= MOST_GAINED else 'MISSED'}"
    return [*lines, f"gained {gained:+.1%}, {(after - before) / (models / 2) / 1e3:+.1f} kB per model; {limit}"]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
