"""Baselines as runs: on the net's own rows, one run for all nets on these rows, ready to be used again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.errors import UsageError
from dlrun.runner import Trainer, plan
from dlrun.runner.baselines import candidates, heeded
from dlrun.runner.predictors import open_predictor
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import open_run
from dlrun.spec import Experiment, Finding
from dlrun.spec.other_kinds import BaselineName
from dlrun.store import RunFolder, Store
from dlrun.store.baseline_names import SEEDED
from dlrun.training.baselines import ENGINE, METHODS, BaselineEngine
from tests.kept_runs import flowers, houses, rare
from tests.runner.engines import HalvingEngine
from tests.runner.test_train import Heard

CHEAP: tuple[BaselineName, ...] = ("trivial", "naive_bayes", "linear_model", "decision_tree")

IDS = {
    "trivial predictor": "3012ed844509",
    "naive Bayes": "5787ba46fd4e",
    "logistic regression": "5e7f977ddb29",
    "k nearest neighbours": "5d9e2d4cf457",
    "support vector machine": "5ef5d9877346",
    "decision tree": "18be5d39c2e3",
    "random forest": "56b748cd1d20",
    "gradient boosting": "aeb8474ea427",
}


def net(source: object = "iris", **sections: Any) -> Experiment:
    data = {"source": str(source), **sections.pop("data", {})}
    return Experiment.model_validate({"name": "net", "data": data, "fit": {"epochs": 2}, **sections})


def fitted(
    store: Store, experiment: Experiment, only: tuple[BaselineName, ...] | None = CHEAP, seeds: int = 1
) -> tuple[list[RunFolder], Heard]:
    data, heard = RunData(), Heard()
    found = candidates(experiment, only, seeds, data)
    trainer = Trainer(store, BaselineEngine, ENGINE, heard, lambda findings: None, _data=data)
    return trainer.train(found.planned), heard


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_the_rows_are_the_nets_own(store: Store) -> None:
    spec = net(data={"test_split": 0.2, "train_fraction": 0.7})
    trainer = Trainer(store, HalvingEngine, "jax", Heard(), lambda findings: None)
    (trained,) = trainer.train(plan([spec], "jax"))
    for folder in fitted(store, spec)[0]:
        with np.load(trained.predictions_path) as ours, np.load(folder.predictions_path) as theirs:
            for key in ("train_rows", "measured_train_rows", "validation_rows", "test_rows", "targets"):
                np.testing.assert_array_equal(ours[key], theirs[key])
            assert ours["outputs"].shape == theirs["outputs"].shape
        assert folder.preprocessing_path.read_text() == trained.preprocessing_path.read_text()
        record, other = folder.record(), trained.record()
        for key in ("rows", "classes", "trivial", "data", "features", "monitor"):
            assert record[key] == other[key]  # type: ignore[literal-required]


def test_records(store: Store) -> None:
    folders, heard = fitted(store, net())
    records = {folder.record()["spec"]["baseline.name"]: folder.record() for folder in folders}
    assert list(records) == list(CHEAP)
    assert {record["kind"] for record in records.values()} == {"baseline"}
    assert {record["engine"] for record in records.values()} == {"sklearn"}
    one = records["linear_model"]
    assert (one["name"], one["epochs"], one["steps"], one["parameters"]) == ("logistic regression", 0, None, 4 * 3 + 3)
    assert {"scikit-learn", "skops", "scipy"} <= set(one["versions"])
    assert one["metrics"]["val_accuracy"] == pytest.approx(0.93, abs=0.1)
    assert records["trivial"]["metrics"] == pytest.approx(records["trivial"]["trivial"])
    assert {path.name for path in folders[0].path.iterdir()} == {
        "curves.csv", "model.skops", "predictions.npz", "preprocessing.json", "result.json", "spec.yaml",
    }  # fmt: skip
    assert heard.words.count("finished") == len(CHEAP)


def test_nets_on_the_same_rows_share_their_baselines(store: Store) -> None:
    first, _ = fitted(store, net(seed=0))
    other = net(
        seed=9, name="other", model={"units": [3], "dropout": 0.5}, optimizer="sgd", fit={"epochs": 7, "batch_size": 8}
    )
    second, heard = fitted(store, other)
    same = {folder.id for folder in first} & {folder.id for folder in second}
    assert len(same) == len(CHEAP) - 1  # the tree draws at random, so the seed is its own
    assert heard.words.count("skipped") == len(same)
    for change in ({"data": {"split_seed": 1}}, {"data": {"train_fraction": 0.5}}, {"fit": {"metrics": ["f1"]}}):
        assert not {folder.id for folder in fitted(store, net(**change))[0]} & {folder.id for folder in first}


def test_ids_stay() -> None:
    """A store of today is found again tomorrow."""
    found = candidates(net("xor", data={"validation_split": 0}), None, 1, RunData()).planned
    assert {run.experiment.name: run.id for run in found} == IDS


def test_seeds_are_for_what_draws_at_random(store: Store) -> None:
    found = candidates(net(seed=4), None, 3, RunData())
    seeds: dict[str, list[int]] = {}
    for run in found.planned:
        assert run.experiment.baseline is not None
        seeds.setdefault(run.experiment.baseline.name, []).append(run.experiment.seed)
    assert seeds == {name: [4, 5, 6] if name in SEEDED else [0] for name in METHODS}
    assert found.left_out == {}


def test_one_run_per_fold(store: Store) -> None:
    folders, _ = fitted(store, net(data={"folds": 3}), ("linear_model",))
    assert [folder.record()["fold"] for folder in folders] == [0, 1, 2]
    rows = [np.load(folder.predictions_path)["validation_rows"] for folder in folders]
    assert sorted(np.concatenate(rows)) == list(range(150))


def test_what_is_left_out_has_a_reason() -> None:
    found = candidates(net("diabetes"), None, 1, RunData())
    assert found.left_out == {"naive_bayes": "is for classes, and this target is a number"}
    assert len(found.planned) == len(METHODS) - 1


def test_only_what_a_baseline_heeds_is_judged() -> None:
    findings = [Finding(True, path, "") for path in ("fit.batch_size", "data.folds", "fit.metrics", "model.dropout")]
    assert [finding.path for finding in heeded(findings)] == ["data.folds", "fit.metrics"]


def test_without_validation_rows(store: Store) -> None:
    folders, _ = fitted(store, net(data={"validation_split": 0}))
    for folder in folders:
        assert folder.record()["monitor"] == "train_loss"
        assert set(folder.record()["metrics"]) == {"train_loss", "train_accuracy"}


@pytest.mark.parametrize(("text", "target"), [(flowers(), "kind"), (houses(), "price"), (rare(), "ill")])
def test_a_stored_baseline_answers_on_raw_rows(text: str, target: str, tmp_path: Path, store: Store) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    spec = net(path, data={"target": target, "test_split": 0.2})
    for folder in fitted(store, spec, ("linear_model", "decision_tree"))[0]:
        run = open_run(folder)
        predictor = open_predictor(run, "tensorflow")
        data = RunData()
        rows = data.of(run.experiment, None)
        assert rows.test is not None
        assert rows.validation is not None
        np.testing.assert_array_equal(predictor.of_test_rows(data).shape, (len(rows.test), rows.task.outputs))
        with np.load(folder.predictions_path) as kept:
            np.testing.assert_array_equal(predictor.model.outputs(rows.validation.x), kept["outputs"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "words"), [("baseline", "a baseline"), ("ensemble", "an ensemble")])
def test_what_is_no_net_has_none(kind: str, words: str, store: Store) -> None:
    run = open_run(fitted(store, net(), ("naive_bayes",))[0][0])
    other: Any = {**run.record, "kind": kind}
    with pytest.raises(UsageError, match=rf"^{run.name} is no net but {words}: it has no layers .* Name a net$"):
        replace(run, record=other).network()


def test_korean_columns_in_cp949(tmp_path: Path, store: Store) -> None:
    generator = np.random.default_rng(0)
    ages = generator.integers(20, 60, 60)
    lines = [
        "지역,나이,합격",
        *(f"{'서울' if age % 2 else '부산'},{age},{'예' if age > 40 else '아니오'}" for age in ages),
    ]
    path = tmp_path / "시험.csv"
    path.write_bytes("\n".join(lines).encode("cp949"))
    folders, _ = fitted(store, net(path, data={"target": "합격"}))
    accuracies = [folder.record()["metrics"]["val_accuracy"] for folder in folders]
    assert max(accuracy or 0 for accuracy in accuracies) > 0.9


def test_groups_stay_on_one_side(tmp_path: Path, store: Store) -> None:
    lines = ["a,who,y", *(f"{row % 7},{row // 4},{row % 2}" for row in range(80))]
    path = tmp_path / "groups.csv"
    path.write_text("\n".join(lines))
    (folder,) = fitted(store, net(path, data={"target": "y", "group": "who"}), ("linear_model",))[0]
    with np.load(folder.predictions_path) as kept:
        assert not set(kept["train_rows"] // 4) & set(kept["validation_rows"] // 4)


CHECK = """
import sys
from dlrun.runner import Trainer
from dlrun.runner.baselines import candidates
from dlrun.runner.run_data import RunData
from dlrun.spec import Experiment
from dlrun.store import Store
from dlrun.training.baselines import BaselineEngine
from tests.runner.test_train import Heard
from pathlib import Path
found = candidates(Experiment.model_validate({"data": {"source": "iris"}}), ["naive_bayes"], 1, RunData())
Trainer(Store(Path(sys.argv[1])), BaselineEngine, "sklearn", Heard(), lambda findings: None).train(found.planned)
import json
print(json.dumps(sorted({"keras", "tensorflow", "jax"} & set(sys.modules))))
"""


def test_no_keras_is_loaded(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", CHECK, str(tmp_path)], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
