"""Which callbacks are installed, and that Keras' own watch our numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.spec import Experiment
from dlrun.training.best_epoch import BestEpoch
from dlrun.training.callbacks import KeepBest, Progress, callbacks_for, on_host
from tests.training.cases import digits, experiment, signs, train


class Moving:
    """A net whose only weight is the epoch."""

    def __init__(self) -> None:
        import keras

        self.variables = [keras.Variable(np.zeros(1, np.float32))]


def installed(spec: Experiment) -> list[Any]:
    progress = Progress(None, None, KeepBest(None, BestEpoch("val_loss", "best")), print)  # type: ignore[arg-type]
    return callbacks_for(spec, progress)


def names(spec: Experiment) -> list[str]:
    return [type(callback).__name__ for callback in installed(spec)]


OURS = "LambdaCallback"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, [OURS, OURS, OURS]),
        ({"schedule": "cosine"}, [OURS, OURS, "LearningRateScheduler", OURS]),
        ({"schedule": {"name": "constant", "warmup_epochs": 1}}, [OURS, OURS, "LearningRateScheduler", OURS]),
        ({"schedule": "reduce_lr_on_plateau"}, [OURS, OURS, "ReduceLROnPlateau", OURS]),
        ({"fit": {"early_stopping": {"patience": 3}}}, [OURS, OURS, "EarlyStopping", OURS]),
        (
            {"schedule": "reduce_lr_on_plateau", "fit": {"early_stopping": {"patience": 3}}},
            [OURS, OURS, "ReduceLROnPlateau", "EarlyStopping", OURS],
        ),
    ],
)
def test_keras_callbacks_are_installed_after_the_measurement(keys: dict[str, Any], wanted: list[str]) -> None:
    import keras

    assert names(experiment(**keys)) == wanted
    assert all(isinstance(one, keras.callbacks.Callback) for one in installed(experiment(**keys)))
    for callback in installed(experiment(**keys)):
        assert getattr(keras.callbacks, type(callback).__name__) is type(callback)


def test_arguments_reach_keras() -> None:
    stopping = {"patience": 7, "min_delta": 0.25, "start_from_epoch": 2, "baseline": 1.5}
    plateau = {"name": "reduce_lr_on_plateau", "factor": 0.3, "patience": 4, "cooldown": 2, "min_lr": 0.01}
    spec = experiment(schedule=plateau, fit={"early_stopping": {**stopping, "monitor": "val_accuracy"}})
    on_plateau, early = installed(spec)[2:4]
    assert (on_plateau.monitor, on_plateau.mode) == ("val_loss", "min")
    assert {key: getattr(on_plateau, key) for key in plateau if key != "name"} == {
        key: value for key, value in plateau.items() if key != "name"
    }
    assert (early.monitor, early.mode) == ("val_accuracy", "max")
    assert {key: getattr(early, key) for key in stopping} == stopping


def test_without_validation_they_watch_the_train_loss() -> None:
    spec = experiment(data={"validation_split": 0.0}, fit={"early_stopping": {"patience": 1}})
    assert installed(spec)[2].monitor == "train_loss"


def test_the_plateau_lowers_the_rate_by_our_validation_loss() -> None:
    plateau = {"name": "reduce_lr_on_plateau", "factor": 0.5, "patience": 1, "min_delta": 1000.0}
    outcome = train(experiment(schedule=plateau, fit={"epochs": 4}), signs())
    assert [row["learning_rate"] for row in outcome.curves] == [0.001, 0.001, 0.0005, 0.00025]


def test_a_schedule_reaches_the_optimizer() -> None:
    outcome = train(
        experiment(
            optimizer={"name": "sgd", "learning_rate": 0.5}, schedule={"name": "step", "factor": 0.1, "every": 1}
        ),
        digits(),
    )
    assert [row["learning_rate"] for row in outcome.curves] == [0.5, 0.05, 0.005]
    falls = -np.diff([row["train_loss"] for row in outcome.curves])
    assert falls[0] > 3 * falls[1] > 0


@pytest.mark.parametrize(
    ("monitor", "keep", "values", "best", "kept"),
    [
        ("val_loss", "best", [3.0, 1.0, 2.0, 1.0], 2, 2),  # the earlier of equals
        ("val_accuracy", "best", [0.1, 0.4, 0.4, 0.3], 2, 2),
        ("val_loss", "last", [3.0, 1.0, 2.0], 2, 3),
        ("val_loss", "best", [float("nan"), 5.0, float("inf")], 2, 2),
        ("val_loss", "last", [5.0, float("nan")], 1, 1),
        ("val_loss", "best", [float("nan")], None, None),
    ],
)
def test_which_epoch_is_kept(monitor: str, keep: str, values: list[float], best: int | None, kept: int | None) -> None:
    net = Moving()
    keeper = KeepBest(net, BestEpoch(monitor, keep))
    for epoch, value in enumerate(values, start=1):
        net.variables[0].assign(np.full(1, epoch, np.float32))
        keeper.see({"epoch": epoch, "val_loss": 1.0, monitor: value})
    assert (keeper.best.best_epoch, keeper.best.kept_epoch) == (best, kept)
    if kept is not None:
        keeper.restore()
        assert on_host(net.variables[0]).tolist() == [kept]
