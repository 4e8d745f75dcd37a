from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics as oracle

from dlrun.data import Task
from dlrun.training.assessment import Assessment, Outputs, constant_outputs, usual_metrics
from dlrun.training.objective import objective_of
from tests.training.cases import AMOUNT, BINARY, experiment

GENERATOR = np.random.default_rng(4)
Y = GENERATOR.integers(0, 2, 300)
OUT = np.clip(0.25 * Y[:, None] + 0.7 * GENERATOR.random((300, 1)), 0.01, 0.99).astype(np.float32)
UNBALANCED = replace(BINARY, shares=(0.9, 0.1))


def assessed(task: Task, y: np.ndarray, outputs: np.ndarray, **fit: object) -> Assessment:
    return Assessment(objective_of(experiment(fit=fit), task), Outputs(y, outputs))


def test_what_is_measured() -> None:
    found = {row.metric: row for row in assessed(UNBALANCED, Y, OUT).measured(("accuracy",), None)}
    assert list(found) == [
        "loss",
        "accuracy",
        "balanced_accuracy",
        "f1",
        "auc",
        "average_precision",
        "precision",
        "recall",
    ]
    assert found["loss"].value == pytest.approx(oracle.log_loss(Y, OUT[:, 0]), rel=1e-5)
    assert found["average_precision"].value == pytest.approx(oracle.average_precision_score(Y, OUT[:, 0]))
    assert found["auc"].trivial == 0.5
    assert found["accuracy"].trivial == np.mean(Y == 0)
    assert found["loss"].validation is None


def test_equal_rows_on_both_sides_differ_by_nothing() -> None:
    for row in assessed(UNBALANCED, Y, OUT).measured((), Outputs(Y, OUT)):
        assert row.difference == 0
        assert row.difference_low is not None
        assert row.difference_high is not None
        assert row.difference_low < 0 < row.difference_high


def test_a_true_difference_is_found() -> None:
    better = Outputs(Y, np.clip(OUT + 0.5 * (Y[:, None] - 0.5), 0.01, 0.99).astype(np.float32))
    row = next(row for row in assessed(UNBALANCED, Y, OUT).measured((), better) if row.metric == "accuracy")
    assert row.difference_high is not None
    assert row.difference_high < 0


def test_amounts_are_in_their_own_unit() -> None:
    y, outputs = GENERATOR.normal(size=60).astype(np.float32), GENERATOR.normal(size=(60, 1)).astype(np.float32)
    found = {row.metric: row for row in assessed(AMOUNT, y, outputs).measured((), None)}
    true, given = (AMOUNT.mean + AMOUNT.spread * values for values in (y, outputs[:, 0]))
    assert found["loss"].value == pytest.approx(oracle.mean_squared_error(true, given), rel=1e-5)
    assert found["bias"].value == pytest.approx(np.mean(given - true), rel=1e-4)
    dummy = np.full(60, AMOUNT.mean)
    assert found["root_mean_squared_error"].trivial == pytest.approx(
        oracle.root_mean_squared_error(true, dummy), rel=1e-5
    )


@pytest.mark.parametrize(
    "task", [UNBALANCED, Task("multiclass", "k", ("a", "b", "c"), shares=(0.5, 0.25, 0.25)), AMOUNT]
)
def test_one_row_and_outputs_that_are_not_finite(task: Task) -> None:
    for outputs in (np.full((1, task.outputs), 0.25, np.float32), np.full((1, task.outputs), np.nan, np.float32)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = assessed(task, np.zeros(1, np.int32), outputs).measured((), Outputs(np.zeros(1, np.int32), outputs))
        assert found[0].metric == "loss"
        assert math.isnan(found[0].value) == math.isnan(float(outputs[0, 0]))


@pytest.mark.parametrize(
    ("task", "fit", "wanted"),
    [
        (UNBALANCED, {}, [0.1]),
        (BINARY, {}, None),
        (UNBALANCED, {"loss": "hinge"}, [-1.0]),  # the output is tanh: the sign of the larger class
        (AMOUNT, {}, [0.0]),
        (AMOUNT, {"loss": "poisson"}, None),
        (Task("multiclass", "k", ("a", "b", "c"), shares=(0.5, 0.25, 0.25)), {}, [0.5, 0.25, 0.25]),
    ],
)
def test_the_trivial_predictor(task: Task, fit: dict[str, str], wanted: list[float] | None) -> None:
    found = constant_outputs(objective_of(experiment(fit=fit), task))
    assert (None if found is None else found.tolist()) == wanted
    assert set(usual_metrics(objective_of(experiment(fit=fit), task)))
