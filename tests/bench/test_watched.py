"""Processes watched from outside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.watched import watched

HOLDER = "import sys, time; held = bytearray(60_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.6)"
PARENT = (
    "import subprocess, sys; [p.wait() for p in [subprocess.Popen([sys.executable, '-c', sys.argv[1]]) for _ in '12']]"
)


def test_the_output_and_the_peak_of_one_process() -> None:
    done = watched([sys.executable, "-c", f"{HOLDER}; print('한글')"])
    assert done.output == "한글\n"
    assert 60e6 < done.peak < 120e6
    assert done.seconds > 0.6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_children_count_together() -> None:
    seen: list[int] = []
    done = watched([sys.executable, "-c", PARENT, HOLDER], look=seen.append)
    assert done.peak > 120e6
    assert max(seen) == done.peak


def test_a_failure_shows_the_end_of_its_errors() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3:\nwhy$"):
        watched([sys.executable, "-c", "import sys; sys.stderr.write('why'); sys.exit(3)"])
