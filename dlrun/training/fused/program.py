"""One epoch of many members as one compiled program."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlrun.training.augmentation import mixed
from dlrun.training.fused.padded_net import Member, PaddedNet
from dlrun.training.fused.recipe import Recipe
from dlrun.training.fused.threefry import normal
from dlrun.training.keras_engine import keras_optimizer_of
from dlrun.training.objective import keras_loss
from dlrun.training.precision import array_type

STARTS_WITH_WEIGHTS = {"ScheduleFreeAdamW": "_momentums"}
"""Keras' optimizers of which some variables begin as copies of the weights, and what it calls them; all others begin
with constants."""


class State(NamedTuple):
    """What an epoch changes; a first axis counts members outside `vmap`."""

    trained: list[Any]
    statistics: list[Any]
    optimizer: list[Any]


class Best(NamedTuple):
    """The weights that are kept so far."""

    trained: list[Any]
    statistics: list[Any]


class Rows(NamedTuple):
    """Rows that all members share, on the device."""

    x: Any
    """(rows, features)."""
    targets: Any
    """(rows,) or (rows, classes)."""
    weights: Any
    """(rows,) how much each counts; None for all alike."""
    measured_x: Any
    """(chunks, rows, features): the train rows that are measured, then the validation rows, each filled up."""
    measured_targets: Any
    """(chunks, rows) or (chunks, rows, classes)."""
    numeric: Any = None
    """bool (features,): the inputs that get noise; None for all."""


class Order(NamedTuple):
    """The steps of an epoch; a first axis counts members outside `vmap`."""

    rows: Any
    """int32 (steps, batch): the train rows of each step; -1 fills up the last one, behind its true rows."""
    partner: Any = None
    """int32 (steps, batch): the row of the step that each is mixed with; None without mixup."""
    share: Any = None
    """(steps, batch): how much of itself each keeps."""


class Reading(NamedTuple):
    """What an epoch shows, per member."""

    loss: Any
    """() what Keras' `fit` reports."""
    outputs: Any
    """(chunks * rows, outputs) of the measured rows."""
    losses: Any
    """(chunks * rows,) their plain data losses."""
    penalty: Any
    """()."""


class Epoch:
    """The epoch of a member as a pure function, to be mapped over members and compiled.

    Args:
        recipe: what all members have in common.
        net: the padded net.
    """

    def __init__(self, recipe: Recipe, net: PaddedNet):
        self.recipe, self.net = recipe, net
        arguments = dict(recipe.optimizer_arguments)
        self.optimizer = keras_optimizer_of(arguments.pop("class"), arguments)
        self.optimizer.build(net.variables)
        self.row_loss = keras_loss(recipe.loss, dtype=array_type(recipe.precision), reduction="none")

    @property
    def rate_place(self) -> int:
        """Where the learning rate stands among the optimizer's variables."""
        paths = [variable is self.optimizer._learning_rate for variable in self.optimizer.variables]
        return paths.index(True)

    @property
    def copies(self) -> list[tuple[int, int]]:
        """Optimizer variables that start as the weights do: their place, and that of the trained variable."""
        if type(self.optimizer).__name__ not in STARTS_WITH_WEIGHTS:
            return []
        places = {id(variable): place for place, variable in enumerate(self.optimizer.variables)}
        copied = getattr(self.optimizer, STARTS_WITH_WEIGHTS[type(self.optimizer).__name__])
        return [(places[id(variable)], place) for place, variable in enumerate(copied)]

    def __call__(
        self, state: State, best: Best, improved: Any, member: Member, rate: Any, order: Order, done: Any, rows: Rows
    ) -> tuple[State, Best, Reading]:
        """Trains a member for one epoch and measures it.

        Args:
            state: where it stands.
            best: the weights kept before the last epoch.
            improved: bool (), whether the last epoch was better: then `state` is kept.
            member: its constants.
            rate: () learning rate of this epoch.
            order: the rows of each step.
            done: uint32 (), steps made before.
            rows: the rows.
        """
        import jax
        import jax.numpy as jnp

        best = jax.tree.map(lambda old, new: jnp.where(improved, new, old), best, Best(state.trained, state.statistics))
        variables = list(state.optimizer)
        variables[self.rate_place] = rate
        start = (State(state.trained, state.statistics, variables), jnp.zeros((), rate.dtype), done)

        def step(carry: Any, chosen: Any) -> tuple[Any, None]:
            state, total, call = carry
            state, loss, count = self._step(state, member, chosen, call, rows)
            return (state, total + loss * count, call + 1), None

        apart = self.recipe.rest and not self.recipe.filled
        carry, _ = jax.lax.scan(step, start, jax.tree.map(lambda part: part[:-1], order) if apart else order)
        if apart:
            carry, _ = step(carry, jax.tree.map(lambda part: part[-1, : self.recipe.rest], order))
        state, total, _ = carry
        return state, best, self._read(state, member, total / self.recipe.rows, rows)

    def _step(self, state: State, member: Member, order: Order, call: Any, rows: Rows) -> tuple[State, Any, Any]:
        import jax
        import jax.numpy as jnp

        chosen = order.rows
        true = chosen >= 0 if self.recipe.filled else None
        count = jnp.sum(true, dtype=state.trained[0].dtype) if true is not None else chosen.shape[0]
        # a row of the batch itself fills it up: one that overflows elsewhere would turn 0 * inf into NaN here
        taken = chosen if true is None else jnp.where(true, chosen, chosen[0])
        x, targets = rows.x[taken], rows.targets[taken]
        weights = None if rows.weights is None else rows.weights[taken]
        if self.recipe.mixup:
            x, targets = (mixed(part, order.partner, order.share) for part in (x, targets))
            weights = None if weights is None else mixed(weights, order.partner, order.share)
        if self.recipe.noise:
            noise = normal((member.noise_seed, call), x.shape[0], x.shape[1], self.recipe.precision)
            x = x + jnp.where(True if rows.numeric is None else rows.numeric, noise * member.noise, 0)

        def objective(trained: Any) -> tuple[Any, tuple[Any, list[Any]]]:
            outputs, after = self.net.in_training(trained, state.statistics, member, x, call)
            losses = self.row_loss(self._smoothed(targets, member), outputs)
            losses = losses if weights is None else losses * weights
            losses = losses if true is None else jnp.where(true, losses, 0)
            loss = jnp.sum(losses) / count
            loss = loss + self.net.penalty(trained, member)
            return self.optimizer.scale_loss(loss), (loss, after)

        (_, (loss, after)), gradients = jax.value_and_grad(objective, has_aux=True)(state.trained)
        trained, variables = self.optimizer.stateless_apply(state.optimizer, gradients, state.trained)
        return State(list(trained), after, list(variables)), loss, count

    def _smoothed(self, targets: Any, member: Member) -> Any:
        """The targets as Keras' losses smooth them: with a share of each label spread over all classes."""
        if not self.recipe.smoothing:
            return targets
        targets = targets.astype(member.smoothing.dtype)
        classes = self.recipe.outputs if self.recipe.one_hot else 2
        return targets * (1 - member.smoothing) + member.smoothing / classes

    def _read(self, state: State, member: Member, loss: Any, rows: Rows) -> Reading:
        import jax

        def read(chunk: Any) -> tuple[Any, Any]:
            outputs = self.net.outputs(state.trained, state.statistics, member, chunk[0])
            return outputs, self.row_loss(chunk[1], outputs)

        outputs, losses = jax.lax.map(read, (rows.measured_x, rows.measured_targets))
        penalty = self.net.penalty(state.trained, member)
        return Reading(loss, outputs.reshape(-1, outputs.shape[-1]), losses.reshape(-1), penalty)
