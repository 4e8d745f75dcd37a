"""What is tried where nothing was said: other widths and depths around a config's own."""

from __future__ import annotations

from typing import Any

from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import DEFAULT_UNITS, Experiment

DEPTHS = (1, 2, 3, 4)


def around(experiment: Experiment) -> dict[str, Any]:
    """A `sweep` over half, once, twice and four times the width of the widest layer, and 1 to 4 hidden layers. Where
    layers have settings of their own, widths are multiplied and layers repeated instead.

    Raises:
        ConfigError: given weights fix the net.
    """
    model = experiment.model
    if model.weights is not None:
        text = "model.weights fix the net, so no other widths and depths are tried. Say what to try with --grid."
        raise ConfigError([Problem("", text)])
    if isinstance(model.activation, tuple) or isinstance(model.dropout, tuple):
        return {"grid": {"model.widen": [1, 2, 4], "model.deepen": list(DEPTHS)}}
    width = max(model.units, default=DEFAULT_UNITS[0])
    widths = dict.fromkeys((max(1, width // 2), width, 2 * width, 4 * width))
    return {"grid": {"model.width": list(widths), "model.depth": list(DEPTHS)}}
