"""The commands that look back: ls, show, compare, diff, curves, rm, and the way errors come out."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dlrun import __version__
from dlrun.cli.main import COMMANDS
from dlrun.store import Store
from tests.stored import HOSTILE, curves_of, keep_run

Run = Any


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_help_lists_all_commands(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    for name, command in COMMANDS.items():
        assert f"  {name:<{max(map(len, COMMANDS))}}  {command.help}\n" in out


@pytest.mark.parametrize("name", ["ls", "show", "curves", "compare", "diff", "rm"])
def test_the_help_of_a_command_has_an_example(run: Run, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0
    assert f"Example: dlrun {name}" in out
    assert "--results DIR" in out
    assert run("help", name)[1] == out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"dlrun {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lss",), "dlrun: there is no command `lss`. Did you mean `dlrun ls`?"),
        (("\x1b[2J",), "dlrun: there is no command `\\x1b[2J`. `dlrun --help` lists them"),
        (("ls", "--foo"), "dlrun: ls: No such option: --foo"),
        (("ls", "-n", "x"), "dlrun: ls: Invalid value for '-n' / '--number': 'x' is not a valid"),
        (("ls", "-n", "0"), "dlrun: ls: Invalid value for '-n' / '--number': 0 is not in the range"),
        (("diff", "a"), "dlrun: diff: Missing argument 'B'"),
        (("rm",), "dlrun: rm: Missing argument"),
        (("compare", "--json", "--csv"), "dlrun: compare: takes one of --json, --csv, --markdown"),
    ],
)
def test_bad_usage(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(message)


@pytest.mark.parametrize("words", [("show",), ("curves",), ("show", "x"), ("diff", "a", "b"), ("rm", "x", "--yes")])
def test_no_such_run(run: Run, store: Store, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (4, "")
    assert "runs yet" in err
    assert not store.root.exists()


@pytest.mark.parametrize("words", [("ls",), ("compare",)])
def test_an_empty_store_is_no_error(run: Run, store: Store, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (0, "")
    assert "No runs" in err
    assert run(*words, "-q") == (0, "", "")
    document = json.loads(run(*words, "--json")[1])
    assert document.get("runs", document.get("configurations")) == []


def test_ls(run: Run, store: Store) -> None:
    folders = [keep_run(store, "x", seed=seed) for seed in range(3)]
    code, out, err = run("ls")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:]] == [folder.id[:6] for folder in reversed(folders)]
    code, out, err = run("ls", "-n", 1)
    assert len(out.splitlines()) == 2
    assert "The newest 1 of 3 runs" in err


def test_ls_json(run: Run, store: Store) -> None:
    keep_run(store, "한글 이름")
    keep_run(store, "unfinished", finish=False)
    document = json.loads(run("ls", "--json")[1])
    assert document["format"] == 1
    assert {entry["name"]: entry["status"] for entry in document["runs"]} == {
        "한글 이름": "completed",
        "unfinished": "interrupted",
    }
    assert all(Path(entry["path"]).is_absolute() for entry in document["runs"])


def test_results_names_another_store(run: Run, tmp_path: Path) -> None:
    keep_run(Store(tmp_path / "other"), "elsewhere")
    assert "elsewhere" in run("ls", "--results", tmp_path / "other")[1]
    assert "elsewhere" in run("show", "--results", tmp_path / "other")[1]


def test_show_takes_the_newest(run: Run, store: Store) -> None:
    keep_run(store, "older", finished="2026-11-20T09:00:00+00:00")
    keep_run(store, "newer", finished="2026-11-20T10:00:00+00:00")
    assert "newer" in run("show")[1]
    assert "older" in run("show", "older")[1]
    document = json.loads(run("show", "older", "--json")[1])
    assert document["runs"][0]["record"]["trivial"]["val_loss"] == 2.3


def test_show_of_a_damaged_run(run: Run, store: Store) -> None:
    keep_run(store, "x").result_path.write_text("{")
    code, out, err = run("show", "x")
    assert (code, err) == (0, "")
    assert "damaged" in out


def test_compare_formats(run: Run, store: Store) -> None:
    keep_run(store, "a", changed={"model.dropout": 0.5}, rows=curves_of(lowest=0.2))
    keep_run(store, "=b", rows=curves_of(lowest=0.1))
    table = run("compare")[1].splitlines()[:-1]
    assert "dropout" in table[0]
    assert [line.split()[1] for line in table[1:]] == ["=b", "a"]
    found = list(csv.DictReader(io.StringIO(run("compare", "--csv")[1])))
    assert [row["name"] for row in found] == ["'=b", "a"]
    assert float(found[1]["gap"]) == float(found[1]["val_loss"]) - float(found[1]["train_loss"])
    assert run("compare", "--markdown")[1].count("\n") == 4
    document = json.loads(run("compare", "--json", "--sort", "name")[1])
    assert [row["name"] for row in document["configurations"]] == ["=b", "a"]


def test_diff(run: Run, store: Store) -> None:
    keep_run(store, "a")
    keep_run(store, "b", changed={"model.dropout": 0.5})
    out = run("diff", "a", "b")[1]
    assert "model.dropout" in out
    found = json.loads(run("diff", "a", "b", "--json")[1])
    assert [entry["name"] for entry in found["runs"]] == ["a", "b"]
    assert found["differences"][0] == {
        "section": "settings",
        "key": "model.dropout",
        "a": 0.0,
        "b": 0.5,
        "difference": None,
    }
    assert "do not differ" in run("diff", "a", "a")[2]


def test_curves(run: Run, store: Store, tmp_path: Path) -> None:
    keep_run(store, "a")
    keep_run(store, "b")
    out = run("curves", "a", "b")[1]
    assert "best epoch 3" in out
    assert "\x1b" not in out
    assert run("curves", "a", "--png", "c.png", "--svg", "c.svg")[1] == "c.png\nc.svg\n"
    assert (tmp_path / "c.png").exists()
    assert (tmp_path / "c.svg").exists()
    assert run("curves", "--metric", "f1")[0] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(run: Run, store: Store, name: str) -> None:
    folder = keep_run(store, name, reason=name, notes=[name])
    for words in (
        ("ls",),
        ("ls", "--json"),
        ("show", folder.id),
        ("show", "--json"),
        ("compare",),
        ("compare", "--csv"),
        ("compare", "--markdown"),
        ("compare", "--json"),
        ("curves",),
        ("diff", folder.id, folder.id),
        ("diff", folder.id, folder.id, "--json"),
    ):
        code, out, err = run(*words)
        assert code == 0, err
        assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(out + err)
    assert json.loads(run("ls", "--json")[1])["runs"][0]["name"] == name
    if name.strip():
        assert run("show", "--", name)[0] == 0
        assert run("rm", "--yes", "--", name)[0] == 0
        assert store.folders() == []


def test_rm(run: Run, store: Store) -> None:
    first, second, third = (keep_run(store, "x", seed=seed) for seed in range(3))
    code, out, _ = run("rm", first.id, second.path.name, first.id, "--yes")
    assert (code, out) == (0, f"removed {first.path}\nremoved {second.path}\n")
    assert store.folders() == [third]
    assert run("rm", third.id, "nothing", "--yes")[0] == 4
    assert store.folders() == [third]


def test_rm_asks_and_without_a_terminal_refuses(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_run(store, "x")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, out, err = run("rm", "x")
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert len(store.folders()) == 1


def test_rm_refuses_a_running_run(run: Run, store: Store) -> None:
    idle, busy = keep_run(store, "idle"), keep_run(store, "busy")
    with store.writer(busy.id, "busy"):
        code, _, err = run("rm", "idle", "busy", "--yes")
    assert code == 5
    assert "running" in err
    assert store.by_id(idle.id) == idle


def test_a_damaged_curve_is_named(run: Run, store: Store) -> None:
    keep_run(store, "x").curves_path.write_text("epoch,train_loss\nx,y\n1,2\n")
    code, out, err = run("curves", "x")
    assert (code, out) == (5, "")
    assert "curves.csv:2" in err


def process(store: Store, *words: str, **more: Any) -> subprocess.Popen[str]:
    env = {**os.environ, "DLRUN_RESULTS": str(store.root)}
    program = "import sys; from dlrun.cli.main import main; sys.exit(main())"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", program, *words], env=env, **pipes, **more)


@pytest.mark.parametrize("unbuffered", ["1", ""])
def test_a_broken_pipe_is_quiet(store: Store, monkeypatch: pytest.MonkeyPatch, unbuffered: str) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    for seed in range(150):  # more than a pipe holds
        keep_run(store, "x" * 300, seed=seed)
    with process(store, "ls", "--json") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 0
        assert running.stderr.read() == ""


def test_another_encoding_is_no_crash(store: Store) -> None:
    keep_run(store, "한글 🙂")
    env = {**os.environ, "DLRUN_RESULTS": str(store.root), "PYTHONIOENCODING": "cp1252"}
    program = "import sys; from dlrun.cli.main import main; sys.exit(main())"
    for words in (["ls"], ["ls", "--json"], ["curves"], ["show"]):
        done = subprocess.run([sys.executable, "-c", program, *words], env=env, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        if "--json" in words:
            assert json.loads(done.stdout)["runs"][0]["name"] == "한글 🙂"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_with_130(store: Store) -> None:
    keep_run(store, "x")
    program = (
        "import signal, sys, time; import dlrun.cli.main as m\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a test run in the background has it ignored
        "def wait(words): print('ready', flush=True); time.sleep(60)\n"
        "m.run = wait; sys.exit(m.main(['ls']))"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130


def test_no_space_has_its_own_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(words: object) -> int:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("dlrun.cli.main.run", full)
    code, _, err = run("ls")
    assert code == 6
    assert "somewhere: no space left" in err
