"""The numbers of one layer, worked out on the host in float64 from what the instrument gives."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from dlrun.training.health.blocks import Block
from dlrun.training.health.flat_zones import SATURATING, flat
from dlrun.training.health.histogram import Histogram, histogram_of
from dlrun.training.health.instrument import Pass

COMPARED = 128
"""Units of a layer whose likeness is measured; of wider ones the first."""


@dataclass(frozen=True)
class LayerHealth:
    """One layer, on a sample of rows. What does not apply, or is not finite, is None.

    `z` (rows, units) is what enters the activation, batch normalization included; `a` what leaves it, before dropout.
    """

    name: str
    """`hidden_1`, ..., `output`."""
    activation: str
    inputs: int
    units: int
    mean: float | None
    """Mean of a, over rows and units."""
    spread: float | None
    """Standard deviation of a, over rows and units."""
    mean_before: float | None
    """The same of z."""
    spread_before: float | None
    dead: float | None
    """Share of units that lie in a flat zone of their activation for every row: for relu, units that give 0 for all.
    None for the output layer, and for activations without flat zones."""
    saturated: float | None
    """Share of (row, unit) pairs at the ceiling or the floor of a sigmoid, tanh or their kin; None for others and for
    the output layer."""
    gradient: float | None
    """Euclidean norm of the kernel's gradient of the training loss, penalty included, dropout off."""
    signal: float | None
    """Root mean square over rows and units of rows * dLoss/dz: what arrives here on the way back."""
    weight: float | None
    """Euclidean norm of the kernel."""
    update: float | None
    """Norm of one step's change of the kernel over the kernel's norm before it."""
    alike: float | None
    """Mean |cosine| between the incoming weights (bias included) of two units; equal ones count 1, also where all are
    0. None for a single unit."""
    histogram: Histogram | None
    """Of a."""


NOT_MEASURES = ("name", "activation", "inputs", "units", "histogram")
MEASURES: Final = tuple(field.name for field in fields(LayerHealth) if field.name not in NOT_MEASURES)
"""The names of the numbers."""


def layers_of(blocks: list[Block], found: Pass, updates: list[float | None]) -> list[LayerHealth]:
    """The health of each block, the output last.

    Args:
        found: what the instrument gave.
        updates: relative change of each kernel in one step.
    """
    return [layer_of(blocks, place, found, updates[place]) for place in range(len(blocks))]


def layer_of(blocks: list[Block], place: int, found: Pass, update: float | None) -> LayerHealth:
    block, hidden = blocks[place], place < len(blocks) - 1
    before, after = found.before[place], found.after[place]
    mean, spread = moments(after)
    mean_before, spread_before = moments(before)
    zone = flat(block.activation, before) if hidden and np.isfinite(before).all() else None
    weights = [host(variable) for variable in block.weights]
    return LayerHealth(
        name=block.name,
        activation=block.activation,
        inputs=block.inputs,
        units=block.units,
        mean=finite(mean),
        spread=finite(spread),
        mean_before=finite(mean_before),
        spread_before=finite(spread_before),
        dead=None if zone is None else float(zone.all(axis=0).mean()),
        saturated=None if zone is None or block.activation not in SATURATING else float(zone.mean()),
        gradient=None if found.gradients is None else finite(norm(found.gradients[place])),
        signal=None if found.signals is None else finite(root_mean_square(found.signals[place]) * len(before)),
        weight=finite(norm(weights[0])),
        update=update,
        alike=alike(weights),
        histogram=histogram_of(after, mean, spread),
    )


def moments(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation over all values."""
    with np.errstate(all="ignore"):  # a net that diverges gives inf and NaN, which are told as None
        return float(values.mean(dtype=np.float64)), float(values.std(dtype=np.float64))


def norm(values: np.ndarray) -> float:
    """The Euclidean norm, also of numbers whose squares are too small for their format."""
    peak = float(np.abs(values).max(initial=0.0))
    if peak == 0 or not math.isfinite(peak):
        return peak
    return peak * float(np.linalg.norm((values / peak).astype(np.float64)))


def root_mean_square(values: np.ndarray) -> float:
    return norm(values) / math.sqrt(values.size)


def relative_change(before: np.ndarray, after: np.ndarray) -> float | None:
    """||after - before|| / ||before||; None where there was nothing."""
    size = norm(before)
    with np.errstate(all="ignore"):  # a net that diverges gives inf and NaN, which are told as None
        return finite(norm(after - before) / size) if size > 0 else None


def alike(weights: list[np.ndarray]) -> float | None:
    """See `LayerHealth.alike`.

    Args:
        weights: kernel (inputs, units) and, maybe, bias (units,).
    """
    columns = np.vstack(weights)[:, :COMPARED].astype(np.float64)
    units = columns.shape[1]
    if units < 2 or not np.isfinite(columns).all():
        return None
    lengths = np.linalg.norm(columns, axis=0)
    directions = columns / np.where(lengths > 0, lengths, 1.0)
    cosines = np.abs(directions.T @ directions)
    cosines[np.ix_(lengths == 0, lengths == 0)] = 1.0
    return float(min(1.0, (cosines.sum() - units) / (units * (units - 1))))


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def host(variable: object) -> np.ndarray:
    """A copy of a Keras variable."""
    import keras

    return np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(variable)))
