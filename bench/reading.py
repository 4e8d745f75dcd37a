"""Reading a CSV of 1,000,000 rows and 30 columns, as whole processes: dlrun's table beside pandas' data frame.

The file holds 20 columns of decimals, 5 of whole numbers, 3 of categories, a truth value and a label: about 265 MB.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from pathlib import Path

from bench.processes import HERE, PYTHON, in_turns, report, run, scratch

ROWS, COLUMNS, ROUNDS = 1_000_000, 30, 5
SLOWEST = 1.5
"""Times the wall time of pandas' fast engine."""
LARGEST = 3.0
"""Times the size of the file, in memory."""

WRITE = """
import sys
import numpy as np
import pandas as pd
rng, part = np.random.default_rng(0), 100_000
with open(sys.argv[1], "w") as file:
    for begin in range(0, int(sys.argv[2]), part):
        frame = {f"f{i}": np.round(rng.standard_normal(part) * 10.0 ** rng.integers(0, 4), 6) for i in range(20)}
        frame |= {f"i{i}": rng.integers(0, 10 ** (i + 1), part) for i in range(5)}
        frame |= {f"c{i}": rng.choice([f"level {j}" for j in range(5 * 10**i)], part) for i in range(3)}
        frame |= {"flag": rng.random(part) < 0.3, "y": np.where(rng.random(part) < 0.5, "yes", "no")}
        pd.DataFrame(frame).to_csv(file, index=False, header=begin == 0)
"""
WITH_PANDAS = 'import pandas as pd, sys; table = pd.read_csv(sys.argv[1], engine="c"); print(len(table), end=" ")'
WITH_DLRUN = (
    "import sys; from dlrun.data.sources import load; from dlrun.spec import Data; "
    "table = load(Data(source=sys.argv[1])); print(len(table), end=' ')"
)
MEASURE = """
import resource, subprocess, sys, time
began = time.perf_counter()
answer = subprocess.check_output([sys.executable, "-c", *sys.argv[1:]], text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(answer, time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""
"""A process that runs one side as its only child, so that the peak of memory is that side's."""


ENVIRONMENT = {"PYTHONPATH": str(HERE.parent), "PYTHONDONTWRITEBYTECODE": ""}
"""Python keeps what it compiles, as it did when pandas was installed."""


def main() -> None:
    with scratch() as folder:
        path = Path(folder, "rows.csv")
        run([PYTHON, "-c", WRITE, str(path), str(ROWS)])
        sides = {"pandas read_csv(engine='c')": WITH_PANDAS, "dlrun": WITH_DLRUN}
        memory: dict[str, list[float]] = {name: [] for name in sides}
        processor: dict[str, list[float]] = {name: [] for name in sides}

        def measured(name: str) -> float:
            rows, wall, busy, peak = measure(sides[name], path)
            if rows != ROWS:
                raise RuntimeError(f"{name} read {rows:,} rows")
            memory[name].append(peak / path.stat().st_size)
            processor[name].append(busy)
            return wall

        found = in_turns({name: lambda name=name: measured(name) for name in sides}, ROUNDS)
        size = path.stat().st_size
    title = f"reading {ROWS:,} x {COLUMNS} ({size / 1e6:.0f} MB), whole process"
    report(title, found, "pandas read_csv(engine='c')", {"dlrun": SLOWEST})
    _report_memory(memory, processor)


def measure(program: str, path: Path) -> tuple[int, float, float, float]:
    """Rows read, wall seconds, processor seconds and peak bytes of one side."""
    rows, wall, busy, peak = run([PYTHON, "-c", MEASURE, program, str(path)], ENVIRONMENT).split()
    return int(rows), float(wall), float(busy), float(peak)


def _report_memory(memory: Mapping[str, list[float]], processor: Mapping[str, list[float]]) -> None:
    for name, values in memory.items():
        peak = statistics.median(values)
        must = f"  must be <= {LARGEST:.1f}: {'reached' if peak <= LARGEST else 'MISSED'}" if name == "dlrun" else ""
        busy = statistics.median(processor[name])
        print(f"  {name:<34} peak memory {peak:.2f} x the file, processor {busy:.2f} s{must}")
