"""What runs of one configuration share: as the record says it, or worked out from an older record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dlrun.insight.comparison import compare
from dlrun.insight.grouping import by_configuration
from dlrun.store import Store
from dlrun.store.configuration import configuration_of
from tests.stored import curves_of, keep_run, record_of

SPEC = {"name": "x", "seed": 1, "data.source": "digits", "model.units": [8, 4], "model.dropout": 0.2}


def of(spec: dict[str, Any], **fields: Any) -> str:
    return configuration_of(record_of("0" * 12, "x", curves_of(), spec=spec, **fields))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "y"},
        {"seed": 2},
        {"data.source": "elsewhere.csv"},
        {"sweep.seeds": 3},
        {"model.units": [4, 2], "model.widen": 2},
        {"data.inline.x": [[0.0]]},
    ],
    ids=str,
)
def test_what_is_no_other_configuration(changed: dict[str, Any]) -> None:
    assert of(SPEC | changed) == of(SPEC)


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({"model.dropout": 0.3}, {}),
        ({"model.units": [8, 8]}, {}),
        ({"model.deepen": 2}, {}),
        ({"data.validation_split": 0.3}, {}),
        ({}, {"backend": "jax"}),
        ({}, {"data": {"source": "digits", "fingerprint": "cd" * 16}}),
        ({}, {"kind": "baseline"}),
    ],
    ids=str,
)
def test_what_is_another_configuration(spec: dict[str, Any], fields: dict[str, Any]) -> None:
    assert of(SPEC | spec, **fields) != of(SPEC)


def test_the_record_has_the_last_word() -> None:
    assert of(SPEC, configuration="0123456789ab", backend="jax") == "0123456789ab"
    assert of(SPEC, configuration="../../etc") == of(SPEC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"model.deepen": "2"},
        {"model.deepen": 10**12},
        {"model.deepen": -1},
        {"model.widen": [2]},
        {"model.widen": 2.5},
        {"model.units": "wide"},
        {"model.units": [8, None]},
        {"model.units": {"a": 1}},
    ],
    ids=str,
)
def test_layers_of_a_damaged_record_are_left_as_they_are_stated(tmp_path: Path, wrong: dict[str, Any]) -> None:
    assert of(SPEC | wrong) != of(SPEC)
    store = Store(tmp_path)
    folders = [keep_run(store, "x", changed={"model.units": [8, 4], **changed}) for changed in ({}, wrong)]
    entries = store.entries_of(folders)
    assert len(store.recent(5)) == 2
    assert len(by_configuration(entries)) == 2
    (key,) = wrong
    table = compare(entries)
    assert {str(row[key]) for row in table.rows} > {str(entries[1].record["spec"][key])}
    assert len(table.texts()) == 2
