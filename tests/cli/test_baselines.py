"""`dlrun baselines` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.cli.main import main
from tests.command import dlrun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the fitted baselines of iris."""
    found = tmp_path_factory.mktemp("baselines")
    done = dlrun(
        "baselines", "iris", "--only", "trivial,linear-model", "--only", "decision_tree", "--seeds", "2", cwd=found
    )
    assert done.returncode == 0, done.stderr
    (found / "stdout").write_text(done.stdout)
    (found / "stderr").write_text(done.stderr)
    return found


def test_the_table_is_on_stdout_and_progress_on_stderr(folder: Path) -> None:
    out, err = (folder / "stdout").read_text(), (folder / "stderr").read_text()
    assert "logistic regression" in out
    assert "2 of 2" in out
    assert out.splitlines()[-1].startswith("The best baseline is logistic regression: val_loss ")
    assert "decision tree, seed 1: train_loss" in err


def test_what_is_there_is_not_fitted_again(folder: Path) -> None:
    done = dlrun("baselines", "iris", "--only", "trivial,linear_model,decision_tree", "--seeds", "2", cwd=folder)
    assert "4 runs are done already; --force fits again" in done.stderr
    assert "train_loss" not in done.stderr
    assert done.stdout == (folder / "stdout").read_text()


def test_json(folder: Path) -> None:
    done = dlrun("baselines", "iris", "--only", "linear_model", "--json", "-q", cwd=folder)
    document = json.loads(done.stdout)
    assert document["format"] == 1
    assert document["metric"] == "val_loss"
    assert document["best_net"] is None
    assert [row["kind"] for row in document["configurations"]] == ["baseline"]
    assert done.stderr == ""


def test_reading_commands_take_baselines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = ["--results", str(folder / "results")]
    tree, linear = "decision tree", "logistic regression"
    for words in (
        ["ls"], ["show", linear], ["compare"], ["compare", "--runs"], ["compare", "--all"], ["compare", "--rows"],
        ["compare", "--against", "best"], ["compare", "--where", "kind == 'baseline'"], ["diagnose", linear],
        ["diagnose", tree, linear], ["report", "-o", str(folder / "report.html")],
    ):  # fmt: skip
        assert main([*words, *results]) == 0, words
    shown = capsys.readouterr().out
    assert "logistic regression" in shown
    assert "has no epochs" in shown
    assert "logistic regression" in (folder / "report.html").read_text(encoding="utf-8")
    assert main(["curves", linear, *results]) == 2
    assert "no epochs" in capsys.readouterr().err


def test_predict_and_evaluate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = ["--results", str(folder / "results")]
    assert main(["predict", "logistic regression", "iris", *results]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 151


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--only", "forest"], "--only: must be of trivial, naive_bayes"),
        (["--only", "random_forst"], "Did you mean random_forest?"),
        (["--only", ","], "--only: must be of"),
        (["--set", "data.nothing=1"], "data.nothing"),
        (["--set", "fit.metrics=[r2]"], "r2 does not fit"),
    ],
)
def test_bad_usage(words: list[str], text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["baselines", "iris", *words, "--results", str(tmp_path)]) == 2
    assert text in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("json", [False, True])
@pytest.mark.parametrize("quiet", [False, True])
def test_what_is_left_out_is_said(json: bool, quiet: bool, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = [*(["--json"] if json else []), *(["-q"] if quiet else [])]
    words = ["baselines", "diabetes", "--only", "naive_bayes,trivial", *options]
    assert main([*words, "--results", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert ("naive_bayes is left out: it is for classes" in err) == (not json and not quiet)
    assert ('"naive_bayes": "is for classes' in out) == json
    assert err == "" or not quiet


@pytest.mark.parametrize("options", [[], ["-q"], ["--json"]])
def test_nothing_left_to_fit_is_an_error(
    options: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["baselines", "diabetes", "--only", "naive_bayes", *options]
    assert main([*words, "--results", str(tmp_path / "results")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "dlrun: --only: leaves nothing to fit. naive_bayes is left out: it is for classes, and this target is a number."
    ]
    assert not (tmp_path / "results" / "runs").exists()
