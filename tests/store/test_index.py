from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from dlrun.store import Store
from dlrun.store.index_database import VERSION
from tests.stored import curves_of, keep_run, record_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "results")
    for seed in range(3):
        keep_run(store, "x", seed=seed)
    assert seeds(store) == {0, 1, 2}
    assert store.index.path.exists()
    return store


def seeds(store: Store, limit: int | None = None) -> set[int | None]:
    return {entry.record["seed"] for entry in store.entries(limit)}


def test_new_runs_enter_and_removed_ones_leave(store: Store) -> None:
    keep_run(store, "x", seed=3)
    assert seeds(store) == {0, 1, 2, 3}
    shutil.rmtree(store.find("x-" + store.entries(1)[0].folder.id).path)
    assert seeds(store) == {0, 1, 2}


def test_records_come_from_the_index_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(path: Path) -> None:
        raise AssertionError(f"{path} was opened")

    monkeypatch.setattr("dlrun.store.run_folder.read_record", never)
    assert seeds(store) == {0, 1, 2}


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 500, b"SQLite format 3\x00" + b"\x00" * 4000], ids=["empty", "text", "torn"]
)
def test_a_broken_index_is_built_again(store: Store, content: bytes) -> None:
    store.index.path.write_bytes(content)
    assert seeds(store) == {0, 1, 2}
    assert seeds(store) == {0, 1, 2}


def test_a_missing_index_is_built_again(store: Store) -> None:
    store.index.path.unlink()
    assert seeds(store) == {0, 1, 2}
    assert store.index.path.exists()


def test_an_index_of_another_version_is_built_again(store: Store) -> None:
    with sqlite3.connect(store.index.path) as database:
        database.execute("DROP TABLE runs")
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    assert seeds(store) == {0, 1, 2}


def test_damaged_rows_are_built_again(store: Store) -> None:
    with sqlite3.connect(store.index.path) as database:
        database.execute("UPDATE runs SET record = '{'")
    database.close()
    assert seeds(store) == {0, 1, 2}
    assert seeds(store) == {0, 1, 2}


def test_a_store_that_cannot_be_written_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    store.index.path.unlink()
    monkeypatch.setattr("dlrun.store.index_database.opened", read_only)
    assert seeds(store) == {0, 1, 2}
    assert not store.index.path.exists()


def test_a_replaced_record_is_seen(store: Store) -> None:
    folder = store.entries()[0].folder
    keep_run(store, "x", seed=folder.record()["seed"] or 0, parameters=77, identity=folder.id)
    assert {entry.record["parameters"] for entry in store.entries() if entry.folder == folder} == {77}


def test_a_record_replaced_behind_its_back_is_seen(store: Store) -> None:
    folder = store.entries()[0].folder
    record = record_of(folder.id, "x", curves_of(), parameters=123456, seed=9)
    folder.result_path.write_text(json.dumps(record))
    assert 9 in seeds(store, limit=1) or 9 in seeds(store)
    folder.result_path.write_text("{")
    assert [entry.record["status"] for entry in store.entries() if entry.folder == folder] == ["damaged"]
    folder.result_path.unlink()
    assert [entry.record["status"] for entry in store.entries() if entry.folder == folder] == ["interrupted"]


def test_many_readers_and_writers_at_once(store: Store) -> None:
    store.index.path.unlink()
    problems: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            own = Store(store.root)
            keep_run(own, "x", seed=100 + seed)
            own.entries()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert seeds(store) == {0, 1, 2, *range(100, 108)}
