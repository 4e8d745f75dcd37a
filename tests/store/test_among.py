"""Many runs looked up at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlrun.store import Store
from tests.stored import keep_run, run_id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_it_says_what_finished_says_of_each(store: Store) -> None:
    statuses = ["completed", "stopped_early", "pruned", "diverged", "failed"]
    ids = [keep_run(store, status, status=status).id for status in statuses]
    ids += [keep_run(store, "unfinished", finish=False).id, run_id("absent")]
    alone = {run: folder for run in ids if (folder := store.finished(run)) is not None}
    assert store.finished_among(ids) == alone
    assert set(alone) == {ids[0], ids[1], ids[3]}
    assert store.finished_among(ids) == alone, "from the index too"


def test_only_those_asked_for(store: Store) -> None:
    one, _ = keep_run(store, "a"), keep_run(store, "b")
    assert list(store.finished_among([one.id])) == [one.id]
    assert store.finished_among([]) == {}


def test_nothing_is_made_where_there_is_no_store(store: Store) -> None:
    assert store.finished_among([run_id("a")]) == {}
    assert not store.root.exists()


def test_a_record_replaced_by_hand_is_noticed(store: Store) -> None:
    folder = keep_run(store, "a")
    assert store.finished_among([folder.id])
    text = folder.result_path.read_text().replace('"completed"', '"failed"')
    folder.result_path.write_text(text)
    assert store.finished_among([folder.id]) == {}


def test_a_damaged_record_is_no_finished_run(store: Store) -> None:
    folder = keep_run(store, "a")
    folder.result_path.write_text("{")
    assert store.finished_among([folder.id]) == {}


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_broken_index_does_not_matter(store: Store, content: bytes) -> None:
    folder = keep_run(store, "a")
    store.entries()
    store.index.path.write_bytes(content)
    assert store.finished_among([folder.id]) == {folder.id: folder}


def test_more_runs_than_one_question_holds(store: Store) -> None:
    store.runs.mkdir(parents=True)
    ids = []
    for number in range(1201):
        run = run_id(number)
        folder = store.runs / f"x-{run}"
        folder.mkdir()
        (folder / "result.json").write_text('{"format": 1, "name": "x", "status": "completed"}')
        ids.append(run)
    assert len(store.finished_among(ids)) == 1201
    assert len(store.finished_among(ids[::2])) == 601


def test_a_swap_that_was_cut_short_is_healed(store: Store) -> None:
    folder = keep_run(store, "a")
    os.rename(folder.path, store.runs / f".old-{folder.path.name}")
    assert store.finished_among([folder.id]) == {folder.id: folder}


def test_links_are_no_runs(store: Store, tmp_path: Path) -> None:
    folder = keep_run(store, "a")
    os.rename(folder.path, tmp_path / "elsewhere")
    folder.path.symlink_to(tmp_path / "elsewhere")
    assert store.finished_among([folder.id]) == {}
