"""`dlrun lr-range`, `boundary` and `descent` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.cli.main import main
from dlrun.store import Store
from tests.command import dlrun
from tests.kept_runs import BACKEND, keep
from tests.stored import keep_run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DLRUN_RESULTS", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["descent", "--surface", "hill"], "--surface: must be one of bowl, plateau, .* Received: 'hill'"),
        (["descent", "--optimizers", "sgd,adm"], "an optimizer must be one of sgd, .* Received: 'adm'"),
        (["descent", "--learning-rate", "fast"], r"--learning-rate: must be a number above 0.* Received: 'fast'"),
        (["descent", "--learning-rate", "nan"], r"--learning-rate: must be a number above 0.* Received: 'nan'"),
        (["descent", "--learning-rate", "nesterov=1"], "'nesterov' is not among --optimizers"),
        (["descent", "--steps", "0"], "steps"),
        (["lr-range"], "needs a config, a data file or a built-in name"),
        (["lr-range", "digits", "--low", "1", "--high", "0.1"], "--low must be above 0 and below --high"),
        (["lr-range", "digits", "--low", "nan"], "--low must be above 0"),
        (["lr-range", "digits", "--high", "1e10"], r"and --high below 1e\+09\. Received: --low 1e-06 --high 1e\+10"),
        (["lr-range", "digits", "--steps", "5"], "steps"),
        (["boundary", "nothing"], "nothing"),
        (["boundary", "nothing", "--epochs", "1,x"], r"--epochs: must be whole numbers with commas.* Received: '1,x'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    words: list[str], text: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import re

    code = main(words)
    out, err = capsys.readouterr()
    assert code in (2, 4)
    assert out == ""
    assert re.search(text, err)
    assert "Traceback" not in err


def test_paths_as_json_table_and_picture(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["descent", "--surface", "bowl", "--steps", "6", "--optimizers", "sgd,adagrad", "--backend", BACKEND]
    assert main([*words, "--json", "--learning-rate", "sgd=0.5"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["surfaces"]
    assert [path["learning_rate"] for path in one["paths"]] == [0.5, 1.5]
    assert [len(path["x"]) for path in one["paths"]] == [7, 7]
    assert one["rows"][0]["first_rate"] == pytest.approx(0.5, rel=1e-5)
    assert main([*words, "--lang", "ko"]) == 0
    assert "옵티마이저" in capsys.readouterr().out
    assert main([*words, "--png", "bowl.png"]) == 0
    assert Path("bowl.png").read_bytes()[:4] == b"\x89PNG"


def test_many_starts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["descent", "--surface", "two-wells", "--starts", "20", "--optimizers", "sgd", "--backend", BACKEND]
    assert main([*words, "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["surfaces"]
    (found,) = one["starts"]
    assert sum(found["reached"]) + found["nowhere"] == len(found["ends"]) == 20
    assert main([*words, "--svg", "wells.svg"]) == 0
    assert "<svg" in Path("wells.svg").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(words) == 0
    assert "of 20 starts" in capsys.readouterr().out


def test_a_range_test_stores_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["lr-range", "moons", "--steps", "40", "--seeds", "2", "--backend", BACKEND, "-q"]
    words += ["--set", "fit.batch_size=16", "--low", "1e-4"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [curve["seed"] for curve in found["curves"]] == [0, 1]
    assert len(found["findings"]) >= 1
    assert not (here / "results").exists()


def test_the_command_is_that_of_the_test(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["lr-range", "moons", "--steps", "120", "--seeds", "1", "--low", "1e-4", "--backend", BACKEND, "-q"]
    assert main([*asked, "--set", "fit.batch_size=16", "--set", "optimizer.learning_rate=1e-9", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["findings"][-1]
    assert told.startswith("Try: dlrun train moons --set fit.batch_size=16 --set optimizer.learning_rate=0.")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("explore")
    keep(root, "moons", None, data={"source": "moons", "rows": 60})
    keep(root, "digits", None, data={"source": "digits"}, fit={"epochs": 1})
    keep(root, "wild", None, data={"source": "moons", "rows": 60}, optimizer={"name": "sgd", "learning_rate": 1e30})
    return root / "results"


def test_boundaries_as_text_json_and_page(kept: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--results", str(kept)]
    assert main(["boundary", "moons", *store]) == 0
    assert "blank: unsure" in capsys.readouterr().out
    assert main(["boundary", "moons", "--epochs", "0,2", "--json", "-q", *store]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {0, 2} <= {panel["epoch"] for panel in found["panels"]}
    assert main(["boundary", "moons", "--strip", "-q", "--html", "moons.html", *store]) == 0
    assert "data:image/png" in Path("moons.html").read_text(encoding="utf-8")


def test_epochs_are_refused_before_anything_is_trained(
    kept: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["boundary", "moons", "--epochs", "0,99", "--results", str(kept)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("dlrun: --epochs: must be from 0 to 8, which moons-")


def test_runs_without_two_numbers_are_named(kept: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boundary", "digits", "--results", str(kept)]) == 2
    assert "has 64: pixel_0_0, pixel_0_1, pixel_0_2, pixel_0_3, pixel_0_4 and 59 more. " in capsys.readouterr().err
    assert main(["boundary", "wild", "--results", str(kept)]) == 2
    assert "diverged" in capsys.readouterr().err


def test_other_kinds_of_runs_have_no_strip(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_run(Store(here / "results"), "forest", kind="baseline")
    for words in (["--strip"], ["--epochs", "0,1"]):
        assert main(["boundary", "forest", *words]) == 2
        assert "is a run of the kind baseline, which has no epochs: without --strip" in capsys.readouterr().err


@pytest.mark.slow
def test_the_weights_of_a_sweep_are_made_again(here: Path) -> None:
    (here / "moons.yaml").write_text(
        "name: moons\ndata: {source: moons, rows: 80}\nmodel: {units: [8]}\nfit: {epochs: 5}\n", encoding="utf-8"
    )
    done = dlrun("sweep", "moons.yaml", "--grid", "model.width=4,8", "--keep", "none", "-q", cwd=here)
    assert done.returncode == 0, done.stderr
    run = sorted(path.name for path in (here / "results" / "runs").iterdir())[0]
    found = dlrun("boundary", run, "--strip", "--json", cwd=here)
    assert found.returncode == 0, found.stderr
    assert "training it once more" in found.stderr
    assert any(panel["kept"] for panel in json.loads(found.stdout)["panels"])
