"""What a program costs on one core of a CPU, in seconds: compiling it, and a step of a member in it.

The constants were fitted to steps of 16 x 2 to 512 x 4 units in batches of 32 on one core (AVX-512, 2.x GHz, XLA at
optimisation level 1). They need only be right relative to one another: they decide what is padded and what is compiled,
never a number in a curve. `Pace` corrects them as blocks end.
"""

from __future__ import annotations

from dlrun.training.fused.recipe import Recipe, Shape, parameters

SECONDS_PER_OPERATION = 1 / 110e9
SECONDS_PER_WEIGHT = 0.25e-9
"""Of the optimizer, while weights and their moments fit the core's cache."""
SECONDS_PER_DISTANT_WEIGHT = 2.5e-9
CACHE_BYTES = 2e6
BYTES_PER_WEIGHT = 16
"""Weight, gradient and two moments in float32."""
SECONDS_PER_MASK_ENTRY = 1.8e-9
SECONDS_PER_NORMALIZED_ENTRY = 1.5e-9
SECONDS_PER_NOISY_INPUT = 5e-9
SECONDS_PER_ROW = 0.2e-6
"""Loss, gathering."""
SECONDS_PER_CALL = 25e-6
"""Starting the operations of a step, once for all slots."""
SLOWER_IN_64_BITS = 2.0

BUILD, BUILD_PER_LAYER = 0.75, 0.13
"""Building, tracing and compiling with an empty compilation cache."""
MEASURING = 1 / 3
"""A forward pass beside a forward and backward pass."""


def compile_seconds(recipe: Recipe, shape: Shape) -> float:
    """Until the program runs, with nothing cached."""
    bodies = 1.7 if recipe.batch_normalization and recipe.rest else 1.0
    return bodies * (BUILD + BUILD_PER_LAYER * (shape.depth + 1))


def step_seconds(recipe: Recipe, shape: Shape) -> float:
    """A training step of one slot, the call itself left out."""
    weights = parameters(recipe.features, shape.widths, recipe.outputs)
    first = recipe.features * (shape.widths or (recipe.outputs,))[0]  # no gradient of the inputs is needed
    operations = recipe.batch * (6 * weights - 2 * first)
    entries = recipe.batch * sum(shape.widths)
    per_entry = SECONDS_PER_MASK_ENTRY * recipe.dropout + SECONDS_PER_NORMALIZED_ENTRY * recipe.batch_normalization
    distant = weights * BYTES_PER_WEIGHT > CACHE_BYTES
    seconds = (
        operations * SECONDS_PER_OPERATION
        + weights * (SECONDS_PER_DISTANT_WEIGHT if distant else SECONDS_PER_WEIGHT)
        + entries * per_entry
        + recipe.batch * recipe.features * SECONDS_PER_NOISY_INPUT * recipe.noise
        + recipe.batch * SECONDS_PER_ROW
    )
    return seconds * (SLOWER_IN_64_BITS if recipe.precision == "float64" else 1.0)


def epoch_seconds(recipe: Recipe, shape: Shape, slots: int) -> float:
    """An epoch of one slot, measuring included; the calls are shared by all slots."""
    step = step_seconds(recipe, shape)
    measuring = (recipe.measured + recipe.held_out) / recipe.batch * step * MEASURING
    return recipe.steps * (step + SECONDS_PER_CALL / slots) + measuring


def best_slots(recipe: Recipe, shape: Shape) -> int:
    """So many that starting operations costs a twentieth of the rest."""
    return max(1, min(64, round(SECONDS_PER_CALL / (0.05 * step_seconds(recipe, shape)))))


def slot_bytes(recipe: Recipe, shape: Shape) -> int:
    """Memory of one slot: weights, gradients, moments, kept weights; what layers give for a batch and a chunk of the
    measured rows; outputs of all measured rows."""
    number = 8 if recipe.precision == "float64" else 4
    weights = parameters(recipe.features, shape.widths, recipe.outputs)
    units = recipe.features + 4 * sum(shape.widths) + 4 * recipe.outputs
    outputs = (recipe.measured + recipe.held_out) * (recipe.outputs + 1)
    orders = 4 * recipe.rows
    return number * (8 * weights + (recipe.batch + 256) * units + 2 * outputs) + orders
