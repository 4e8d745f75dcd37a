"""Paths of real Keras optimizers down a surface of two numbers.

    from dlrun.training.descent import paths, many_starts
    from dlrun.training.surfaces import SURFACES

    found = paths(SURFACES["bowl"], ["sgd", "momentum"], steps=30)   # list[Path]: x, y, value, slope per step
    ends = many_starts(SURFACES["himmelblau"], "adam", starts=200)   # where 200 random starts come to rest

Keras must have a backend (`dlrun.training.backend.choose`, in the gallery `studio.keras()`). The gradient is the exact
one, handed to `optimizer.apply`; everything after it is Keras'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlrun.data import stream
from dlrun.errors import UsageError
from dlrun.training.surfaces import Surface

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
}
"""Name -> Keras' class and the arguments that make it so, the learning rate excepted. All act on each number alone."""
USUAL = ("sgd", "momentum", "adagrad", "rmsprop", "adam")

RATES: dict[str, dict[str, float]] = {
    "bowl": {"sgd": 0.95, "momentum": 0.1, "nesterov": 0.1, "adagrad": 1.5, "rmsprop": 0.3, "adam": 0.3},
    "plateau": {"sgd": 0.1, "momentum": 0.1, "nesterov": 0.1, "adagrad": 0.1, "rmsprop": 0.1, "adam": 0.1},
    "funnel": {"sgd": 0.3, "momentum": 0.03, "nesterov": 0.03, "adagrad": 0.3, "rmsprop": 0.3, "adam": 0.3},
    "saddle": {"sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.2},
    "two_wells": {"sgd": 0.05, "momentum": 0.05, "nesterov": 0.05, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.2},
    "himmelblau": {"sgd": 0.01, "momentum": 0.005, "nesterov": 0.005, "adagrad": 1.0, "rmsprop": 0.1, "adam": 0.3},
}
"""Surface -> optimizer -> the learning rate where none is given. For the bowl those of Saito, Deep Learning from
Scratch (2016), chapter 6, with RMSProp's added; for the plateau one rate for all."""
STEPS = {"bowl": 30, "plateau": 60, "funnel": 60, "saddle": 60, "two_wells": 60, "himmelblau": 100}
"""How many steps where none are given."""
NEAR = 0.1
"""A descent that ends so close to a minimum has reached it."""


@dataclass(frozen=True)
class Path:
    """One descent."""

    surface: str
    optimizer: str
    learning_rate: float
    x: tuple[float, ...]
    """The start, then where each step led."""
    y: tuple[float, ...]
    value: tuple[float, ...]
    """f there."""
    slope: tuple[float, ...]
    """The length of the gradient there."""


@dataclass(frozen=True)
class End:
    """Where a descent from one of many starts came to."""

    start: tuple[float, float]
    end: tuple[float, float]
    value: float
    """f at the end."""
    minimum: int | None
    """Which of `Surface.minima` it reached, from 0; None where it reached none."""


def paths(
    surface: Surface,
    optimizers: Sequence[str] = USUAL,
    steps: int | None = None,
    rates: Mapping[str, float] | None = None,
    start: tuple[float, float] | None = None,
) -> list[Path]:
    """A path per optimizer, all from the same start.

    Args:
        optimizers: names of `OPTIMIZERS`.
        steps: how many; `STEPS` of the surface where not given.
        rates: optimizer -> learning rate; those that are not in it have `RATES` of the surface.
        start: x and y; the surface's own where not given.
    Raises:
        UsageError: an optimizer that is not in the table.
    """
    begin = np.array([surface.start if start is None else start])
    found = []
    for name in optimizers:
        rate = rate_of(surface, name, rates)
        walked = walk(surface, name, rate, begin, STEPS[surface.name] if steps is None else steps)
        at = walked[:, 0, :]
        slopes = np.linalg.norm(surface.gradient(at), axis=1)
        columns = [at[:, 0], at[:, 1], surface.values(at), slopes]
        found.append(Path(surface.name, name, rate, *(tuple(column.tolist()) for column in columns)))
    return found


def many_starts(
    surface: Surface,
    optimizer: str = "sgd",
    starts: int = 200,
    steps: int | None = None,
    rate: float | None = None,
    seed: int = 0,
) -> list[End]:
    """Where descents end that start anywhere on the part of the surface that is shown, drawn evenly from a seed.

    They run side by side: each optimizer of the table treats every number alone.

    Raises:
        UsageError: an optimizer that is not in the table.
    """
    corners = np.array([surface.x, surface.y])
    begin = stream(seed, "starts").uniform(corners[:, 0], corners[:, 1], (starts, 2))
    chosen = rate_of(surface, optimizer, None if rate is None else {optimizer: rate})
    count = STEPS[surface.name] if steps is None else steps
    first, last = walk(surface, optimizer, chosen, begin, count, keep_all=False)
    return [
        End((float(a[0]), float(a[1])), (float(b[0]), float(b[1])), float(value), reached(surface, b))
        for a, b, value in zip(first, last, surface.values(last), strict=True)
    ]


def walk(
    surface: Surface, optimizer: str, rate: float, starts: np.ndarray, steps: int, keep_all: bool = True
) -> np.ndarray:
    """float64 (steps + 1, starts, 2): every start and where each step of a Keras optimizer leads it.

    Args:
        keep_all: without it (2, starts, 2): the starts and the ends alone.
    """
    import keras

    class_name, arguments = known(optimizer)
    made = getattr(keras.optimizers, class_name)(learning_rate=rate, **arguments)
    variable = keras.Variable(starts.astype("float32"), trainable=True, name="place")
    made.build([variable])
    places = [_place(variable)]
    for _ in range(steps):
        with np.errstate(over="ignore"):  # a path that diverges is shown as far as it goes
            slope = surface.gradient(places[-1]).astype("float32")
        made.apply([keras.ops.convert_to_tensor(slope)], [variable])
        if not keep_all:
            del places[1:]
        places.append(_place(variable))
    return np.stack(places if keep_all else [places[0], places[-1]])


def relief(surface: Surface, points: int = 121) -> dict[str, list[Any]]:
    """The surface on a grid: `x` and `y`, so many numbers each, and `values`, a list along x for each y."""
    x, y = np.linspace(*surface.x, points), np.linspace(*surface.y, points)
    across, up = np.meshgrid(x, y)
    return {"x": x.tolist(), "y": y.tolist(), "values": surface.value(across, up).tolist()}


def reached(surface: Surface, place: np.ndarray) -> int | None:
    """The minimum that a place (2,) lies at."""
    far = np.linalg.norm(np.array(surface.minima) - place, axis=1)
    nearest = int(np.argmin(far))
    return nearest if far[nearest] <= NEAR else None


def rate_of(surface: Surface, optimizer: str, rates: Mapping[str, float] | None = None) -> float:
    """The learning rate that is given, or the table's."""
    known(optimizer)
    return (rates or {}).get(optimizer, RATES[surface.name][optimizer])


def known(optimizer: str) -> tuple[str, dict[str, Any]]:
    """Keras' class and arguments. Raises UsageError for a name that is not in the table."""
    if optimizer not in OPTIMIZERS:
        raise UsageError(f"an optimizer must be one of {', '.join(OPTIMIZERS)}. Received: {optimizer!r}")
    return OPTIMIZERS[optimizer]


def _place(variable: Any) -> np.ndarray:
    """A copy: on JAX what Keras gives may be memory that the next step reuses."""
    import keras

    return np.array(keras.ops.convert_to_numpy(variable), dtype=np.float64)
