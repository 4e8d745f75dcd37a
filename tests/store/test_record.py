from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from dlrun.errors import StoreError
from dlrun.store.record import Record, finite, read_record, to_json
from tests.stored import curves_of, record_of, run_id


def test_a_record_comes_back(tmp_path: Path) -> None:
    record = record_of(run_id(1), "한글 🙂", curves_of())
    (tmp_path / "result.json").write_text(to_json(record), encoding="utf-8")
    assert read_record(tmp_path / "result.json") == record


def test_what_is_not_finite_becomes_null() -> None:
    assert finite({"a": [math.nan, 1.0], "b": {"c": -math.inf}}) == {"a": [None, 1.0], "b": {"c": None}}
    text = to_json(Record(name="x", status="diverged", metrics={"val_loss": math.nan}))
    assert json.loads(text)["metrics"] == {"val_loss": None}


def test_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(to_json(Record(format=1, name="\udcff", status="completed")), encoding="utf-8")
    assert read_record(path)["name"] == "\udcff"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("[]", "must hold a JSON object"),
        ("{}", "`format` must be at most 1"),
        ('{"format": 2, "name": "x", "status": "completed"}', "`format` must be at most 1"),
        ('{"format": 1, "status": "completed"}', "`name` is missing"),
        ('{"format": 1, "name": "x"}', "`status` is missing"),
        ('{"format": 1, "name": 3, "status": "completed"}', "`name` has the wrong type"),
        ('{"format": 1, "name": "x", "status": "completed", "metrics": []}', "`metrics` has the wrong type"),
        ('{"format": 1, "name": "x", "status": "completed", "metrics": {"a": "1"}}', "`metrics.a` has the wrong type"),
        ('{"format": 1, "name": "x", "status": "completed", "seed": "0"}', "`seed` has the wrong type"),
    ],
)
def test_a_damaged_record_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(text)
    with pytest.raises(StoreError, match=reason) as error:
        read_record(path)
    assert str(path) in str(error.value)
    assert error.value.exit_code == 5
