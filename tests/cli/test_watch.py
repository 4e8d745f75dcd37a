"""`dlrun watch`, as a command and beside real training."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.main import main
from dlrun.cli.watch import picture
from dlrun.insight.watching import RunState, Seen, SweepState
from dlrun.store import Store
from dlrun.store.sweep_folder import at_work, write_sweep
from tests.command import DLRUN, dlrun
from tests.stored import COLUMNS, curves_of, keep_run, run_id, spec_text


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DLRUN_RESULTS", str(tmp_path / "results"))
    return Store(tmp_path / "results")


Run = Any


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str]) -> Run:
    def carry_out(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["watch", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return carry_out


def test_nothing_is_being_trained(run: Run, store: Store) -> None:
    assert run() == (0, "", f"Nothing is being trained in {store.root}. It has no runs yet\n")
    keep_run(store, "older")
    code, out, err = run()
    assert (code, err) == (0, f"Nothing is being trained in {store.root}. The latest runs:\n")
    assert "older" in out
    assert json.loads(run("--once", "--json")[1]) == {"format": 1, "sweeps": [], "runs": []}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--json",), 2, "dlrun: watch: --json needs --once. It then prints one state"),
        (("--interval", "0"), 2, "dlrun: watch: Invalid value for '--interval'"),
        (("nothing",), 4, "no run answers to `nothing`"),
    ],
)
def test_bad_usage(run: Run, words: tuple[str, ...], code: int, message: str) -> None:
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert message in err


def test_once(run: Run, store: Store) -> None:
    identity = run_id("busy")
    write_sweep(store.root, "grid", "5eeb00000001", "name: grid\n", [identity])
    with at_work(store.root, "5eeb00000001"), store.writer(identity, "busy") as writer:
        writer.begin(spec_text("busy", 0, {"fit.epochs": 9}), COLUMNS)
        for row in curves_of(4):
            writer.append(row)
        code, out, err = run("--once")
        document = json.loads(run("--once", "--json")[1])
    assert (code, err) == (0, "")
    sweep, _, row = out.splitlines()
    assert sweep == "grid-5eeb00: 0 of 1 run, 1 in training"
    assert row.split()[:5] == [identity[:6], "busy", "4", "of", "9"]
    assert (document["runs"][0]["epoch"], document["runs"][0]["sweep"]) == (4, "5eeb00000001")
    assert document["sweeps"][0]["in_training"] == 1


def test_an_ended_run_is_shown_at_once(run: Run, store: Store) -> None:
    keep_run(store, "x")
    code, out, _ = run("x")
    assert code == 0
    assert "completed" in out


def test_five_hundred_runs_fit_into_a_terminal() -> None:
    from rich.console import Console

    runs = tuple(RunState(run_id(n), f"긴 이름 {n}" * 9, Path(), "running", epoch=n, epochs=500) for n in range(500))
    sweep = SweepState("5eeb00000001", "grid", Path(), True, 800, done=300, in_training=500, share=0.5)
    for width, height in ((40, 10), (80, 24), (200, 60)):
        console = Console(width=width, height=height, force_terminal=True, file=open(os.devnull, "w"))  # noqa: SIM115
        with console.capture() as shown:
            console.print(picture(Seen((sweep,), runs, True), width, height))
        lines = shown.get().splitlines()
        assert len(lines) < height
        assert "more in training" in lines[-1]
        console.file.close()


def following(store: Store, *words: str) -> subprocess.Popen[str]:
    env = {**os.environ, "DLRUN_RESULTS": str(store.root)}
    command = [sys.executable, DLRUN, "watch", "--interval", "0.1", *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_the_watching_alone(store: Store) -> None:
    with store.writer(run_id("busy"), "busy") as writer:
        writer.begin(spec_text("busy", 0, {}), COLUMNS)
        with following(store) as watching:
            assert watching.stdout is not None
            assert watching.stdout.readline() == f"busy-{run_id('busy')[:6]}: epoch 0 of 5\n"
            writer.append(curves_of(1)[0])
            assert watching.stdout.readline().startswith(f"busy-{run_id('busy')[:6]}: epoch 1 of 5, train loss 1.0000")
            watching.send_signal(signal.SIGINT)
            out, err = watching.communicate(timeout=30)
    assert (watching.returncode, out, err) == (0, "", "no longer watched; the training goes on\n")


def watched_until_the_end(store: Store, training: subprocess.Popen[bytes], until: str) -> str:
    """What is printed by a `watch` that begins when something is being trained."""
    for _ in range(600):
        if training.poll() is not None or json.loads(dlrun_once(store))[until]:
            break
        time.sleep(0.05)
    with following(store) as watching:
        out, err = watching.communicate(timeout=100)
    assert training.wait(60) == 0
    assert (watching.returncode, err) == (0, "")
    return out


def dlrun_once(store: Store) -> str:
    return dlrun("watch", "--once", "--json", "--results", store.root).stdout


@pytest.mark.slow
def test_a_sweep_and_a_run_that_are_really_trained(store: Store, tmp_path: Path) -> None:
    common = ["digits", "--results", str(store.root), "-q"]
    grid = ["--grid", "model.width=8,16", "--seeds", "3", "--set", "fit.epochs=40", "--set", "name=grid"]
    with subprocess.Popen([DLRUN, "sweep", *common, *grid], stdout=subprocess.DEVNULL) as training:
        out = watched_until_the_end(store, training, "sweeps")
    sweeps = [line for line in out.splitlines() if line.startswith("grid-")]
    assert sweeps[0].startswith(f"grid-{store.sweeps()[0].id[:6]}: ")
    assert "6 of 6 runs, done; best: width 16: val_loss" in sweeps[-1]
    assert len(sweeps) > 2

    single = ["--set", "fit.epochs=400", "--set", "name=single"]
    with subprocess.Popen([DLRUN, "train", *common, *single], stdout=subprocess.DEVNULL) as training:
        out = watched_until_the_end(store, training, "runs")
    lines = out.splitlines()
    assert any(f": epoch {epoch} of 400" in lines[0] for epoch in range(401))
    assert "single-" in lines[-1]
    assert "completed after 400 epochs" in lines[-1]
