"""The health of a net as it is, without training."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.training.health.blocks import blocks_of
from dlrun.training.health.instrument import Instrument, Plan
from dlrun.training.health.layer_health import LayerHealth, layers_of


def health_of(
    network: Any, x: np.ndarray, y: np.ndarray | None = None, loss: Any = None, batch_statistics: bool = True
) -> list[LayerHealth]:
    """Each Dense layer of a Keras `Sequential` for rows x (rows, features), the output last. Nothing changes.

    Args:
        y: what the loss compares outputs with; gradients need it.
        loss: a Keras loss object.
        batch_statistics: with batch normalization, normalise by these rows, as training does; False takes the moving
            statistics, as prediction does.

    Raises:
        ValueError: the net has other layers, or there are no rows, or one of y and loss without the other.
    """
    import keras

    if len(x) == 0 or (y is None) != (loss is None):
        raise ValueError(f"x must have rows, and y and loss come together. Received: {len(x)} rows, loss={loss}.")
    blocks = blocks_of(network)
    plan = Plan(network, blocks, loss, batch_statistics)
    rows = np.ascontiguousarray(x, keras.config.floatx())
    instrument = Instrument(plan, keras.backend.backend(), rows, None if y is None else np.asarray(y))
    return layers_of(blocks, instrument.read(), [None] * len(blocks))
