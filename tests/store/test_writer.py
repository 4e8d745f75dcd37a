from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from dlrun.errors import StoreBusy, StoreError, StoreNotWritable
from dlrun.store import Ending, RunFolder, Store, finish_many
from tests.stored import COLUMNS, curves_of, keep_run, record_of, run_id, spec_text

ID = run_id("writer")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def names(store: Store) -> list[str]:
    return sorted(os.listdir(store.runs))


def begin(store: Store, name: str = "x", rows: int = 2) -> None:
    """An attempt that was killed: begun, some epochs, no end."""
    with store.writer(ID, name) as writer:
        writer.begin(spec_text(name, 0, {}), COLUMNS)
        for row in curves_of()[:rows]:
            writer.append(row)


def test_a_finished_run_has_all_its_files(store: Store) -> None:
    folder = keep_run(store, "wide")
    assert sorted(os.listdir(folder.path)) == ["curves.csv", "model.keras", "result.json", "spec.yaml"]
    assert folder.finished
    assert folder.status == "completed"
    assert folder.curves()["val_loss"] == [row["val_loss"] for row in curves_of()]
    assert names(store) == [folder.path.name]


def test_an_unfinished_run_tells_what_is_known(store: Store) -> None:
    begin(store, "[/x]")
    folder = store.by_id(ID)
    assert folder is not None
    assert folder.status == "interrupted"
    record = folder.record()
    assert (record["name"], record["seed"], record["epochs"]) == ("[/x]", 0, 2)


def test_it_is_running_while_its_writer_lives(store: Store) -> None:
    with store.writer(ID, "x") as writer:
        writer.begin(spec_text("x", 0, {}), COLUMNS)
        assert writer.folder.status == "running"
        assert writer.folder.busy
    folder = store.by_id(ID)
    assert folder is not None
    assert folder.status == "interrupted"


def test_a_new_attempt_replaces_an_unfinished_one_of_any_name(store: Store) -> None:
    begin(store, "old name", rows=4)
    folder = keep_run(store, "new name", identity=ID)
    assert names(store) == [folder.path.name] == [f"new_name-{ID}"]
    assert len(folder.curves()["epoch"]) == 5


def test_abandon_leaves_nothing(store: Store) -> None:
    with store.writer(ID, "x") as writer:
        writer.begin(spec_text("x", 0, {}), COLUMNS)
        writer.abandon()
    assert names(store) == []


def test_training_again_keeps_the_old_record_until_the_end(store: Store) -> None:
    old = keep_run(store, "x", identity=ID, parameters=1)
    with store.writer(ID, "x") as writer:
        writer.begin(spec_text("x", 0, {}), COLUMNS)
        writer.append(curves_of()[0])
        assert old.record()["parameters"] == 1
        assert len(store.folders()) == 1
        writer.finish(record_of(ID, "x", curves_of()[:1], parameters=2))
    assert old.record()["parameters"] == 2
    assert not old.model_path.exists()
    assert names(store) == [old.path.name]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_training_again_in_vain_keeps_the_old_record(store: Store, error: type[BaseException]) -> None:
    old = keep_run(store, "x", identity=ID)

    def train_again() -> None:
        with store.writer(ID, "x") as writer:
            writer.begin(spec_text("x", 0, {}), COLUMNS)
            raise error

    with pytest.raises(error):
        train_again()
    assert names(store) == [old.path.name]
    assert old.status == "completed"


def test_a_crash_in_the_middle_of_a_swap_is_healed(store: Store) -> None:
    folder = keep_run(store, "x", identity=ID)
    os.rename(folder.path, store.runs / f".old-{folder.path.name}")
    found = store.by_id(ID)
    assert found is not None
    assert found.status == "completed"


def test_a_crash_after_a_swap_is_healed(store: Store) -> None:
    folder = keep_run(store, "x", identity=ID)
    shutil.copytree(folder.path, store.runs / f".old-{folder.path.name}")
    assert [found.id for found in store.folders()] == [ID]
    assert names(store) == [folder.path.name]


def test_one_writer_per_run(store: Store) -> None:
    def write_too() -> None:
        with store.writer(ID, "other"):
            pass

    with store.writer(ID, "x"):
        with pytest.raises(StoreBusy, match="another process is writing run") as error:
            write_too()
        assert error.value.exit_code == 5
        with store.writer(run_id("another run"), "y"):
            pass
    write_too()


def test_a_killed_process_lets_its_lock_go(store: Store) -> None:
    program = (
        "import os, sys; from pathlib import Path; from dlrun.store import Store\n"
        f"writer = Store(Path(sys.argv[1])).writer({ID!r}, 'x').__enter__()\n"
        "writer.begin('name: x', ['epoch']); writer.append({'epoch': 1}); print('ready', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, store.root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    with process, process.stdout, process.stdin:
        assert process.stdout.readline().strip() == b"ready"
        folder = store.by_id(ID)
        assert folder is not None
        assert folder.status == "running"
        process.kill()
        process.wait()
    assert folder.status == "interrupted"
    keep_run(store, "x", identity=ID)
    assert folder.status == "completed"


def test_numbers_that_are_not_finite_are_null_in_the_record(store: Store) -> None:
    folder = keep_run(store, "x", status="diverged", metrics={"val_loss": float("nan")})
    assert json.loads(folder.result_path.read_text())["metrics"] == {"val_loss": None}


def test_a_file_that_fails_leaves_no_record(store: Store) -> None:
    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def train() -> None:
        with store.writer(ID, "x") as writer:
            writer.begin(spec_text("x", 0, {}), COLUMNS)
            writer.finish(record_of(ID, "x", curves_of()), {"model.keras": full})

    with pytest.raises(StoreNotWritable, match="no space left") as error:
        train()
    assert error.value.exit_code == 6
    folder = store.by_id(ID)
    assert folder is not None
    assert sorted(os.listdir(folder.path)) == ["curves.csv", "spec.yaml"]


def endings(store: Store, held: ExitStack, names: list[str], **files: Callable[[Path], None]) -> list[Ending]:
    """Runs that were written to their end; `files` gives those with these names a `model.keras`."""
    found = []
    for name in names:
        writer = held.enter_context(store.writer(run_id(name), name))
        writer.begin(spec_text(name, 0, {}), COLUMNS)
        for row in curves_of():
            writer.note(row)
        kept = {"model.keras": files[name]} if name in files else {}
        found.append(Ending(writer, record_of(run_id(name), name, curves_of()), kept))
    return found


@pytest.mark.parametrize("runs", [0, 1, 2, 40])
def test_runs_that_end_together(store: Store, runs: int) -> None:
    names = [f"run {number}" for number in range(runs)]
    with ExitStack() as held:
        folders = finish_many(endings(store, held, names))
    assert [folder.id for folder in folders] == [run_id(name) for name in names]
    assert all(folder.curves()["val_loss"] == [row["val_loss"] for row in curves_of()] for folder in folders)
    assert {folder.id for folder in store.finished_among([run_id(name) for name in names]).values()} == {
        run_id(name) for name in names
    }
    assert {entry.record["name"] for entry in store.entries()} == set(names)


def test_of_runs_that_end_together_the_others_are_kept_where_one_cannot_be(store: Store) -> None:
    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with ExitStack() as held, pytest.raises(StoreNotWritable, match="no space left"):
        finish_many(endings(store, held, ["a", "b", "c"], b=full))
    assert {entry.record["name"]: entry.record["status"] for entry in store.entries()} == {
        "a": "completed",
        "b": "interrupted",
        "c": "completed",
    }


def test_noted_epochs_wait_for_the_flush(store: Store) -> None:
    with store.writer(ID, "x") as writer:
        writer.begin(spec_text("x", 0, {}), COLUMNS)
        for row in curves_of()[:3]:
            writer.note(row)
        assert writer.folder.curves()["epoch"] == []
        writer.flush()
        writer.flush()
        assert writer.folder.curves()["epoch"] == [1, 2, 3]


def _write(text: str, path: Path) -> None:
    path.write_text(text)


def test_files_are_added_to_a_finished_run(store: Store) -> None:
    folder = keep_run(store, "x", identity=ID)
    record = folder.result_path.read_bytes()
    store.add_files(folder, {"preprocessing.json": partial(_write, "{}")})
    assert folder.preprocessing_path.read_text() == "{}"
    assert folder.result_path.read_bytes() == record
    with store.writer(ID, "x"), pytest.raises(StoreBusy):
        store.add_files(folder, {})


def test_no_files_are_added_to_an_unfinished_run(store: Store) -> None:
    begin(store)
    (folder,) = store.folders()
    with pytest.raises(StoreError, match=r"has no result\.json"):
        store.add_files(folder, {})


def test_an_impatient_writer_does_not_wait(store: Store) -> None:
    with store.writer(ID, "x"), pytest.raises(StoreBusy), store.writer(ID, "x", patience=0):
        pass


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file is in the way")
    with pytest.raises(StoreNotWritable, match="--results"):
        keep_run(Store(tmp_path / "results"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(store: Store) -> None:
    store.runs.mkdir(parents=True)
    store.runs.chmod(0o500)
    with pytest.raises(StoreNotWritable):
        keep_run(store)
    store.runs.chmod(0o700)


@pytest.mark.parametrize("identity", ["", "x", "0123456789AB", "../../etc/xx", "0123456789abc"])
def test_ids_are_hex(store: Store, identity: str) -> None:
    with pytest.raises(StoreError, match="12 hex"):
        store.writer(identity, "x")


def test_other_folders_are_no_run_folders(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no run folder"):
        _ = RunFolder(tmp_path / "x").id
