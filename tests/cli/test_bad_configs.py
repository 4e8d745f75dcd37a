"""Bad configs through the command line: exit code 2, the exact messages, and nothing in the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.cli.main import main
from dlrun.store.names import visible
from tests.command import dlrun
from tests.spec.bad_configs import ON_THE_COMMAND_LINE, Bad


@pytest.mark.parametrize("command", ["train", "check"])
@pytest.mark.parametrize("bad", ON_THE_COMMAND_LINE, ids=lambda bad: bad.title)
def test_a_bad_config_ends_with_2_and_leaves_nothing(
    bad: Bad, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = bad.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DLRUN_RESULTS", raising=False)
    before = sorted(tmp_path.rglob("*"))
    words = [word for text in bad.sets for word in ("--set", text)]
    assert main([command, str(config), *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "dlrun: " + visible("\n".join(bad.expected(tmp_path)), keep="\n") + "\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_real_process_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("data: {source: digits}\nmodel: {widht: 64}\n")
    done = dlrun("train", "bad.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dlrun: bad.yaml:2: model.widht is not a key of `model`. Did you mean `width`?\n"
