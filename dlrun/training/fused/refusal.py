"""What the fused engine does not do, by name. Loads no Keras."""

from __future__ import annotations

from dlrun.spec import Experiment
from dlrun.spec.augmentation import FOR_IMAGES, acting
from dlrun.spec.optimizers import Ftrl
from dlrun.training.fused.recipe import WHOLE_LAYER

PRECISIONS = ("float32", "float64")
WHOLE_MATRIX = ("adafactor", "muon")
"""Optimizers that look at a whole weight matrix: its rows' and columns' means, its singular values."""
STEP_ON_NOISE = ("adafactor", "lion")
"""Optimizers whose steps do not shrink with the gradient."""
NOISE = 0.9e-8
"""Nor do those of Adam and its kin where `epsilon` is smaller than this."""
SMALLEST = 1.2e-38
"""What is smaller is 0 in 32 bits."""


def cannot_fuse(experiment: Experiment) -> str | None:
    """Why this experiment has to be trained by the keras engine; None where it can be fused."""
    fit = experiment.fit
    if fit.epochs == 0:
        return "fit.epochs: 0 trains nothing"
    if fit.precision not in PRECISIONS:
        return f"fit.precision: {fit.precision} is not fused"
    changed = [key for key in acting(experiment.data) if key in FOR_IMAGES]
    if changed:
        return f"data.augmentation.{changed[0]} is not fused"
    if steps_on_noise(experiment):
        return (
            f"optimizer.name: {experiment.optimizer.name} makes whole steps of the rounding errors in a bias before "
            "batch normalization; model.use_bias: false can be fused"
        )
    return None


def steps_on_noise(experiment: Experiment) -> bool:
    """Whether rounding errors decide what comes out. Batch normalization takes the mean off, so the bias before it has
    the gradient 0 but for rounding errors, which are others in another program."""
    model, optimizer = experiment.model, experiment.optimizer
    noisy = model.batch_normalization and model.use_bias and bool(model.hidden)
    return noisy and (optimizer.name in STEP_ON_NOISE or getattr(optimizer, "epsilon", 1.0) < NOISE)


def cannot_pad(experiment: Experiment) -> str | None:
    """Why it is fused with nets of exactly the same layers only; None where its net may be padded to a larger one."""
    model, optimizer = experiment.model, experiment.optimizer
    whole = sorted(WHOLE_LAYER & set(model.each_layer(model.activation)))
    if whole:
        return f"model.activation: {whole[0]} looks at a whole layer"
    if optimizer.name in WHOLE_MATRIX:
        return f"optimizer.name: {optimizer.name} looks at a whole weight matrix"
    if divides_by_zero(experiment):
        return f"optimizer.name: {optimizer.name} with these arguments divides 0 by 0 where a gradient is 0"
    return None


def divides_by_zero(experiment: Experiment) -> bool:
    """Whether a weight whose gradient is always 0, as in the padding, becomes NaN."""
    optimizer = experiment.optimizer
    if isinstance(optimizer, Ftrl):
        return optimizer.initial_accumulator_value < SMALLEST
    return getattr(optimizer, "epsilon", 1.0) < SMALLEST


def can_pad(experiment: Experiment) -> bool:
    """Whether its net may be padded to a larger one."""
    return cannot_pad(experiment) is None
