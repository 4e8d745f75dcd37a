"""Runs checks in a process of its own, whose Keras is on JAX: `python -m tests.training.fused.child MODULE NAME ...`.

The test process computes on TensorFlow, and a process has one backend. A module with checks has a dict CHECKS:
name -> function. What they give back, or the traceback of what they raise, is told as a line of JSON each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
MARK = "REPORT "


def reports(module: str, names: Iterable[str], timeout: float = 3600) -> dict[str, Any]:
    """What each check gave back; those that failed give `{"failed": traceback}`."""
    clean = {key: value for key, value in os.environ.items() if key != "JAX_ENABLE_X64"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.fused.child", module, *names],
        capture_output=True, text=True, cwd=ROOT, env={**clean, "KERAS_BACKEND": "jax"}, timeout=timeout,
    )  # fmt: skip
    lines = [line.removeprefix(MARK) for line in done.stdout.splitlines() if line.startswith(MARK)]
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(line) for line in lines)


def selected(request: pytest.FixtureRequest, function: str) -> list[str]:
    """The parameters `name` of a test that this session runs, so that a child does no more than that."""
    found = []
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.originalname == function and item.path == request.path:
            found.append(str(item.callspec.params["name"]))
    return found


def report(check: Callable[[], Any]) -> Any:
    try:
        return check()
    except Exception:
        return {"failed": traceback.format_exc()}


def main(module: str, *names: str) -> None:
    checks: dict[str, Callable[[], Any]] = import_module(module).CHECKS
    for name in names:
        print(MARK + json.dumps([name, report(checks[name])]), flush=True)


if __name__ == "__main__":
    from dlrun.training.backend import choose

    choose("jax")
    main(*sys.argv[1:])
