"""The literal tables of the spec against the installed Keras: the only file of these tests that loads it."""

import inspect

import keras
import numpy as np
import pytest

from dlrun.spec.experiment import INITIALIZER_ARGUMENTS, EarlyStopping, KernelInitializer
from dlrun.spec.names import (
    CLASSIFICATION_LOSSES,
    CLASSIFICATION_METRICS,
    LOSS_ALIASES,
    REGRESSION_LOSSES,
    REGRESSION_METRICS,
    Initializer,
    KerasActivation,
    Loss,
    Metric,
    names_of,
)
from dlrun.spec.optimizers import OPTIMIZERS
from dlrun.spec.schedules import ReduceLROnPlateau

OTHER_ACTIVATIONS = {"glu": "halves the number of units", "threshold": "needs two arguments"}
OTHER_OPTIMIZERS = {
    "Optimizer": "the base class",
    "OptimizerMap": "different optimizers for different layers",
    "MultiOptimizer": "different optimizers for different layers",
    "LossScaleOptimizer": "comes with fit.precision: mixed_float16",
}
OTHER_ARGUMENTS = {
    "muon": {"exclude_layers": "regular expressions over names", "exclude_embeddings": "there are none in an MLP"},
}
OTHER_INITIALIZERS = {"stft": "for spectrograms"}
OTHER_LOSSES = {
    "circle": "for embeddings",
    "cosine_similarity": "for directions: one output has none",
    "ctc": "for sequences",
    "dice": "for images of masks",
    "tversky": "for images of masks",
    "categorical_generalized_cross_entropy": "its place is taken by label smoothing",
}
HELPERS = {"get", "serialize", "deserialize"}


def public_functions(module) -> set[str]:
    return {
        name for name, value in vars(module).items() if callable(value) and name.islower() and name[0] != "_"
    } - HELPERS


def defaults(function, *without: str) -> dict[str, object]:
    parameters = inspect.signature(function).parameters.values()
    return {
        one.name: one.default
        for one in parameters
        if one.name not in ("self", *without) and one.kind is not inspect.Parameter.VAR_KEYWORD
    }


# --- activations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names_of(KerasActivation))
def test_activations_exist_and_keep_the_shape(name):
    x = np.linspace(-2, 2, 24, dtype="float32").reshape(4, 6)
    y = np.asarray(keras.activations.get(name)(keras.ops.convert_to_tensor(x)))
    assert y.shape == x.shape
    assert np.isfinite(y).all()
    assert not np.allclose(y, x) or name == "linear"


def test_no_activation_is_missing():
    assert public_functions(keras.activations) == {*names_of(KerasActivation), *OTHER_ACTIVATIONS}


# --- optimizers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_take_our_arguments_with_our_defaults(name):
    ours = OPTIMIZERS[name]
    theirs = defaults(getattr(keras.optimizers, ours.__name__), "name")
    for other in OTHER_ARGUMENTS.get(name, {}):
        theirs.pop(other)
    assert {key: field.default for key, field in ours.model_fields.items() if key != "name"} == theirs


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_are_built_from_their_arguments(name):
    given = OPTIMIZERS[name].model_validate({"name": name, "learning_rate": 0.25, "clipnorm": 2.0})
    built = getattr(keras.optimizers, type(given).__name__)(**given.arguments())
    assert float(np.asarray(built.learning_rate)) == 0.25
    assert built.clipnorm == 2.0


def test_no_optimizer_is_missing():
    classes = {name for name, value in vars(keras.optimizers).items() if inspect.isclass(value)}
    assert classes == {*(one.__name__ for one in OPTIMIZERS.values()), *OTHER_OPTIMIZERS}


# --- callbacks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "others"),
    [
        # which weights are kept is `fit.keep`; nothing is printed
        (EarlyStopping, "EarlyStopping", ("restore_best_weights", "verbose")),
        (ReduceLROnPlateau, "ReduceLROnPlateau", ("verbose",)),
    ],
)
def test_callbacks_take_our_arguments_with_our_defaults(ours, theirs, others):
    # `monitor` follows `fit.monitor` where it is not given
    expected = defaults(getattr(keras.callbacks, theirs), "monitor", *others)
    assert {
        key: field.default for key, field in ours.model_fields.items() if key not in ("name", "monitor")
    } == expected


# --- initializers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names_of(Initializer))
def test_initializers_take_our_arguments(name):
    theirs = type(keras.initializers.get(name)) if name != "constant" else keras.initializers.Constant
    taken = {key for key in defaults(theirs, "seed", "input_axes", "output_axes") if key not in ("args", "kwargs")}
    assert taken == set(INITIALIZER_ARGUMENTS.get(name, ()))
    examples = {key: {"mode": "fan_avg", "distribution": "uniform", "minval": -0.5}.get(key, 0.5) for key in taken}
    given = KernelInitializer.model_validate({"name": name, **examples})
    assert {key: getattr(theirs(**given.arguments()), key) for key in taken} == examples


def test_no_initializer_is_missing():
    assert public_functions(keras.initializers) == {*names_of(Initializer), *OTHER_INITIALIZERS}


# --- losses, metrics -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in names_of(Loss) if name != "auto"])
def test_losses_exist(name):
    assert callable(keras.losses.get(name))


def test_no_loss_is_missing():
    assert public_functions(keras.losses) == {*names_of(Loss), *OTHER_LOSSES} - {"auto"}


def test_every_loss_is_for_classes_or_for_amounts():
    assert sorted([*CLASSIFICATION_LOSSES, *REGRESSION_LOSSES, "auto"]) == sorted(names_of(Loss))
    for short, name in LOSS_ALIASES.items():
        assert keras.losses.get(short) is keras.losses.get(name)


def test_every_metric_is_for_classes_or_for_amounts():
    assert sorted([*CLASSIFICATION_METRICS, *REGRESSION_METRICS]) == sorted(names_of(Metric))
