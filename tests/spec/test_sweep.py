import pytest

from tests.spec.written import loaded

GOOD = [
    "grid: {model.width: [16, 32], model.depth: [1, 2]}",
    "grid: {model.units: [[8], [8, 4], []]}",
    "grid: {model.activation: [relu, tanh], model.dropout: [0, 0.5]}",
    "grid: {model.dropout: [[0.1, 0.2], 0]}",
    "grid: {optimizer: [adam, {name: sgd, momentum: 0.9}, lion]}",
    "grid: {optimizer.name: [adam, sgd], optimizer.momentum: [0.5, 0.9]}",
    "grid: {optimizer.momentum: [0.5], optimizer.name: [rmsprop, sgd]}",
    "grid: {optimizer.name: [adam, sgd, lamb]}",
    "grid: {schedule: [constant, cosine], optimizer.learning_rate: [1e-3, 1e-2]}",
    "grid: {schedule.name: [step, cosine], schedule.alpha: [0, 0.1]}",
    "grid: {fit.early_stopping: [null, {patience: 3}]}",
    "grid: {fit.batch_size: [1, 32, full], fit.class_weight: [null, balanced]}",
    "grid: {model.kernel_initializer: [he_normal, {name: random_normal, stddev: 0.1}]}",
    "grid: {model.kernel_initializer.name: [he_normal, zeros]}",
    "grid: {data.source: [digits, iris, moons], data.train_fraction: [0.5, 1]}",
    "{grid: {model.width: [8]}, seeds: 5}",
    "{grid: {model.width: [8]}, seeds: [0, 7]}",
    "{search: {name: random}, space: {model.width: {low: 8, high: 256, step: 8}}}",
    "{search: {name: zoom, n_trials: 9}, space: {optimizer.learning_rate: {low: 1e-4, high: 0.1, log: true}}}",
    "{search: {name: tpe, monitor: val_accuracy}, space: {model.dropout: {low: 0, high: 0.9}, model.depth: [1, 2]}}",
    "{search: {name: halving}, space: {fit.batch_size: {low: 8, high: 64}}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_sweeps_that_hold(text, tmp_path):
    assert loaded(tmp_path, f"sweep: {text if text.startswith('{') else '{' + text + '}'}").sweep is not None


def test_values_are_kept_as_they_are_written(tmp_path):
    sweep = loaded(
        tmp_path, "sweep: {grid: {model.width: [8, 16], optimizer: [adam, {name: sgd, momentum: 0.9}]}}"
    ).sweep
    assert sweep.grid == {"model.width": (8, 16), "optimizer": ("adam", {"name": "sgd", "momentum": 0.9})}
    assert sweep.seeds == 1


def test_a_range(tmp_path):
    text = "sweep: {search: {name: random}, space: {optimizer.learning_rate: {low: 1e-4, high: 1, log: true}}}"
    sweep = loaded(tmp_path, text).sweep
    interval = sweep.space["optimizer.learning_rate"]
    assert (interval.low, interval.high, interval.log, interval.step) == (1e-4, 1.0, True, None)
    assert (sweep.search.n_trials, sweep.search.monitor) == (64, None)
