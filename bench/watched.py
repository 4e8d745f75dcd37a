"""A process watched from outside: wall time, and the peak memory of all its children together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.processes import clean_environment

INTERVAL = 0.05
"""Seconds between two looks at the process."""
_KIB = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in."""


@dataclass(frozen=True)
class Finished:
    """A process that came to its end."""

    output: str
    seconds: float
    """Wall time, from before its start until it is gone."""
    peak: int
    """Bytes resident at once, at most, of the process and all below it: the largest sample (shared pages count in each
    of them). Without /proc what the system counted of one process, which begins with what its parent held."""


def watched(
    command: Sequence[str], env: Mapping[str, str] | None = None, look: Callable[[int], None] | None = None
) -> Finished:
    """Runs a command to its end.

    Args:
        look: called at each sample with the bytes resident now.
    Raises:
        RuntimeError: it failed; with the end of its standard error.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=clean_environment() | dict(env or {}), stdout=output, stderr=errors)
        sampler = Sampler(process.pid, look)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.end()
        for file in (output, errors):
            file.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{errors.read()[-3000:]}")
        return Finished(output.read(), seconds, sampler.peak or usage.ru_maxrss * _KIB)


class Sampler(threading.Thread):
    """Looks at a process and its descendants again and again. Sees nothing where there is no /proc."""

    def __init__(self, pid: int, look: Callable[[int], None] | None = None) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pid, self._look, self._ended = pid, look, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(INTERVAL):
            resident = tree_bytes(self._pid)
            self.peak = max(self.peak, resident)
            if self._look is not None:
                self._look(resident)

    def end(self) -> None:
        self._ended.set()
        self.join()


def tree_bytes(pid: int) -> int:
    """Bytes that a process and all below it hold in memory; 0 where it is gone."""
    return _bytes(pid) + sum(tree_bytes(child) for child in _children(pid))


def _bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _children(pid: int) -> list[int]:
    """Of all its threads. Some end while they are looked at."""
    try:
        return [int(child) for thread in os.listdir(f"/proc/{pid}/task") for child in _started_by(pid, thread)]
    except OSError:
        return []


def _started_by(pid: int, thread: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
    except OSError:
        return []
