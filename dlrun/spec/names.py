"""The Keras names that a config may use, as literal tables.

They stand here, and are not asked of Keras, so that a config is checked in a tenth of a second without
loading TensorFlow. `tests/spec/test_names.py` compares them with the installed Keras.
"""

from __future__ import annotations

from typing import Literal, get_args

KerasActivation = Literal[
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
]
"""Keras' activations that keep the shape and need no argument (`glu` halves it, `threshold` needs two)."""

Activation = Literal[KerasActivation, "step"]
"""`step` is ours: 1 above 0, else 0 (0 at 0), with no gradient, for perceptrons put together by hand."""

Initializer = Literal[
    "constant",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]

CLASSIFICATION_LOSSES = (
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "hinge",
    "kl_divergence",
    "sparse_categorical_crossentropy",
    "squared_hinge",
)
REGRESSION_LOSSES = (
    "huber",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
)
LOSS_ALIASES = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}

Loss = Literal[
    "auto",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "hinge",
    "huber",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]

CLASSIFICATION_METRICS = ("accuracy", "auc", "f1", "balanced_accuracy", "precision", "recall", "average_precision")
REGRESSION_METRICS = ("mean_absolute_error", "root_mean_squared_error", "r2")
Metric = Literal[
    "accuracy",
    "auc",
    "f1",
    "balanced_accuracy",
    "precision",
    "recall",
    "average_precision",
    "mean_absolute_error",
    "root_mean_squared_error",
    "r2",
]

GATES = ("and", "or", "nand", "nor", "xor", "xnor")
GENERATORS = (*GATES, "moons", "circles", "spirals", "blobs")
BUILT_IN_SETS = ("digits", "iris", "wine", "breast_cancer", "diabetes", "mnist", "fashion_mnist")
SOURCES = (*BUILT_IN_SETS, *GENERATORS)

BACKENDS = ("tensorflow", "jax", "torch")


def greater_is_better(monitor: str) -> bool:
    """Whether a larger value of this curve column is better: so for scores, not for losses and errors."""
    bare = monitor.removeprefix("val_").removeprefix("train_")
    return bare in (*CLASSIFICATION_METRICS, "r2")


def names_of(literal: object) -> tuple[str, ...]:
    """The words of a `Literal` type, nested literals flattened."""
    return get_args(literal)
