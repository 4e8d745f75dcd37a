"""Each formula against Keras' own schedule of that name, epoch by epoch."""

from __future__ import annotations

from typing import Any

import pytest

from dlrun.training.schedules import rate_of
from tests.training.cases import experiment

START, EPOCHS = 0.05, 17


def rates(schedule: dict[str, Any], epochs: int = EPOCHS) -> list[float]:
    spec = experiment(optimizer={"name": "sgd", "learning_rate": START}, schedule=schedule, fit={"epochs": epochs})
    rate = rate_of(spec)
    assert rate is not None
    return [rate(epoch) for epoch in range(epochs)]


def of_keras(name: str, *arguments: Any, first_step: int = 0, **named: Any) -> list[float]:
    import keras

    schedule = getattr(keras.optimizers.schedules, name)(*arguments, **named)
    return [float(keras.ops.convert_to_numpy(schedule(epoch + first_step))) for epoch in range(EPOCHS)]


@pytest.mark.parametrize(
    ("schedule", "name", "arguments"),
    [
        ({"name": "exponential", "decay_rate": 0.7, "decay_epochs": 4}, "ExponentialDecay", (START, 4, 0.7)),
        (
            {"name": "exponential", "decay_rate": 0.7, "decay_epochs": 4, "staircase": True},
            "ExponentialDecay",
            (START, 4, 0.7, True),
        ),
        ({"name": "step", "factor": 0.3, "every": 5}, "ExponentialDecay", (START, 5, 0.3, True)),
        ({"name": "inverse_time", "decay_rate": 1.5, "decay_epochs": 3}, "InverseTimeDecay", (START, 3, 1.5)),
        (
            {"name": "polynomial", "end_learning_rate": 0.002, "power": 2},
            "PolynomialDecay",
            (START, EPOCHS, 0.002, 2.0),
        ),
        ({"name": "cosine", "alpha": 0.1}, "CosineDecay", (START, EPOCHS, 0.1)),
        (
            {"name": "cosine_restarts", "first_decay_epochs": 3, "t_mul": 2, "m_mul": 0.5, "alpha": 0.2},
            "CosineDecayRestarts",
            (START, 3, 2.0, 0.5, 0.2),
        ),
        (
            {"name": "cosine_restarts", "first_decay_epochs": 4, "t_mul": 1},
            "CosineDecayRestarts",
            (START, 4, 1.0, 1.0, 0.0),
        ),
    ],
)
def test_formula_is_keras_schedule(schedule: dict[str, Any], name: str, arguments: tuple[Any, ...]) -> None:
    assert rates(schedule) == pytest.approx(of_keras(name, *arguments), rel=1e-5, abs=1e-8)


def test_piecewise_changes_after_its_boundaries() -> None:
    schedule = {"name": "piecewise", "boundaries": [3, 10], "values": [0.1, 0.01, 0.001]}
    wanted = of_keras("PiecewiseConstantDecay", [3, 10], [0.1, 0.01, 0.001], first_step=1)
    assert rates(schedule) == pytest.approx(wanted, rel=1e-6)


def test_warm_up_rises_to_the_rate_and_the_schedule_begins_after_it() -> None:
    warmed = rates({"name": "cosine", "warmup_epochs": 4}, epochs=EPOCHS + 4)
    assert warmed[:4] == pytest.approx([START / 4, START / 2, 3 * START / 4, START])
    assert warmed[4:] == pytest.approx(rates({"name": "cosine"}))


def test_constant_with_warm_up() -> None:
    assert rates({"name": "constant", "warmup_epochs": 2}) == pytest.approx([START / 2, *[START] * 16])


def test_one_cycle_rises_falls_and_peaks_once() -> None:
    cycle = rates({"name": "one_cycle", "max_learning_rate": 1.0, "pct_start": 0.25}, epochs=40)
    assert cycle[0] == pytest.approx(START)
    assert max(cycle) == cycle[10] == pytest.approx(1.0)
    assert cycle[:11] == sorted(cycle[:11])
    assert cycle[10:] == sorted(cycle[10:], reverse=True)
    assert cycle[25] == pytest.approx(0.5)  # half way down half a cosine
    assert 0 < cycle[-1] < 0.01


@pytest.mark.parametrize("schedule", ["constant", {"name": "reduce_lr_on_plateau"}])
def test_no_formula(schedule: Any) -> None:
    assert rate_of(experiment(schedule=schedule)) is None
