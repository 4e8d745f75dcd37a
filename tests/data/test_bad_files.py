import pytest

from dlrun.cli.main import main
from dlrun.data import fingerprint, prepare
from dlrun.errors import DataError
from dlrun.spec import Experiment
from tests.data.bad_files import BAD, TARGET


@pytest.mark.parametrize("bad", BAD, ids=[bad.what for bad in BAD])
def test_the_command_line_says_what_is_wrong(bad, tmp_path, capsys):
    path = bad.write(tmp_path)
    assert main(["check", str(path), *bad.words, "--results", str(tmp_path / "results")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"dlrun: {bad.message}\n".replace("{file}", str(path))


@pytest.mark.parametrize("bad", [bad for bad in BAD if bad.words == TARGET], ids=lambda bad: bad.what)
def test_python_gets_the_same_words(bad, tmp_path):
    path = bad.write(tmp_path)
    with pytest.raises(DataError) as raised:
        prepare(Experiment.model_validate({"data": {"source": str(path), "target": "y"}}))
    assert str(raised.value) == bad.message.replace("{file}", str(path))


def test_there_are_enough_of_them():
    assert len({bad.message for bad in BAD}) >= 40


@pytest.mark.parametrize("bad", BAD, ids=[bad.what for bad in BAD])
def test_a_fingerprint_is_a_hash_or_a_data_error(bad, tmp_path):
    path = bad.write(tmp_path)
    try:
        found = fingerprint(Experiment.model_validate({"data": {"source": str(path)}}).data)
    except DataError as error:
        found = str(error)
    assert len(found) == 64 or str(path) in found
