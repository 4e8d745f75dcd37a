"""`dlrun train` as a user meets it: whole processes on tiny experiments."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import DLRUN, dlrun

XOR = "data: {source: xor, validation_split: 0}\nmodel: {units: [4]}\nfit: {epochs: 4, batch_size: full}\n"
NAMES = ["[/x]", "../x", "<script>alert(1)</script>", "한글 이름", "🧪", "a\nb", "=1+1", "CON"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(XOR)
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and its trained run."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "small.yaml").write_text(XOR)
    done = dlrun("train", "small.yaml", "--backend", "jax", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "stdout").write_text(done.stdout)
    (folder / "stderr").write_text(done.stderr)
    return folder


def test_progress_goes_to_stderr_and_the_run_to_stdout(trained: Path) -> None:
    shown, told = (trained / "stdout").read_text(), (trained / "stderr").read_text()
    assert "epoch 4/4  train_loss" in told
    assert "metrics at epoch" in shown
    assert "epoch 4/4" not in shown


def test_the_same_experiment_is_shown_and_not_repeated(trained: Path) -> None:
    began = (trained / "results").stat().st_mtime_ns
    done = dlrun("train", "small.yaml", "--backend", "jax", cwd=trained)
    assert "is done already; --force trains it again" in done.stderr
    assert "epoch" not in done.stderr
    assert "metrics at epoch" in done.stdout
    assert (trained / "results").stat().st_mtime_ns == began


def test_quiet_json_is_the_document_of_the_design(trained: Path) -> None:
    done = dlrun("train", "small.yaml", "--backend", "jax", "-q", "--json", cwd=trained)
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert document["format"] == 1
    (run,) = document["runs"]
    assert set(run) == {
        "id", "name", "path", "kind", "status", "seed", "fold", "backend", "engine", "best_epoch", "epochs",
        "parameters", "seconds", "metrics",
    }  # fmt: skip
    assert (run["name"], run["kind"], run["backend"], run["engine"], run["epochs"]) == (
        "small",
        "mlp",
        "jax",
        "keras",
        4,
    )
    assert Path(run["path"]).is_absolute()


def test_a_moved_config_with_other_words_is_the_same_run(trained: Path, tmp_path: Path) -> None:
    same = tmp_path / "moved.yaml"
    same.write_text(
        "fit: {batch_size: full, epochs: 4}\nmodel: {width: 4, depth: 1}\ndata: {source: xor, validation_split: 0.0}"
    )
    done = dlrun("train", same, "--backend", "jax", "--results", trained / "results")
    assert "is done already" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_names_are_labels(tmp_path: Path, config: Path, name: str) -> None:
    config.write_text(f"name: {json.dumps(name)}\n{XOR}")
    done = dlrun("train", config, "--backend", "jax", "--json", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert run["name"] == name
    assert Path(run["path"]).parent == tmp_path / "results" / "runs"
    for words in (["ls"], ["show", run["id"]], ["compare"], ["curves"], ["check", config]):
        shown = dlrun(*words, cwd=tmp_path)
        assert shown.returncode == 0, shown.stderr


def test_a_data_file_needs_no_config(tmp_path: Path) -> None:
    rows = "\n".join(f"{i % 7},{'가' if i % 2 else '나'},{i % 2}" for i in range(60))
    (tmp_path / "표 1.csv").write_text(f"나이,구분,결과\n{rows}\n")
    words = ["--set", "fit.epochs=2", "--backend", "jax", "-q", "--json"]
    done = dlrun("train", "표 1.csv", "--target", "결과", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs"][0]["name"] == "표 1"


def test_several_seeds_are_several_runs(tmp_path: Path, config: Path) -> None:
    done = dlrun("train", config, "--seeds", 3, "--backend", "jax", "-q", "--json", cwd=tmp_path)
    assert [run["seed"] for run in json.loads(done.stdout)["runs"]] == [0, 1, 2]


def test_a_diverged_run_ends_with_1_and_is_kept(tmp_path: Path, config: Path) -> None:
    sets = ["--set", "data.source=diabetes", "--set", "data.validation_split=0.2", "--set", "fit.epochs=30"]
    rates = ["--set", "optimizer=sgd", "--set", "optimizer.learning_rate=1e20"]
    done = dlrun("train", config, *sets, *rates, "--backend", "jax", "-q", cwd=tmp_path)
    assert done.returncode == 1
    assert "diverged" in done.stderr
    assert "Traceback" not in done.stderr
    assert "diverged" in dlrun("ls", cwd=tmp_path).stdout


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_says_what_is_kept(tmp_path: Path, config: Path, sent: signal.Signals, code: int) -> None:
    command = [DLRUN, "train", str(config), "--set", "fit.epochs=1000000", "--backend", "jax"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as running:
        wait_for_epochs(tmp_path / "results" / "runs")
        running.send_signal(sent)
        told = running.communicate(timeout=60)[1]
    assert running.returncode == code
    assert "interrupted in epoch" in told.splitlines()[-1]
    assert "Traceback" not in told
    assert "interrupted" in dlrun("ls", cwd=tmp_path).stdout


def wait_for_epochs(runs: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(path.stat().st_size > 200 for path in runs.glob("*/curves.csv")):
            return
        time.sleep(0.1)
    raise AssertionError("no epoch within a minute")


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
@pytest.mark.parametrize("delay", [0.4, 0.9, 1.4, 2.0, 2.6])
def test_an_interruption_at_any_moment_ends_cleanly(tmp_path: Path, config: Path, backend: str, delay: float) -> None:
    command = [DLRUN, "train", str(config), "--set", "fit.epochs=1000000", "--backend", backend]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as running:
        time.sleep(delay)
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "Traceback" not in told
    assert "interrupted" in told.splitlines()[-1]
