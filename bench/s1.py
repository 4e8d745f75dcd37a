"""S1: the reading commands over 10,000 and 100,000 stored runs, whole process, and the rebuild of a lost index.

python -m bench S1
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.processes import DLRUN, PYTHON, in_turns, scratch, seconds
from bench.stores import write_store

ROUNDS = 9
REBUILDS = {10_000: 3, 100_000: 1}
COMMANDS = ("compare", "ls", "diagnose", "show")
EVERYTHING = "compare --newest all"
"""Measured over the smaller store alone: a table of 20,000 configurations is for nobody."""
SIZES = {10_000: (*COMMANDS, EVERYTHING), 100_000: COMMANDS}
MUST = {("compare", 10_000): 0.4, ("compare", 100_000): 1.5}
"""Seconds that a command over so many runs may take."""
REBUILD_MUST = {10_000: 10.0}


def main() -> None:
    with scratch() as folder:
        for size, commands in SIZES.items():
            store = Path(folder, str(size))
            write_store(store, size)
            print(f"\nS1, {size:,} runs")
            rebuild(store, size)
            sides = {"python -c pass": partial(seconds, [PYTHON, "-c", "pass"])}
            sides |= {name: partial(command, store, name) for name in commands}
            for name, values in in_turns(sides, ROUNDS).items():
                told(name, values, MUST.get((name, size)))


def rebuild(store: Path, size: int) -> None:
    """Times `compare` where the index is lost; it is there again then."""
    values = []
    for _ in range(REBUILDS[size]):
        (store / "index.sqlite").unlink(missing_ok=True)
        values.append(command(store, "compare"))
    told("compare, index lost", values, REBUILD_MUST.get(size))


def command(store: Path, words: str) -> float:
    """Wall seconds of a command over a store."""
    return seconds([DLRUN, *words.split(), "--results", str(store)])


def told(name: str, values: Sequence[float], must: float | None) -> None:
    """Prints the median, and whether it is what it must be."""
    median = statistics.median(values)
    against = "" if must is None else f"  must be <= {must:.1f}: {'reached' if median <= must else 'MISSED'}"
    spread = f"{min(values):.3f} to {max(values):.3f}, n={len(values)}"
    print(f"  {name:<20} {median:7.3f} s  ({spread}){against}", flush=True)
