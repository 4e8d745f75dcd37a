"""The layers of a net with their shapes and parameters, counted from the spec: Keras is not loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.spec.experiment import Model


@dataclass(frozen=True)
class LayerRow:
    """One line of the table."""

    layer: str
    units: int
    """The output shape is (batch, units)."""
    trainable: int
    """Weights that training changes."""
    fixed: int = 0
    """Weights that it does not: the running statistics of batch normalization."""


def layer_table(model: Model, features: int, outputs: int, output_activation: str) -> list[LayerRow]:
    """One row per layer, in Keras' order: Dense, batch normalization, activation, dropout.

    Args:
        model: the spec.
        features: columns that enter the net.
        outputs: units of the output layer.
        output_activation: its activation, `auto` carried out.
    """
    rows: list[LayerRow] = []
    width = features
    layers = zip(model.hidden, model.each_layer(model.activation), model.each_layer(model.dropout), strict=True)
    for units, activation, dropout in layers:
        rows.append(LayerRow(f"Dense {units}", units, dense_weights(width, units, model.use_bias)))
        if model.batch_normalization:
            rows.append(LayerRow("BatchNormalization", units, 2 * units, 2 * units))
        rows.append(LayerRow(f"Activation {activation}", units, 0))
        if dropout > 0:
            rows.append(LayerRow(f"Dropout {dropout:g}", units, 0))
        width = units
    rows.append(LayerRow(f"Dense {outputs} (output)", outputs, dense_weights(width, outputs, model.use_bias)))
    rows.append(LayerRow(f"Activation {output_activation}", outputs, 0))
    return rows


def parameters_of(experiment: Experiment, data: Prepared) -> int:
    """How many weights training changes."""
    return sum(row.trainable for row in layer_table(experiment.model, data.train.x.shape[1], data.task.outputs, ""))


def dense_weights(inputs: int, units: int, use_bias: bool) -> int:
    return (inputs + use_bias) * units


@dataclass(frozen=True)
class Steps:
    """How often the weights are moved."""

    batch_size: int
    per_epoch: int
    in_all: int


def steps(experiment: Experiment, train_rows: int) -> Steps:
    """Steps of a run; the last batch of an epoch may be smaller."""
    given = experiment.fit.batch_size
    size = train_rows if given == "full" else min(given, train_rows)
    per_epoch = math.ceil(train_rows / size)
    return Steps(size, per_epoch, per_epoch * experiment.fit.epochs)
