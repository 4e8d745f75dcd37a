"""`dlrun report` as a whole process, and how long a browser takes to show what it wrote."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench.processes import DLRUN, HERE, PYTHON, run, scratch, seconds
from dlrun.store import Store
from tests.browser import MISSING, browser

ROUNDS = 5
SIZES = {48: 3.0, 500: None}
"""Runs -> seconds within which the report must be written."""
OPEN = 3.0
"""Seconds within which 500 runs must be open in a browser."""


def main() -> None:
    print("\nreport: whole process, and until the page stands in chromium (script run, curves drawn)")
    for runs, limit in SIZES.items():
        with scratch() as folder:
            root, page = Path(folder, "results"), Path(folder, "report.html")
            run([PYTHON, "-m", "bench.stores", str(root), "--runs", str(runs)], {"PYTHONPATH": str(HERE.parent)})
            sweeps = [sweep.path.name for sweep in Store(root).sweeps()]
            command = [DLRUN, "report", *sweeps, "-o", str(page), "--results", str(root)]
            took = [_first(command, root), *(seconds(command) for _ in range(ROUNDS))]
            size = f"{page.stat().st_size:,} bytes"
            print(f"  {runs:>4} runs  {_words(took[1:], limit)}; first time {took[0]:.2f} s; {size}")
            if MISSING is None:
                print(f"             in the browser {_words(_opened(page), OPEN if runs == 500 else None)}")


def _first(command: Sequence[str], root: Path) -> float:
    """Without an index, so that records are read and verdicts found anew."""
    for path in root.glob("index.sqlite*"):
        path.unlink()
    return seconds(command)


def _opened(page: Path) -> list[float]:
    found = []
    with browser() as shown:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            shown.open(page)
            if not shown.all("#figure svg"):
                raise RuntimeError(f"{page} shows no curves: {shown.complaints()}")
            found.append(time.perf_counter() - began)
    return found


def _words(values: Sequence[float], limit: float | None) -> str:
    median = statistics.median(values)
    must = "" if limit is None else f", must be <= {limit:.1f} s: {'reached' if median <= limit else 'MISSED'}"
    return f"{median:.2f} s ({min(values):.2f} to {max(values):.2f}, n={len(values)}{must})"
