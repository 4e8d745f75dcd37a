"""Each finding is earned by a small net that is made ill for it, and a sound net earns none."""

from __future__ import annotations

from typing import Any

import pytest

from dlrun.insight.health import Finding, findings
from dlrun.insight.health.records import health_from
from dlrun.training import Job, load_engine
from dlrun.training.backend import current
from tests.training.cases import digits, experiment

SGD = {"name": "sgd", "learning_rate": 0.01}


def normal(stddev: float) -> dict[str, Any]:
    return {"name": "random_normal", "stddev": stddev}


def found(model: dict[str, Any], optimizer: dict[str, Any] = SGD, epochs: int = 2) -> list[Finding]:
    """What is said of a net trained on digits."""
    spec = experiment(model=model, optimizer=optimizer, fit={"epochs": epochs})
    (outcome,) = load_engine(current()).run([Job("job", spec, digits(), health=True)], lambda job, row: None)
    assert outcome.health is not None
    return findings(health_from(outcome.health), spec.model_dump(mode="json"))


@pytest.mark.parametrize(
    ("model", "kind", "patch"),
    [
        (
            {"units": [32] * 6, "activation": "sigmoid"},
            "vanishing",
            {"model.activation": "relu", "model.kernel_initializer": "he_normal"},
        ),
        ({"units": [32] * 16}, "vanishing", {"model.kernel_initializer": "he_normal"}),
        (
            {"units": [64] * 6, "kernel_initializer": normal(1.0)},
            "growing",  # on JAX no gradient comes back through a probability that Keras clips to 1, so none explodes
            {"model.kernel_initializer": "he_normal"},
        ),
        (
            {"units": [32] * 10, "kernel_initializer": normal(0.5)},
            "exploding",
            {"model.kernel_initializer": "he_normal"},
        ),
        (
            {"units": [64] * 4, "activation": "tanh", "kernel_initializer": normal(1.0)},
            "saturated",
            {"model.kernel_initializer": "glorot_uniform"},
        ),
        (
            {"units": [16, 16], "activation": "tanh", "kernel_initializer": "zeros"},
            "symmetric",
            {"model.kernel_initializer": "glorot_uniform"},
        ),
        (
            {"units": [16, 16], "activation": "sigmoid", "kernel_initializer": {"name": "constant", "value": 0.1}},
            "symmetric",
            {"model.kernel_initializer": "glorot_uniform"},
        ),
        (
            {"units": [32] * 4, "activation": "sigmoid", "kernel_initializer": normal(0.01)},
            "tiny",
            {"model.kernel_initializer": "glorot_uniform"},
        ),
    ],
    ids=[
        "deep sigmoid",
        "deep relu with Glorot",
        "std 1, relu",
        "std 0.5, deep relu",
        "std 1, tanh",
        "zeros",
        "constant",
        "std 0.01",
    ],
)
def test_a_bad_start_is_named_with_its_fix(model: dict[str, Any], kind: str, patch: dict[str, Any]) -> None:
    kinds = {one.kind: one for one in found(model)}
    assert kinds[kind].patch == patch


def test_a_huge_rate_kills_relu() -> None:
    model = {"units": [32, 32], "kernel_initializer": "he_normal"}
    (first, *_) = found(model, {"name": "sgd", "learning_rate": 5.0}, epochs=3)
    assert (first.kind, first.patch) == ("dead", {"optimizer.learning_rate": 0.5})
    assert "learning rate of 5 threw relu units out" in first.what.text()


@pytest.mark.parametrize(("rate", "kind", "wanted"), [(1e-6, "small_steps", 1e-5), (0.02, "large_steps", 0.002)])
def test_steps_of_the_wrong_size(rate: float, kind: str, wanted: float) -> None:
    optimizer = SGD | {"learning_rate": rate} if rate < 1e-3 else {"name": "adam", "learning_rate": rate}
    kinds = {one.kind: one for one in found({"units": [32, 32], "activation": "leaky_relu"}, optimizer)}
    assert kinds[kind].patch == {"optimizer.learning_rate": wanted}


@pytest.mark.parametrize(
    "model",
    [
        {"units": [64, 64], "kernel_initializer": "he_normal"},
        {"units": [64, 64], "activation": "tanh"},
        {"units": [32] * 8, "activation": "selu", "kernel_initializer": "lecun_normal"},
        {"units": [32] * 8, "kernel_initializer": "he_normal", "batch_normalization": True},
        {"units": []},
    ],
    ids=["He and relu", "Glorot and tanh", "selu", "batch normalization", "no hidden layer"],
)
def test_sound_nets_are_well(model: dict[str, Any]) -> None:
    (only,) = found(model, {"name": "adam", "learning_rate": 0.001})
    assert only.kind == "well"
    assert only.what.text().startswith("nothing is wrong with the layers")
