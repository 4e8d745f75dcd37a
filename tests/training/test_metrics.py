from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from dlrun.data import Task
from dlrun.errors import ConfigError
from dlrun.spec.names import Metric, names_of
from dlrun.training.metrics import METRICS, Scored, measure, metric_names
from tests.training.cases import AMOUNT, BINARY, experiment

THREE = Task("multiclass", "kind", ("a", "b", "c"))
GENERATOR = np.random.default_rng(0)
TARGETS = {"binary": GENERATOR.integers(0, 2, 60), "multiclass": GENERATOR.integers(0, 3, 60)}
SHARES = GENERATOR.dirichlet(np.ones(3), 60).astype(np.float32)
OUTPUT = GENERATOR.random((60, 1)).astype(np.float32)

BY_CLASS: dict[str, Callable[..., Any]] = {
    "accuracy": oracle.accuracy_score,
    "balanced_accuracy": oracle.balanced_accuracy_score,
}
AVERAGED: dict[str, Callable[..., Any]] = {
    "f1": oracle.f1_score,
    "precision": oracle.precision_score,
    "recall": oracle.recall_score,
}


def test_every_name_has_a_function() -> None:
    assert set(METRICS) == set(names_of(Metric))


@pytest.mark.parametrize("name", [*BY_CLASS, *AVERAGED])
@pytest.mark.parametrize("task", [BINARY, THREE], ids=["binary", "multiclass"])
def test_of_classes(name: str, task: Task) -> None:
    y, binary = TARGETS[task.kind], task.kind == "binary"
    outputs = OUTPUT if binary else SHARES
    chosen = (OUTPUT[:, 0] > 0.5).astype(int) if binary else SHARES.argmax(axis=1)
    average = {"average": "binary" if binary else "macro"} if name in AVERAGED else {}
    wanted = (BY_CLASS | AVERAGED)[name](y, chosen, **average)
    assert measure(name, Scored(y, outputs, task)) == pytest.approx(wanted)


def test_auc() -> None:
    binary = measure("auc", Scored(TARGETS["binary"], OUTPUT, BINARY))
    assert binary == pytest.approx(oracle.roc_auc_score(TARGETS["binary"], OUTPUT[:, 0]))
    many = measure("auc", Scored(TARGETS["multiclass"], SHARES, THREE))
    assert many == pytest.approx(oracle.roc_auc_score(TARGETS["multiclass"], SHARES, multi_class="ovr"))


def test_auc_of_one_class_is_not_defined() -> None:
    assert math.isnan(measure("auc", Scored(np.ones(60, int), OUTPUT, BINARY)))


def test_errors_are_in_the_targets_own_unit() -> None:
    y, outputs = GENERATOR.normal(size=40).astype(np.float32), GENERATOR.normal(size=(40, 1)).astype(np.float32)
    scored = Scored(y, outputs, AMOUNT)
    real, given = AMOUNT.mean + AMOUNT.spread * y, AMOUNT.mean + AMOUNT.spread * outputs[:, 0]
    assert measure("mean_absolute_error", scored) == pytest.approx(oracle.mean_absolute_error(real, given), rel=1e-5)
    root = oracle.root_mean_squared_error(real, given)
    assert measure("root_mean_squared_error", scored) == pytest.approx(root, rel=1e-5)
    assert measure("r2", scored) == pytest.approx(oracle.r2_score(real, given), rel=1e-5)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(-1, 1, width=32)), min_size=1, max_size=20))
def test_accuracy_moves_with_the_threshold(pairs: list[tuple[int, float]]) -> None:
    y, outputs = np.array([y for y, _ in pairs]), np.array([[value] for _, value in pairs], np.float32)
    around_zero = measure("accuracy", Scored(y, outputs, BINARY, threshold=0.0))
    assert around_zero == np.mean([(value > 0) == (y == 1) for y, value in pairs])


@pytest.mark.parametrize("name", ["accuracy", "auc", "f1"])
def test_outputs_that_are_not_finite_give_nan(name: str) -> None:
    outputs = OUTPUT.copy()
    outputs[3] = np.nan
    assert math.isnan(measure(name, Scored(TARGETS["binary"], outputs, BINARY)))


def test_auto() -> None:
    assert metric_names(experiment(), BINARY) == ("accuracy",)
    assert metric_names(experiment(), AMOUNT) == ("mean_absolute_error", "root_mean_squared_error")


@pytest.mark.parametrize(
    ("metrics", "task", "message"),
    [
        (
            ["accuracy"],
            AMOUNT,
            "fit.metrics must fit a regression task: mean_absolute_error, root_mean_squared_error, r2. "
            "Received: accuracy.",
        ),
        (
            ["auc", "r2"],
            BINARY,
            "fit.metrics must fit a classification task: accuracy, auc, f1, balanced_accuracy, precision, recall. "
            "Received: r2.",
        ),
    ],
)
def test_metrics_that_do_not_fit(metrics: list[str], task: Task, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        metric_names(experiment(fit={"metrics": metrics}), task)
    assert str(caught.value) == message
