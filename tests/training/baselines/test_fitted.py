"""Baselines against scikit-learn itself, on the same arrays."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from dlrun.data import Prepared, Rows, Task, prepare
from dlrun.spec import Experiment
from dlrun.spec.other_kinds import BaselineName
from dlrun.store.baseline_names import SEEDED
from dlrun.training import Job, Outcome, trivial_metrics
from dlrun.training.baselines import METHODS, BaselineEngine, left_out, restore_baseline
from dlrun.training.baselines.threads import threads
from dlrun.training.objective import objective_of

SETS = {"wine": "multiclass", "breast_cancer": "binary", "diabetes": "regression"}
CLASSIFIERS: dict[str, Any] = {
    "trivial": lambda: DummyClassifier(strategy="prior"),
    "naive_bayes": GaussianNB,
    "linear_model": lambda: LogisticRegression(max_iter=1000),
    "nearest_neighbors": lambda: KNeighborsClassifier(5),
    "svm": lambda: CalibratedClassifierCV(SVC(), ensemble=False, cv=5),
    "decision_tree": lambda: DecisionTreeClassifier(random_state=1),
    "random_forest": lambda: RandomForestClassifier(100, min_samples_leaf=5, random_state=1),
    "gradient_boosting": lambda: HistGradientBoostingClassifier(early_stopping=False),
}
REGRESSORS: dict[str, Any] = {
    "trivial": DummyRegressor,
    "linear_model": Ridge,
    "nearest_neighbors": lambda: KNeighborsRegressor(5),
    "svm": SVR,
    "decision_tree": lambda: DecisionTreeRegressor(random_state=1),
    "random_forest": lambda: RandomForestRegressor(100, min_samples_leaf=5, random_state=1),
    "gradient_boosting": lambda: HistGradientBoostingRegressor(early_stopping=False),
}
CASES = [
    (source, name) for source, kind in SETS.items() for name in (REGRESSORS if kind == "regression" else CLASSIFIERS)
]


@cache
def data(source: str) -> Prepared:
    return prepare(Experiment.model_validate({"data": {"source": source}}))


def experiment(source: str, name: str, **fit: Any) -> Experiment:
    given = {"seed": 1, "data": {"source": source}, "baseline": {"name": name}, "fit": fit}
    return Experiment.model_validate(given)


def fitted(spec: Experiment, rows: Prepared) -> Outcome:
    (outcome,) = BaselineEngine().run([Job("a" * 12, spec, rows)], lambda job, row: None)
    return outcome


@cache
def outcome(source: str, name: str) -> Outcome:
    return fitted(experiment(source, name), data(source))


@cache
def theirs(source: str, name: str) -> np.ndarray:
    """(rows, outputs) of scikit-learn for the validation rows."""
    rows = data(source)
    model = (REGRESSORS if rows.task.kind == "regression" else CLASSIFIERS)[name]()
    with threads():  # on a busy machine, many would wait for each other
        model.fit(rows.train.x, rows.train.y)
    assert rows.validation is not None
    if rows.task.kind == "regression":
        return np.asarray(model.predict(rows.validation.x)).reshape(-1, 1)
    return np.asarray(model.predict_proba(rows.validation.x))


def test_the_table_has_every_method() -> None:
    assert tuple(METHODS) == get_args(BaselineName)


@pytest.mark.parametrize(("source", "name"), CASES)
def test_outputs_are_those_of_scikit_learn(source: str, name: str) -> None:
    rows, expected, network = data(source), theirs(source, name), outcome(source, name).network
    assert network is not None
    assert rows.validation is not None
    found = network.outputs(rows.validation.x)
    assert found.dtype == np.float32
    assert found.shape == (len(rows.validation), rows.task.outputs)
    np.testing.assert_allclose(found, expected[:, -rows.task.outputs :], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("source", "name"), CASES)
def test_losses_and_metrics_are_those_of_scikit_learn(source: str, name: str) -> None:
    rows, expected = data(source), theirs(source, name)
    (row,) = outcome(source, name).curves
    assert rows.validation is not None
    if rows.task.kind == "regression":
        unit = rows.task.mean + rows.task.spread * expected, rows.task.mean + rows.task.spread * rows.validation.y
        assert row["val_loss"] == pytest.approx(mean_squared_error(unit[1], unit[0]), rel=1e-4)
        return
    inner = np.clip(expected.astype(np.float32).astype(float), 1e-7, 1 - 1e-7)
    if rows.task.kind == "binary":
        inner[:, 0] = 1 - inner[:, 1]
    losses = -np.log(inner[np.arange(len(inner)), rows.validation.y])
    assert row["val_loss"] == pytest.approx(losses.mean(), rel=1e-3, abs=1e-6)
    assert row["val_accuracy"] == accuracy_score(rows.validation.y, expected.argmax(axis=1))
    if expected.min() > 1e-6:
        assert row["val_loss"] == pytest.approx(log_loss(rows.validation.y, expected), rel=1e-3)


@pytest.mark.parametrize("source", SETS)
@pytest.mark.parametrize("loss", ["auto", "mean_squared_error"])
def test_the_trivial_baseline_is_the_trivial_predictor(source: str, loss: str) -> None:
    if loss != "auto" and SETS[source] == "multiclass":
        return
    spec = experiment(source, "trivial", loss=loss)
    (row,) = fitted(spec, data(source)).curves
    for key, value in trivial_metrics(spec, data(source)).items():
        assert row[key] == pytest.approx(value, rel=1e-5, abs=1e-5), key


def test_outputs_have_both_signs_where_the_loss_wants_them() -> None:
    for name in ("trivial", "linear_model"):
        spec = experiment("breast_cancer", name, loss="hinge")
        found = fitted(spec, data("breast_cancer"))
        assert found.network is not None
        outputs = found.network.outputs(data("breast_cancer").train.x)
        assert found.status == "completed"
        assert outputs.min() >= -1
        assert outputs.max() <= 1
        if name == "linear_model":
            assert outputs.min() < -0.9
            assert any("loss of its own" in note for note in found.notes)
        else:
            share = data("breast_cancer").train.y.mean()
            assert set(np.unique(outputs)) == {np.sign(share - 0.5)}


@pytest.mark.parametrize(("source", "name"), CASES)
def test_a_stored_baseline_answers_as_before(source: str, name: str, tmp_path: Path) -> None:
    rows, network = data(source), outcome(source, name).network
    assert network is not None
    assert network.file_name == "model.skops"
    network.save(tmp_path / network.file_name)
    again = restore_baseline(tmp_path, experiment(source, name), rows.task, rows.train.x.shape[1])
    assert again.objective == objective_of(experiment(source, name), rows.task)
    np.testing.assert_array_equal(again.outputs(rows.train.x), network.outputs(rows.train.x))


def test_the_curves_are_one_row_at_epoch_0() -> None:
    found = outcome("wine", "linear_model")
    assert list(found.curves[0]) == [
        "epoch", "learning_rate", "loss", "train_loss", "val_loss", "train_accuracy", "val_accuracy", "penalty",
        "seconds",
    ]  # fmt: skip
    assert (found.best_epoch, found.kept_epoch, found.status) == (0, 0, "completed")
    assert found.parameters == 13 * 3 + 3
    assert outcome("wine", "random_forest").parameters is None


def test_seeds_change_what_draws_at_random_and_nothing_else() -> None:
    for name in METHODS:
        values = [
            fitted(experiment("diabetes", name).with_seed(seed), data("diabetes")).curves[0]["val_loss"]
            for seed in (0, 1, 2**40)
            if METHODS[name].numbers is not None
        ]
        assert len(set(values)) <= 1 or name in SEEDED, name


def test_class_weights_count_where_a_method_takes_them() -> None:
    rows = data("breast_cancer")
    for name, counts in (("linear_model", True), ("nearest_neighbors", False), ("trivial", False)):
        plain = fitted(experiment("breast_cancer", name), rows)
        weighted = fitted(experiment("breast_cancer", name, class_weight={"benign": 50}), rows)
        assert (plain.curves[0]["val_loss"] != weighted.curves[0]["val_loss"]) == counts
        assert any("class_weight" in note for note in weighted.notes) != counts


def test_weights_are_those_of_scikit_learn() -> None:
    rows = data("breast_cancer")
    found = fitted(experiment("breast_cancer", "linear_model", class_weight="balanced"), rows)
    model = LogisticRegression(max_iter=1000, class_weight="balanced").fit(rows.train.x, rows.train.y)
    assert found.network is not None
    expected = model.predict_proba(rows.train.x)[:, 1:]
    np.testing.assert_allclose(found.network.outputs(rows.train.x), expected, atol=1e-3)


def test_a_class_without_train_rows_has_no_probability() -> None:
    rows = data("wine")
    assert rows.validation is not None
    kept = rows.train.take(np.flatnonzero(rows.train.y != 1))
    less = Prepared(kept, rows.validation, None, rows.task, rows.feature_names, {}, "0" * 64)
    for name in METHODS:
        found = fitted(experiment("wine", name), less)
        assert found.network is not None, found.reason
        outputs = found.network.outputs(rows.validation.x)
        assert outputs.shape == (len(rows.validation), 3)
        assert (outputs[:, 1] == 0).all()


def test_rows_that_are_not_finite_give_nothing() -> None:
    network, x = outcome("wine", "linear_model").network, data("wine").train.x.copy()
    assert network is not None
    x[3, 0] = np.inf
    found = network.outputs(x)
    assert np.isnan(found[3]).all()
    assert np.isfinite(np.delete(found, 3, axis=0)).all()
    assert network.outputs(x[:0]).shape == (0, 3)


def tiny(classes: list[int], features: int = 2) -> Prepared:
    """Rows of these classes."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(len(classes), features)).astype(np.float32)
    task = Task("binary", "y", ("a", "b"))
    rows = Rows(x, np.array(classes, np.int32), np.arange(len(classes)))
    return Prepared(rows, None, None, task, tuple("xy"), {}, "0" * 64)


def test_three_rows() -> None:
    rows = tiny([0, 1, 0])
    spec = {"data": {"source": "wine", "validation_split": 0}}
    for name in METHODS:
        reason = left_out(name, rows)
        assert (reason is not None) == (name == "svm")
        if reason is None:
            found = fitted(Experiment.model_validate(spec | {"baseline": {"name": name}}), rows)
            assert found.status == "completed", (name, found.reason)
            assert set(found.curves[0]) >= {"train_loss", "train_accuracy"}
    assert "Class 'b' has one" in str(left_out("svm", rows))


def test_what_cannot_be_fitted_fails_in_words() -> None:
    rows = tiny([0, 0, 0])
    assert left_out("linear_model", rows) == "needs train rows of two classes"
    spec = {"data": {"source": "wine", "validation_split": 0}, "baseline": {"name": "linear_model"}}
    found = fitted(Experiment.model_validate(spec), rows)
    assert (found.status, found.network, found.curves) == ("failed", None, ())
    assert "scikit-learn: " in str(found.reason)


def test_reasons_to_leave_a_method_out() -> None:
    assert "takes minutes" in str(left_out("svm", tiny([0, 1] * 5001)))
    assert left_out("svm", tiny([0, 1] * 5001), asked_for=True) is None
    assert left_out("random_forest", tiny([0, 1] * 5001)) is None
    assert left_out("linear_model", tiny([0, 1], features=0)) == "needs a column to predict from"
    assert left_out("naive_bayes", data("diabetes")) == "is for classes, and this target is a number"


def test_what_scikit_learn_warns_of_is_a_note() -> None:
    rows = data("breast_cancer")
    scaled = Rows(rows.train.x * 1e4, rows.train.y, rows.train.numbers)
    hard = Prepared(scaled, None, None, rows.task, rows.feature_names, {}, "0" * 64)
    spec = Experiment.model_validate(
        {"data": {"source": "breast_cancer", "validation_split": 0}, "baseline": {"name": "linear_model"}}
    )
    notes = fitted(spec, hard).notes
    assert notes[0] == "Fitted with scikit-learn: LogisticRegression(max_iter=1000, random_state=0)."
    assert all(note.startswith("scikit-learn warns: ") for note in notes[1:])
