from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from dlrun.data import Task
from dlrun.errors import ConfigError
from dlrun.spec import auto_metrics
from dlrun.spec.names import CLASSIFICATION_METRICS, Metric, names_of
from dlrun.training.metrics import METRICS, Scored, measure, metric_names, metric_notes
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


def test_average_precision() -> None:
    binary = measure("average_precision", Scored(TARGETS["binary"], OUTPUT, BINARY))
    assert binary == pytest.approx(oracle.average_precision_score(TARGETS["binary"], OUTPUT[:, 0]))
    many = measure("average_precision", Scored(TARGETS["multiclass"], SHARES, THREE))
    assert many == pytest.approx(oracle.average_precision_score(np.eye(3)[TARGETS["multiclass"]], SHARES))


@given(
    y=st.lists(st.integers(0, 3), min_size=1, max_size=25),
    seed=st.integers(0, 99),
    digits=st.integers(0, 3),
)
def test_any_rows_give_what_scikit_learn_gives(y: list[int], seed: int, digits: int) -> None:
    """Classes that do not occur, that are never given, single rows and ties included."""
    task = Task("multiclass", "kind", ("a", "b", "c", "d"))
    outputs = np.random.default_rng(seed).random((len(y), 4)).round(digits)
    scored, chosen = Scored(np.array(y), outputs, task), outputs.argmax(axis=1)
    assert measure("accuracy", scored) == pytest.approx(oracle.accuracy_score(y, chosen))
    recalls = oracle.recall_score(y, chosen, labels=sorted(set(y)), average="macro", zero_division=0)
    assert measure("balanced_accuracy", scored) == pytest.approx(recalls)
    for name, wanted in AVERAGED.items():
        assert measure(name, scored) == pytest.approx(wanted(y, chosen, average="macro", zero_division=0))


@pytest.mark.parametrize("name", sorted(CLASSIFICATION_METRICS))
@pytest.mark.parametrize("task", [BINARY, THREE], ids=["binary", "multiclass"])
@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_is_no_crash_and_no_warning(name: str, task: Task, label: int) -> None:
    outputs = OUTPUT if task.kind == "binary" else SHARES
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = measure(name, Scored(np.full(60, label), outputs, task))
    assert math.isnan(value) == (name == "auc" or (name, task.kind, label) == ("average_precision", "binary", 0))


@pytest.mark.parametrize(("errors", "wanted"), [([0.0, 0.0, 0.0], 1.0), ([0.0, 0.5, 0.0], 0.0)])
def test_r2_of_targets_that_never_change(errors: list[float], wanted: float) -> None:
    y = np.full(3, 0.1, np.float32)
    outputs = (y + np.array(errors, np.float32))[:, None]
    assert measure("r2", Scored(y, outputs, AMOUNT)) == wanted == oracle.r2_score(y, outputs[:, 0])


def test_r2_of_one_row_is_not_defined() -> None:
    assert math.isnan(measure("r2", Scored(np.zeros(1), np.zeros((1, 1)), AMOUNT)))


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
    ("shares", "more"),
    [
        ((), False),
        ((0.5, 0.5), False),
        ((0.2, 0.8), False),
        ((0.19, 0.81), True),
        ((0.04, 0.96), True),
        ((0.1, 0.4, 0.5), True),
        ((0.15, 0.25, 0.6), False),
    ],
)
def test_auto_measures_more_where_classes_are_unbalanced(shares: tuple[float, ...], more: bool) -> None:
    task = replace(BINARY if len(shares) == 2 else THREE, shares=shares)
    wanted = ("accuracy", "auc", "balanced_accuracy") if more else ("accuracy",)
    assert metric_names(experiment(), task) == wanted == auto_metrics(task.kind, shares)
    assert bool(metric_notes(experiment(), task)) == more
    assert metric_notes(experiment(fit={"metrics": ["accuracy"]}), task) == ()


def test_the_note_on_unbalanced_classes() -> None:
    assert metric_notes(experiment(), replace(BINARY, shares=(0.96, 0.04))) == (
        "Classes are unbalanced: 'no' has 24 times the rows of 'yes' (more than 4), so fit.metrics: auto measures auc "
        "and balanced_accuracy beside accuracy.",
    )


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
            "fit.metrics must fit a classification task: accuracy, auc, f1, balanced_accuracy, precision, recall, "
            "average_precision. Received: r2.",
        ),
    ],
)
def test_metrics_that_do_not_fit(metrics: list[str], task: Task, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        metric_names(experiment(fit={"metrics": metrics}), task)
    assert str(caught.value) == message


def test_metrics_need_no_scikit_learn() -> None:
    """It would cost every run a second of import."""
    program = (
        "import sys, numpy as np\n"
        "from dlrun.data import Task\n"
        "from dlrun.training.metrics import METRICS, Scored, measure\n"
        "scored = Scored(np.array([0, 1, 1]), np.array([[.1], [.9], [.4]]), Task('binary', 'y', ('a', 'b')))\n"
        "assert all(np.isfinite(measure(name, scored)) for name in METRICS)\n"
        "assert not {'sklearn', 'scipy', 'pandas', 'keras'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
