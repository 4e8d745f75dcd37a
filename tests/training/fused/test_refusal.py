"""What is refused, in words; and that every key is either compared with the keras engine or refused."""

from __future__ import annotations

from typing import Any

import pytest

from dlrun.spec import Experiment
from dlrun.spec.experiment import EarlyStopping, Fit, Model
from dlrun.spec.names import Activation, Initializer, Loss, Metric, names_of
from dlrun.spec.optimizers import OPTIMIZERS, Optimizer
from dlrun.spec.schedules import SCHEDULES
from dlrun.training.fused.refusal import WHOLE_MATRIX, can_pad, cannot_fuse, cannot_pad
from tests.training.cases import experiment
from tests.training.fused.crowds import CROWDS

Sections = dict[str, Any]
COMPARED = [one for crowd in CROWDS.values() for one in crowd.experiments]
NORMALIZED = {"batch_normalization": True}


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({}, None),
        ({"fit": {"epochs": 0}}, "fit.epochs: 0 trains nothing"),
        ({"fit": {"precision": "mixed_bfloat16"}}, "fit.precision: mixed_bfloat16 is not fused"),
        ({"fit": {"precision": "mixed_float16"}}, "fit.precision: mixed_float16 is not fused"),
        (
            {"optimizer": "lion", "model": NORMALIZED},
            "optimizer.name: lion makes whole steps of the rounding errors in a bias before batch normalization; "
            "model.use_bias: false can be fused",
        ),
        (
            {"optimizer": {"name": "adam", "epsilon": 1e-12}, "model": NORMALIZED},
            "optimizer.name: adam makes whole steps of the rounding errors in a bias before batch normalization; "
            "model.use_bias: false can be fused",
        ),
        ({"optimizer": "lion", "model": {**NORMALIZED, "use_bias": False}}, None),
        ({"optimizer": "lion", "model": {**NORMALIZED, "units": []}}, None),
        ({"optimizer": {"name": "adam", "gradient_accumulation_steps": 2, "use_ema": True}}, None),
    ],
)
def test_cannot_fuse(sections: Sections, reason: str | None) -> None:
    assert cannot_fuse(experiment(**sections)) == reason


@pytest.mark.parametrize(
    ("augmentation", "reason"),
    [
        (None, None),
        ({}, None),
        ({"noise": 0.1, "mixup": 0.2}, None),
        ({"rotation": 0.0, "noise": 0.1}, None),
        ({"rotation": 0.1}, "data.augmentation.rotation is not fused"),
        ({"noise": 0.1, "flip": "vertical", "cutout": 0.2}, "data.augmentation.flip is not fused"),
        ({"shift": 0.1}, "data.augmentation.shift is not fused"),
        ({"zoom": 0.1}, "data.augmentation.zoom is not fused"),
        ({"cutout": 0.1}, "data.augmentation.cutout is not fused"),
    ],
)
def test_augmentation(augmentation: Sections | None, reason: str | None) -> None:
    assert cannot_fuse(experiment(data={"augmentation": augmentation})) == reason


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({}, None),
        ({"optimizer": "muon"}, "optimizer.name: muon looks at a whole weight matrix"),
        ({"optimizer": "adafactor"}, "optimizer.name: adafactor looks at a whole weight matrix"),
        ({"model": {"activation": "softmax"}}, "model.activation: softmax looks at a whole layer"),
        (
            {"model": {"units": [3, 4], "activation": ["relu", "sparsemax"]}},
            "model.activation: sparsemax looks at a whole layer",
        ),
        ({"model": {"output_activation": "softmax"}}, None),
        (
            {"optimizer": {"name": "ftrl", "initial_accumulator_value": 0.0}},
            "optimizer.name: ftrl with these arguments divides 0 by 0 where a gradient is 0",
        ),
        (
            {"optimizer": {"name": "adam", "epsilon": 1e-60}},
            "optimizer.name: adam with these arguments divides 0 by 0 where a gradient is 0",
        ),
        ({"optimizer": {"name": "adagrad", "initial_accumulator_value": 0.0}}, None),
    ],
)  # fmt: skip
def test_cannot_pad(sections: Sections, reason: str | None) -> None:
    spec = experiment(**sections)
    assert cannot_pad(spec) == reason
    assert can_pad(spec) == (reason is None)


# --- every key is compared -------------------------------------------------------------------------------------------


def changed(section: Any, default: Any, names: Any) -> set[str]:
    """The keys in which it differs from the default."""
    return {name for name in names if getattr(section, name) != getattr(default, name)}


def default_of(name: str) -> Any:
    kind: Any = OPTIMIZERS[name]
    return kind()


def test_nothing_compared_is_refused() -> None:
    assert [cannot_fuse(one) for one in COMPARED] == [None] * len(COMPARED)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_argument_of_an_optimizer(name: str) -> None:
    """Its own ones; those that all optimizers have are compared with one at least."""
    kind: Any = OPTIMIZERS[name]
    seen = [one.optimizer for one in COMPARED if one.optimizer.name == name]
    found = set().union(*(changed(one, kind(), kind.model_fields) for one in seen))
    own = set(kind.model_fields) - set(Optimizer.model_fields) - {"name"}
    assert own <= found


def test_every_argument_of_all_optimizers() -> None:
    found = set().union(
        *(changed(one.optimizer, default_of(one.optimizer.name), Optimizer.model_fields) for one in COMPARED)
    )
    assert set(Optimizer.model_fields) - {"name"} <= found


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_every_schedule(name: str) -> None:
    assert any(one.schedule.name == name for one in COMPARED)


NOT_COMPARED = {
    "Fit": {"precision"},  # all crowds are in float64; test_crowd.py has float32, the others are refused
    "EarlyStopping": set(),
    "Model": set(),
}


@pytest.mark.parametrize(
    ("kind", "sections", "default"),
    [
        (Model, [one.model for one in COMPARED], Model()),
        (Fit, [one.fit for one in COMPARED], Fit()),
        (EarlyStopping, [one.fit.early_stopping for one in COMPARED if one.fit.early_stopping], EarlyStopping()),
    ],
)
def test_every_key(kind: Any, sections: list[Any], default: Any) -> None:
    found = set().union(*(changed(one, default, kind.model_fields) for one in sections))
    assert set(kind.model_fields) <= found | NOT_COMPARED[kind.__name__]


def name_of(initializer: Any) -> str:
    return str(getattr(initializer, "name", initializer))


@pytest.mark.parametrize(
    ("literal", "used"),
    [
        (Activation, {one.model.activation for one in COMPARED}),
        (Initializer, {name_of(one.model.kernel_initializer) for one in COMPARED}),
        (Loss, {one.fit.loss for one in COMPARED}),
        (Metric, {name for one in COMPARED for name in one.fit.metrics}),
    ],
)  # fmt: skip
def test_every_name(literal: object, used: set[Any]) -> None:
    assert set(names_of(literal)) <= used


def test_what_is_padded_is_padded_in_width_and_depth() -> None:
    """So a crowd of two proves both."""
    for crowd in CROWDS.values():
        units = {one.model.hidden for one in crowd.experiments}
        assert len(units) > 1 or "no hidden" in crowd.name


def test_what_cannot_be_padded_is_compared_too() -> None:
    alone = {one.optimizer.name for one in COMPARED if not can_pad(one)}
    assert {*WHOLE_MATRIX, "ftrl"} <= alone
    assert isinstance(COMPARED[0], Experiment)
