"""The learning-rate range test against a plain loop of Keras' `train_on_batch`, with all that a run may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.data import Prepared
from dlrun.errors import Interrupted
from dlrun.spec import Experiment
from dlrun.training.backend import current
from dlrun.training.batches import batch_size, epoch_order
from dlrun.training.class_weights import row_weights
from dlrun.training.keras_engine import keras_optimizer
from dlrun.training.lr_range import RISE, RunningMean, has_risen, range_test, range_tests
from dlrun.training.network import build
from dlrun.training.objective import objective_of
from tests.training.cases import amounts, digits, experiment, signs

STEPS = 40


def plain_loop(spec: Experiment, data: Prepared, rates: list[float]) -> list[float]:
    """Keras alone: set the rate, train on a batch, note its loss."""
    import keras

    objective = objective_of(spec, data.task)
    net = build(spec.model, data.train.x.shape[1], data.task.outputs, objective.activation, spec.seed)
    net.compile(optimizer=keras_optimizer(spec), loss=objective.training_loss(), jit_compile=False)
    targets, size = objective.targets(data.train.y), batch_size(spec.fit.batch_size, len(data.train))
    weights = row_weights(spec.fit.class_weight, data.task, data.train.y)
    batches = (
        order[start : start + size]
        for epoch in range(len(rates))
        for order in [epoch_order(spec.seed, epoch, len(data.train))]
        for start in range(0, len(order), size)
    )
    losses = []
    for rate, rows in zip(rates, batches, strict=False):
        net.optimizer.learning_rate = rate
        net.reset_metrics()
        given = None if weights is None else weights[rows].astype("float32")
        losses.append(float(net.train_on_batch(data.train.x[rows], targets[rows], sample_weight=given)))
    keras.utils.clear_session(free_memory=False)
    return losses


CASES: dict[str, tuple[dict[str, Any], Prepared]] = {
    "adam": ({}, digits()),
    "momentum and dropout": (
        {"optimizer": {"name": "sgd", "momentum": 0.9}, "model": {"dropout": 0.3}}, digits()
    ),
    "decay, penalty, batch norm": (
        {"optimizer": {"name": "adamw", "weight_decay": 0.01}, "model": {"batch_normalization": True, "l2": 0.01}},
        digits(),
    ),
    "two classes, weighted": ({"fit": {"class_weight": "balanced"}}, signs()),
    "no validation rows": ({}, signs(validation=False)),
    "an amount, full batch": ({"fit": {"batch_size": "full"}, "optimizer": {"name": "rmsprop"}}, amounts()),
    "a schedule is left out": ({"schedule": {"name": "cosine"}}, digits()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_losses_are_those_of_a_plain_loop(case: str) -> None:
    sections, data = CASES[case]
    spec = experiment(**sections)
    found = range_test(spec, data, current(), 1e-5, 0.1, STEPS)
    assert found.ended == "highest rate"
    np.testing.assert_allclose(found.rates, np.geomspace(1e-5, 0.1, STEPS))
    expected = plain_loop(spec, data, list(found.rates))
    np.testing.assert_allclose(found.losses, expected, rtol=2e-3)
    np.testing.assert_allclose(found.losses[:20], expected[:20], rtol=1e-4)


def test_the_running_mean_is_kerass_bias_corrected_average() -> None:
    values, mean = np.random.default_rng(0).normal(size=30), RunningMean(0.9)
    weights = [[0.1 * 0.9 ** (step - past) for past in range(step + 1)] for step in range(30)]
    expected = [np.average(values[: step + 1], weights=weight) for step, weight in enumerate(weights)]
    np.testing.assert_allclose([mean.of(value) for value in values], expected)


def test_it_ends_where_the_loss_has_risen() -> None:
    found = range_test(experiment(optimizer={"name": "sgd"}), amounts(), current(), 1e-3, 1e4, 120)
    assert found.ended in ("rose", "not finite")
    assert len(found.rates) < 120
    assert np.isfinite(found.losses).all()


def test_a_rise_is_measured_in_the_size_of_the_lowest_loss() -> None:
    start = [1.0] * 5
    assert has_risen([*start, 0.5, 0.5 * RISE + 0.01], 50)
    assert not has_risen([*start, 0.01, 0.5], 50)  # not above the start
    assert not has_risen([*start, 0.5, 0.5 * RISE - 0.01], 50)
    below = [-1.0] * 5
    assert has_risen([*below, -2.0, 4.1], 50)
    assert not has_risen([*below, -2.0, 3.9], 50)


def test_a_lucky_first_batch_ends_nothing() -> None:
    """A loss of next to nothing in the first tenth is no lowest one, and what is as high as the start is no rise."""
    lucky = [1e-6, 2.0, 2.5, 1.0, 2.0]
    for steps in range(1, 6):
        assert not has_risen(lucky[:steps], 50)
    assert not has_risen([*lucky, 0.1, 2.4], 50)
    assert has_risen([*lucky, 0.1, 2.6], 50)
    assert not has_risen([*[1e-6] * 20, 1.0], 200)


def test_batches_of_a_single_row_are_tested_to_the_end() -> None:
    spec = experiment(fit={"batch_size": 1})
    for found in range_tests(spec, signs(), current(), 1e-6, 1e-3, 60, 3):
        assert (len(found.rates), found.ended) == (60, "highest rate")


def test_seeds_differ_and_repeat() -> None:
    spec, data = experiment(), digits()
    one, other = range_tests(spec, data, current(), 1e-4, 0.1, 30, 2)
    assert (one.seed, other.seed) == (0, 1)
    assert one.losses != other.losses
    again = range_test(spec.with_seed(1), data, current(), 1e-4, 0.1, 30)
    np.testing.assert_allclose(again.losses, other.losses, rtol=1e-6)


def test_a_signal_ends_it() -> None:
    with pytest.raises(Interrupted):
        range_test(experiment(), digits(), current(), 1e-4, 0.1, 30, stopping=lambda: True)
