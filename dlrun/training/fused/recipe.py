"""What members of one compiled program have in common, and how large it pads them. Loads no Keras."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.spec.augmentation import acting
from dlrun.training.batches import batch_size
from dlrun.training.objective import Objective, objective_of

ZERO_AT_ZERO = {
    "celu", "elu", "gelu", "hard_shrink", "hard_silu", "hard_swish", "hard_tanh", "leaky_relu", "linear", "mish",
    "relu", "relu6", "selu", "silu", "soft_shrink", "softsign", "step", "swish", "tanh", "tanh_shrink",
}  # fmt: skip
"""Activations with f(0) = 0: units that only fill the shape stay 0 by themselves. The others need the unit mask."""
WHOLE_LAYER = {"log_softmax", "softmax", "sparsemax"}
"""Activations of a unit that depend on all units of its layer: one more unit, even of zeros, changes them."""


@dataclass(frozen=True)
class Recipe:
    """All that is fixed when a program is compiled, its padded layers left out."""

    features: int
    outputs: int
    rows: int
    """Train rows."""
    measured: int
    """Train rows that the honest train loss is measured on."""
    held_out: int
    """Validation rows."""
    batch: int
    """Rows per step."""
    activation: str | tuple[str, ...]
    """Of all hidden layers, or of each."""
    output_activation: str
    loss: str
    one_hot: bool
    use_bias: bool
    batch_normalization: bool
    dropout: bool
    """Whether a member has any."""
    l1: bool
    """Whether a member has an L1 penalty."""
    l2: bool
    smoothing: bool
    weighted: bool
    """Whether train rows have weights."""
    optimizer: str
    """JSON of its name and arguments, the learning rate left out."""
    precision: str
    noise: bool = False
    """Whether a member has noise on its inputs."""
    mixup: bool = False

    @property
    def steps(self) -> int:
        """Batches per epoch, a smaller last one included."""
        return -(-self.rows // self.batch)

    @property
    def rest(self) -> int:
        """Rows of a smaller last batch; 0 where there is none."""
        return self.rows % self.batch

    @property
    def filled(self) -> bool:
        """Whether a smaller last batch is filled up and its true rows are marked. Batch normalization takes its mean
        over what it is given (with a mask Keras divides by the rows + 1e-7), so for it the last step is compiled
        with a shape of its own."""
        return self.rest > 0 and not self.batch_normalization

    @cached_property
    def optimizer_arguments(self) -> dict[str, Any]:
        """Name and arguments, the learning rate left out."""
        return dict(json.loads(self.optimizer))


def recipe_of(experiment: Experiment, data: Prepared) -> Recipe:
    """The recipe of one run."""
    model, fit = experiment.model, experiment.fit
    objective = objective_of(experiment, data.task)
    rates = model.each_layer(model.dropout)
    augmented = acting(experiment.data)
    return Recipe(
        features=data.train.x.shape[1],
        outputs=data.task.outputs,
        rows=len(data.train),
        measured=len(data.measured_train),
        held_out=len(data.validation) if data.validation is not None else 0,
        batch=batch_size(fit.batch_size, len(data.train)),
        activation=activation_of(experiment),
        output_activation=objective.activation,
        loss=trained_loss(objective),
        one_hot=objective.one_hot,
        use_bias=model.use_bias,
        batch_normalization=model.batch_normalization,
        dropout=any(rate > 0 for rate in rates),
        l1=model.l1 > 0,
        l2=model.l2 > 0,
        smoothing=fit.label_smoothing > 0,
        weighted=fit.class_weight is not None,
        optimizer=optimizer_key(experiment),
        precision=fit.precision,
        noise="noise" in augmented,
        mixup="mixup" in augmented,
    )


def activation_of(experiment: Experiment) -> str | tuple[str, ...]:
    """One where all hidden layers have the same; a net without hidden layers fits beside any."""
    each: tuple[str, ...] = experiment.model.each_layer(experiment.model.activation)
    return each[0] if len(set(each)) == 1 else each


def trained_loss(objective: Objective) -> str:
    """Keras' name of the loss that is minimised; the categorical cross-entropy where labels are smoothed or mixed."""
    smoothed = objective.label_smoothing > 0 or objective.soft
    between = objective.loss == "sparse_categorical_crossentropy" and smoothed
    return "categorical_crossentropy" if between else objective.loss


def optimizer_key(experiment: Experiment) -> str:
    given = experiment.optimizer
    arguments = {key: value for key, value in given.arguments().items() if key != "learning_rate"}
    return json.dumps({"class": type(given).__name__, **arguments}, sort_keys=True)


@dataclass(frozen=True)
class Shape:
    """The padded net that a program trains."""

    widths: tuple[int, ...]
    """Units of each hidden layer."""
    gated: bool = False
    """Whether a member may have fewer layers; those it lacks are skipped."""

    @property
    def depth(self) -> int:
        return len(self.widths)


def exact(units: tuple[int, ...]) -> Shape:
    """The shape of a net alone: nothing is padded."""
    return Shape(units)


def join(one: Shape, other: Shape) -> Shape:
    """The smallest shape that holds both."""
    short, long = sorted((one, other), key=lambda shape: shape.depth)
    widths = list(long.widths)
    for place, width in enumerate(short.widths):
        widths[place] = max(widths[place], width)
    last = short.widths[-1] if short.widths else 0
    for place in range(short.depth, long.depth):  # what the last layer of the shorter net gives passes through these
        widths[place] = max(widths[place], last)
    gated = one.gated or other.gated or short.depth < long.depth
    return Shape(tuple(widths), gated)


def parameters(features: int, widths: tuple[int, ...], outputs: int) -> int:
    """Weights and biases of a net with these layers."""
    sizes = (features, *widths, outputs)
    return sum((before + 1) * after for before, after in itertools.pairwise(sizes))
