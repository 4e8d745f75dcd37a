"""What both engines must do alike: named crowds of experiments that share a program, all in 64 bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from dlrun.data import Prepared, Task
from dlrun.spec import Experiment
from dlrun.spec.names import CLASSIFICATION_LOSSES, REGRESSION_LOSSES, Activation, names_of
from dlrun.training.fused.refusal import STEP_ON_NOISE, can_pad
from tests.training.cases import amounts, digits, experiment, prepared, rows_of, signs

Sections = dict[str, Any]

SMALL: Sections = {"model": {"units": [7], "dropout": 0.3}}
DEEP: Sections = {"model": {"units": [5, 9], "dropout": 0.1}, "seed": 1}
"""Beside SMALL its first layer is padded in width, and SMALL lacks its second layer."""
SHORT: Sections = {"fit": {"epochs": 3, "batch_size": 16, "precision": "float64"}}
"""A last batch of 13 rows of 77 digits, 12 of 60 amounts, 6 of 70 signs."""


@dataclass(frozen=True)
class Crowd:
    """Experiments that are trained together and one by one."""

    name: str
    data: str
    """A name in DATA."""
    experiments: tuple[Experiment, ...]
    slots: int | None = None
    """As many as there are experiments where not given."""
    until: int | None = None

    @property
    def padded(self) -> bool:
        """Whether they go into one program; else each has one of its own."""
        return all(can_pad(one) for one in self.experiments)


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> Sections:
    """Sections laid over one another, key by key."""
    found = dict(one)
    for key, value in other.items():
        known = found.get(key)
        found[key] = {**known, **value} if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return found


def crowd(name: str, common: Sections, *members: Sections, data: str = "digits", **more: Any) -> Crowd:
    """Members on top of what they have in common; SMALL and DEEP where none are given."""
    each = [merged(merged(SHORT, common), own) for own in members or (SMALL, DEEP)]
    return Crowd(name, data, tuple(experiment(**sections) for sections in each), **more)


@cache
def counts() -> Prepared:
    """A target that is never negative."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(90, 3))
    both = rows_of(x, generator.poisson(np.exp(0.5 * x[:, 0] + 0.5)).astype(np.float32))
    return prepared(both.take(np.arange(60)), both.take(np.arange(60, 90)), Task("regression", "count"))


DATA: dict[str, Callable[[], Prepared]] = {
    "digits": lambda: digits(77, 30),
    "digits alone": lambda: digits(77, 0),
    "amounts": amounts,
    "counts": counts,
    "signs": signs,
    "some amounts": lambda: replace(signs(), numeric=np.array([True, False, True, False])),
}

# --- optimizers ------------------------------------------------------------------------------------------------------

RATES = {"sgd": 0.1, "adadelta": 1.0, "adagrad": 0.05, "ftrl": 0.1}
"""Where 0.01 is not a rate that moves the weights."""
ARGUMENTS: dict[str, tuple[Sections, ...]] = {
    "sgd": (
        {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True}, {"weight_decay": 0.01}, {"clipnorm": 0.1},
        {"clipvalue": 0.01}, {"global_clipnorm": 0.2}, {"gradient_accumulation_steps": 2}, {"loss_scale_factor": 3.0},
        {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 2}, {"use_ema": True},
    ),
    "rmsprop": ({"rho": 0.8, "momentum": 0.5, "centered": True, "epsilon": 1e-5, "weight_decay": 0.01},),
    "adam": (
        {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-5}, {"amsgrad": True, "weight_decay": 0.02}, {"clipnorm": 0.1},
        {"clipvalue": 0.001}, {"global_clipnorm": 0.2}, {"gradient_accumulation_steps": 3}, {"loss_scale_factor": 0.1},
        {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 3},
    ),
    "adamw": ({"weight_decay": 0.1, "amsgrad": True, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-6},),
    "adadelta": ({"rho": 0.9, "epsilon": 1e-5, "global_clipnorm": 1.0},),
    "adagrad": ({"initial_accumulator_value": 0.0, "epsilon": 1e-5, "weight_decay": 0.01},),
    "adamax": ({"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5, "clipnorm": 0.1},),
    "adafactor": (
        {"relative_step": False, "beta_2_decay": -0.6, "epsilon_1": 1e-20, "epsilon_2": 0.01, "clip_threshold": 0.7},
    ),
    "nadam": ({"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5, "weight_decay": 0.01},),
    "ftrl": (
        {"learning_rate_power": -0.4, "initial_accumulator_value": 0.2, "l1_regularization_strength": 0.001,
         "l2_regularization_strength": 0.01, "l2_shrinkage_regularization_strength": 0.02, "beta": 0.1},
    ),
    "lion": ({"beta_1": 0.8, "beta_2": 0.9, "weight_decay": 0.1, "learning_rate": 0.001},),
    "lamb": ({"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5, "weight_decay": 0.01},),
    "muon": (
        {"weight_decay": 0.1, "adam_beta_1": 0.8, "adam_beta_2": 0.9, "adam_weight_decay": 0.01, "epsilon": 1e-5,
         "muon_a": 3.0, "muon_b": -4.0, "muon_c": 2.0, "adam_lr_ratio": 0.5, "momentum": 0.9, "ns_steps": 3,
         "nesterov": False, "rms_rate": 0.1},
    ),
    "schedule_free_adamw": ({"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5, "warmup_steps": 4, "weight_decay": 0.1},),
}  # fmt: skip
FROM_0 = {"initial_accumulator_value": 0.0}
BARE: tuple[Sections, Sections] = (
    {"model": {"units": [4], "activation": "tanh"}},
    {"model": {"units": [3, 6], "activation": "tanh"}},
)


def optimizer_crowds() -> list[Crowd]:
    """Each optimizer as it is and with arguments of its own."""
    return [
        crowd(f"optimizer {name} {words(arguments)}".strip(), {"optimizer": optimizer_of(name, arguments)})
        for name, several in ARGUMENTS.items()
        for arguments in ({}, *several)
    ] + [
        # without dropout no gradient of these members is 0, where this one divides 0 by 0
        crowd("optimizer ftrl from 0", {"optimizer": optimizer_of("ftrl", FROM_0)}, *BARE, data="amounts"),
    ]


def optimizer_of(name: str, arguments: Sections) -> Sections:
    return {"name": name, "learning_rate": RATES.get(name, 0.01), **arguments}


def words(arguments: Sections) -> str:
    return ", ".join(f"{key}={value:g}" for key, value in list(arguments.items())[:3])


# --- schedules and what ends a run -----------------------------------------------------------------------------------

SCHEDULES: tuple[Sections, ...] = (
    {"name": "constant", "warmup_epochs": 3},
    {"name": "step", "factor": 0.3, "every": 2, "warmup_epochs": 1},
    {"name": "exponential", "decay_rate": 0.7, "decay_epochs": 2.5, "staircase": True},
    {"name": "exponential", "decay_rate": 0.7, "decay_epochs": 2.5},
    {"name": "inverse_time", "decay_rate": 2.0, "decay_epochs": 3},
    {"name": "polynomial", "end_learning_rate": 0.001, "power": 2.0},
    {"name": "cosine", "alpha": 0.1, "warmup_epochs": 2},
    {"name": "cosine_restarts", "first_decay_epochs": 2, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.05},
    {"name": "one_cycle", "max_learning_rate": 0.5, "pct_start": 0.4},
    {"name": "piecewise", "boundaries": [2, 4], "values": [0.05, 0.2, 0.01]},
    {"name": "reduce_lr_on_plateau", "patience": 0, "min_delta": 0.2, "factor": 0.3, "cooldown": 1, "min_lr": 0.01},
    {"name": "reduce_lr_on_plateau", "patience": 1, "monitor": "val_accuracy", "factor": 0.5, "min_delta": 0.1},
    {"name": "reduce_lr_on_plateau", "patience": 0, "monitor": "loss", "mode": "max", "factor": 0.9},
)
STOPPING: tuple[Sections, ...] = (
    {"patience": 0, "min_delta": 0.3},
    {"patience": 1, "min_delta": 0.5},
    {"patience": 1, "monitor": "train_loss", "min_delta": 0.3, "start_from_epoch": 3},
    {"patience": 2, "baseline": 0.01},
    {"patience": 1, "monitor": "val_accuracy", "mode": "max"},
    {"patience": 1, "monitor": "val_accuracy", "mode": "min"},
    {"patience": 5},
)


def course_crowds() -> list[Crowd]:
    sgd = {"optimizer": {"name": "sgd", "learning_rate": 0.1}}
    schedules = [merged((SMALL, DEEP)[i % 2], {"schedule": one, "seed": i}) for i, one in enumerate(SCHEDULES)]
    stopping = [
        merged((SMALL, DEEP)[i % 2], {"fit": {"early_stopping": one}, "seed": i}) for i, one in enumerate(STOPPING)
    ]
    both = {"schedule": SCHEDULES[-3], "fit": {"early_stopping": STOPPING[0]}}
    overshooting = {"fit": {"keep": "last", "epochs": 6}, "optimizer": {"name": "sgd", "learning_rate": 1.5}}
    diverging = [merged(SMALL, {"optimizer": {"name": "sgd", "learning_rate": rate}}) for rate in (0.05, 1e3, 1e160)]
    scored = {"monitor": "val_accuracy", "metrics": ["accuracy", "f1", "balanced_accuracy", "auc"]}
    return [
        crowd("schedules", merged(sgd, {"fit": {"epochs": 6}}), *schedules, slots=5),
        crowd("early stopping", merged(sgd, {"fit": {"epochs": 9}}), *stopping, SMALL, merged(DEEP, both), slots=3),
        crowd("keep last", overshooting),
        crowd("keep best", merged(overshooting, {"fit": {"keep": "best"}})),
        crowd("monitor a score", {"fit": {**scored, "epochs": 6}}),
        crowd("until", {"fit": {"epochs": 5}}, until=2),
        crowd("until the last epoch", {"fit": {"epochs": 2}}, until=2),
        crowd("without validation rows", {"data": {"validation_split": 0.0}}, data="digits alone"),
        crowd("divergence", {"fit": {"epochs": 4}}, *diverging, DEEP | {"optimizer": "sgd"}, data="amounts", slots=2),
        crowd(
            "different epochs", sgd, SMALL, merged(DEEP, {"fit": {"epochs": 5}}), merged(SMALL, {"fit": {"epochs": 1}})
        ),
    ]


# --- nets ------------------------------------------------------------------------------------------------------------

INITIALIZERS: tuple[Any, ...] = (
    "constant", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "identity", "lecun_normal",
    "lecun_uniform", "ones", "orthogonal", "random_normal", "random_uniform", "truncated_normal", "variance_scaling",
    "zeros", {"name": "random_normal", "mean": 0.1, "stddev": 0.2}, {"name": "constant", "value": 0.1},
    {"name": "random_uniform", "minval": -1, "maxval": 1}, {"name": "orthogonal", "gain": 2.0},
    {"name": "variance_scaling", "scale": 2.0, "mode": "fan_avg", "distribution": "untruncated_normal"},
)  # fmt: skip


def net_crowds() -> list[Crowd]:
    own = {"batch_normalization": True}
    initializers = [
        merged((SMALL, DEEP)[i % 2], {"model": {"kernel_initializer": one, "bias_initializer": "random_normal"}})
        for i, one in enumerate(INITIALIZERS)
    ]
    rates = [{"model": {"units": units, "dropout": rate}} for units, rate in (
        ([7], 0.0), ([5, 9], [0.0, 0.9]), ([6, 6, 6], 0.001), ([3, 8, 2], [0.5, 0.0, 0.99]), ([4, 4, 4, 4], 0.0),
    )]  # fmt: skip
    penalties = [merged(DEEP, {"model": extra}) for extra in ({}, {"l1": 0.01}, {"l2": 0.1}, {"l1": 0.001, "l2": 0.01})]
    layers = [{"units": units, "activation": ["tanh", "sigmoid"]} for units in ([4, 6], [7, 3])]
    wide: list[Sections] = [
        {"model": {"units": [4], "widen": 2, "deepen": 2, "dropout": 0.2}},
        {"model": {"units": [8, 7]}},
    ]
    return [
        crowd("initializers", {}, *initializers, slots=7),
        crowd("dropout rates", {}, *rates),
        crowd("penalties", {}, *penalties, SMALL),
        crowd("activations per layer", {}, *({"model": one} for one in layers)),
        crowd("widen and deepen", {}, *wide),
        crowd("no hidden layer", {}, {"model": {"units": []}}, {"model": {"units": [], "l2": 0.1}, "seed": 3}),
        crowd("no bias", {"model": {"use_bias": False}}),
        crowd("no bias, batch normalization", {"model": {"use_bias": False, **own}}),
        crowd("output activation", {"model": {"output_activation": "tanh"}}, data="amounts"),
        crowd("given weights", {}, {"model": GIVEN}, {"model": {"units": [2, 3]}}, data="signs"),
    ]


GIVEN: Sections = {
    "units": [2],
    "weights": [
        {"kernel": [[0.5, -0.5], [1.0, 0.25], [0.0, 0.1], [-1.0, 2.0]], "bias": [0.1, -0.1]},
        {"kernel": [[1.0], [-0.7]], "bias": [0.3]},
    ],
}


def normalization_crowds() -> list[Crowd]:
    own = {"batch_normalization": True}
    sizes: tuple[int | str, ...] = (16, 19, 11, "full", 1)  # 77 rows leave 13, 1 and none
    crowds = [
        crowd(f"batch normalization, batch {size}", {"model": own, "fit": {"batch_size": size}}) for size in sizes
    ]
    crowds += [
        crowd(
            f"batch normalization, {name}",
            {"model": own | {"use_bias": name not in STEP_ON_NOISE}, "optimizer": optimizer_of(name, {})},
        )
        for name in ARGUMENTS
    ]
    return [*crowds, crowd("batch normalization, sigmoid", {"model": {**own, "activation": "sigmoid", "l2": 0.01}})]


def activation_crowds() -> list[Crowd]:
    """The activations that look at a whole layer are not padded."""
    return [crowd(f"activation {name}", {"model": {"activation": name}}) for name in names_of(Activation)]


# --- losses and batches ----------------------------------------------------------------------------------------------

UNSIGNED = ("mean_squared_logarithmic_error", "poisson", "mean_absolute_percentage_error")
TWO_CLASSES = ("binary_crossentropy", "binary_focal_crossentropy", "hinge", "squared_hinge")


def loss_crowds() -> list[Crowd]:
    def data_of(loss: str) -> str:
        if loss in CLASSIFICATION_LOSSES:
            return "signs" if loss in TWO_CLASSES else "digits"
        return "counts" if loss in UNSIGNED else "amounts"

    losses = [
        crowd(f"loss {loss}", {"fit": {"loss": loss}}, data=data_of(loss))
        for loss in (*CLASSIFICATION_LOSSES, *REGRESSION_LOSSES)
    ]
    smoothed = [
        crowd(f"label smoothing, {loss}", {"fit": {"loss": loss}}, *smoothings(), data=data_of(loss))
        for loss in (
            "binary_crossentropy", "binary_focal_crossentropy", "sparse_categorical_crossentropy",
            "categorical_crossentropy", "categorical_focal_crossentropy",
        )
    ]  # fmt: skip
    return losses + smoothed


def smoothings() -> tuple[Sections, Sections]:
    """A different share for each member."""
    return merged(SMALL, {"fit": {"label_smoothing": 0.1}}), merged(DEEP, {"fit": {"label_smoothing": 0.4}})


def fit_crowds() -> list[Crowd]:
    named = {"class_weight": {"yes": 5.0, "no": 0.5}}
    numbers = ["mean_absolute_error", "root_mean_squared_error", "r2"]
    scores = ["accuracy", "auc", "f1", "balanced_accuracy", "precision", "recall", "average_precision"]
    return [
        *(crowd(f"batch {size}", {"fit": {"batch_size": size}}) for size in (1, 11, 19, 76, "full", 1000)),
        crowd("class weights", {"fit": named}, data="signs"),
        crowd("balanced classes", {"fit": {"class_weight": "balanced"}, "model": {"l2": 0.01}}),
        crowd("class weights and smoothing", {"fit": named}, *smoothings(), data="signs"),
        crowd("scores", {"fit": {"metrics": scores}}, data="signs"),
        crowd("errors", {"fit": {"metrics": numbers}}, data="amounts"),
    ]


# --- augmentation ----------------------------------------------------------------------------------------------------

NOISY = {"data": {"augmentation": {"noise": 0.3}}}
NOISIER = {"data": {"augmentation": {"noise": 1.7}}}
MIXED = {"data": {"augmentation": {"mixup": 0.4}}}
BOTH = {"data": {"augmentation": {"noise": 0.2, "mixup": 1.0}}}
NORMAL = {"model": {"batch_normalization": True}}


def augmentation_crowds() -> list[Crowd]:
    """Noise and mixtures are the member's own: seeds, standard deviations and alphas differ between members."""
    other_alpha = {"data": {"augmentation": {"mixup": 3.0}}}
    weights = {"fit": {"class_weight": "balanced"}}
    return [
        crowd("noise", {}, merged(SMALL, NOISY), merged(DEEP, NOISIER)),
        crowd("noise beside none", {}, SMALL, merged(DEEP, NOISY)),
        crowd("noise on amounts", NORMAL, merged(SMALL, NOISY), merged(DEEP, NOISIER), data="amounts"),
        crowd("noise on some inputs", {}, merged(SMALL, NOISY), merged(DEEP, NOISIER), data="some amounts"),
        crowd("mixup", {}, merged(SMALL, MIXED), merged(DEEP, other_alpha)),
        crowd("mixup of two classes", {}, merged(SMALL, MIXED), merged(DEEP, other_alpha), data="signs"),
        crowd("mixup of amounts", MIXED, data="amounts"),
        crowd("mixup with class weights", merged(MIXED, weights), data="signs"),
        crowd("mixup with label smoothing", MIXED, *smoothings()),
        crowd("mixup, kl_divergence", merged(MIXED, {"fit": {"loss": "kl_divergence"}})),
        crowd("mixup in a full batch", merged(MIXED, {"fit": {"batch_size": "full"}})),
        crowd("mixup in batches of 1", merged(MIXED, {"fit": {"batch_size": 1}})),
        crowd("noise and mixup", BOTH),
        crowd("noise and mixup, batch normalization", merged(BOTH, merged(NORMAL, weights)), slots=1),
        crowd("augmentation of nothing", {"data": {"augmentation": {"noise": 0.0, "rotation": 0.0}}}),
    ]


def random_crowds(count: int = 8) -> list[Crowd]:
    """Everything together, drawn at random: what a program fixes per crowd, the rest per member."""
    return [random_crowd(place, np.random.default_rng(place)) for place in range(count)]


def random_crowd(place: int, generator: np.random.Generator) -> Crowd:
    def one(*choices: Any) -> Any:
        return choices[int(generator.integers(len(choices)))]

    name = one("adam", "sgd", "rmsprop", "nadam", "adagrad", "lamb")
    common = {
        "model": {"activation": one("relu", "sigmoid", "gelu", "softplus"), "use_bias": one(True, False),
                  "batch_normalization": one(True, False)},
        "optimizer": {"name": name, **one({}, {"clipnorm": 0.5}, {"weight_decay": 0.01}, {"global_clipnorm": 0.3})},
        "fit": {"batch_size": one(16, 11, 30, "full"), "class_weight": one(None, "balanced"), "epochs": 5},
    }  # fmt: skip
    members = [
        {
            "seed": seed,
            "model": {"units": generator.integers(1, 12, one(1, 2, 3)).tolist(), "dropout": one(0.0, 0.2, 0.7),
                      "l1": one(0.0, 0.001), "l2": one(0.0, 0.01),
                      "kernel_initializer": one("he_normal", "orthogonal")},
            "optimizer": {"learning_rate": RATES.get(name, 0.01) * one(0.3, 1.0)},
            "schedule": one("constant", "cosine", {"name": "reduce_lr_on_plateau", "patience": 0}),
            "fit": {"early_stopping": one(None, {"patience": 0, "min_delta": 0.1}), "keep": one("best", "last")},
        }
        for seed in range(4)
    ]  # fmt: skip
    return crowd(f"at random {place}", common, *members, slots=3)


FAMILIES: dict[str, tuple[Crowd, ...]] = {
    "training": (
        *optimizer_crowds(), *course_crowds(), *loss_crowds(), *fit_crowds(), *augmentation_crowds(),
    ),
    "nets": (*net_crowds(), *normalization_crowds(), *activation_crowds(), *random_crowds()),
}  # fmt: skip
"""A test file each, as each is the work of one worker: all crowds together take half an hour of a core."""
CROWDS: dict[str, Crowd] = {one.name: one for family in FAMILIES.values() for one in family}

QUICK = ("batch normalization, batch 16", "activation sigmoid", "noise and mixup")
"""What the quick tests compare."""
