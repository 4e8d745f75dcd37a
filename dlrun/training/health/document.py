"""What was measured, as one document: plain JSON, numbers finite or null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dlrun.training.health.histogram import rounded
from dlrun.training.health.layer_health import MEASURES, LayerHealth

FORMAT: Final = 1


def document_of(
    epochs: Sequence[int], found: Sequence[Sequence[LayerHealth]], rows: int, steps: int, batch_normalization: bool
) -> dict[str, Any]:
    """`health.json`.

    Args:
        epochs: that were measured, from 0.
        found: of each of them every layer.
        rows: that were looked at.
        steps: per epoch.

    Returns:
        `layers`: what each is; `measures`: name -> per layer a list, one value per epoch; `histograms`: of each layer's
        activations at the start, in the middle and at the end.
    """
    first = found[0] if found else []
    return {
        "format": FORMAT,
        "rows": rows,
        "steps_per_epoch": steps,
        "batch_normalization": batch_normalization,
        "layers": [
            {"name": one.name, "activation": one.activation, "inputs": one.inputs, "units": one.units} for one in first
        ],
        "epochs": list(epochs),
        "measures": {
            name: [[_number(getattr(layers[place], name)) for layers in found] for place in range(len(first))]
            for name in MEASURES
        },
        "histograms": [
            {
                "epoch": epochs[at],
                "layers": [one.histogram.to_json() if one.histogram else None for one in found[at]],
            }
            for at in telling_places(epochs)
        ],
    }


def telling_places(epochs: Sequence[int]) -> list[int]:
    """The places of the start, the middle and the end."""
    if not epochs:
        return []
    half = (epochs[0] + epochs[-1]) / 2
    middle = min(range(len(epochs)), key=lambda place: abs(epochs[place] - half))
    return sorted({0, middle, len(epochs) - 1})


def _number(value: float | None) -> float | None:
    return None if value is None else rounded(value)
