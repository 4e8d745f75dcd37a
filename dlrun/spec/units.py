"""`width` and `depth` carried out: `units` is what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlrun.errors import Problem
from dlrun.spec.experiment import DEEPEST_NET, DEFAULT_UNITS
from dlrun.spec.layers import Layer, place_of
from dlrun.spec.problems import at_most, must_be
from dlrun.spec.section import LARGEST

SUGAR = {"width": (1, LARGEST), "depth": (0, DEEPEST_NET)}
"""The keys that stand for `units`, with the least and the most that they may be."""


def with_units(tree: dict[str, Any], layer: Layer) -> tuple[dict[str, Any], list[Problem]]:
    """The tree with `units` in place of `width` and `depth`, and what does not hold of these. The one that is not given
    comes from the inherited `units`: depth is the number of layers, width the widest."""
    model = tree.get("model")
    if not isinstance(model, dict) or not model.keys() & SUGAR.keys():
        return tree, []
    problems = [problem for key in SUGAR if key in model for problem in count_problems(key, model[key], layer)]
    rest = {key: value for key, value in model.items() if key not in SUGAR}
    if not problems and are_units(rest.get("units", DEFAULT_UNITS)):
        rest["units"] = [width(model)] * depth(model)
    return {**tree, "model": rest}, problems


def width(model: Mapping[str, Any]) -> int:
    return int(model.get("width", max(model.get("units", DEFAULT_UNITS), default=DEFAULT_UNITS[0])))


def depth(model: Mapping[str, Any]) -> int:
    return int(model.get("depth", len(model.get("units", DEFAULT_UNITS))))


def count_problems(key: str, value: object, layer: Layer) -> list[Problem]:
    """What does not hold of `width` or `depth`."""
    least, most = SUGAR[key]
    if is_count(value, least, most):
        return []
    path = ("model", key)
    text = at_most(path, value, most) if is_count(value, most) else must_be(path, value, layer.tree)
    return [Problem(place_of(path, layer.places), text)]


def are_units(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(is_count(unit, 1, LARGEST) for unit in value)


def is_count(value: object, least: int, most: float = float("inf")) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
