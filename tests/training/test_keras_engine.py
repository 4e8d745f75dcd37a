"""The keras engine on the backend of this process: honest numbers, real callbacks, kept weights."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.data import Prepared, Rows
from dlrun.training import EpochRow, Job, Outcome, curve_columns, load_engine
from dlrun.training.backend import current
from dlrun.training.batches import epoch_order
from tests.training.cases import amounts, digits, experiment, prepared, signs, train, without_seconds

HEAVY = {
    "model": {"units": [12, 8], "dropout": 0.3, "batch_normalization": True, "l2": 0.01},
    "schedule": {"name": "exponential", "decay_rate": 0.5, "decay_epochs": 1, "staircase": True},
}


@pytest.fixture(scope="module")
def heavy() -> Outcome:
    """Dropout, batch normalization, L2 and a schedule together."""
    return train(experiment(**HEAVY), digits())


def same_rows_on_both_sides() -> Prepared:
    data = digits()
    assert data.validation is not None
    return prepared(data.validation, Rows(data.validation.x, data.validation.y, data.validation.numbers), data.task)


def test_columns_and_epochs(heavy: Outcome) -> None:
    assert heavy.status == "completed"
    assert [list(row) for row in heavy.curves] == [list(curve_columns(heavy.job.experiment, heavy.job.data.task))] * 3
    assert [row["epoch"] for row in heavy.curves] == [1, 2, 3]
    assert [row["learning_rate"] for row in heavy.curves] == [0.001, 0.0005, 0.00025]
    assert heavy.steps_per_epoch == 10
    assert set(heavy.seconds) == {"import", "build", "train"}
    assert heavy.parameters == (64 * 12 + 12 + 24) + (12 * 8 + 8 + 16) + (8 * 10 + 10)


def test_equal_rows_give_a_gap_of_exactly_zero() -> None:
    outcome = train(experiment(**HEAVY), same_rows_on_both_sides())
    for row in outcome.curves:
        assert row["train_loss"] == row["val_loss"]
        assert row["train_accuracy"] == row["val_accuracy"]
        assert row["loss"] > row["train_loss"] + row["penalty"] / 2 > row["train_loss"]


def test_plain_keras_finds_the_same_numbers_in_the_saved_file(heavy: Outcome, tmp_path: Path) -> None:
    import keras

    assert heavy.network is not None
    heavy.network.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert not loaded.compiled
    loaded.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    row = heavy.curves[(heavy.kept_epoch or 0) - 1]
    for side, rows in (("train", heavy.job.data.measured_train), ("val", heavy.job.data.validation)):
        assert rows is not None
        found = loaded.evaluate(rows.x, rows.y, batch_size=1000, verbose=0, return_dict=True)
        assert found["accuracy"] == pytest.approx(row[f"{side}_accuracy"], abs=1e-6)
        assert found["loss"] - row["penalty"] == pytest.approx(row[f"{side}_loss"], abs=1e-6)
        outputs = loaded.predict(rows.x, batch_size=1000, verbose=0)
        np.testing.assert_allclose(heavy.network.outputs(rows.x), outputs, atol=1e-6)


def test_a_file_of_any_name_can_be_saved(heavy: Outcome, tmp_path: Path) -> None:
    assert heavy.network is not None
    heavy.network.save(tmp_path / "model.keras.partial")
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras.partial"]


def test_twice_the_same(heavy: Outcome) -> None:
    again = train(heavy.job.experiment, heavy.job.data)
    assert without_seconds(again.curves) == without_seconds(heavy.curves)


def test_sgd_is_what_a_loop_by_hand_gives() -> None:
    """Linear regression by numpy: the batches, their order and the last smaller one are ours."""
    data, rate = amounts(), 0.1
    spec = experiment(model={"units": []}, optimizer={"name": "sgd", "learning_rate": rate}, fit={"batch_size": 25})
    start = train(spec.model_copy(update={"fit": spec.fit.model_copy(update={"epochs": 0})}), data)
    outcome = train(spec, data)
    assert start.network is not None
    assert outcome.network is not None
    x, y = data.train.x.astype(float), data.train.y.astype(float)
    kernel, bias = (weights.ravel().astype(float) for weights in start.network.model.get_weights())
    for epoch in range(3):
        order = epoch_order(spec.seed, epoch, len(x))
        for chosen in (order[:25], order[25:50], order[50:]):
            error = x[chosen] @ kernel + bias - y[chosen]
            kernel = kernel - rate * 2 * x[chosen].T @ error / len(chosen)
            bias = bias - rate * 2 * error.mean()
    trained = [weights.ravel() for weights in outcome.network.model.get_weights()]
    assert outcome.kept_epoch == 3
    np.testing.assert_allclose(trained[0], kernel, rtol=1e-4)
    np.testing.assert_allclose(trained[1], bias, rtol=1e-4, atol=1e-6)
    residual = data.train.take(np.arange(60)).x @ kernel + bias - y
    chosen_rows = np.isin(data.train.numbers, data.measured_train.numbers)
    wanted = (residual[chosen_rows] ** 2).mean() * data.task.spread**2
    assert outcome.curves[-1]["train_loss"] == pytest.approx(wanted, rel=1e-4)
    root = outcome.curves[-1]["train_root_mean_squared_error"]
    assert root**2 == pytest.approx(outcome.curves[-1]["train_loss"], rel=1e-6)


@pytest.mark.parametrize(("size", "steps"), [("full", 1), (1, 70), (1000, 1)])
def test_batch_sizes(size: Any, steps: int) -> None:
    outcome = train(experiment(model={"units": []}, fit={"batch_size": size, "epochs": 1}), signs())
    assert (outcome.status, outcome.steps_per_epoch) == ("completed", steps)


def test_epochs_0_measures_the_start() -> None:
    outcome = train(experiment(fit={"epochs": 0}), signs())
    (row,) = outcome.curves
    assert (row["epoch"], row["learning_rate"]) == (0, 0.001)
    assert math.isnan(row["loss"])
    assert row["train_loss"] > 0
    assert (outcome.status, outcome.best_epoch, outcome.kept_epoch) == ("completed", 0, 0)
    assert outcome.network is not None


def test_without_validation_the_train_loss_is_watched() -> None:
    spec = experiment(data={"validation_split": 0.0}, fit={"early_stopping": {"patience": 1}})
    outcome = train(spec, signs(validation=False))
    assert not any(column.startswith("val_") for column in outcome.curves[0])
    assert list(outcome.curves[0]) == list(curve_columns(spec, outcome.job.data.task))
    assert outcome.best_epoch == 3


def test_early_stopping_and_the_best_epoch() -> None:
    spec = experiment(
        optimizer={"name": "sgd", "learning_rate": 3.0}, fit={"epochs": 30, "early_stopping": {"patience": 2}}
    )
    outcome = train(spec, signs())
    losses = [row["val_loss"] for row in outcome.curves]
    assert outcome.status == "stopped_early"
    assert outcome.best_epoch == outcome.kept_epoch == int(np.argmin(losses)) + 1 == len(losses) - 2
    assert outcome.network is not None
    assert outcome.job.data.validation is not None
    again = train_loss(outcome, outcome.job.data.validation)
    assert again == pytest.approx(losses[outcome.kept_epoch - 1], rel=1e-6)


def train_loss(outcome: Outcome, rows: Rows) -> float:
    """Binary cross-entropy of the kept net."""
    assert outcome.network is not None
    share = np.clip(outcome.network.outputs(rows.x)[:, 0].astype(float), 1e-7, 1 - 1e-7)
    return float(-np.where(rows.y == 1, np.log(share), np.log(1 - share)).mean())


def test_keep_last() -> None:
    spec = experiment(optimizer={"name": "sgd", "learning_rate": 8.0}, fit={"epochs": 8, "keep": "last"})
    outcome = train(spec, signs())
    assert outcome.best_epoch != outcome.kept_epoch == 8
    assert train_loss(outcome, outcome.job.data.measured_train) == pytest.approx(outcome.curves[-1]["train_loss"])


def test_a_score_is_better_when_it_is_larger() -> None:
    outcome = train(experiment(fit={"monitor": "val_accuracy", "epochs": 5}), digits())
    assert outcome.best_epoch == int(np.argmax([row["val_accuracy"] for row in outcome.curves])) + 1


def test_divergence_stops_and_says_where() -> None:
    spec = experiment(model={"units": [4]}, optimizer={"name": "sgd", "learning_rate": 1e18}, fit={"epochs": 20})
    outcome = train(spec, amounts())
    assert outcome.status == "diverged"
    assert outcome.reason is not None
    assert outcome.reason.startswith(f"epoch {len(outcome.curves)}: ")
    last = outcome.curves[-1]
    assert not all(math.isfinite(last[key]) for key in ("loss", "train_loss", "val_loss"))
    assert outcome.best_epoch is None or outcome.best_epoch < len(outcome.curves)
    assert (outcome.network is None) == (outcome.kept_epoch is None)


def test_rows_are_told_as_they_come_and_ctrl_c_keeps_what_there_is() -> None:
    told: list[EpochRow] = []

    def on_epoch(job: Job, row: EpochRow) -> None:
        told.append(row)
        if len(told) == 2:
            raise KeyboardInterrupt

    job = Job("job", experiment(fit={"epochs": 9}), signs())
    (outcome,) = load_engine(current()).run([job], on_epoch)
    assert outcome.status == "interrupted"
    assert list(outcome.curves) == told
    assert outcome.kept_epoch == 2
    assert train_loss(outcome, job.data.measured_train) == pytest.approx(told[1]["train_loss"])


def test_programming_errors_rise() -> None:
    def on_epoch(job: Job, row: EpochRow) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(load_engine(current()).run([Job("job", experiment(), signs())], on_epoch))


def test_out_of_memory_fails_the_job_alone() -> None:
    def on_epoch(job: Job, row: EpochRow) -> None:
        if job.id == "large":
            raise MemoryError

    jobs = [Job(name, experiment(fit={"epochs": 1}), signs()) for name in ("large", "small")]
    outcomes = list(load_engine(current()).run(jobs, on_epoch))
    assert [outcome.status for outcome in outcomes] == ["failed", "completed"]
    assert outcomes[0].reason == "out of memory; use a smaller fit.batch_size or a smaller net"


def test_class_weights_and_smoothing_change_training_but_not_what_is_measured() -> None:
    plain, weighted = (
        train(experiment(optimizer={"name": "sgd", "learning_rate": 0.5}, fit={**keys, "epochs": 2}), signs())
        for keys in ({}, {"class_weight": {"yes": 8.0}, "label_smoothing": 0.2})
    )
    assert weighted.network is not None
    rows = weighted.job.data.measured_train
    assert weighted.network.outputs(rows.x).mean() > plain.network.outputs(rows.x).mean() + 0.1  # type: ignore[union-attr]
    kept = weighted.curves[(weighted.kept_epoch or 0) - 1]
    assert train_loss(weighted, rows) == pytest.approx(kept["train_loss"], rel=1e-6)
    assert kept["loss"] > kept["train_loss"]


@pytest.mark.parametrize("precision", ["float64", "mixed_bfloat16", "mixed_float16"])
def test_precisions_train(precision: str) -> None:
    import keras

    outcome = train(experiment(fit={"precision": precision, "epochs": 2}), signs())
    assert outcome.status == "completed"
    assert outcome.curves[1]["train_loss"] < outcome.curves[0]["train_loss"]
    assert keras.config.floatx() == "float32"
