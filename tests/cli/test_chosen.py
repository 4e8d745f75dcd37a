"""Which runs a command takes, and which language it speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.cli.chosen import chosen_entries, language
from dlrun.errors import NoSuchRun, UsageError
from dlrun.store import Store
from dlrun.store.sweep_folder import write_sweep
from tests.stored import keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "results")
    for place, (name, width) in enumerate([("a", 8), ("a", 8), ("b", 16), ("c", 32)]):
        ended = f"2026-11-20T1{place}:00:00+00:00"
        keep_run(store, name, seed=place, changed={"model.units": [width]}, finished=ended)
    return store


def seeds(store: Store, references: list[str] | None, newest: int | None = 30) -> list[int | None]:
    return [entry.record["seed"] for entry in chosen_entries(store, references, newest)]


def test_without_a_name_the_newest_configurations(store: Store) -> None:
    assert seeds(store, None) == [3, 2, 1, 0]
    assert seeds(store, [], newest=2) == [3, 2]
    assert seeds(store, None, newest=3) == [3, 2, 1, 0]
    assert seeds(store, None, newest=None) == [3, 2, 1, 0]


def test_names_in_their_order_and_each_run_once(store: Store) -> None:
    runs = {entry.record["seed"]: entry.folder.id for entry in store.entries()}
    write_sweep(store.root, "grid", "5eeb00000001", "name: grid\n", [runs[2], runs[0]])
    assert seeds(store, ["c", "grid", "b", runs[3]]) == [3, 2, 0]
    assert set(seeds(store, ["a"])) == {0, 1}


def test_what_nothing_answers_to(store: Store) -> None:
    with pytest.raises(NoSuchRun):
        seeds(store, ["a", "no such run"])


def test_languages() -> None:
    assert [language("en"), language("ko")] == ["en", "ko"]
    with pytest.raises(UsageError, match=r"--lang: must be one of en, ko\. Received: '\\\\x1b'"):
        language("\x1b")
