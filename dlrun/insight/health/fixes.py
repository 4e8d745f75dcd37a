"""What would mend a finding: a change of the config, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlrun.insight.verdict.changes import rate_times
from dlrun.insight.words import Said

Spec = Mapping[str, Any]
"""An experiment, nested, every default filled in."""
SMALL_SLOPE = {"sigmoid": "1/4", "hard_sigmoid": "1/6", "sparse_sigmoid": "1/2"}
"""Activations whose slope is small everywhere, and its most."""
GLOROT = ("tanh", "hard_tanh", "softsign", "linear", "softmax", *SMALL_SLOPE)
"""Glorot & Bengio 2010; for relu and its kin He et al. 2015, for selu LeCun's start (Klambauer et al. 2017)."""
FITTING = {
    "he_normal": ("he_normal", "he_uniform"),
    "glorot_uniform": ("glorot_uniform", "glorot_normal", "lecun_normal", "lecun_uniform", "orthogonal"),
    "lecun_normal": ("lecun_normal", "lecun_uniform"),
}


@dataclass(frozen=True)
class Fix:
    """One change."""

    why: Said
    patch: Mapping[str, Any] = field(default_factory=dict)


def fitting_start(activation: str) -> str:
    """The initializer that suits an activation."""
    if activation == "selu":
        return "lecun_normal"
    return "glorot_uniform" if activation in GLOROT else "he_normal"


def better_start(spec: Spec, activation: str) -> Fix:
    """An initializer that draws every unit differently, at the size that suits the activation."""
    wanted = fitting_start(activation)
    if spec["model"].get("weights"):
        return Fix(Said("health.fix_given"))
    said = Said("health.fix_start", {"initializer": wanted, "activation": activation})
    return Fix(said, {"model.kernel_initializer": wanted})


def other_start(spec: Spec, activation: str) -> Fix:
    """The initializer that suits; where it is there already batch normalization, else fewer layers."""
    name = _initializer(spec)
    if name not in FITTING[fitting_start(activation)] or spec["model"].get("weights"):
        return better_start(spec, activation)
    return normalise(spec)


def normalise(spec: Spec) -> Fix:
    if spec["model"].get("batch_normalization"):
        return Fix(Said("health.fix_fewer"))
    return Fix(Said("health.fix_normalise"), {"model.batch_normalization": True})


def pass_signal(spec: Spec, activation: str, kind: str) -> Fix:
    """For gradients that vanish or explode on their way back."""
    if kind == "vanishing" and activation in SMALL_SLOPE:
        patch = {"model.activation": "relu", "model.kernel_initializer": "he_normal"}
        return Fix(Said("health.fix_slope", {"activation": activation, "slope": SMALL_SLOPE[activation]}), patch)
    return other_start(spec, activation)


def revive(spec: Spec, activation: str, from_start: bool) -> Fix:
    """For dead units: smaller steps, or where they were dead at the start another start; leaky_relu never dies."""
    name = _initializer(spec)
    if from_start and name not in FITTING[fitting_start(activation)]:
        return better_start(spec, activation)
    if from_start:
        return Fix(Said("health.fix_leaky"), {"model.activation": "leaky_relu"})
    return Fix(Said("health.fix_revive"), rate_times(spec, 0.1))


def lower_rate(spec: Spec) -> Fix:
    return Fix(Said("health.fix_lower_rate"), rate_times(spec, 0.1))


def more_rate(spec: Spec) -> Fix:
    return Fix(Said("health.fix_more_rate"), rate_times(spec, 10))


def _initializer(spec: Spec) -> str:
    given = spec["model"].get("kernel_initializer", "glorot_uniform")
    return str(given if isinstance(given, str) else given["name"])
