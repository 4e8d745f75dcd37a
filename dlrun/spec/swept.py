"""Checks the keys and values of a `sweep:` against the experiment they change, before anything is trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dlrun.errors import ConfigError, Problem
from dlrun.spec.experiment import Experiment
from dlrun.spec.known_keys import schema_at, unknown_key
from dlrun.spec.layers import NAMED, Layer, lay, place_of
from dlrun.spec.limits import limits_of
from dlrun.spec.sweep import Interval
from dlrun.spec.yaml_text import Path, printable

Build = Callable[[Layer], Experiment]
NOT_SWEPT = {
    "base": "it names the file to inherit from",
    "name": "names are labels",
    "seed": "use `sweep.seeds`",
    "sweep": "a sweep cannot sweep itself",
}
MOST_SHOWN = 5
"""Wrong values of one key that are named."""


def sweep_problems(experiment: Experiment, layer: Layer, build: Build) -> list[Problem]:
    """What does not hold in `sweep.grid` or `sweep.space`: keys that do not exist, values that their key refuses."""
    if experiment.sweep is None:
        return []
    section = "grid" if experiment.sweep.grid is not None else "space"
    swept = experiment.sweep.grid or experiment.sweep.space or {}
    problems: list[Problem] = []
    for key, values in swept.items():
        reason = key_reason(key, values, swept, experiment, layer)
        if reason:
            problems.append(Problem(place_of(("sweep", section, key), layer.places), f"sweep.{section}: {reason}"))
        else:
            problems += value_problems(section, key, values, layer, named_first(key, swept, layer), build)
    return problems


def key_reason(key: str, values: Any, swept: Mapping[str, Any], experiment: Experiment, layer: Layer) -> str:
    """Why this key cannot be swept, or nothing."""
    path: Path = tuple(key.split("."))
    if path[0] in NOT_SWEPT:
        return f"{printable(key)} cannot be swept: {NOT_SWEPT[str(path[0])]}."
    node = schema_at(path, {}) or schema_at(path, layer.tree)
    if node is None:
        return unknown_key(path, layer.tree)
    rivals = [other for other in swept if same_thing(key, other)]
    if rivals:
        return f"{key} cannot be swept beside {rivals[0]}, which it contains or says in another way. Keep one of them."
    lists = [name for name in ("activation", "dropout") if isinstance(getattr(experiment.model, name), tuple)]
    if key in ("model.depth", "model.units") and lists:
        return f"{key} changes the depth, but model.{lists[0]} is a list for one depth. Give one value for all layers."
    return range_reason(key, values, layer) if isinstance(values, Interval) else ""


def range_reason(key: str, interval: Interval, layer: Layer) -> str:
    """Why this key has no such range, or nothing."""
    legal = limits_of(key, layer.tree)
    if legal is None:
        return f"{key} is not a number, so it has no range. Give a list of values."
    if legal.whole and interval.step is not None and not interval.step.is_integer():
        return f"{key} holds whole numbers, so its step must be one. Received: {interval.step:g}."
    return ""


def same_thing(key: str, other: str) -> bool:
    """Whether `key` holds the other one, or both say how wide and deep the net is."""
    return other.startswith(f"{key}.") or (key == "model.units" and other in ("model.width", "model.depth"))


def named_first(key: str, swept: Mapping[str, Any], layer: Layer) -> Layer:
    """The layer on which a key is tried: an argument of an optimizer or schedule whose name is swept too is tried with
    a name that takes it."""
    section, _, argument = key.partition(".")
    for name in swept.get(f"{section}.name", ()) if section in NAMED else ():
        if name in NAMED[section] and argument in NAMED[section][name].model_fields:
            return lay(layer, point_layer(f"{section}.name", name, ""))
    return layer


def value_problems(section: str, key: str, values: Any, layer: Layer, below: Layer, build: Build) -> list[Problem]:
    """What does not hold of the values of one key; of very many only the first, and how many more there are."""
    wrong: list[list[Problem]] = []
    base = without_sweep(below)
    for path, value in points(section, key, values):
        place = place_of(path, layer.places)
        try:
            build(lay(base, point_layer(key, value, place)))
        except ConfigError as error:
            wrong.append([Problem(place, f"sweep.{section}: {problem.text}") for problem in error.problems])
    problems = [problem for found in wrong[:MOST_SHOWN] for problem in found]
    if len(wrong) > MOST_SHOWN:
        more = f"And {len(wrong) - MOST_SHOWN:,} more values of {key} do not hold."
        problems[-1] = Problem(problems[-1].where, f"{problems[-1].text} {more}")
    return problems


def points(section: str, key: str, values: Any) -> Iterator[tuple[Path, Any]]:
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
    places = {path: place for path, place in layer.places.items() if path[:1] != ("sweep",)}
    return Layer(tree, places, [], layer.written)


def point_layer(key: str, value: Any, place: str) -> Layer:
    """The layer that sets one dotted key."""
    return points_layer({key: value}, place)


def points_layer(values: Mapping[str, Any], place: str) -> Layer:
    """The layer that sets these dotted keys, none of which contains another."""
    layer = Layer({}, {(): place})
    for key, value in values.items():
        *sections, last = path = tuple(key.split("."))
        holder = layer.tree
        for section in sections:
            holder = holder.setdefault(section, {})
        holder[last] = value
        layer.places[path] = place
    return layer
