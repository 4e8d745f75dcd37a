from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from dlrun.runner.environment import git_commit, versions


def test_versions_name_the_backend() -> None:
    found = versions("jax")
    assert found["jax"] == version("jax")
    assert "tensorflow" not in found


def test_the_commit_and_whether_files_differ_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert git_commit() is None
    for words in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "one"],
    ):
        subprocess.run(["git", *words], check=True)
    commit = git_commit()
    assert commit is not None
    assert len(commit) == 12
    (tmp_path / "file").write_text("new")
    subprocess.run(["git", "add", "file"], check=True)
    assert git_commit() == f"{commit}+"
