"""The newest configurations, the index in all states."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.store import RunFolder, Store
from tests.stored import keep_run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def keep(store: Store, width: int, seed: int, minute: int, finish: bool = True) -> RunFolder:
    """A run of the configuration with this width, finished or last written at this minute."""
    ended = NOON + timedelta(minutes=minute)
    changed = {"model.units": [width]}
    folder = keep_run(store, "x", seed=seed, changed=changed, finish=finish, finished=ended.isoformat())
    if not finish:
        for path in (folder.curves_path, folder.path):
            os.utime(path, (ended.timestamp(),) * 2)
    return folder


def found(store: Store, configurations: int) -> list[tuple[int, int | None]]:
    """Width and seed of the runs of the newest configurations."""
    return [(entry.folder.spec()["model"]["units"][0], entry.record["seed"]) for entry in store.recent(configurations)]


def test_all_runs_of_a_configuration_come_along(store: Store) -> None:
    keep(store, 8, 0, 1)
    keep(store, 16, 0, 2)
    keep(store, 8, 1, 3)
    keep(store, 32, 0, 4)
    assert found(store, 1) == [(32, 0)]
    assert found(store, 2) == [(32, 0), (8, 1), (8, 0)]
    assert found(store, 3) == [(32, 0), (8, 1), (16, 0), (8, 0)]
    assert found(store, 30) == found(store, 3)


def test_an_unfinished_run_is_a_configuration_by_its_time(store: Store) -> None:
    keep(store, 8, 0, 1)
    keep(store, 8, 1, 2, finish=False)
    keep(store, 16, 0, 3)
    assert found(store, 1) == [(16, 0)]
    assert found(store, 2) == [(16, 0), (8, 1)]
    assert found(store, 3) == [(16, 0), (8, 1), (8, 0)]


def test_a_damaged_run_does_too(store: Store) -> None:
    keep(store, 8, 0, 1).result_path.write_text("{")
    keep(store, 16, 0, 2)
    entries = store.recent(2)
    assert sorted(entry.record["status"] for entry in entries) == ["completed", "damaged"]


def test_an_empty_store(store: Store) -> None:
    assert store.recent(30) == []
    assert not store.root.exists()


def test_the_record_says_its_configuration(store: Store) -> None:
    for seed, configuration in enumerate(["a" * 12, "b" * 12, "a" * 12]):
        keep_run(store, "x", seed=seed, configuration=configuration, finished=f"2026-11-20T1{seed}:00:00+00:00")
    assert [entry.record["seed"] for entry in store.recent(1)] == [2, 0]


@pytest.mark.parametrize("damage", ["lost", "garbage", "a folder in the way", "read-only"])
def test_the_index_does_not_matter(store: Store, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (8, 16):
        for seed in range(2):
            keep(store, width, seed, width + seed)
    expected = [(16, 1), (16, 0)]
    assert found(store, 1) == expected
    index = store.index.path
    if damage == "garbage":
        index.write_bytes(b"garbage" * 999)
    elif damage != "read-only":
        index.unlink()
    if damage == "a folder in the way":
        index.mkdir()
    if damage == "read-only":
        index.rename(store.root / "aside")
        keep(store, 16, 2, 30)  # which is not entered
        (store.root / "aside").rename(index)
        expected = [(16, 2), *expected]
        monkeypatch.setattr("dlrun.store.index_database.connected", read_only)
    assert found(store, 1) == expected
    assert len(store.entries()) == 4 + (damage == "read-only")


def read_only(path: Path) -> sqlite3.Connection:
    """The index as a process opens it that may not write it."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA query_only = ON")
    return database


RUNS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.booleans()), max_size=8, unique_by=lambda r: r[:2])


@settings(max_examples=15)
@given(runs=RUNS, most=st.integers(1, 5))
def test_it_is_what_a_slow_look_finds(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, int, bool]], most: int
) -> None:
    store = Store(tmp_path_factory.mktemp("recent") / "results")
    for minute, (width, seed, finish) in enumerate(runs):
        keep(store, width, seed, minute, finish)
    newest_first = list(reversed(runs))
    configurations: dict[object, None] = {}
    for width, seed, finish in newest_first:
        configurations[(width,) if finish else (width, seed)] = None
    chosen = set(list(configurations)[:most])
    expected = [(w, s) for w, s, finish in newest_first if ((w,) if finish else (w, s)) in chosen]
    assert found(store, most) == expected
    store.index.path.unlink(missing_ok=True)
    assert found(store, most) == expected
