from pathlib import Path

import pytest

from dlrun.errors import ConfigError
from dlrun.spec import load
from tests.spec.bad_configs import BAD, ON_THE_COMMAND_LINE, Bad


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command would run."""
    monkeypatch.chdir(tmp_path)
    return Path.cwd()


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.title)
def test_all_that_is_wrong_is_said(bad: Bad, folder: Path):
    config = bad.write(folder)
    with pytest.raises(ConfigError) as raised:
        load(config, bad.sets)
    assert [str(problem) for problem in raised.value.problems] == bad.expected(folder)
    assert str(raised.value) == "\n".join(bad.expected(folder))
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.title)
def test_messages_are_whole_sentences_fit_to_be_printed(bad: Bad):
    assert bad.messages
    for message in bad.messages:
        assert message.isprintable()
        assert message.endswith((".", "?"))
        assert len(message) < 800


def test_the_table_is_large_and_says_nothing_twice():
    assert len(BAD) > 200
    assert len({bad.title for bad in BAD}) == len(BAD)
    assert len(ON_THE_COMMAND_LINE) >= 30


def test_files_that_are_no_file(folder: Path):
    (folder / "first.yaml").write_text("data: {source: digits}\n")
    messages = {
        Path("frist.yaml"): "frist.yaml: no such file. Did you mean `first.yaml`?",
        Path("configs/first.yaml"): "configs/first.yaml: no such file. There is no folder 'configs' either.",
        Path("."): ".: cannot be read: Is a directory.",
    }
    for path, message in messages.items():
        with pytest.raises(ConfigError) as raised:
            load(path)
        assert str(raised.value) == message


def test_what_the_command_line_says_is_named_as_such():
    with pytest.raises(ConfigError, match=r"^the command line: data must be a mapping"):
        load(None, words={"data": "digits"})
    with pytest.raises(ConfigError, match=r"^data is required"):
        load(None)
