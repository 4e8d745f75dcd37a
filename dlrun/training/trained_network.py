"""A trained net with the weights that were kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dlrun.training.backend import without
from dlrun.training.forward import Forward
from dlrun.training.precision import numbers_in

FOREIGN = ("tensorflow",)
"""Keras asks of every object it saves whether it is one of TensorFlow's, and imports TensorFlow for the question: under
JAX or PyTorch three seconds for the answer no."""


class TrainedNetwork:
    """A plain Keras model, and the function that measured it.

    Args:
        model: the `keras.Sequential`, never compiled: its file holds layers and weights, no optimizer.
        forward: of the same model.
        precision: `fit.precision`.
    """

    file_name = "model.keras"

    def __init__(self, model: Any, forward: Forward, precision: str):
        self.model = model
        self._forward = forward
        self._precision = precision

    @property
    def parameters(self) -> int:
        """How many weights are trained."""
        return trained_parameters(self.model)

    def save(self, path: Path) -> None:
        """Writes a `.keras` file, whatever the path ends in."""
        with numbers_in(self._precision), without(*FOREIGN):
            if path.suffix == ".keras":
                self.model.save(path)
            else:
                aside = path.with_name(f"{path.name}.keras")
                self.model.save(aside)
                aside.replace(path)

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features): float32 (rows, outputs)."""
        with numbers_in(self._precision):
            return self._forward.outputs(x)


def trained_parameters(model: Any) -> int:
    """The number of trainable weights."""
    return sum(int(np.prod(variable.shape)) for variable in model.trainable_variables)
