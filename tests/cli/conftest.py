"""A store in a folder of its own, and a command line carried out in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dlrun.cli.main import main
from dlrun.store import Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that commands take by default."""
    monkeypatch.setenv("DLRUN_RESULTS", str(tmp_path / "results"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path / "results")


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Run:
    """Runs a command line: exit code, stdout, stderr. A module's COMMAND stands before the words."""
    command: list[str] = [request.module.COMMAND] if hasattr(request.module, "COMMAND") else []

    def carry_out(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*command, *map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err

    return carry_out
