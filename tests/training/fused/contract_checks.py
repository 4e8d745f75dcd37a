"""What every engine must do, for both engines on JAX. Each check takes an engine."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Prepared, Rows
from dlrun.spec import Experiment
from dlrun.training import Engine, EpochRow, Job, Outcome, Stopping, curve_columns, never
from dlrun.training.batches import epoch_order
from tests.training.cases import amounts, digits, experiment, prepared, signs, without_seconds
from tests.training.fused.comparing import fused_engine, jobs_of, keras_engine

HEAVY = {
    "model": {"units": [12, 8], "dropout": 0.3, "batch_normalization": True, "l2": 0.01},
    "schedule": {"name": "exponential", "decay_rate": 0.5, "decay_epochs": 1, "staircase": True},
}


def outcomes_of(engine: Engine, experiments: Sequence[Experiment], data: Prepared, **more: Any) -> list[Outcome]:
    """In the order of the experiments."""
    jobs = jobs_of(experiments, data, more.get("until"))
    found = list(engine.run(jobs, lambda job, row: None, more.get("stopping", never)))
    return sorted(found, key=lambda outcome: [job.id for job in jobs].index(outcome.job.id))


def train(engine: Engine, spec: Experiment, data: Prepared) -> Outcome:
    (outcome,) = outcomes_of(engine, [spec], data)
    return outcome


def close(one: Any, other: Any, rtol: float = 1e-5, atol: float = 0.0) -> None:
    np.testing.assert_allclose(one, other, rtol=rtol, atol=atol)


def columns_and_epochs(engine: Engine) -> None:
    outcome = train(engine, experiment(**HEAVY), digits())
    assert outcome.status == "completed"
    wanted = list(curve_columns(outcome.job.experiment, outcome.job.data.task))
    assert [list(row) for row in outcome.curves] == [wanted] * 3
    assert [row["epoch"] for row in outcome.curves] == [1, 2, 3]
    assert [row["learning_rate"] for row in outcome.curves] == [0.001, 0.0005, 0.00025]
    assert outcome.steps_per_epoch == 10
    assert {"build", "train"} <= set(outcome.seconds)
    assert outcome.parameters == (64 * 12 + 12 + 24) + (12 * 8 + 8 + 16) + (8 * 10 + 10)
    assert all(type(value) in (int, float) for row in outcome.curves for value in row.values())


def equal_rows_have_no_gap(engine: Engine) -> None:
    data = digits()
    rows = data.validation
    assert rows is not None
    twins = prepared(rows, Rows(rows.x, rows.y, rows.numbers), data.task)
    for row in train(engine, experiment(**HEAVY), twins).curves:
        assert row["train_loss"] == row["val_loss"]
        assert row["train_accuracy"] == row["val_accuracy"]
        assert row["loss"] > row["train_loss"] + row["penalty"] / 2 > row["train_loss"]


EVALUATE = """
import sys, numpy as np, keras
rows = np.load(sys.argv[2])
model = keras.models.load_model(sys.argv[1])
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
found = model.evaluate(rows["x"], rows["y"], batch_size=1000, verbose=0, return_dict=True)
assert not [name for name in sys.modules if name.startswith("dlrun")]
print(found["loss"], found["accuracy"])
"""


def plain_keras_finds_the_same_numbers(engine: Engine) -> None:
    """In the saved files of two members of one program, in a process that knows no dlrun."""
    specs = [experiment(**HEAVY), experiment(model={"units": [16], "dropout": 0.1, "batch_normalization": True})]
    with tempfile.TemporaryDirectory() as folder:
        for outcome in outcomes_of(engine, specs, digits()):
            row = outcome.curves[(outcome.kept_epoch or 0) - 1]
            loss, accuracy = evaluated(outcome, Path(folder))
            close(loss - row["penalty"] * bool(outcome.job.experiment.model.l2), row["val_loss"])
            close(accuracy, row["val_accuracy"], atol=1e-6)


def evaluated(outcome: Outcome, folder: Path) -> tuple[float, float]:
    """Loss and accuracy of the validation rows."""
    network, rows = outcome.network, outcome.job.data.validation
    assert network is not None
    assert rows is not None
    network.save(folder / "model.keras")
    np.savez(folder / "rows.npz", x=rows.x, y=rows.y)
    words = [sys.executable, "-c", EVALUATE, str(folder / "model.keras"), str(folder / "rows.npz")]
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    loss, accuracy = map(float, done.stdout.split())
    return loss, accuracy


def outputs_of_the_kept_net(engine: Engine) -> None:
    spec = experiment(optimizer={"name": "sgd", "learning_rate": 8.0}, fit={"epochs": 8, "keep": "last"})
    outcome = train(engine, spec, signs())
    assert outcome.best_epoch != outcome.kept_epoch == 8
    close(loss_of(outcome, outcome.job.data.measured_train), outcome.curves[-1]["train_loss"])
    best = train(engine, experiment(optimizer=spec.optimizer.model_dump(), fit={"epochs": 8}), signs())
    assert best.kept_epoch == best.best_epoch == outcome.best_epoch
    close(loss_of(best, signs().validation), best.curves[(best.kept_epoch or 0) - 1]["val_loss"])
    assert best.network is not None
    assert best.network.outputs(signs().train.x[:0]).shape == (0, 1)
    assert best.network.outputs(signs().train.x).dtype == np.float32


def loss_of(outcome: Outcome, rows: Rows | None) -> float:
    """Binary cross-entropy of the kept net."""
    assert outcome.network is not None
    assert rows is not None
    share = np.clip(outcome.network.outputs(rows.x)[:, 0].astype(float), 1e-7, 1 - 1e-7)
    return float(-np.where(rows.y == 1, np.log(share), np.log(1 - share)).mean())


def twice_the_same(engine: Engine) -> None:
    once, again = (train(engine, experiment(**HEAVY), digits()) for _ in range(2))
    assert without_seconds(once.curves) == without_seconds(again.curves)


def sgd_is_a_loop_by_hand(engine: Engine) -> None:
    """Linear regression by numpy, from zeros."""
    data, rate = amounts(), 0.1
    spec = experiment(
        model={"units": [], "kernel_initializer": "zeros"},
        optimizer={"name": "sgd", "learning_rate": rate},
        fit={"batch_size": 25},
    )
    outcome = train(engine, spec, data)
    x, y = data.train.x.astype(float), data.train.y.astype(float)
    kernel, bias = np.zeros(3), 0.0
    for epoch in range(3):
        order = epoch_order(spec.seed, epoch, len(x))
        for chosen in (order[:25], order[25:50], order[50:]):
            error = x[chosen] @ kernel + bias - y[chosen]
            kernel = kernel - rate * 2 * x[chosen].T @ error / len(chosen)
            bias = bias - rate * 2 * error.mean()
    assert outcome.kept_epoch == 3
    assert outcome.network is not None
    close(outcome.network.outputs(data.train.x)[:, 0], x @ kernel + bias, rtol=1e-4, atol=1e-5)


def batch_sizes(engine: Engine) -> None:
    for size, steps in (("full", 1), (1, 70), (1000, 1), (32, 3)):
        outcome = train(engine, experiment(model={"units": []}, fit={"batch_size": size, "epochs": 1}), signs())
        assert (outcome.status, outcome.steps_per_epoch) == ("completed", steps)


def without_validation_the_train_loss_is_watched(engine: Engine) -> None:
    spec = experiment(data={"validation_split": 0.0}, fit={"early_stopping": {"patience": 1}})
    outcome = train(engine, spec, signs(validation=False))
    assert list(outcome.curves[0]) == list(curve_columns(spec, outcome.job.data.task))
    assert not any(column.startswith("val_") for column in outcome.curves[0])
    assert outcome.best_epoch == 3


def early_stopping_and_the_best_epoch(engine: Engine) -> None:
    fit = {"epochs": 30, "early_stopping": {"patience": 2}}
    outcome = train(engine, experiment(optimizer={"name": "sgd", "learning_rate": 3.0}, fit=fit), signs())
    losses = [row["val_loss"] for row in outcome.curves]
    assert outcome.status == "stopped_early"
    assert outcome.best_epoch == outcome.kept_epoch == int(np.argmin(losses)) + 1 == len(losses) - 2


def scores_are_better_when_larger(engine: Engine) -> None:
    outcome = train(engine, experiment(fit={"monitor": "val_accuracy", "epochs": 5}), digits())
    assert outcome.best_epoch == int(np.argmax([row["val_accuracy"] for row in outcome.curves])) + 1


def divergence_stops_one_and_spares_the_others(engine: Engine) -> None:
    def spec(rate: float) -> Experiment:
        return experiment(model={"units": [4]}, optimizer={"name": "sgd", "learning_rate": rate}, fit={"epochs": 6})

    lost, fine = outcomes_of(engine, [spec(1e18), spec(0.01)], amounts())
    assert (lost.status, fine.status) == ("diverged", "completed")
    assert (lost.reason or "").startswith(f"epoch {len(lost.curves)}: ")
    assert not all(math.isfinite(lost.curves[-1][key]) for key in ("loss", "train_loss", "val_loss"))
    assert lost.best_epoch is None or lost.best_epoch < len(lost.curves)
    assert (lost.network is None) == (lost.kept_epoch is None)
    assert fine.reason is None


def rows_are_told_as_they_come(engine: Engine) -> None:
    told: list[tuple[str, EpochRow]] = []
    jobs = jobs_of([experiment(), experiment(seed=1, fit={"epochs": 2})], signs())
    outcomes = list(engine.run(jobs, lambda job, row: told.append((job.id, row))))
    for outcome in outcomes:
        assert [row for name, row in told if name == outcome.job.id] == list(outcome.curves)


def stopping_after(epochs: int) -> tuple[Callable[[Job, EpochRow], None], Stopping]:
    told: list[EpochRow] = []
    return (lambda job, row: told.append(row)), (lambda: len(told) >= epochs)


def stopping_keeps_what_there_is(engine: Engine) -> None:
    on_epoch, stopping = stopping_after(2)
    (outcome, *_) = engine.run(jobs_of([experiment(fit={"epochs": 9})], signs()), on_epoch, stopping)
    assert (outcome.status, outcome.reason) == ("interrupted", "stopped by Ctrl-C")
    assert (len(outcome.curves), outcome.kept_epoch) == (2, 2)
    close(loss_of(outcome, signs().measured_train), outcome.curves[1]["train_loss"])


def until_is_pruned(engine: Engine) -> None:
    (pruned,) = outcomes_of(engine, [experiment(fit={"epochs": 5})], signs(), until=2)
    full = train(engine, experiment(fit={"epochs": 5}), signs())
    assert (pruned.status, len(pruned.curves)) == ("pruned", 2)
    assert without_seconds(pruned.curves) == without_seconds(full.curves)[:2]


def weights_of_classes_change_training_only(engine: Engine) -> None:
    sgd = {"name": "sgd", "learning_rate": 0.5}
    extra = {"class_weight": {"yes": 8.0}, "label_smoothing": 0.2}
    plain = train(engine, experiment(optimizer=sgd, fit={"epochs": 2}), signs())
    weighted = train(engine, experiment(optimizer=sgd, fit={"epochs": 2, **extra}), signs())
    rows = signs().measured_train
    assert plain.network is not None
    assert weighted.network is not None
    assert weighted.network.outputs(rows.x).mean() > plain.network.outputs(rows.x).mean() + 0.1
    kept = weighted.curves[(weighted.kept_epoch or 0) - 1]
    close(loss_of(weighted, rows), kept["train_loss"])
    assert kept["loss"] > kept["train_loss"]


def the_caller_keeps_its_number_format(engine: Engine) -> None:
    import keras

    outcome = train(engine, experiment(fit={"precision": "float64", "epochs": 2}), signs())
    assert outcome.curves[1]["train_loss"] < outcome.curves[0]["train_loss"]
    assert keras.config.floatx() == "float32"


def out_of_memory_fails_in_words(engine: Engine) -> None:
    def on_epoch(job: Job, row: EpochRow) -> None:
        raise MemoryError

    (outcome,) = engine.run(jobs_of([experiment(fit={"epochs": 1})], signs()), on_epoch)
    assert outcome.status == "failed"
    assert (outcome.reason or "").startswith("out of memory; ")


def programming_errors_rise(engine: Engine) -> None:
    def on_epoch(job: Job, row: EpochRow) -> None:
        raise ZeroDivisionError

    try:
        list(engine.run(jobs_of([experiment()], signs()), on_epoch))
    except ZeroDivisionError:
        return
    raise AssertionError("nothing was raised")


CONTRACT = (
    columns_and_epochs,
    equal_rows_have_no_gap,
    plain_keras_finds_the_same_numbers,
    outputs_of_the_kept_net,
    twice_the_same,
    sgd_is_a_loop_by_hand,
    batch_sizes,
    without_validation_the_train_loss_is_watched,
    early_stopping_and_the_best_epoch,
    scores_are_better_when_larger,
    divergence_stops_one_and_spares_the_others,
    rows_are_told_as_they_come,
    stopping_keeps_what_there_is,
    until_is_pruned,
    weights_of_classes_change_training_only,
    the_caller_keeps_its_number_format,
    out_of_memory_fails_in_words,
    programming_errors_rise,
)
ENGINES = {"keras": keras_engine, "fused": fused_engine}


def run(engine: str, check: Callable[[Engine], None]) -> None:
    check(ENGINES[engine]())


CHECKS = {f"{engine}:{check.__name__}": partial(run, engine, check) for engine in ENGINES for check in CONTRACT}
