"""`dlrun sweep` as its users run it: processes, signals, stores. What it computes is tested beside the engines."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.main import main
from tests.command import DLRUN, dlrun

TINY = ("--set", "fit.epochs=2")
GRID = ("--grid", "model.width=4,8")
LONG = ("--jobs", "1", "--grid", "model.width=64,256", "--grid", "model.depth=1,3", "--seeds", "2", "--set",
        "fit.epochs=150", "--keep", "none")  # fmt: skip
"""Eight runs in several programs: the first end long before the last."""
on_linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the workers below /proc")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small table: which side of a line points lie on."""
    points = [(x, y) for x in range(-5, 6) for y in range(-5, 6)]
    rows = [f"{x},{y},{'위' if x + 2 * y > 0 else '[/아래]'}" for x, y in points]
    path = tmp_path / "점.csv"
    path.write_text("\n".join(["x,y,쪽", *rows]) + "\n")
    return path


@pytest.fixture
def sweep(table: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Sweeps over the table, into ./results beside it."""

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return dlrun("sweep", table, "--target", "쪽", *words, cwd=table.parent)

    return run


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def records(store: Path) -> dict[str, dict[str, Any]]:
    """Folder name -> final record."""
    return {path.parent.name: json.loads(path.read_text()) for path in store.glob("runs/*/result.json")}


def written(store: Path) -> dict[str, int]:
    """Folder name -> when its final record was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in store.glob("runs/*/result.json")}


# --- the whole of it -------------------------------------------------------------------------------------------------


def test_a_grid_and_the_same_command_again(sweep: Any, table: Path) -> None:
    store = table.parent / "results"
    first = sweep(*TINY, *GRID, "--seeds", 2)
    assert first.returncode == 0, first.stderr
    head, *lines = first.stdout.splitlines()
    assert head.split()[:4] == ["best", "run", "width", "train"]
    assert [re.search(r"\d of \d", line)[0] for line in lines[:2]] == ["2 of 2"] * 2  # type: ignore[index]
    assert lines[2].startswith("best: width ")
    assert first.stderr.splitlines()[0] == "grid: model.width (2) = 2 configurations, each with 2 seeds: 4 runs"
    assert re.search(r"^4 of 4 runs; best: width \d: val_loss [\d.]+ \(mean of 2\)$", first.stderr, re.MULTILINE)

    before = written(store)
    assert len(before) == 4
    again = sweep(*TINY, *GRID, "--seeds", 2, "--json")
    assert (again.returncode, written(store)) == (0, before)
    assert again.stderr.splitlines()[1:] == ["4 runs done already; --force trains again"]
    found = document(again)
    assert (found["format"], found["swept"], len(found["configurations"])) == (1, ["model.width"], 2)
    means = [row["val_loss"] for row in found["configurations"]]
    assert means == sorted(means)
    assert {run["engine"] for run in found["runs"]} == {"fused"}
    weights = {path.parent.name for path in store.glob("runs/*/model.keras")}
    best = found["configurations"][0]["model.width"]
    assert weights == {name for name, record in records(store).items() if record["spec"]["model.units"] == [best] * 2}
    (listed,) = store.glob("sweeps/*")
    assert listed.name.startswith("점-")


def test_a_plan_writes_nothing(sweep: Any, table: Path) -> None:
    planned = sweep(*TINY, *GRID, "--seeds", 2, "--set", "data.folds=3", "--plan", "--json")
    assert planned.returncode == 0, planned.stderr
    found = document(planned)
    assert [(row["model.width"], row["runs"], row["done"], row["engine"]) for row in found["plan"]] == [
        (4, 6, 0, "fused"),
        (8, 6, 0, "fused"),
    ]
    assert (found["configurations"], found["runs"], found["not_fused"]) == (2, 12, {})
    assert not (table.parent / "results").exists()


# --- bad usage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--grid", "model.width="], "--grid model.width=: must have the form key=values, such as model.width=16,32,64 "
         "or model.depth=1..4."),
        (["--grid", "model.widht=1,2"], "--grid model.widht=1,2: sweep.grid: model.widht is not a key of `model`. Did "
         "you mean `width`?"),
        (["--space", "optimizer.learning_rate=1e-1..1e-4"], "--space optimizer.learning_rate=1e-1..1e-4: sweep.space."
         "optimizer.learning_rate.low must be below high, 0.0001. Received: 0.1."),
        (["--space", "optimizer.learning_rate=0..1:log"], "--space optimizer.learning_rate=0..1:log: sweep.space."
         "optimizer.learning_rate.low must be > 0 where log is true. Received: 0."),
        (["--grid", "model.width=1..10000", "--grid", "model.depth=1..1000"], "sweep: asks before it tries 10,000,000 "
         "configurations, 10,000,000 runs, and there is no terminal to ask on. --yes tries them"),
        (["--grid", "seed=1,2"], "--grid seed=1,2: sweep.grid: seed cannot be swept: use `sweep.seeds`."),
        ([*GRID, "--budget", "10"], "--budget: must be a time such as 10m, 90s or 1h30m. Received: '10'. A unit must "
         "follow the number."),
        ([*GRID, "--epochs", "3"], "--epochs is for --continue, which is not given. For all runs: --set fit.epochs=N"),
        ([*GRID, "--failed", "--force"], "--failed trains failed runs alone, --force all. Keep one of them"),
        (["--search", "tpe"], "--search tpe: needs what to draw from: --space, such as optimizer.learning_rate=1e-4.."
         "1e-1:log or model.activation=relu,tanh."),
        ([*GRID, "--set", "data.validation_split=0", "--set", "fit.monitor=train_loss", "--refit"], "--refit: there "
         "are no validation rows (data.validation_split is 0): all rows are trained on"),
    ],
)  # fmt: skip
def test_bad_usage(
    words: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dlrun.training.crew.LocalCrew.start", lambda self: None)  # no workers for a mere message
    assert main(["sweep", "digits", *words, "--results", str(tmp_path / "results")]) == 2
    assert capsys.readouterr().err == f"dlrun: {message}\n"
    assert not (tmp_path / "results").exists()


# --- ended in the middle ---------------------------------------------------------------------------------------------


def begun(table: Path, *words: str) -> subprocess.Popen[str]:
    """A long sweep of which some runs have ended and others not."""
    process = subprocess.Popen(
        [DLRUN, "sweep", table.name, "--target", "쪽", *words],
        cwd=table.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    store = table.parent / "results"
    while not written(store) and process.poll() is None:
        time.sleep(0.02)
    return process


def children(process: subprocess.Popen[str]) -> list[int]:
    """The ids of its workers."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def resumed(sweep: Any, store: Path, done: dict[str, int]) -> None:
    """The same command trains what is missing, and nothing else."""
    assert 0 < len(done) < 8
    again = sweep(*LONG)
    assert again.returncode == 0, again.stderr
    runs = "1 run" if len(done) == 1 else f"{len(done)} runs"
    assert f"{runs} done already" in again.stderr
    assert len(written(store)) == 8
    assert {name: written(store)[name] for name in done} == done
    assert {record["status"] for record in records(store).values()} == {"completed"}


@on_linux
@pytest.mark.slow
def test_killed_and_resumed(sweep: Any, table: Path) -> None:
    process = begun(table, *LONG)
    workers = children(process)
    process.kill()
    process.communicate()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers
    assert not [worker for worker in workers if Path(f"/proc/{worker}/cmdline").exists()]
    store = table.parent / "results"
    resumed(sweep, store, written(store))


@pytest.mark.slow
@pytest.mark.parametrize("to_group", [False, True])
def test_ctrl_c(to_group: bool, sweep: Any, table: Path) -> None:
    process = begun(table, *LONG)
    if to_group:
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=5)  # what the command promises
    store = table.parent / "results"
    done = written(store)
    assert process.returncode == 130
    assert "Traceback" not in told
    count = f"{len(done):,} of 8 runs are finished and kept in {store / 'runs'}."
    assert told.splitlines()[-1].startswith(f"dlrun: interrupted: {count}")
    assert told.endswith("The same command goes on from there.\n")
    resumed(sweep, store, done)


@on_linux
@pytest.mark.slow
def test_runs_of_a_worker_that_died_fail_and_are_repeated_alone(sweep: Any, table: Path) -> None:
    process = begun(table, *LONG)
    for worker in children(process):
        os.kill(worker, signal.SIGKILL)
    shown, told = process.communicate()
    store = table.parent / "results"
    failed = {name for name, record in records(store).items() if record["status"] == "failed"}
    assert process.returncode == 3, told
    assert failed
    assert "failed" in shown
    assert f"{len(failed)} failed: its worker was killed by signal 9" in told
    before = written(store)
    again = sweep(*LONG, "--failed")
    assert again.returncode == 0, again.stderr
    assert {name for name, at in written(store).items() if at != before[name]} == failed
    none = sweep(*LONG, "--failed")
    assert none.returncode == 0
    assert "--failed: no run of this sweep has failed, so none was trained" in none.stderr


@pytest.mark.slow
def test_two_at_once_repeat_nothing(table: Path) -> None:
    words = [DLRUN, "sweep", table.name, "--target", "쪽", *LONG]
    both = [
        subprocess.Popen(words, cwd=table.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    by_others = [sum(map(int, re.findall(r"(\d+) runs? (?:trained by|done already)", told))) for _, told in ends]
    assert sum(8 - count for count in by_others) == 8, ends
    first, second = (shown.splitlines()[1:] for shown, _ in ends)
    assert first == second


# --- searches --------------------------------------------------------------------------------------------------------

SPACE = ("--space", "optimizer.learning_rate=1e-3..1e-1:log", "--space", "model.width=4,8")


@pytest.mark.slow
def test_tpe_gives_the_same_configurations_again(sweep: Any) -> None:
    words = (*TINY, *SPACE, "--search", "tpe", "--trials", 12, "-q", "--json", "--keep", "none", "--results")
    one, other = (document(sweep(*words, store)) for store in ("one", "other"))
    assert len(one["configurations"]) == 12
    assert [run["id"] for run in one["runs"]] == [run["id"] for run in other["runs"]]


@pytest.mark.slow
def test_what_halving_ends_early_is_unfinished_for_train(sweep: Any, table: Path) -> None:
    words = (*SPACE, "--search", "halving", "--trials", 9, "--set", "fit.epochs=9", "--json", "--keep", "none")
    done = sweep(*words)
    assert done.returncode == 0, done.stderr
    assert "rung 2 of 2, all 9 epochs" in done.stderr
    assert "9 of 9 runs; " in done.stderr.splitlines()[-1]
    runs = document(done)["runs"]
    pruned = [run for run in runs if run["status"] == "pruned"]
    assert len(pruned) == 6
    assert {run["epochs"] for run in pruned} == {3}
    (row,) = [row for row in document(done)["configurations"] if row["id"] == pruned[0]["id"]]
    sets = [f"{key}={row[key]}" for key in ("optimizer.learning_rate", "model.width")]
    options = [word for text in [*sets, "fit.epochs=9"] for word in ("--set", text)]
    trained = dlrun("train", table, "--target", "쪽", "--backend", "jax", *options, "-q", "--json", cwd=table.parent)
    (run,) = document(trained)["runs"]
    assert (run["id"], run["status"], run["epochs"]) == (row["id"], "completed", 9)


# --- after it --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_continue_refit_and_predict(sweep: Any, table: Path) -> None:
    done = sweep(*TINY, *GRID, "--seeds", 2, "--continue", 1, "--epochs", 5, "--refit", "--json")
    assert done.returncode == 0, done.stderr
    found = document(done)
    best, longer, refit = found["configurations"][0], found["continued"]["runs"], found["refit"]["runs"]
    assert [(run["epochs"], run["parameters"]) for run in longer] == [(5, best["parameters"])] * 2
    assert [run["epochs"] for run in refit] == [round(best["best_epoch"])] * 2
    assert {run["metrics"].get("val_loss") for run in refit} == {None}
    assert "continue: the best 1 from their start, for 5 epochs" in done.stderr
    assert "refit: the best on train and validation rows together" in done.stderr
    for run_id in (best["id"], longer[0]["id"], refit[0]["id"]):
        predicted = dlrun("predict", run_id, table, "-q", cwd=table.parent)
        assert predicted.returncode == 0, predicted.stderr
        assert len(predicted.stdout.splitlines()) == 122


@pytest.mark.slow
def test_every_run_diverges(sweep: Any) -> None:
    options = ("--set", "optimizer.name=sgd", "--grid", "optimizer.learning_rate=1e20,1e30", "--continue", 1, "--refit")
    done = sweep(*TINY, *options)
    assert done.returncode == 3
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["status", "diverged", "diverged"]
    assert done.stderr.splitlines()[-2:] == [
        "dlrun: --continue: nothing to train for longer: no configuration came to a number",
        "dlrun: --refit: no configuration came to a number",
    ]


@pytest.mark.slow
def test_what_is_not_fused_is_said(sweep: Any) -> None:
    done = sweep(*TINY, "--grid", "fit.precision=float32,mixed_bfloat16", "--json")
    assert done.returncode == 0, done.stderr
    assert "1 run not fused, but trained one by one by the keras engine: fit.precision: mixed_bfloat16" in done.stderr
    assert sorted(run["engine"] for run in document(done)["runs"]) == ["fused", "keras"]


@pytest.mark.slow
def test_a_budget_that_is_too_small(sweep: Any, table: Path) -> None:
    done = sweep(*TINY, *GRID, "--budget", "1s")
    assert done.returncode == 0
    assert "2 runs not begun: no time left in --budget. The same command trains what is missing" in done.stderr
    assert not written(table.parent / "results")
