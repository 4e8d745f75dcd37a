from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from dlrun.errors import StoreError, StoreNotWritable
from dlrun.store.lock import lock_path
from dlrun.store.sweep_folder import SweepFolder, at_work, sweep_folders, sweeps_at_work, write_sweep
from tests.stored import HOSTILE, run_id

ID = run_id("sweep")
RUNS = [run_id(number) for number in range(3)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sweep_is_found_again(tmp_path: Path, name: str) -> None:
    folder = write_sweep(tmp_path, name, ID, "name: x\n", RUNS)
    assert sweep_folders(tmp_path) == [folder]
    assert (folder.id, folder.runs(), folder.spec_path.read_text()) == (ID, RUNS, "name: x\n")


def test_it_grows_by_rounds(tmp_path: Path) -> None:
    folder = write_sweep(tmp_path, "x", ID, "name: x\n", RUNS[:1])
    spec = folder.spec_path.stat().st_ino
    assert write_sweep(tmp_path, "x", ID, "name: x\n", RUNS) == folder
    assert folder.runs() == RUNS
    assert folder.spec_path.stat().st_ino == spec, "what is the same is not written again"
    assert sorted(os.listdir(folder.path)) == ["runs.json", "sweep.yaml"]


def test_a_store_without_sweeps(tmp_path: Path) -> None:
    assert sweep_folders(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cannot be read"),
        ("[]", "must hold a JSON object with a list `runs`"),
        ('{"format": 1}', "must hold a JSON object with a list `runs`"),
        ('{"format": 2, "runs": []}', "`format` must be at most 1. Received: 2"),
        ('{"format": 1, "runs": [3]}', "`runs` must hold ids. Received: 3"),
    ],
)
def test_a_damaged_list_says_so(tmp_path: Path, text: str, problem: str) -> None:
    folder = write_sweep(tmp_path, "x", ID, "", [])
    folder.runs_path.write_text(text)
    with pytest.raises(StoreError) as error:
        folder.runs()
    assert problem in str(error.value)


def test_other_folders_are_no_sweeps(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no sweep folder"):
        _ = SweepFolder(tmp_path / "x").id


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "sweeps").write_text("in the way")
    with pytest.raises(StoreNotWritable):
        write_sweep(tmp_path, "x", ID, "", [])


def test_the_first_of_several_processes_shows_that_it_is_at_work(tmp_path: Path) -> None:
    folder = write_sweep(tmp_path, "x", ID, "", [])
    assert sweeps_at_work(tmp_path) == sweeps_at_work(tmp_path / "none") == set()
    with at_work(tmp_path, ID):
        with at_work(tmp_path, ID):
            assert sweeps_at_work(tmp_path) == {ID}
        assert sweeps_at_work(tmp_path) == {ID}
        assert sweep_folders(tmp_path) == [folder]
    assert sweeps_at_work(tmp_path) == set()


def test_a_look_at_the_lock_keeps_no_sweep_from_showing_that_it_is_at_work(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    write_sweep(tmp_path, "x", ID, "", [])
    looking = os.open(lock_path(tmp_path / "sweeps", ID), os.O_RDWR | os.O_CREAT)
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.1, os.close, [looking]).start()
    with at_work(tmp_path, ID):
        assert sweeps_at_work(tmp_path) == {ID}
