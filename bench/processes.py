"""Runs the two sides of a comparison as processes of their own, in turns, and keeps the medians."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = sys.executable
DLRUN = str(Path(sys.executable).parent / "dlrun")


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Runs a command to its end; its standard output. Raises with its standard error where it fails."""
    done = subprocess.run(command, env=clean_environment() | dict(env or {}), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


def clean_environment() -> dict[str, str]:
    """The environment without what would change a side.

    That is exported backends, stores and thread counts, OpenBLAS's kernels for another processor, and the wish that
    Python compile its modules anew in each process, which an installed library has behind it.
    """
    dropped = ("KERAS_", "DLRUN_", "XLA_", "JAX_", "TF_", "OMP_", "OPENBLAS_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return kept | {"TF_CPP_MIN_LOG_LEVEL": "3"}


def seconds(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """Wall seconds of a whole process."""
    began = time.perf_counter()
    run(command, env)
    return time.perf_counter() - began


def in_turns(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measures each side once per round, so that a slow minute of the machine hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            found[name].append(measure())
    return found


def report(title: str, found: Mapping[str, list[float]], reference: str, limits: Mapping[str, float]) -> None:
    """Prints medians, their ratio to the reference side and the ratio that must not be exceeded."""
    print(f"\n{title}")
    against = statistics.median(found[reference])
    for name, values in found.items():
        median = statistics.median(values)
        spread = f"{min(values):.3f} to {max(values):.3f}"
        must = f"  must be <= {limits[name]:.2f}: {verdict(median / against, limits[name])}" if name in limits else ""
        print(f"  {name:<34} {median:8.3f} s  ({spread}, n={len(values)})  ratio {median / against:5.2f}{must}")


def verdict(ratio: float, limit: float) -> str:
    return "reached" if ratio <= limit else "MISSED"


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="dlrun-bench-")
