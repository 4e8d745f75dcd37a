from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlrun.errors import NoSuchRun, StoreBusy
from dlrun.store import Store
from tests.stored import HOSTILE, keep_run, run_id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_the_store_is_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DLRUN_RESULTS", raising=False)
    assert Store.default().root == tmp_path / "results"
    monkeypatch.setenv("DLRUN_RESULTS", str(tmp_path / "env"))
    assert Store.default().root == tmp_path / "env"
    assert Store.default(Path("option")).root == tmp_path / "option"


def test_looking_creates_nothing(store: Store) -> None:
    assert store.folders() == []
    assert store.entries() == []
    with pytest.raises(NoSuchRun, match="no runs yet"):
        store.newest()
    with pytest.raises(NoSuchRun, match="no runs yet"):
        store.find("x")
    assert not store.root.exists()


def test_hostile_names_stay_labels(store: Store) -> None:
    folders = {name: keep_run(store, name) for name in HOSTILE}
    assert {entry.name for entry in os.scandir(store.root)} <= {"runs", "index.sqlite"}
    assert len(store.entries()) == len(HOSTILE)
    for name, folder in folders.items():
        assert folder.path.parent == store.runs
        assert folder.record()["name"] == name
        assert store.find(folder.id) == folder
        if name.strip():
            assert store.find(name) == folder


@pytest.mark.parametrize("reference", ["abc", "abcd", "abcd00000001", "wide", "wide-abc", "wide-abcd00000001"])
def test_a_run_is_found_by_id_prefix_name_and_both(store: Store, reference: str) -> None:
    wide = keep_run(store, "wide", identity="abcd00000001")
    keep_run(store, "deep", identity="ff0000000002")
    assert store.find(reference) == wide


def test_a_run_is_found_by_its_path(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keep_run(store, "wide")
    assert store.find(str(folder.path)) == folder
    assert store.find(f"{folder.path}/") == folder
    monkeypatch.chdir(store.root)
    assert store.find(f"runs/{folder.path.name}") == folder


def test_what_names_several_runs_lists_them(store: Store) -> None:
    keep_run(store, "wide", identity="abcd00000001")
    keep_run(store, "wide", identity="abcd00000002")
    for reference in ("wide", "abcd", "wide-ab"):
        with pytest.raises(NoSuchRun, match="names 2 runs") as error:
            store.find(reference)
        assert "wide-abcd00000001" in str(error.value)
        assert "wide-abcd00000002" in str(error.value)
        assert error.value.exit_code == 4
    assert store.find("abcd00000002").id == "abcd00000002"


def test_two_names_with_one_label_are_told_apart(store: Store) -> None:
    first, second = keep_run(store, "a/b"), keep_run(store, "a?b")
    assert first.label == second.label
    assert store.find("a/b") == first
    assert store.find("a?b") == second


def test_a_name_that_is_hex_is_found(store: Store) -> None:
    folder = keep_run(store, "beef", identity="000000000001")
    keep_run(store, "other", identity="cafe00000002")
    assert store.find("beef") == folder


def test_an_unknown_name_gets_the_nearest(store: Store) -> None:
    keep_run(store, "baseline")
    keep_run(store, "wide")
    with pytest.raises(NoSuchRun, match="The nearest:\n  baseline-"):
        store.find("basline")
    with pytest.raises(NoSuchRun, match=r"`\\x1b\[2J`"):
        store.find("\x1b[2J")


def test_the_newest_come_first(store: Store) -> None:
    hours = {"one": "09", "three": "11", "two": "10"}
    for name, hour in hours.items():
        keep_run(store, name, finished=f"2026-11-20T{hour}:00:00+00:00")
    assert [entry.record["name"] for entry in store.entries()] == ["three", "two", "one"]
    assert [entry.record["name"] for entry in store.entries(limit=2)] == ["three", "two"]
    assert store.newest().label == "three"
    keep_run(store, "still training", finish=False)
    assert store.newest().label == "still_training"


def test_runs_that_end_in_the_same_second_keep_their_order(store: Store) -> None:
    for seed in range(4):
        keep_run(store, "x", seed=seed)
    assert [entry.record["seed"] for entry in store.entries()] == [3, 2, 1, 0]


def test_an_offset_is_part_of_the_time(store: Store) -> None:
    keep_run(store, "later", finished="2026-11-20T09:00:00+00:00")
    keep_run(store, "earlier", finished="2026-11-20T10:00:00+09:00")
    assert [entry.record["name"] for entry in store.entries()] == ["later", "earlier"]


def test_damaged_runs_are_listed_as_damaged(store: Store) -> None:
    keep_run(store, "whole")
    folder = keep_run(store, "broken")
    folder.result_path.write_text("{")
    by_name = {entry.record["name"]: entry.record for entry in store.entries()}
    assert by_name["broken"]["status"] == folder.status == "damaged"
    assert "result.json" in (by_name["broken"]["reason"] or "")
    assert by_name["whole"]["status"] == "completed"


@pytest.mark.parametrize(
    ("status", "done"),
    [("completed", True), ("stopped_early", True), ("diverged", True), ("failed", False), ("pruned", False)],
)
def test_what_need_not_be_trained_again(store: Store, status: str, done: bool) -> None:
    folder = keep_run(store, "x", status=status)
    assert (store.finished(folder.id) == folder) is done


def test_an_unfinished_run_must_be_trained_again(store: Store) -> None:
    folder = keep_run(store, "x", finish=False)
    assert store.finished(folder.id) is None
    assert store.finished(run_id("never seen")) is None


def test_remove_follows_no_links(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    folder = keep_run(store, "x")
    (folder.path / "link").symlink_to(precious, target_is_directory=True)
    store.remove(folder)
    assert os.listdir(store.runs) == []
    assert (precious / "thesis.txt").read_text() == "years of work"


def test_a_link_in_the_store_is_no_run(store: Store, tmp_path: Path) -> None:
    elsewhere = keep_run(Store(tmp_path / "elsewhere"), "x")
    store.runs.mkdir(parents=True)
    (store.runs / elsewhere.path.name).symlink_to(elsewhere.path, target_is_directory=True)
    assert store.folders() == []


def test_a_running_run_is_not_removed(store: Store) -> None:
    folder = keep_run(store, "x")
    with store.writer(folder.id, "x"), pytest.raises(StoreBusy, match="is running"):
        store.remove(folder)
    assert folder.status == "completed"


def test_a_beginning_of_a_name_is_enough(store: Store) -> None:
    digits, other = keep_run(store, "digits"), keep_run(store, "학생 성적")
    assert store.find("dig") == digits
    assert store.find("학생") == other


def test_a_whole_name_goes_before_a_beginning(store: Store) -> None:
    wide = keep_run(store, "wide")
    keep_run(store, "wide_deep")
    assert store.find("wide") == wide
    with pytest.raises(NoSuchRun, match="names 2 runs"):
        store.find("wi")


def test_a_name_means_all_its_runs_where_several_will_do(store: Store) -> None:
    runs = [keep_run(store, "xor", identity=f"{place:012x}") for place in range(3)]
    assert store.find_all("xor") == runs
    assert store.find_all("000000000001") == [runs[1]]
    keep_run(store, "xor_linear")
    assert store.find_all("xor") == runs
    with pytest.raises(NoSuchRun, match="names 4 runs"):
        store.find_all("xo")
