"""Health while a net trains: its numbers are those of the net, and training does not know that it is watched."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.training import Job, Outcome, load_engine
from dlrun.training.backend import current
from dlrun.training.batches import Batches, epoch_order
from dlrun.training.health import MEASURES, health_of
from dlrun.training.health.log import ENTRIES, ROWS, HealthLog, sample, weights_of
from dlrun.training.network import build
from tests.training.cases import amounts, digits, experiment, rows_of, signs, without_seconds

HEAVY = {
    "model": {"units": [12, 8], "dropout": 0.3, "batch_normalization": True, "l2": 0.01},
    "fit": {"epochs": 4, "batch_size": 32},
}


def trained(spec: Experiment, data: Prepared, health: bool = True, **job: Any) -> Outcome:
    (outcome,) = load_engine(current()).run([Job("job", spec, data, health=health, **job)], lambda job, row: None)
    return outcome


def weights(outcome: Outcome) -> list[np.ndarray]:
    network: Any = outcome.network
    found: list[np.ndarray] = network.model.get_weights()
    return found


def document(outcome: Outcome) -> dict[str, Any]:
    assert outcome.health is not None
    text = json.dumps(outcome.health, allow_nan=False)  # finite numbers or null
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def heavy() -> Outcome:
    """Dropout, batch normalization and L2 together."""
    return trained(experiment(**HEAVY), digits())


def test_training_does_not_know_of_it(heavy: Outcome) -> None:
    plain = trained(heavy.job.experiment, heavy.job.data, health=False)
    assert plain.health is None
    assert without_seconds(plain.curves) == without_seconds(heavy.curves)
    for one, other in zip(weights(plain), weights(heavy), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_the_document_holds(heavy: Outcome) -> None:
    found = document(heavy)
    assert found["epochs"] == [0, 1, 2, 3, 4]
    assert (found["rows"], found["steps_per_epoch"], found["batch_normalization"]) == (120, 10, True)
    assert [layer["name"] for layer in found["layers"]] == ["hidden_1", "hidden_2", "output"]
    assert set(found["measures"]) == set(MEASURES)
    assert all(len(column) == 5 for columns in found["measures"].values() for column in columns)
    assert [one["epoch"] for one in found["histograms"]] == [0, 2, 4]
    steps = found["measures"]["update"]
    assert all(column[0] is None and all(value > 0 for value in column[1:]) for column in steps)


def test_the_end_is_the_kept_net(heavy: Outcome) -> None:
    last = trained(experiment(**HEAVY | {"fit": {**HEAVY["fit"], "keep": "last"}}), digits())
    network: Any = last.network
    rows = last.job.data.measured_train
    from dlrun.training.objective import objective_of

    objective = objective_of(last.job.experiment, last.job.data.task)
    seen = health_of(network.model, rows.x, objective.targets(rows.y), objective.training_loss())
    found = document(last)["measures"]
    for place, layer in enumerate(seen):
        for name in ("spread", "gradient", "signal", "weight", "alike", "dead"):
            value = getattr(layer, name)
            assert found[name][place][-1] == (None if value is None else pytest.approx(value, rel=1e-3, abs=1e-7))


def test_a_step_of_the_whole_batch_against_the_weights() -> None:
    spec = experiment(model={"units": [6]}, fit={"epochs": 1, "batch_size": "full", "keep": "last"})
    outcome = trained(spec, digits())
    start = build(spec.model, 64, 10, "softmax", spec.seed).get_weights()
    kernels = zip(start[::2], weights(outcome)[::2], strict=True)
    moved = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in kernels]
    assert [column[1] for column in document(outcome)["measures"]["update"]] == pytest.approx(moved, rel=1e-4)


def test_the_last_full_step_against_plain_keras() -> None:
    """300 rows, batches of 140: the second is the last full one, and its change is not the epoch's."""
    import keras

    sgd = {"name": "sgd", "learning_rate": 0.5}
    spec = experiment(model={"units": [6]}, optimizer=sgd, fit={"epochs": 1, "batch_size": 140})
    data, order = digits(), epoch_order(0, 0, 300)
    net = build(spec.model, 64, 10, "softmax", spec.seed)
    net.compile(optimizer=keras.optimizers.SGD(0.5), loss="sparse_categorical_crossentropy")
    kernels = []
    for batch in (order[:140], order[140:280]):
        net.train_on_batch(data.train.x[batch], data.train.y[batch])
        kernels.append([np.array(value) for value in net.get_weights()[::2]])
    moved = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(*kernels, strict=True)]
    found = [column[1] for column in document(trained(spec, data))["measures"]["update"]]
    assert found == pytest.approx(moved, rel=1e-3)


@pytest.mark.parametrize("rows", [300, 290, 32, 7])
def test_a_step_is_a_call_of_its_own(rows: int) -> None:
    plain, apart = (Batches(0, rows, 32, 100, None, apart) for apart in (False, True))
    first, last = apart.spans[apart.call_apart]
    assert last == first + 1 == max(rows // 32, 1)
    assert (apart.spans[0][0], apart.spans[-1][1]) == (0, plain.steps)
    assert all(one[1] == other[0] for one, other in zip(apart.spans, apart.spans[1:], strict=False))
    assert plain.spans == [(0, plain.steps)]


@pytest.mark.parametrize(
    ("spec", "data"),
    [
        ({"model": {"units": [4]}}, "amounts"),
        ({"model": {"units": []}}, "digits"),
        ({"model": {"units": [4]}, "fit": {"class_weight": "balanced"}}, "signs"),
        ({"model": {"units": [4], "activation": "step"}}, "signs"),
        ({"model": {"units": [4]}, "fit": {"precision": "float64"}}, "signs"),
        ({"model": {"units": [4], "batch_normalization": True}, "fit": {"precision": "mixed_bfloat16"}}, "digits"),
        ({"model": {"units": [4]}, "fit": {"precision": "mixed_float16"}}, "digits"),
    ],
    ids=["regression", "no hidden layer", "class weights", "step", "float64", "bfloat16", "float16"],
)
def test_all_kinds_of_nets(spec: dict[str, Any], data: str) -> None:
    spec = {**spec, "fit": {"epochs": 2, "batch_size": 32, **spec.get("fit", {})}}
    found = document(trained(experiment(**spec), {"amounts": amounts, "digits": digits, "signs": signs}[data]()))
    assert found["epochs"] == [0, 1, 2]
    for name in ("spread", "gradient", "weight", "signal"):
        assert all(value is not None for column in found["measures"][name] for value in column), name


def test_without_validation_rows() -> None:
    spec = experiment(model={"units": [4]}, fit={"monitor": "train_loss"})
    assert document(trained(spec, signs(validation=False)))["rows"] == 100


def test_the_start_alone() -> None:
    found = document(trained(experiment(fit={"epochs": 0}), digits()))
    assert found["epochs"] == [0]
    assert [one["epoch"] for one in found["histograms"]] == [0]


def test_early_stopping_ends_with_a_measurement() -> None:
    spec = experiment(
        model={"units": [4]}, optimizer={"name": "sgd", "learning_rate": 1e-9},
        fit={"epochs": 3000, "early_stopping": {"patience": 3, "min_delta": 1.0}},
    )  # fmt: skip
    outcome = trained(spec, signs())
    found = document(outcome)
    assert outcome.status == "stopped_early"
    assert found["epochs"][-1] == len(outcome.curves)
    assert found["epochs"][:2] == [0, 4]  # of 2 x 3,001 entries every fourth is kept


def test_a_run_that_diverges_keeps_what_was_seen() -> None:
    spec = experiment(
        model={"units": [8], "activation": "linear"}, optimizer={"name": "sgd", "learning_rate": 1e30},
    )  # fmt: skip
    outcome = trained(spec, amounts())
    found = document(outcome)
    assert outcome.status == "diverged"
    assert found["epochs"] == [0, len(outcome.curves)]
    assert found["measures"]["spread"][0][-1] is None
    assert found["histograms"][-1]["layers"][0] is None


def test_an_end_that_a_search_sets() -> None:
    found = document(trained(experiment(fit={"epochs": 9}), digits(), until=2))
    assert found["epochs"] == [0, 1, 2]


def test_long_runs_of_deep_nets_are_thinned() -> None:
    job = Job("job", experiment(model={"units": [4] * 50}, fit={"epochs": 200}), digits())
    net = build(job.experiment.model, 64, 10, "softmax", 0)
    log = HealthLog(net, net, None, None, job, current(), Batches(0, 300, 32, 100, None, True))  # type: ignore[arg-type]
    due = [epoch for epoch in range(1, 201) if log.due(epoch)]
    assert due[-1] == 200
    assert 0.5 < (len(due) + 1) * 51 / ENTRIES <= 1.05


def test_the_sample_is_fixed_and_follows_the_seed() -> None:
    rows = rows_of(np.arange(2000.0).reshape(1000, 2), np.zeros(1000, np.int32))
    one = sample(rows, 0)
    assert len(one) == ROWS
    assert (one.numbers == sample(rows, 0).numbers).all()
    assert (one.numbers != sample(rows, 1).numbers).any()
    assert sample(rows.take(np.arange(9)), 0).numbers.tolist() == list(range(9))


def test_rows_weigh_as_in_training() -> None:
    data = signs()
    job = Job("job", experiment(fit={"class_weight": "balanced"}), data)
    found = weights_of(job, data.measured_train)
    counts = np.bincount(data.train.y)
    assert found == pytest.approx(len(data.train) / (2 * counts)[data.measured_train.y])
    assert weights_of(Job("job", experiment(), data), data.train) is None


def test_seconds_of_epochs_know_nothing_of_it(heavy: Outcome) -> None:
    assert all(math.isfinite(row["seconds"]) and row["seconds"] > 0 for row in heavy.curves)
