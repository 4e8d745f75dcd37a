"""Config files, `--set` and command-line words -> a validated `Experiment`, with all problems at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from dlrun.errors import ConfigError, Problem
from dlrun.spec.expectation import branches
from dlrun.spec.experiment import DEFAULT_UNITS, Experiment
from dlrun.spec.layers import Layer, empty, lay
from dlrun.spec.names import SOURCES
from dlrun.spec.problems import definitions, nearest, place_of, problems_of, received, schema_at
from dlrun.spec.rules import Finding, rules_of_spec
from dlrun.spec.section import LARGEST
from dlrun.spec.swept import sweep_problems
from dlrun.spec.yaml_text import Path, parse

FILES = ("source", "validation_source", "test_source")
"""Keys of `data` that name a file; a relative path starts where it is written."""


DEEPEST_NET = 1000
"""Hidden layers that `depth` may ask for."""


@dataclass(frozen=True)
class Loaded:
    """A config that holds."""

    experiment: Experiment
    warnings: tuple[Problem, ...] = ()
    layer: Layer | None = None
    """The merged tree with the place of every value, for problems that only the data show."""

    def problem(self, finding: Finding) -> Problem:
        """A finding, at the place that brought the value."""
        return located(finding, self.layer or empty())


def load(file: FilePath | None, sets: Sequence[str] = (), words: Mapping[str, Any] | None = None) -> Loaded:
    """The experiment of a config file.

    Args:
        file: the YAML file; None for an experiment that the command line alone describes.
        sets: `key.path=value` texts, laid over the file in this order.
        words: a tree that stands below the file, such as `{"data": {"source": "data.csv"}}`.

    Raises:
        ConfigError: with every problem found.
    """
    layer = lay(empty(), Layer(dict(words), {(): "the command line"})) if words else empty()
    if file is not None:
        layer = lay(layer, read_chain(file, ()))
        layer.tree.setdefault("name", file.stem)
    for text in sets:
        layer = lay(layer, set_layer(text))
    return validate(layer)


def validate(layer: Layer) -> Loaded:
    """Checks a merged tree: its keys and values, then the rules that understand them."""
    tree = resolve_units(layer)
    problems = list(layer.problems)
    experiment = None
    try:
        experiment = Experiment.model_validate(tree)
    except ValidationError as error:
        problems += problems_of(error, tree, layer.places)
    problems += missing_files(layer)
    if experiment is None or problems:
        raise ConfigError(unique(problems))
    findings = rules_of_spec(experiment)
    errors = [located(finding, layer) for finding in findings if finding.is_error]
    errors += sweep_problems(experiment, layer, build_point)
    if errors:
        raise ConfigError(unique(errors))
    warnings = tuple(located(finding, layer) for finding in findings if not finding.is_error)
    return Loaded(experiment, warnings, layer)


def build_point(layer: Layer) -> Experiment:
    """The experiment of a merged tree, rules left out; ConfigError where its values do not hold."""
    tree = resolve_units(layer)
    problems = list(layer.problems)
    try:
        experiment = Experiment.model_validate(tree)
    except ValidationError as error:
        raise ConfigError([*problems, *problems_of(error, tree, layer.places)]) from None
    if problems:
        raise ConfigError(problems)
    return experiment


def unique(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def located(finding: Finding, layer: Layer) -> Problem:
    return Problem(place_of(tuple(finding.path.split(".")), layer.places), f"{finding.path} {finding.text}")


# --- files -----------------------------------------------------------------------------------------------------------


def read_chain(file: FilePath, above: tuple[FilePath, ...]) -> Layer:
    """A file laid over the one it names as `base`, and so on down."""
    layer = read_file(file)
    base = layer.tree.pop("base", None)
    if base is None:
        return layer
    place = layer.places.get(("base",), str(file))
    if not isinstance(base, str) or not base:
        raise ConfigError([Problem(place, f"base must be the path of another config. Received: {received(base)}.")])
    below = file.parent / FilePath(base).expanduser()
    chain = (*above, file)
    if any(same_file(below, one) for one in chain):
        route = " -> ".join(one.name for one in (*chain, below))
        raise ConfigError([Problem(place, f"base must not lead back to a file above it. Received: {route}.")])
    if not below.is_file():
        raise ConfigError([Problem(place, f"base must be a file that exists. Received: {base!r} ({below}).")])
    return lay(read_chain(below, chain), layer)


def same_file(one: FilePath, other: FilePath) -> bool:
    return one.resolve() == other.resolve()


def read_file(file: FilePath) -> Layer:
    """One file as a layer of its own."""
    shown = str(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"must be UTF-8 text. Received: byte 0x{error.object[error.start]:02x} at {error.start}. Save it as UTF-8."
        )
        raise ConfigError([Problem(shown, message)]) from None
    except FileNotFoundError:
        raise ConfigError([Problem(shown, f"no such file.{near_files(file)}")]) from None
    except OSError as error:
        raise ConfigError([Problem(shown, f"cannot be read: {error.strerror}.")]) from None
    document = parse(text, shown)
    if document.tree is None:
        raise ConfigError([Problem(shown, "is empty. A config needs at least `data: {source: digits}`.")])
    if not isinstance(document.tree, dict):
        raise ConfigError([Problem(shown, f"must hold keys and values. Received: {received(document.tree)}.")])
    places = {path: f"{shown}:{line}" for path, line in document.lines.items() if path}
    return absolute_files(Layer(document.tree, {(): shown, **places}), file.parent)


def near_files(file: FilePath) -> str:
    folder = file.parent
    names = [entry.name for entry in folder.iterdir() if entry.is_file()] if folder.is_dir() else []
    return nearest(file.name, names) if folder.is_dir() else f" There is no folder {str(folder)!r} either."


def absolute_files(layer: Layer, folder: FilePath) -> Layer:
    """Relative paths in `data` start at `folder`."""
    data = section(layer, "data")
    for key in FILES:
        value = data.get(key)
        if isinstance(value, str) and value and not (key == "source" and value in SOURCES):
            data[key] = os.path.abspath(folder / FilePath(value).expanduser())
            layer.written[key] = value
    return layer


def section(layer: Layer, name: str) -> dict[str, Any]:
    """A section of the tree; an empty one where it is missing or malformed."""
    found = layer.tree.get(name)
    return found if isinstance(found, dict) else {}


def missing_files(layer: Layer) -> list[Problem]:
    """Files named in `data` that are not there."""
    data = section(layer, "data")
    problems = []
    for key in FILES:
        value = data.get(key)
        if isinstance(value, str) and value and value not in SOURCES and not os.path.exists(value):
            written = layer.written.get(key, value)
            what = "a built-in name or a file that exists" if key == "source" else "a file that exists"
            near = nearest(written, SOURCES) if key == "source" else ""
            where = place_of(("data", key), layer.places)
            problems.append(Problem(where, f"data.{key} must be {what}. Received: {written!r} ({value}).{near}"))
    return problems


# --- the command line ------------------------------------------------------------------------------------------------


def set_layer(text: str) -> Layer:
    """The layer of one `--set key.path=value`; the value is read as YAML, or as text where the key wants text."""
    key, sign, value = text.partition("=")
    first, *rest = key.strip().split(".")
    path: Path = (first, *rest)
    where = f"--set {text}"
    if not sign or not all(path):
        return Layer({}, problems=[Problem(where, "must have the form key.path=value, such as model.width=64.")])
    try:
        parsed: Any = value if wants_text(path) else parse(value, where).tree
    except ConfigError as error:
        return Layer({}, problems=[Problem(where, problem.text) for problem in error.problems])
    for part in reversed(rest):
        parsed = {part: parsed}
    return absolute_files(Layer({first: parsed}, {(): where, path: where}), FilePath.cwd())


def wants_text(path: Path) -> bool:
    """Whether the key takes free text and nothing else but null, so that `--set name=123` is the text 123."""
    node = schema_at(path, {})
    if node is None:
        return False
    kinds = {branch.get("type") for branch in branches(node, definitions()) if "enum" not in branch}
    return "string" in kinds and kinds <= {"string", "null"}


# --- width and depth -------------------------------------------------------------------------------------------------


def resolve_units(layer: Layer) -> dict[str, Any]:
    """The tree with `width` and `depth` carried out: `units` is what is stored. The one that is not given comes from
    the inherited `units`: depth is the number of layers, width the widest."""
    tree = dict(layer.tree)
    model = tree.get("model")
    if not isinstance(model, dict) or not model.keys() & {"width", "depth"}:
        return tree
    units = model.get("units", DEFAULT_UNITS)
    known = (
        tuple(units) if isinstance(units, (list, tuple)) and all(is_count(unit) for unit in units) else DEFAULT_UNITS
    )
    width = model.get("width", max(known, default=DEFAULT_UNITS[0]))
    depth = model.get("depth", len(known))
    model = {key: value for key, value in model.items() if key not in ("width", "depth")}
    problems = [
        Problem(place_of(("model", key), layer.places), f"model.{key} must be {wanted}. Received: {received(value)}.")
        for key, value, wanted, holds in (
            ("width", width, "a whole number >= 1", is_count(width)),
            ("depth", depth, f"a whole number >= 0 and <= {DEEPEST_NET}", is_count(depth, 0) and depth <= DEEPEST_NET),
        )
        if not holds
    ]
    layer.problems += [problem for problem in problems if problem not in layer.problems]
    tree["model"] = model if problems else {**model, "units": [width] * depth}
    return tree


def is_count(value: object, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST
