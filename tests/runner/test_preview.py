from __future__ import annotations

import pytest

from dlrun.runner.preview import preview
from dlrun.spec import Experiment
from dlrun.training.layer_table import steps


def experiment(**sections: object) -> Experiment:
    return Experiment.model_validate({"data": {"source": "digits"}, **sections})


def test_steps_of_ten_million_rows() -> None:
    fit = {"batch_size": 1000, "epochs": 100}
    found = steps(experiment(fit=fit), train_rows=10_000_000)
    assert (found.per_epoch, found.in_all) == (10_000, 1_000_000)


@pytest.mark.parametrize(
    ("batch_size", "rows", "per_epoch"), [(32, 64, 2), (32, 65, 3), ("full", 65, 1), (1, 65, 65), (100, 65, 1)]
)
def test_the_last_batch_may_be_smaller(batch_size: object, rows: int, per_epoch: int) -> None:
    assert steps(experiment(fit={"batch_size": batch_size, "epochs": 1}), rows).per_epoch == per_epoch


@pytest.mark.parametrize(
    "model",
    [
        {"units": []},
        {"units": [8, 4], "deepen": 2, "widen": 3},
        {"units": [16], "batch_normalization": True, "dropout": 0.1},
        {"units": [16, 8], "use_bias": False},
    ],
)
def test_parameters_are_those_keras_counts(model: dict[str, object]) -> None:
    import keras

    from dlrun.training.network import build

    found = preview(experiment(model=model), "tensorflow")
    net = build(found.experiment.model, 64, 10, "softmax", 0, "float32")
    assert found.trainable + found.fixed == net.count_params()
    assert found.trainable == sum(keras.ops.size(weight) for weight in net.trainable_variables)


def test_the_pages() -> None:
    found = preview(experiment(model={"units": [8]}, fit={"epochs": 3}), "tensorflow")
    assert found.summary_lines() == [
        "parameters: 610 trained",
        "task: digit (one of 10 classes) from 64 features, loss sparse_categorical_crossentropy",
        "rows: 1,438 train, 359 validation",
        "steps: 45 per epoch in batches of 32, 135 in 3 epochs",
    ]
    assert "fit:" in found.spec_lines(full=False)
    assert "  validation_split: 0.2" in found.spec_lines(full=True)
