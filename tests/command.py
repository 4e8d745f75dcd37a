"""Runs `dlrun` as a user does: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

DLRUN = str(Path(sys.executable).parent / "dlrun")
ROOT = Path(__file__).parents[1]


def dlrun(*words: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """The finished process; both of its streams as text."""
    dropped = ("KERAS_BACKEND", "DLRUN_RESULTS", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    clean = {key: value for key, value in os.environ.items() if key not in dropped}
    return subprocess.run(
        [DLRUN, *map(str, words)], capture_output=True, text=True, cwd=cwd, env=clean | env, timeout=300
    )


def train_json(*words: object, cwd: Path | None = None) -> list[dict[str, Any]]:
    """Trains quietly; the runs of the JSON answer."""
    done = dlrun("train", *words, "-q", "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    runs: list[dict[str, Any]] = json.loads(done.stdout)["runs"]
    return runs
