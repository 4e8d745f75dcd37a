"""Whatever is damaged, every listing shows the rest, and says what is damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.cli.main import main
from dlrun.errors import StoreError
from dlrun.store import Record, RunFolder, Store
from tests.stored import curves_of, keep_run, record_of

Damage = Callable[[RunFolder], object]

DAMAGES: dict[str, tuple[Damage, str]] = {
    "torn record": (lambda folder: folder.result_path.write_text('{"format": 1, "na'), "damaged"),
    "empty record": (lambda folder: folder.result_path.write_text(""), "damaged"),
    "binary record": (lambda folder: folder.result_path.write_bytes(b"\x00\xff" * 99), "damaged"),
    "a newer record": (lambda folder: folder.result_path.write_text('{"format": 99}'), "damaged"),
    "a folder for a record": (lambda folder: (folder.result_path.unlink(), folder.result_path.mkdir()), "interrupted"),
    "no record": (lambda folder: folder.result_path.unlink(), "interrupted"),
    "no spec": (lambda folder: folder.spec_path.unlink(), "completed"),
    "binary spec": (lambda folder: folder.spec_path.write_bytes(b"\x00\xff" * 99), "completed"),
    "no curves": (lambda folder: folder.curves_path.unlink(), "completed"),
    "torn curves": (lambda folder: folder.curves_path.write_text("epoch,val_loss\nx,y\n1,2\n"), "completed"),
    "nothing": (lambda folder: [path.unlink() for path in folder.path.iterdir()], "interrupted"),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "results")
    keep_run(store, "whole")
    return store


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seen_before", [False, True])
def test_the_rest_is_shown(store: Store, damage: str, seen_before: bool, capsys: pytest.CaptureFixture[str]) -> None:
    folder = keep_run(store, "broken")
    if seen_before:
        store.entries()
    change, status = DAMAGES[damage]
    change(folder)
    listings = (store.entries(), store.recent(30), store.entries_of([folder, *store.find_all("whole")]))
    for entries in listings:
        assert {entry.record["name"]: entry.record["status"] for entry in entries} == {
            "whole": "completed",
            "broken": status,
        }
    assert main(["ls", "--results", str(store.root)]) == 0
    out = capsys.readouterr().out
    assert "whole" in out
    assert status in out


def test_an_interrupted_run_shows_its_last_epoch(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    keep_run(store, "half", rows=curves_of(3, best=2), finish=False)
    assert main(["ls", "--json", "--results", str(store.root)]) == 0
    runs = {run["name"]: run for run in json.loads(capsys.readouterr().out)["runs"]}
    assert (runs["half"]["status"], runs["half"]["epochs"]) == ("interrupted", 3)
    assert runs["half"]["metrics"]["val_loss"] == 0.1 + 0.05
    assert main(["ls", "--results", str(store.root)]) == 0
    assert "0.1500" in capsys.readouterr().out


@pytest.mark.parametrize(("change", "what"), [("unlink", "is missing"), ("empty", "is empty")])
def test_a_finished_run_without_curves_says_so(store: Store, change: str, what: str) -> None:
    folder = store.find("whole")
    folder.curves_path.unlink()
    if change == "empty":
        folder.curves_path.touch()
    with pytest.raises(StoreError, match=f"curves.csv: {what}, though the run is finished"):
        folder.curves()
    assert keep_run(store, "unfinished", rows=[], finish=False).curves()["epoch"] == []


def test_a_record_from_before_1970_is_listed(store: Store) -> None:
    folder = keep_run(store, "old")
    os.utime(folder.result_path, (-5.5, -5.5))
    store.entries()
    assert {entry.record["name"] for entry in store.entries()} == {"whole", "old"}
    found = store.index.of([folder.path.name])
    assert [one.stamp[0] for one in found.values()] == ["-"], "it is in the index"


@pytest.mark.parametrize(("epochs", "kept"), [(-(10**30), 0), (10**30, 2**62), (-1, 0), (7, 7)])
def test_any_number_of_epochs_is_listed(store: Store, epochs: int, kept: int) -> None:
    folder = keep_run(store, "odd", epochs=epochs)
    assert {entry.record["name"] for entry in store.entries()} == {"whole", "odd"}
    assert store.index.endings([folder.path.name])[folder.path.name].epochs == kept


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(Record.__annotations__)


@settings(max_examples=60)
@given(changed=st.dictionaries(st.sampled_from(FIELDS), ANY, min_size=1, max_size=4))
def test_a_record_that_holds_anything_is_listed(
    tmp_path_factory: pytest.TempPathFactory, changed: dict[str, Any]
) -> None:
    root = tmp_path_factory.mktemp("any")
    folder = RunFolder(root / "runs" / "x-0123456789ab")
    folder.path.mkdir(parents=True)
    folder.spec_path.write_text("name: x\n")
    folder.curves_path.write_text("epoch,val_loss\n1,0.5\n")
    record = record_of(folder.id, "x", curves_of()) | changed
    folder.result_path.write_text(json.dumps(record))
    store = Store(root)
    for entries in (store.entries(), store.recent(3), store.entries_of([folder]), [store.entry(folder)]):
        assert [entry.folder for entry in entries] == [folder]
    assert main(["ls", "--results", str(root)]) == 0
    assert main(["ls", "--json", "--results", str(root)]) == 0
