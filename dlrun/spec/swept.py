"""Checks the keys and values of a `sweep:` against the experiment they change, before anything is trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import Experiment
from dlrun.spec.layers import Layer, lay
from dlrun.spec.problems import place_of, schema_at, unknown_key
from dlrun.spec.sweep import Interval

Build = Callable[[Layer], Experiment]
NOT_SWEPT = {"name": "names are labels", "seed": "use `sweep.seeds`", "sweep": "a sweep cannot sweep itself"}


def sweep_problems(experiment: Experiment, layer: Layer, build: Build) -> list[Problem]:
    """What does not hold in `sweep.grid` or `sweep.space`: keys that do not exist, values that their key refuses."""
    if experiment.sweep is None:
        return []
    problems: list[Problem] = []
    for section in ("grid", "space"):
        for key, values in (getattr(experiment.sweep, section) or {}).items():
            problems += key_problems(section, key, experiment, layer)
            if not problems:
                problems += value_problems(section, key, values, layer, build)
    return problems


def key_problems(section: str, key: str, experiment: Experiment, layer: Layer) -> list[Problem]:
    where = place_of(("sweep", section, key), layer.places)
    path = tuple(key.split("."))
    if path[0] in NOT_SWEPT:
        return [Problem(where, f"sweep.{section} cannot sweep `{key}`: {NOT_SWEPT[path[0]]}.")]
    if schema_at(path, {}) is None and schema_at(path, layer.tree) is None:
        return [Problem(where, f"sweep.{section}: {unknown_key(path, layer.tree)}")]
    lists = [name for name in ("activation", "dropout") if isinstance(getattr(experiment.model, name), tuple)]
    if key in ("model.depth", "model.units") and lists:
        reason = f"sweeps `{key}`, but model.{lists[0]} is a list for one depth. Give one value for all layers."
        return [Problem(where, f"sweep.{section} {reason}")]
    return []


def value_problems(section: str, key: str, values: Any, layer: Layer, build: Build) -> list[Problem]:
    problems: list[Problem] = []
    for path, value in points(section, key, values):
        place = place_of(path, layer.places)
        try:
            build(lay(without_sweep(layer), point_layer(key, value, place)))
        except ConfigError as error:
            problems += [Problem(place, f"sweep.{section}: {problem.text}") for problem in error.problems]
    return problems


def points(section: str, key: str, values: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each value with its path; of a range, its two ends."""
    if isinstance(values, Interval):
        for end in ("low", "high"):
            number = getattr(values, end)
            yield ("sweep", section, key, end), int(number) if number.is_integer() else number
    else:
        for position, value in enumerate(values):
            yield ("sweep", section, key, position), value


def without_sweep(layer: Layer) -> Layer:
    tree = {name: value for name, value in layer.tree.items() if name != "sweep"}
    return Layer(tree, layer.places, [], layer.written)


def point_layer(key: str, value: Any, place: str) -> Layer:
    """The layer that sets one dotted key."""
    first, *rest = key.split(".")
    inner: Any = value
    for part in reversed(rest):
        inner = {part: inner}
    return Layer({first: inner}, {(): place, (first, *rest): place})
