"""What is minimised and what is measured: the task's output activation, Keras' losses, and the unit of a loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import Task
from dlrun.errors import ConfigError, Problem
from dlrun.spec import Experiment, resolved_loss
from dlrun.spec.augmentation import acting
from dlrun.spec.augmentation_rules import HARD_LOSSES

OUTPUT_ACTIVATIONS = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}

KERAS_CLASSES = {"kl_divergence": "KLDivergence"}
"""Losses whose Keras class is not simply their name in capitals."""

SMOOTHABLE = (
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
)
"""Losses that take `label_smoothing` in Keras; the sparse cross-entropy becomes the categorical one for it."""

SIGNED_LOSSES = ("hinge", "squared_hinge")
"""Losses that want outputs below 0 for the first class."""
UNIT_RANGE = ("sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax", "step")
"""Activations whose values lie between 0 and 1."""


def output_activation(experiment: Experiment, task: Task) -> str:
    """The output layer's activation: the config's, or the one that follows from the loss, or from the task."""
    by_loss = OUTPUT_OF_LOSS.get(experiment.fit.loss)
    return experiment.model.output_activation or by_loss or OUTPUT_ACTIVATIONS[task.kind]


OUTPUT_OF_LOSS = {"hinge": "tanh", "squared_hinge": "tanh", "poisson": "softplus"}
"""Losses whose outputs must have both signs, or must be above 0."""


@dataclass(frozen=True)
class Objective:
    """The loss of an experiment on its task."""

    loss: str
    """Keras' name."""
    task: Task
    activation: str
    """Of the output layer."""
    label_smoothing: float
    precision: str
    """Format of the loss: float32 or float64."""
    soft: bool = False
    """Whether train rows are mixed, so that targets lie between classes."""

    @property
    def one_hot(self) -> bool:
        """Whether the loss wants one-hot targets."""
        return self.task.kind == "multiclass" and self._trained_loss != "sparse_categorical_crossentropy"

    @property
    def _trained_loss(self) -> str:
        if self.loss == "sparse_categorical_crossentropy" and (self.label_smoothing > 0 or self.soft):
            return "categorical_crossentropy"
        return self.loss

    @property
    def unit(self) -> float:
        """Turns a mean row loss into what is reported: for regression, squared errors in the target's unit squared and
        absolute errors in its unit; 1 for the rest."""
        powers = {"mean_squared_error": 2, "mean_absolute_error": 1}
        return float(abs(self.task.spread) ** powers.get(self.loss, 0)) if self.task.kind == "regression" else 1.0

    @property
    def threshold(self) -> float:
        """Binary tasks: outputs above it mean the second class. 0 where hinge wants outputs of both signs, else 0.5."""
        return 0.0 if self.loss in SIGNED_LOSSES and self.activation not in UNIT_RANGE else 0.5

    def targets(self, y: np.ndarray) -> np.ndarray:
        """What the loss compares outputs with: y, or one-hot rows (rows, classes)."""
        if self.one_hot:
            return np.asarray(np.eye(self.task.outputs, dtype=self.precision)[y])
        return y.astype(self.precision) if self.task.kind == "regression" or self.soft else y

    def training_loss(self) -> Any:
        """The Keras loss that `fit` minimises, label smoothing in."""
        smoothing = {"label_smoothing": self.label_smoothing} if self.label_smoothing > 0 else {}
        return keras_loss(self._trained_loss, dtype=self.precision, **smoothing)

    def row_loss(self) -> Any:
        """The plain data loss of each row, on the same targets: a Keras loss without reduction or smoothing."""
        return keras_loss(self._trained_loss, dtype=self.precision, reduction="none")


def objective_of(experiment: Experiment, task: Task) -> Objective:
    """The objective of an experiment.

    Raises:
        ConfigError: label smoothing or mixup with a loss that does not take it.
    """
    from dlrun.training.precision import array_type

    loss = resolved_loss(experiment, task.kind)
    smoothing = experiment.fit.label_smoothing
    if smoothing > 0 and loss not in (*SMOOTHABLE, "sparse_categorical_crossentropy"):
        text = f"fit.label_smoothing needs a cross-entropy loss: {', '.join(SMOOTHABLE)}. Received: fit.loss {loss}."
        raise ConfigError([Problem("", text)])
    soft = "mixup" in acting(experiment.data)
    if soft and loss in HARD_LOSSES:
        text = f"data.augmentation.mixup needs a loss that takes targets between classes. Received: fit.loss {loss}."
        raise ConfigError([Problem("", text)])
    activation = output_activation(experiment, task)
    return Objective(loss, task, activation, smoothing, array_type(experiment.fit.precision), soft)


def keras_loss(name: str, **arguments: Any) -> Any:
    """The Keras loss object of that name."""
    import keras

    class_name = KERAS_CLASSES.get(name, "".join(word.capitalize() for word in name.split("_")))
    return getattr(keras.losses, class_name)(**arguments)
