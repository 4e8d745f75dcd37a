from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import StoreBusy, StoreError
from dlrun.store import RunFolder, Store
from dlrun.store.evaluations import (
    Evaluation,
    add_evaluation,
    evaluations_path,
    keep_evaluations,
    opened_by,
    read_evaluations,
)
from tests.stored import keep_run


def look(fingerprint: str = "ab", **fields: Any) -> Evaluation:
    row = dict.fromkeys(("validation", "difference", "difference_low", "difference_high", "trivial"))
    found = {
        "opened": "2026-11-20T16:00:00+00:00",
        "rows_from": "FILE",
        "source": "[/x] 한글.csv",
        "rows": 3,
        "fingerprint": fingerprint,
        "backend": "jax",
        "dlrun": "0.1.0",
        "metrics": [{"metric": "accuracy", "value": 0.5, "low": None, "high": math.inf, **row}],
        "classes": [],
        "confusion": None,
        "confused": [],
        "quantiles": {},
        "largest": [],
        "notes": [],
    }
    return found | fields  # type: ignore[return-value]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def folder(store: Store) -> RunFolder:
    return keep_run(store, "x")


def test_looks_are_kept_in_their_order(folder: RunFolder) -> None:
    assert read_evaluations(folder) == []
    add_evaluation(folder, look("a"))
    add_evaluation(folder, look("b"))
    found = read_evaluations(folder)
    assert [one["fingerprint"] for one in found] == ["a", "b"]
    assert found[0]["source"] == "[/x] 한글.csv"
    assert found[0]["metrics"][0]["high"] is None


def test_a_run_that_is_written_is_busy(store: Store, folder: RunFolder) -> None:
    with store.writer(folder.id, "x"), pytest.raises(StoreBusy):
        add_evaluation(folder, look())
    assert not evaluations_path(folder).exists()


def test_a_new_record_keeps_the_log(store: Store, folder: RunFolder) -> None:
    add_evaluation(folder, look("a"))
    assert keep_run(store, "x", identity=folder.id, notes=["again"]) == folder
    assert folder.record()["notes"] == ["again"]
    assert [one["fingerprint"] for one in read_evaluations(folder)] == ["a"]


def test_nothing_to_keep_is_no_error(store: Store, folder: RunFolder) -> None:
    keep_evaluations([folder], keep_run(store, "y"))
    assert not evaluations_path(folder).exists()


def test_who_has_seen_the_rows(store: Store, folder: RunFolder) -> None:
    other, damaged = keep_run(store, "y"), keep_run(store, "z")
    add_evaluation(folder, look("a"))
    add_evaluation(other, look("b"))
    evaluations_path(damaged).write_text("{")
    assert [found.label for found, _ in opened_by([folder, other, damaged], "b")] == ["y"]
    assert opened_by([folder, other, damaged], "c") == []


WAY_OUT = ". Move the file away to begin a new one"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "cannot be read as a log of evaluations"),
        ("{", "cannot be read as a log of evaluations"),
        ("[" * 100_000, "cannot be read as a log of evaluations"),
        ("[]", "is no log of evaluations: must hold a JSON object with a list `evaluations`"),
        ("{}", "is no log of evaluations: must hold a JSON object with a list `evaluations`"),
        ('{"evaluations": []}', "is no log of evaluations: `format` must be at most 1. Received: None"),
        ('{"format": 2, "evaluations": []}', "is no log of evaluations: `format` must be at most 1. Received: 2"),
        ('{"format": 1, "evaluations": [1]}', "is no log of evaluations: `opened` is missing or has the wrong type"),
        (
            json.dumps({"format": 1, "evaluations": [look(metrics=1)]}),
            "is no log of evaluations: `metrics` is missing or has the wrong type",
        ),
    ],
)
def test_a_damaged_log(folder: RunFolder, content: str, problem: str) -> None:
    evaluations_path(folder).write_text(content)
    for reads in (lambda: read_evaluations(folder), lambda: add_evaluation(folder, look())):
        with pytest.raises(StoreError) as caught:
            reads()
        assert str(caught.value) == f"{evaluations_path(folder)}: {problem}{WAY_OUT}"
    assert evaluations_path(folder).read_text() == content
