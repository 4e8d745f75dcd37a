"""Members laid over one another: numpy arrays with a first axis that counts them, padded to the program's shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.spec import Experiment
from dlrun.training.augmentation_draws import noise_seed
from dlrun.training.fused.padded_net import Member
from dlrun.training.fused.recipe import Recipe, Shape
from dlrun.training.fused.threefry import last_kept
from dlrun.training.given_weights import given_weights
from dlrun.training.initial_weights import DenseWeights, initial_weights
from dlrun.training.network import dense_names, dense_shapes, dropout_seed
from dlrun.training.precision import array_type


class Layout:
    """Where a member's weights lie in the padded arrays.

    Args:
        recipe, shape: of the program.
    """

    def __init__(self, recipe: Recipe, shape: Shape):
        self.recipe, self.shape = recipe, shape
        self.numbers = array_type(recipe.precision)

    def start(self, experiment: Experiment, trained: list[np.ndarray], statistics: list[np.ndarray], slot: int) -> None:
        """Writes a member's initial weights, drawn at their true shape, into its place; padding is 0."""
        for array in (*trained, *statistics):
            array[slot] = 0
        for part, value in zip(self.trained_parts(experiment, trained, slot), self._first(experiment), strict=True):
            part[...] = value
        for moving_mean, moving_variance in self.statistics_parts(experiment, statistics, slot):
            moving_mean[...], moving_variance[...] = 0, 1

    def _first(self, experiment: Experiment) -> list[np.ndarray]:
        values: list[np.ndarray] = []
        dense = self._dense_start(experiment)
        for place, layer in enumerate(dense):
            values.append(layer.kernel)
            if layer.bias is not None:
                values.append(layer.bias)
            if self.recipe.batch_normalization and place < len(dense) - 1:
                values += [np.ones(layer.kernel.shape[1]), np.zeros(layer.kernel.shape[1])]
        return values

    def _dense_start(self, experiment: Experiment) -> list[DenseWeights]:
        model = experiment.model
        shapes = dense_shapes(model, self.recipe.features, self.recipe.outputs)
        if model.weights:
            return given_weights(model, shapes, dense_names(model))
        return initial_weights(model, shapes, experiment.seed)

    def trained_parts(self, experiment: Experiment, trained: list[np.ndarray], slot: int) -> list[np.ndarray]:
        """Views of a member's true weights, in the order of the plain net's trained variables."""
        sizes = (self.recipe.features, *experiment.model.hidden, self.recipe.outputs)
        depth = len(sizes) - 2
        per_dense = 2 if self.recipe.use_bias else 1
        per_layer = per_dense + (2 if self.recipe.batch_normalization else 0)
        views: list[np.ndarray] = []
        for layer in (*range(depth), self.shape.depth):
            own = layer if layer < depth else depth
            arrays = trained[layer * per_layer : layer * per_layer + (per_layer if own < depth else per_dense)]
            views.append(arrays[0][slot, : sizes[own], : sizes[own + 1]])
            views += [array[slot, : sizes[own + 1]] for array in arrays[1:]]
        return views

    def statistics_parts(
        self, experiment: Experiment, statistics: list[np.ndarray], slot: int
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Views of a member's running means and variances, a pair per hidden layer."""
        if not self.recipe.batch_normalization:
            return []
        return [
            (statistics[2 * place][slot, :width], statistics[2 * place + 1][slot, :width])
            for place, width in enumerate(experiment.model.hidden)
        ]


def empty_like(variables: list[Any], slots: int) -> list[np.ndarray]:
    """Arrays of zeros for the Keras variables of so many members."""
    return [np.zeros((slots, *variable.shape), str(variable.dtype)) for variable in variables]


def filled_with(variables: list[Any], slots: int) -> list[np.ndarray]:
    """The values of the Keras variables, once per member."""
    return [np.repeat(np.asarray(variable.value)[None], slots, axis=0) for variable in variables]


def blank_member(recipe: Recipe, shape: Shape, slots: int) -> Member:
    """The constants of so many members that are not there yet."""
    numbers = array_type(recipe.precision)
    words = np.uint64 if recipe.precision == "float64" else np.uint32
    layers = (slots, shape.depth)
    return Member(
        units=np.ones(layers, np.uint32),
        gates=np.zeros(layers, bool),
        seeds=np.zeros(layers, np.uint32),
        last_kept=np.full(layers, last_kept(0.0, recipe.precision), words),
        keep=np.ones(layers, numbers),
        l1=np.zeros(slots, numbers),
        l2=np.zeros(slots, numbers),
        smoothing=np.zeros(slots, numbers),
        noise=np.zeros(slots, numbers),
        noise_seed=np.zeros(slots, np.uint32),
    )


def write_member(member: Member, slot: int, experiment: Experiment) -> None:
    """Writes the constants of an experiment into a slot."""
    model = experiment.model
    depth = len(model.hidden)
    member.units[slot] = model.hidden[-1] if depth else 1  # what passes through missing layers keeps its width
    member.units[slot, :depth] = model.hidden
    member.gates[slot] = np.arange(member.gates.shape[1]) < depth
    member.last_kept[slot], member.keep[slot] = last_kept(0.0, experiment.fit.precision), 1
    for place, rate in enumerate(model.each_layer(model.dropout)):
        member.seeds[slot, place] = dropout_seed(experiment.seed, place)
        member.last_kept[slot, place] = last_kept(rate, experiment.fit.precision)
        member.keep[slot, place] = 1.0 - rate
    member.l1[slot], member.l2[slot] = model.l1, model.l2
    member.smoothing[slot] = experiment.fit.label_smoothing
    augmentation = experiment.data.augmentation
    member.noise[slot] = 0.0 if augmentation is None else augmentation.noise or 0.0
    member.noise_seed[slot] = noise_seed(experiment.seed)
