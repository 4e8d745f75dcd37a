"""The record's `configuration`: equal for the seeds and folds of a configuration, and for nothing else."""

from __future__ import annotations

from pathlib import Path

from dlrun.runner import Trainer, plan
from dlrun.spec import Experiment
from dlrun.store import Store
from tests.runner.engines import HalvingEngine
from tests.runner.test_train import Heard, judge


def configurations(store: Store, experiments: list[Experiment], backend: str = "jax") -> list[str]:
    folders = Trainer(store, HalvingEngine, backend, Heard(), judge).train(plan(experiments, backend))
    return [folder.record()["configuration"] for folder in folders]


def test_seeds_and_folds_share_it(tmp_path: Path) -> None:
    content = {"data": {"source": "iris", "folds": 2}, "fit": {"epochs": 1}}
    one = Experiment.model_validate(content)
    named = Experiment.model_validate(content | {"name": "another name", "seed": 2})
    wider = Experiment.model_validate(content | {"model": {"units": [3]}})
    store = Store(tmp_path)
    found = configurations(store, [one, one.with_seed(1), named, wider])
    assert len(found) == 8
    assert len(set(found[:6])) == 1
    assert len(set(found)) == 2
    assert not set(found) & set(configurations(store, [one], "torch"))
    assert len(store.recent(1)) == 2
    assert len(store.recent(2)) == 4
