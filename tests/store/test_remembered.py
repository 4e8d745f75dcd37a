"""Values that are worked out once per finished run and kept in the index."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import StoreError
from dlrun.store import Entry, Store
from tests.stored import keep_run


class Counting:
    """Works out a value of a run, and counts how often."""

    def __init__(self) -> None:
        self.asked: list[int | None] = []

    def __call__(self, entry: Entry) -> Any:
        self.asked.append(entry.record.get("seed"))
        return {"seed": entry.record.get("seed"), "pair": (1, 2.5)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "results")
    for seed in range(3):
        keep_run(store, "x", seed=seed, finished=f"2026-11-20T1{seed}:00:00+00:00")
    return store


def ask(store: Store, topic: str = "t", version: int = 1) -> list[int | None]:
    """The seeds for which the value was worked out, when it is asked for all runs."""
    compute, entries = Counting(), store.entries()
    values = store.remembered(topic, version, entries, compute)
    assert values == [{"seed": entry.record["seed"], "pair": [1, 2.5]} for entry in entries]
    return compute.asked


def test_each_is_worked_out_once(store: Store) -> None:
    assert ask(store) == [2, 1, 0]
    assert ask(store) == []
    assert ask(Store(store.root)) == []
    keep_run(store, "x", seed=3)
    assert ask(store) == [3]


def test_a_new_rule_begins_afresh(store: Store) -> None:
    ask(store)
    assert ask(store, version=2) == [2, 1, 0]
    assert ask(store, version=2) == []
    assert ask(store, topic="other") == [2, 1, 0]
    assert ask(store, version=2) == []


def test_of_a_replaced_run_it_is_worked_out_again(store: Store) -> None:
    ask(store)
    folder = store.entries()[1].folder
    keep_run(store, "x", seed=1, identity=folder.id, parameters=77, finished="2026-11-20T11:00:00+00:00")
    assert ask(store) == [1]
    assert ask(store) == []


def test_an_unfinished_run_is_never_kept(store: Store) -> None:
    ask(store)
    keep_run(store, "x", seed=4, finish=False)
    store.entries()[2].folder.result_path.write_text("{")
    for _ in range(2):
        compute = Counting()
        store.remembered("t", 1, store.entries(), compute)
        assert len(compute.asked) == 2


def test_what_is_gone_is_forgotten(store: Store) -> None:
    ask(store)
    shutil.rmtree(store.entries()[0].folder.path)
    store.entries()
    with sqlite3.connect(store.index.path) as database:
        assert database.execute("SELECT count(*) FROM remembered").fetchone() == (2,)
    database.close()


@pytest.mark.parametrize("content", [b"", b"garbage" * 500])
def test_a_broken_index_is_no_trouble(store: Store, content: bytes) -> None:
    ask(store)
    entries, compute = store.entries(), Counting()
    store.index.path.write_bytes(content)
    assert len(store.remembered("t", 1, entries, compute)) == 3
    assert compute.asked == [2, 1, 0]
    ask(store)
    assert ask(store) == []


def test_a_damaged_value_is_worked_out_again(store: Store) -> None:
    ask(store)
    with sqlite3.connect(store.index.path) as database:
        database.execute("UPDATE remembered SET value = '{'")
    database.close()
    ask(store)
    ask(store)  # the index is built again by the listing, so it can hold values from now on
    assert ask(store) == []


def test_an_index_that_another_process_holds_is_no_trouble(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlrun.store.index_database._PATIENCE", 0.05)
    entries, compute = store.entries(), Counting()
    other = sqlite3.connect(store.index.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert len(store.remembered("t", 1, entries, compute)) == 3
    assert len(store.entries()) == 3
    other.close()
    assert ask(store) == [2, 1, 0]


def test_the_index_is_used_by_several_at_once(store: Store) -> None:
    other = Store(store.root)
    entries = store.entries()

    def meanwhile(entry: Entry) -> str:
        other.remembered("u", 1, entries, Counting())
        return entry.folder.id

    assert store.remembered("t", 1, entries, meanwhile) == [entry.folder.id for entry in entries]


def test_what_compute_raises_goes_on(store: Store) -> None:
    def fails(entry: Entry) -> None:
        raise ValueError("no value")

    with pytest.raises(ValueError, match="no value"):
        store.remembered("t", 1, store.entries(), fails)
    assert store.index.path.exists()
    assert ask(store) == [2, 1, 0]


def test_what_could_not_be_read_is_asked_again(store: Store) -> None:
    def unreadable(entry: Entry) -> None:
        raise StoreError("curves.csv: cannot be read")

    assert store.remembered("t", 1, store.entries(), unreadable) == [None, None, None]
    assert ask(store) == [2, 1, 0]
    assert ask(store) == []


@pytest.mark.parametrize("listed", [True, False])
def test_a_run_trained_again_since_it_was_read_keeps_nothing(store: Store, listed: bool) -> None:
    entries = store.entries()
    old = entries[1] if listed else store.entry(entries[1].folder)
    keep_run(store, "x", seed=1, identity=old.folder.id, parameters=77, finished="2026-11-20T11:00:00+00:00")
    store.entries()
    assert store.remembered("t", 1, [old], lambda entry: entry.record["parameters"]) == [8970]
    new = store.entries()
    assert store.remembered("t", 1, new[1:2], lambda entry: entry.record["parameters"]) == [77]
    assert store.remembered("t", 1, [old], lambda entry: entry.record["parameters"]) == [8970]


def test_of_a_single_entry_it_is_kept_too(store: Store) -> None:
    store.entries()
    for asked in ([2], []):
        compute = Counting()
        store.remembered("t", 1, [store.entry(store.newest())], compute)
        assert compute.asked == asked


def test_an_entry_of_unknown_stamp_keeps_nothing(store: Store) -> None:
    known = store.entries()[0]
    made = Entry(known.folder, known.record, known.time)
    assert made == known
    store.remembered("t", 1, [made], Counting())
    assert ask(store) == [2, 1, 0]
