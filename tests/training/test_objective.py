from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.data import Task
from dlrun.errors import ConfigError
from dlrun.spec.names import CLASSIFICATION_LOSSES, REGRESSION_LOSSES
from dlrun.training.objective import objective_of, output_activation
from tests.training.cases import AMOUNT, BINARY, DIGIT, experiment


def numbers(value: Any) -> np.ndarray:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(value))


@pytest.mark.parametrize(
    ("task", "loss", "activation"),
    [
        (BINARY, "binary_crossentropy", "sigmoid"),
        (DIGIT, "sparse_categorical_crossentropy", "softmax"),
        (AMOUNT, "mean_squared_error", "linear"),
    ],
)
def test_what_follows_from_the_task(task: Task, loss: str, activation: str) -> None:
    objective = objective_of(experiment(), task)
    assert (objective.loss, objective.activation) == (loss, activation)


@pytest.mark.parametrize(
    ("task", "loss"),
    [
        *((DIGIT, name) for name in CLASSIFICATION_LOSSES),
        *((BINARY, name) for name in ("binary_crossentropy", "binary_focal_crossentropy", "hinge", "squared_hinge")),
        *((AMOUNT, name) for name in REGRESSION_LOSSES),
    ],
)
def test_the_mean_of_the_row_losses_is_the_loss(task: Task, loss: str) -> None:
    objective = objective_of(experiment(fit={"loss": loss}), task)
    generator = np.random.default_rng(0)
    outputs = generator.dirichlet(np.ones(10), 12)[:, : task.outputs].astype(np.float32)
    y = np.abs(generator.normal(size=12)).astype(np.float32)
    if task.kind != "regression":
        y = generator.integers(0, len(task.classes), 12).astype(np.int32)
    rows = numbers(objective.row_loss()(objective.targets(y), outputs))
    assert rows.shape == (12,)
    assert rows.mean() == pytest.approx(float(objective.training_loss()(objective.targets(y), outputs)), rel=1e-5)


def test_smoothing_is_in_the_training_loss_alone() -> None:
    plain, smooth = (objective_of(experiment(fit={"label_smoothing": share}), DIGIT) for share in (0.0, 0.2))
    generator = np.random.default_rng(0)
    outputs, y = generator.dirichlet(np.ones(10), 12).astype(np.float32), np.arange(12, dtype=np.int32) % 10
    assert not plain.one_hot
    assert smooth.one_hot
    rows = [numbers(one.row_loss()(one.targets(y), outputs)) for one in (plain, smooth)]
    np.testing.assert_allclose(*rows, rtol=1e-5)
    shares = 0.8 * np.eye(10)[y] + 0.02
    wanted = -(shares * np.log(outputs)).sum(axis=1).mean()
    assert float(smooth.training_loss()(smooth.targets(y), outputs)) == pytest.approx(wanted, rel=1e-4)


def test_units() -> None:
    units = {name: objective_of(experiment(fit={"loss": name}), AMOUNT).unit for name in REGRESSION_LOSSES}
    assert units.pop("mean_squared_error") == 77.0**2
    assert units.pop("mean_absolute_error") == 77.0
    assert set(units.values()) == {1.0}
    assert objective_of(experiment(), DIGIT).unit == 1.0


@pytest.mark.parametrize(
    ("loss", "activation", "threshold"),
    [
        ("binary_crossentropy", "sigmoid", 0.5),
        ("hinge", "tanh", 0.0),
        ("squared_hinge", "linear", 0.0),
        ("hinge", "sigmoid", 0.5),
        ("mean_squared_error", "linear", 0.5),
        ("mean_squared_error", "step", 0.5),
    ],
)
def test_where_the_second_class_begins(loss: str, activation: str, threshold: float) -> None:
    spec = experiment(fit={"loss": loss}, model={"output_activation": activation})
    assert objective_of(spec, BINARY).threshold == threshold


def test_smoothing_needs_a_cross_entropy() -> None:
    with pytest.raises(ConfigError, match=r"needs a cross-entropy loss: .* Received: fit\.loss hinge\."):
        objective_of(experiment(fit={"loss": "hinge", "label_smoothing": 0.1}), BINARY)


@pytest.mark.parametrize(
    ("task", "loss", "activation"),
    [
        (BINARY, "hinge", "tanh"),
        (BINARY, "squared_hinge", "tanh"),
        (AMOUNT, "poisson", "softplus"),
        (AMOUNT, "huber", "linear"),
    ],
)
def test_the_output_follows_the_loss(task: Task, loss: str, activation: str) -> None:
    assert output_activation(experiment(fit={"loss": loss}), task) == activation
