"""What the fused engine does not do, by name. Loads no Keras."""

from __future__ import annotations

from dlrun.spec import Experiment

PRECISIONS = ("float32", "float64")
NOT_PADDED = ("adafactor", "muon")
"""Optimizers that look at a whole weight matrix: its rows' and columns' means, its singular values. They are fused with
nets of exactly the same layers only."""


def cannot_fuse(experiment: Experiment) -> str | None:
    """Why this experiment has to be trained by the keras engine; None where it can be fused."""
    fit, optimizer = experiment.fit, experiment.optimizer
    if fit.epochs == 0:
        return "fit.epochs: 0 trains nothing"
    if fit.precision not in PRECISIONS:
        return f"fit.precision: {fit.precision} is not fused"
    for key in ("use_ema", "gradient_accumulation_steps", "loss_scale_factor"):
        if getattr(optimizer, key):
            return f"optimizer.{key} is not fused"
    return None


def can_pad(experiment: Experiment) -> bool:
    """Whether its net may be padded to a larger one."""
    return experiment.optimizer.name not in NOT_PADDED
