"""Runs and sweeps by what a user types, where several runs will do."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.errors import NoSuchRun, StoreError
from dlrun.store import Store
from dlrun.store.sweep_folder import SweepFolder, write_sweep
from tests.stored import keep_run

RUN = "{:012x}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Runs 1 to 3, of which 3 and 1 belong to the sweep `wide-5eeb...`; run 4 has its name."""
    store = Store(tmp_path / "results")
    for number in (1, 2, 3):
        keep_run(store, "run", identity=RUN.format(number), seed=number)
    keep_run(store, "wide", identity=RUN.format(4))
    sweep(store, "wide", "5eeb00000001", 3, 1)
    return store


def sweep(store: Store, name: str, sweep_id: str, *numbers: int) -> SweepFolder:
    return write_sweep(store.root, name, sweep_id, "name: x\n", [RUN.format(number) for number in numbers])


def named(store: Store, reference: str) -> list[int]:
    return [int(folder.id, 16) for folder in store.runs_named(reference)]


@pytest.mark.parametrize("reference", ["wide-5eeb00000001", "5eeb00000001", "wide-5e", "5ee", "wide"])
def test_a_sweep_has_its_runs_in_the_order_planned(store: Store, reference: str) -> None:
    assert named(store, reference) == [3, 1]
    assert store.sweep(reference) == store.sweeps()[0]


def test_a_sweep_by_its_path(store: Store) -> None:
    assert named(store, str(store.sweeps()[0].path)) == [3, 1]


@pytest.mark.parametrize(
    ("reference", "runs"),
    [("run", [1, 2, 3]), (RUN.format(2), [2]), (f"run-{RUN.format(2)}", [2]), ("wide-" + RUN.format(4), [4])],
)
def test_a_run_and_all_runs_of_a_name(store: Store, reference: str, runs: list[int]) -> None:
    assert named(store, reference) == runs
    assert store.sweep(reference) is None


def test_runs_that_are_gone_are_left_out(store: Store) -> None:
    sweep(store, "large", "5eeb00000002", 9, 2, 8)
    assert named(store, "large") == [2]
    sweep(store, "lost", "5eeb00000003", 9, 8)
    with pytest.raises(NoSuchRun, match="none of its 2 runs is in the store"):
        store.runs_named("lost")


def test_sweeps_of_one_name_are_told_apart_by_their_ids(store: Store) -> None:
    sweep(store, "wide", "abcd00000001", 1, 2)
    with pytest.raises(NoSuchRun, match="`wide` names 2 sweeps") as error:
        store.runs_named("wide")
    assert "wide-5eeb00000001" in str(error.value)
    assert "wide-abcd00000001" in str(error.value)
    assert named(store, "wide-ab") == [1, 2]


def test_sweeps_of_one_name_with_the_same_runs_are_one(store: Store) -> None:
    sweep(store, "wide", "abcd00000001", 1, 3)
    assert sorted(named(store, "wide")) == [1, 3]


def test_a_beginning_of_an_id_may_not_mean_both(store: Store) -> None:
    keep_run(store, "run", identity="5eeb00000009", seed=9)
    with pytest.raises(NoSuchRun, match="`5eeb` names runs and a sweep") as error:
        store.runs_named("5eeb")
    assert "wide-5eeb00000001 (a sweep)" in str(error.value)
    assert "run-5eeb00000009" in str(error.value)
    assert [folder.id for folder in store.runs_named("5eeb00000009")] == ["5eeb00000009"]


def test_nothing_answers(store: Store) -> None:
    with pytest.raises(NoSuchRun, match="no run answers to `dee`"):
        store.runs_named("dee")
    assert store.sweep("dee") is None


def test_a_damaged_list_says_so(store: Store) -> None:
    store.sweeps()[0].runs_path.write_text("{")
    with pytest.raises(StoreError, match=r"runs\.json"):
        store.runs_named("wide")


def test_entries_of_these_runs_alone(store: Store) -> None:
    folders = store.runs_named("wide")
    unfinished = keep_run(store, "u", finish=False)
    folders[0].result_path.write_text("{")
    entries = store.entries_of([*folders, unfinished])
    assert [entry.folder for entry in entries] == [*folders, unfinished]
    assert [entry.record["status"] for entry in entries] == ["damaged", "completed", "interrupted"]
