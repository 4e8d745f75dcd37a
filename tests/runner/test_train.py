from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dlrun.errors import ConfigError, Interrupted, StoreBusy
from dlrun.runner import Trainer, plan
from dlrun.spec import Experiment, Finding
from dlrun.spec.experiment import Experiment as Spec
from dlrun.spec.yaml_text import parse
from dlrun.store import RunFolder, Store
from dlrun.training import EpochRow, Job, Outcome
from tests.runner.engines import HalvingEngine


class Heard:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def skipped(self, folder: RunFolder) -> None:
        self.words.append("skipped")

    def loading(self) -> None:
        self.words.append("loading")

    def started(self, job: Job) -> None:
        self.words.append(f"started {job.experiment.seed}")

    def epoch(self, job: Job, row: EpochRow) -> None:
        self.words.append(f"epoch {row['epoch']}")

    def finished(self, outcome: Outcome, folder: RunFolder) -> None:
        self.words.append("finished")


def experiment(**fit: object) -> Experiment:
    return Experiment.model_validate({"name": "붓꽃", "data": {"source": "iris"}, "fit": {"epochs": 2, **fit}})


def judge(findings: list[Finding]) -> None:
    if any(finding.is_error for finding in findings):
        raise ConfigError([])


def train(
    store: Store, engine: HalvingEngine, experiments: Sequence[Experiment], force: bool = False
) -> tuple[list[RunFolder], Heard]:
    heard = Heard()
    trainer = Trainer(store, lambda: engine, "jax", heard, judge, force)
    return trainer.train(plan(experiments, "jax")), heard


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_a_run_is_kept_whole(store: Store) -> None:
    (folder,), heard = train(store, HalvingEngine(), [experiment()])
    assert heard.words == ["loading", "started 0", "epoch 1", "epoch 2", "finished"]
    record = folder.record()
    assert record["status"] == "completed"
    assert (record["best_epoch"], record["kept_epoch"], record["epochs"]) == (2, 2, 2)
    assert record["metrics"] == {"train_loss": 0.25, "val_loss": 0.25, "train_accuracy": 0.25, "val_accuracy": 0.25}
    assert record["rows"] == {"train": 120, "measured_train": 30, "validation": 30, "test": 0}
    assert record["classes"] == {"setosa": 50, "versicolor": 50, "virginica": 50}
    assert record["trivial"]["val_accuracy"] == pytest.approx(1 / 3)
    assert record["trivial"]["val_loss"] == pytest.approx(np.log(3), abs=1e-6)
    assert folder.curves()["epoch"] == [1, 2]
    assert {name for name, _ in folder.files()} >= {"spec.yaml", "curves.csv", "result.json", "model.keras"}
    assert json.loads((folder.path / "preprocessing.json").read_text())["format"] == 1


def test_the_stored_spec_is_the_experiment(store: Store) -> None:
    (folder,), _ = train(store, HalvingEngine(), [experiment()])
    assert Spec.model_validate(parse(folder.spec_path.read_text(), "spec.yaml").tree) == experiment()


def test_the_split_is_kept(store: Store) -> None:
    (folder,), _ = train(store, HalvingEngine(), [experiment()])
    with np.load(folder.path / "predictions.npz") as kept:
        rows = np.concatenate([kept["train_rows"], kept["validation_rows"]])
        assert sorted(rows) == list(range(150))
        assert set(kept["measured_train_rows"]) <= set(kept["train_rows"])
        assert kept["outputs"].shape == (30, 3)


def test_what_is_done_is_not_trained_again(store: Store) -> None:
    (first,), _ = train(store, HalvingEngine(), [experiment()])
    engine = HalvingEngine()
    (second,), heard = train(store, engine, [experiment().model_copy(update={"name": "another name"})])
    assert engine.trained == []
    assert heard.words == ["skipped"]
    assert second.path == first.path


def test_only_the_missing_seeds_are_trained(store: Store) -> None:
    train(store, HalvingEngine(), [experiment()])
    folders, heard = train(store, HalvingEngine(), [experiment().with_seed(seed) for seed in (0, 1)])
    assert heard.words[:3] == ["skipped", "loading", "started 1"]
    assert [folder.record()["seed"] for folder in folders] == [0, 1]


def test_force_replaces_the_record_at_its_end(store: Store) -> None:
    (first,), _ = train(store, HalvingEngine(), [experiment()])
    with pytest.raises(Interrupted):
        train(store, HalvingEngine(interrupt_after=1), [experiment()], force=True)
    assert first.record()["epochs"] == 2, "the old record stays until the new one is whole"
    engine = HalvingEngine()
    train(store, engine, [experiment()], force=True)
    assert len(engine.trained) == 1
    assert len(store.folders()) == 1


def test_an_interruption_keeps_the_curves_and_says_so(store: Store) -> None:
    with pytest.raises(Interrupted, match=r"interrupted in epoch 2 of 2\. The curve of 1 epoch is kept"):
        train(store, HalvingEngine(interrupt_after=1), [experiment()])
    (folder,) = store.folders()
    assert folder.status == "interrupted"
    assert folder.curves()["epoch"] == [1]
    engine = HalvingEngine()
    train(store, engine, [experiment()])
    assert len(engine.trained) == 1, "an interrupted run is trained again"


def test_a_diverged_run_is_a_record_without_a_net(store: Store) -> None:
    (folder,), _ = train(store, HalvingEngine(diverge=True), [experiment()])
    record = folder.record()
    assert record["status"] == "diverged"
    assert record["best_epoch"] is None
    assert record["metrics"] == {}
    assert record["metrics_last"]["val_loss"] is None, "JSON has no NaN"
    assert not (folder.path / "model.keras").exists()


def test_a_rule_that_the_data_break_stops_before_anything_is_written(store: Store) -> None:
    broken = experiment(loss="binary_crossentropy")
    with pytest.raises(ConfigError):
        train(store, HalvingEngine(), [broken])
    assert not store.root.exists()


def test_one_writer_per_run(store: Store) -> None:
    (planned,) = plan([experiment()], "jax")
    with store.writer(planned.id, "other"), pytest.raises(StoreBusy):
        train(store, HalvingEngine(), [experiment()])


def test_ids_tell_backends_seeds_and_data_apart() -> None:
    one = experiment()
    other_split = one.model_copy(update={"data": one.data.model_copy(update={"split_seed": 1})})
    ids = {plan([one], "jax")[0].id, plan([one], "tensorflow")[0].id, plan([one.with_seed(1)], "jax")[0].id,
           plan([other_split], "jax")[0].id}  # fmt: skip
    assert len(ids) == 4
