import pytest

from dlrun.errors import ConfigError
from dlrun.spec import load


@pytest.fixture
def shared(tmp_path, monkeypatch):
    folder = tmp_path / "공유 data"
    (folder / "adult").mkdir(parents=True)
    (folder / "adult" / "train.csv").write_text("a,b\n1,2\n")
    monkeypatch.setenv("DLRUN_DATA", str(folder))
    return folder


def written(tmp_path, text):
    path = tmp_path / "configs" / "c.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_that_is_not_beside_the_config_is_looked_for_there(tmp_path, shared):
    config = written(tmp_path, "data: {source: adult/train.csv, test_source: adult/train.csv}")
    data = load(config).experiment.data
    assert data.source == data.test_source == str(shared / "adult" / "train.csv")


def test_a_file_beside_the_config_comes_first(tmp_path, shared):
    config = written(tmp_path, "data: {source: adult/train.csv}")
    beside = config.parent / "adult" / "train.csv"
    beside.parent.mkdir()
    beside.write_text("a,b\n1,2\n")
    assert load(config).experiment.data.source == str(beside)


def test_on_the_command_line_too(tmp_path, shared, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(None, ["data.source=adult/train.csv"]).experiment.data.source == str(shared / "adult" / "train.csv")


@pytest.mark.parametrize(
    ("there", "hint"),
    [(True, "Nor is it below DLRUN_DATA, {shared!r}."), (False, "DLRUN_DATA can name a folder above it.")],
)
def test_what_is_nowhere(tmp_path, shared, monkeypatch, there, hint):
    if not there:
        monkeypatch.delenv("DLRUN_DATA")
    config = written(tmp_path, "data: {source: wine/red.csv}")
    with pytest.raises(ConfigError) as raised:
        load(config)
    folder = config.parent
    assert str(raised.value) == (
        f"{config}:1: data.source must be a built-in name or a file that exists. Received: 'wine/red.csv' "
        f"({folder / 'wine' / 'red.csv'}). There is no folder {str(folder / 'wine')!r} either. "
        + hint.format(shared=str(shared))
    )
