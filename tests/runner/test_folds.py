"""Cross-validation: a run per seed and fold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlrun.runner import Trainer, plan
from dlrun.runner.preview import preview
from dlrun.runner.run_data import RunData
from dlrun.spec import Experiment, run_id
from dlrun.store import Store
from tests.runner.engines import HalvingEngine
from tests.runner.test_train import Heard, judge


def experiment(**data: object) -> Experiment:
    return Experiment.model_validate({"data": {"source": "iris", "folds": 3, **data}, "fit": {"epochs": 1}})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_a_run_per_seed_and_fold(store: Store) -> None:
    one = experiment()
    planned = plan([one, one.with_seed(1)], "jax")
    assert [(run.experiment.seed, run.fold) for run in planned] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert len({run.id for run in planned}) == 6
    engine = HalvingEngine()
    folders = Trainer(store, lambda: engine, "jax", Heard(), judge).train(planned)
    assert [folder.id for folder in folders] == [run.id for run in planned], "given back as planned"
    assert engine.trained == [planned[place].id for place in (0, 3, 1, 4, 2, 5)], "each fold is prepared once"
    assert [folder.record()["fold"] for folder in folders] == [0, 1, 2] * 2
    held = []
    for folder in folders[:3]:
        with np.load(folder.path / "predictions.npz") as kept:
            held += kept["validation_rows"].tolist()
    assert sorted(held) == list(range(150))


def test_finished_folds_are_not_trained_again(store: Store) -> None:
    planned = plan([experiment()], "jax")
    Trainer(store, HalvingEngine, "jax", Heard(), judge).train(planned[:2])
    engine = HalvingEngine()
    Trainer(store, lambda: engine, "jax", Heard(), judge).train(planned)
    assert engine.trained == [planned[2].id]


def test_seeds_share_the_arrays_of_a_fold() -> None:
    one, data = experiment(), RunData()
    first = data.of(one, 0)
    assert data.of(one.with_seed(7), 0) is first
    assert data.of(one, 1) is not first
    assert data.of(one, 1).validation is not None


def test_the_preview_is_of_the_first_fold() -> None:
    found = preview(experiment(), "tensorflow")
    assert found.ids == tuple(run_id(found.experiment, found.data.fingerprint, "tensorflow", fold) for fold in range(3))
    assert found.id == found.ids[0]
    assert "rows: 101 train, 49 validation (fold 1 of 3; one run per fold)" in found.summary_lines()
    assert found.to_json("not trained yet")["ids"] == list(found.ids)
