"""A stored run -> its net: built again from the spec, its weights read from `model.keras`.

Nothing in the file is believed but numbers. Loading a foreign `.keras` file as Keras does can run code in it, so its
description of the layers is only compared with the spec's, as text.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Task
from dlrun.errors import StoreError
from dlrun.spec import Experiment
from dlrun.training.backend import choose, current, without
from dlrun.training.forward import Forward
from dlrun.training.network import build
from dlrun.training.objective import Objective, objective_of
from dlrun.training.precision import numbers_in
from dlrun.training.trained_network import FOREIGN

COMPARED = ("name", "batch_shape", "units", "use_bias", "activation", "rate", "axis", "epsilon")
"""What must be the same in a layer of the file and of the spec: all that decides its outputs, besides weights."""
WAY_OUT = "Train the run again with --force"


@dataclass(frozen=True)
class RestoredNetwork:
    """A net with the weights of a stored run."""

    model: Any
    """The plain `keras.Sequential`."""
    objective: Objective
    backend: str
    widest: int
    """Units of the widest layer, inputs included."""
    precision: str

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the output layer gives for rows x (rows, features): float32 (rows, outputs)."""
        with numbers_in(self.precision):
            return Forward(self.model, self.objective, self.backend, self.widest, len(x)).outputs(x)


def restore(path: Path, experiment: Experiment, task: Task, features: int, backend: str) -> RestoredNetwork:
    """The net of an experiment with the weights in a `.keras` file that dlrun wrote, on any backend.

    Args:
        path: of the file.
        experiment: of the run.
        task: what it predicts.
        features: inputs of the net.
        backend: tensorflow, jax or torch; need not be the one it was trained on.

    Raises:
        BackendError: it is not there, or Keras already runs on another one.
        StoreError: the file is damaged, or holds another net than the spec describes.
    """
    choose(backend)
    model, precision = experiment.model, experiment.fit.precision
    with numbers_in(precision), without(*FOREIGN):
        objective = objective_of(experiment, task)
        network = build(model, features, task.outputs, objective.activation, experiment.seed, precision)
        same_layers(path, stored_layers(path), described(network.get_config()["layers"]))
        load_weights(network, path)
    return RestoredNetwork(network, objective, current(), max(features, *model.hidden, 1), precision)


def stored_layers(path: Path) -> list[dict[str, Any]]:
    """The layers that a `.keras` file describes, as plain data; nothing in it is carried out.

    Raises:
        StoreError: it is no such file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
        return described(config["config"]["layers"])
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as a Keras model. {WAY_OUT}") from error


def described(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of Keras' description of each layer, what decides its outputs; JSON's lists for tuples."""
    found = [
        {key: _unshared(layer["config"][key]) for key in COMPARED if key in layer["config"]}
        | {"class": layer["class_name"]}
        for layer in layers
    ]
    plain: list[dict[str, Any]] = json.loads(json.dumps(found))
    return plain


def _unshared(value: Any) -> Any:
    """A value without the number by which Keras says that two layers hold one object (the step function, say): it is
    an address, and only in files."""
    return {key: one for key, one in value.items() if key != "shared_object_id"} if isinstance(value, dict) else value


def same_layers(path: Path, stored: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    """Raises StoreError, naming the first layer in which the file differs from the spec."""
    if stored == wanted:
        return
    pairs = list(zip(stored, wanted, strict=False))
    place = next((place for place, (one, other) in enumerate(pairs) if one != other), len(pairs))
    came = in_words(stored[place]) if place < len(stored) else "nothing"
    must = in_words(wanted[place]) if place < len(wanted) else "nothing"
    raise StoreError(
        f"{path}: does not hold the net of its spec.yaml, and is not opened: layer {place + 1} must be {must}. "
        f"Received: {came}. {WAY_OUT}"
    )


def in_words(layer: dict[str, Any]) -> str:
    """`Dense(name='output', units=3, ...)`."""
    return f"{layer['class']}({', '.join(f'{key}={value!r}' for key, value in layer.items() if key != 'class')})"


def load_weights(network: Any, path: Path) -> None:
    """Reads the weights; Keras' own reader, which takes arrays alone from the file."""
    try:
        network.load_weights(path)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, RuntimeError) as error:
        first = str(error).strip().splitlines()[:1]
        raise StoreError(f"{path}: its weights cannot be read: {''.join(first)}. {WAY_OUT}") from error
