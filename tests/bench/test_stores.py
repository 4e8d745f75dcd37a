"""Generated stores are what training would have written."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from bench.stores import CONFIGURATIONS_PER_SWEEP, FINGERPRINT, UNFINISHED, write_store
from dlrun.spec import Experiment, run_id
from dlrun.spec.yaml_text import parse
from dlrun.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    root = tmp_path_factory.mktemp("generated")
    write_store(root, UNFINISHED + 5, seeds=4)
    return Store(root)


def test_there_are_as_many_as_asked_for(store: Store) -> None:
    entries = store.entries()
    assert len(entries) == UNFINISHED + 5
    assert Counter(entry.record["status"] for entry in entries)["interrupted"] == 1
    assert len(store.recent(2)) == 3 + 2, "the last has what was left, the one before an unfinished run"


def test_a_run_is_what_its_spec_says(store: Store) -> None:
    for entry in store.entries(60)[::7]:
        tree = parse(entry.folder.spec_path.read_text(), "spec.yaml").tree
        experiment = Experiment.model_validate(tree)
        assert entry.folder.id == run_id(experiment, FINGERPRINT, "jax")
        assert entry.record["seed"] == experiment.seed
        curves = entry.folder.curves()
        assert len(curves["epoch"]) == entry.record["epochs"]
        finite = [value for value in curves["val_loss"] if math.isfinite(value)]
        assert entry.record["metrics"]["val_loss"] == min(finite)


def test_runs_belong_to_sweeps(store: Store) -> None:
    sweeps = store.sweeps()
    assert len(sweeps) == math.ceil((UNFINISHED + 5) / 4 / CONFIGURATIONS_PER_SWEEP)
    assert {run for sweep in sweeps for run in sweep.runs()} == {folder.id for folder in store.folders()}
    assert len(store.runs_named(sweeps[0].label)) == 4 * CONFIGURATIONS_PER_SWEEP


def test_more_than_there_are_settings(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at most"):
        write_store(tmp_path, 10**9)
