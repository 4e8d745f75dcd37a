"""A member's course beside a real `model.fit` with Keras' own callbacks, on curves drawn at random."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.training import Job
from dlrun.training.callbacks import keras_callbacks, shortest
from dlrun.training.fused.course import Course
from tests.training.cases import experiment, signs

VALUES = st.sampled_from([0.1, 0.1999, 0.2, 0.2001, 0.3, 0.5, 1.0, 1e-9])
MODES = st.sampled_from(["auto", "min", "max"])
PLATEAU = st.fixed_dictionaries(
    {
        "name": st.just("reduce_lr_on_plateau"), "patience": st.integers(0, 2), "cooldown": st.integers(0, 2),
        "factor": st.sampled_from([0.1, 0.5, 0.99]), "min_delta": st.sampled_from([0.0, 1e-4, 0.15]), "mode": MODES,
        "min_lr": st.sampled_from([0.0, 0.003]), "monitor": st.sampled_from([None, "val_accuracy", "loss"]),
    }
)  # fmt: skip
FORMULA = st.sampled_from(["constant", "cosine", {"name": "step", "every": 2, "warmup_epochs": 2}])
STOPPING = st.none() | st.fixed_dictionaries(
    {
        "patience": st.integers(0, 3), "min_delta": st.sampled_from([0.0, 0.15]), "start_from_epoch": st.integers(0, 3),
        "baseline": st.sampled_from([None, 0.15, 0.4]), "mode": MODES,
        "monitor": st.sampled_from([None, "train_loss", "val_accuracy"]),
    }
)  # fmt: skip
COLUMNS = ("loss", "train_loss", "val_loss", "val_accuracy")


@cache
def fitted_model() -> Any:
    """A Keras net that `fit` can be called on again and again; what it learns is of no account."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse", jit_compile=False)
    return model


def rows_of(values: list[tuple[float, ...]]) -> list[dict[str, float]]:
    named = (dict(zip(COLUMNS, value, strict=True)) for value in values)
    return [{"epoch": epoch + 1, **row, "seconds": 0.0} for epoch, row in enumerate(named)]


def by_fit(spec: Any, rows: list[dict[str, float]]) -> list[float]:
    """The learning rates of the epochs that a real `fit` makes on these curves."""
    import keras

    model, rates = fitted_model(), []
    model.optimizer.learning_rate = spec.optimizer.learning_rate

    def begin(epoch: int, logs: Any) -> None:
        rates.append(shortest(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))

    def tell(epoch: int, logs: dict[str, float]) -> None:
        logs.update(rows[epoch])

    telling = keras.callbacks.LambdaCallback(on_epoch_end=tell)
    looking = keras.callbacks.LambdaCallback(on_epoch_begin=begin)
    callbacks = [telling, *keras_callbacks(spec), looking]
    data = np.zeros((1, 1), np.float32)
    model.fit(data, data, epochs=spec.fit.epochs, verbose=0, callbacks=callbacks)
    return rates


def by_course(spec: Any, rows: list[dict[str, float]]) -> list[float]:
    course, rates = Course(Job("job", spec, signs()), np.float32), []
    while not course.ended:
        course.begin_epoch()
        rates.append(course.shown_rate)
        course.end_epoch(dict(rows[course.epoch]))
    return rates


@settings(max_examples=25)
@given(st.lists(st.tuples(*[VALUES] * 4), min_size=2, max_size=9), PLATEAU | FORMULA, STOPPING)
def test_a_course_is_what_fit_does(values: list[tuple[float, ...]], schedule: Any, stopping: Any) -> None:
    spec = experiment(
        optimizer={"name": "sgd", "learning_rate": 0.01},
        schedule=schedule,
        fit={"epochs": len(values), "early_stopping": stopping},
    )
    rows = rows_of(values)
    assert by_course(spec, rows) == by_fit(spec, rows)


def course_over(losses: list[float], epochs: int, until: int | None = None, **fit: Any) -> Course:
    spec = experiment(fit={"epochs": epochs, **fit})
    course = Course(Job("job", spec, signs(), until=until), np.float32)
    for row in rows_of([(loss, loss, loss, 1.0) for loss in losses]):
        course.begin_epoch()
        course.end_epoch(row)
    return course


@pytest.mark.parametrize(
    ("losses", "epochs", "until", "fit", "status", "best"),
    [
        ([3.0, 2.0, 1.0], 3, None, {}, "completed", 3),
        ([3.0, 2.0], 3, 2, {}, "pruned", 2),
        ([3.0, 3.0], 3, None, {"early_stopping": {"patience": 1}}, "stopped_early", 1),
        ([3.0, 3.0], 3, 2, {"early_stopping": {"patience": 1}}, "stopped_early", 1),
        ([3.0, np.nan], 3, None, {}, "diverged", 1),
        ([np.inf], 3, None, {}, "diverged", None),
    ],
)
def test_how_it_ends(
    losses: list[float], epochs: int, until: int | None, fit: Any, status: str, best: int | None
) -> None:
    course = course_over(losses, epochs, until, **fit)
    assert course.ended
    assert (course.status, course.best.best_epoch) == (status, best)


def test_the_weights_of_an_epoch_are_kept_where_it_is_better() -> None:
    course = Course(Job("job", experiment(fit={"epochs": 9}), signs()), np.float32)
    rows = rows_of([(loss, loss, loss, 1.0) for loss in (3.0, 2.0, 2.0, 2.5, 1.0)])
    assert [course.end_epoch(row) for row in rows] == [True, True, False, False, True]
