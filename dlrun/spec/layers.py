"""Inheritance: config trees laid over one another, each winning key by key over those below it.

A layer is one file, one `--set` or one point of a grid. Every value keeps the place it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlrun.errors import Problem
from dlrun.spec.optimizers import OPTIMIZERS
from dlrun.spec.schedules import SCHEDULES
from dlrun.spec.yaml_text import Path

Places = dict[Path, str]
"""Path -> where its value was written: `file:line`, or the command-line option."""

ALTERNATIVES = ({"source", "inline"}, {"exclude", "features"})
"""Keys of `data` of which a file that sets one replaces the other."""
WHOLE = {("sweep",), ("data", "inline"), ("model", "kernel_initializer"), ("model", "bias_initializer")}
"""Mappings that one file replaces whole: half of one joined to half of another would mean something else."""
NAMED: dict[str, Mapping[str, Any]] = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES}
"""Sections that are chosen by their `name`."""
SECTIONS = ("data", "model", "fit", *NAMED)


@dataclass
class Layer:
    """One source of values."""

    tree: dict[str, Any]
    places: Places = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    """Absolute path of a data file -> the path as it was written."""


def empty() -> Layer:
    """A layer without values, to lay others upon."""
    return Layer({})


def place_of(path: Path, places: Places) -> str:
    """The place of the value, or of the nearest section around it."""
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return ""


def lay(below: Layer, above: Layer) -> Layer:
    """The values of `above` over those of `below`; neither is changed."""
    places = {**below.places, **{path: place for path, place in above.places.items() if not path}}
    result = Layer(
        copy_tree(below.tree), places, [*below.problems, *above.problems], {**below.written, **above.written}
    )
    upper = copy_tree(above.tree)
    normalise_sections(upper)
    normalise_sections(result.tree)
    forget_alternatives(result, upper)
    merge(result, upper, above.places, ())
    return result


def copy_tree(tree: Any) -> Any:
    """A copy whose mappings and lists are its own."""
    if isinstance(tree, dict):
        return {key: copy_tree(value) for key, value in tree.items()}
    return [copy_tree(item) for item in tree] if isinstance(tree, list) else tree


def normalise_sections(tree: dict[str, Any]) -> None:
    """`optimizer: adam` becomes `optimizer: {name: adam}`; a section with nothing under it changes nothing."""
    for key in SECTIONS:
        if key in tree and tree[key] is None:
            tree[key] = {}
    for key in NAMED:
        if isinstance(tree.get(key), str):
            tree[key] = {"name": tree[key]}


def one_form_of_units(layer: Layer) -> Layer:
    """A file that gives `units` beside `width` or `depth` gets a problem that says so."""
    model = layer.tree.get("model")
    given = [key for key in ("width", "depth") if key in model] if isinstance(model, dict) else []
    if isinstance(model, dict) and "units" in model and given:
        keys = " and ".join(f"model.{key}" for key in given)
        text = f"{keys} cannot stand beside model.units: they say the same thing in two ways. Keep one of them."
        layer.problems.append(Problem(place_of(("model", given[0]), layer.places), text))
    return layer


def forget_alternatives(below: Layer, upper: dict[str, Any]) -> None:
    """Drops what `upper` replaces by saying it in another way."""
    data, model = upper.get("data"), upper.get("model")
    if isinstance(data, dict):
        for pair in ALTERNATIVES:
            given = pair & data.keys()
            if len(given) == 1:
                forget(below, "data", pair - given)
    if isinstance(model, dict) and "units" in model:
        forget(below, "model", {"width", "depth"})
    for section, table in NAMED.items():
        forget_foreign_arguments(below, section, upper.get(section), table)


def forget(layer: Layer, section: str, keys: set[str]) -> None:
    inside = layer.tree.get(section)
    if isinstance(inside, dict):
        for key in keys:
            inside.pop(key, None)


def forget_foreign_arguments(below: Layer, section: str, upper: Any, table: Mapping[str, Any]) -> None:
    """With another `name`, arguments inherited for the old name stay only where the new one takes them."""
    inherited = below.tree.get(section)
    name = upper.get("name") if isinstance(upper, dict) else None
    if not isinstance(inherited, dict) or not isinstance(name, str) or name not in table:
        return
    if inherited.get("name") != name:
        forget(below, section, inherited.keys() - table[name].model_fields.keys())


def merge(result: Layer, upper: Any, places: Places, path: Path) -> None:
    """Writes `upper`, which stands at `path`, into the result."""
    target: Any = result.tree
    for key in path:
        target = target[key]
    for key, value in upper.items():
        inside = (*path, key)
        replaced = inside in WHOLE and inside in places  # a `--set` of one key in it does not replace it
        if isinstance(value, dict) and isinstance(target.get(key), dict) and not replaced:
            merge(result, value, places, inside)
        else:
            target[key] = value
            for old in [place for place in result.places if place[: len(inside)] == inside]:
                del result.places[old]
        for place, text in places.items():
            if place[: len(inside)] == inside:
                result.places[place] = text
