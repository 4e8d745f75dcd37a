"""Config files, `--set` and command-line words -> a validated `Experiment`, with all problems at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from dlrun.errors import ConfigError, Problem
from dlrun.spec.expectation import branches
from dlrun.spec.experiment import DEFAULT_NAMES, Experiment
from dlrun.spec.findings import Finding
from dlrun.spec.known_keys import definitions, nearest, schema_at, value_at
from dlrun.spec.layers import Layer, copy_tree, empty, lay, one_form_of_units, place_of
from dlrun.spec.names import SOURCES
from dlrun.spec.other_kinds import MADE_BY
from dlrun.spec.problems import in_order, problems_of, received
from dlrun.spec.rules import rules_of_spec
from dlrun.spec.swept import sweep_problems
from dlrun.spec.units import with_units
from dlrun.spec.yaml_text import Path, parse

FILES = ("source", "validation_source", "test_source")
"""Keys of `data` that name a file; a relative path starts where it is written, else at `DATA_FOLDER`."""
DATA_FOLDER = "DLRUN_DATA"
"""The environment variable that names the folder of data that several configs share."""


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
    layer = empty()
    if words:
        layer = lay(layer, absolute_files(Layer(copy_tree(dict(words)), {(): "the command line"}), FilePath.cwd()))
    if file is not None:
        layer = lay(layer, read_chain(file, ()))
    for text in sets:
        layer = lay(layer, set_layer(text))
    return validate(layer)


def validate(layer: Layer) -> Loaded:
    """Checks a merged tree: its keys and values, then the rules that understand them."""
    experiment = build(layer)
    findings = rules_of_spec(experiment)
    errors = [located(finding, layer) for finding in findings if finding.is_error]
    errors += sweep_problems(experiment, layer, build)
    if errors:
        raise ConfigError(in_order(errors))
    warnings = tuple(located(finding, layer) for finding in findings if not finding.is_error)
    return Loaded(experiment, warnings, layer)


def build(layer: Layer) -> Experiment:
    """The experiment of a merged tree, rules left out; ConfigError where its values do not hold."""
    tree, problems = with_units(with_names(layer.tree), layer)
    problems += [*layer.problems, *missing_files(layer), *made_elsewhere(layer)]
    try:
        experiment = Experiment.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(in_order([*problems, *problems_of(error, tree, layer.places)])) from None
    if problems:
        raise ConfigError(in_order(problems))
    return experiment


def made_elsewhere(layer: Layer) -> list[Problem]:
    """Sections that are no part of a config: a command makes them."""
    return [
        Problem(place_of((section,), layer.places), f"{section} is not a key of a config. `{command}` makes such runs.")
        for section, command in MADE_BY.items()
        if section in layer.tree
    ]


def with_names(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree with the names that an `optimizer: {learning_rate: 0.01}` leaves to the default."""
    names = {key: {"name": name, **tree[key]} for key, name in DEFAULT_NAMES.items() if isinstance(tree.get(key), dict)}
    return {**tree, **names}


def located(finding: Finding, layer: Layer) -> Problem:
    return Problem(place_of(tuple(finding.path.split(".")), layer.places), f"{finding.path} {finding.text}")


# --- files -----------------------------------------------------------------------------------------------------------


def read_chain(file: FilePath, above: tuple[FilePath, ...]) -> Layer:
    """A file laid over the one it names as `base`, and so on down."""
    layer = read_file(file)
    if not above:  # a child without a name is not its base: it is called what its file is called
        layer.tree.setdefault("name", os.fsencode(file.stem).decode("utf-8", "replace"))
    base = layer.tree.pop("base", None)
    if base is None:
        return layer
    place = layer.places.get(("base",), str(file))
    if not isinstance(base, str) or not base:
        raise ConfigError([Problem(place, f"base must be the path of another config. Received: {received(base)}.")])
    below = FilePath(os.path.join(file.parent, os.path.expanduser(base)))
    if not os.path.isfile(below):
        came = f"{as_written(base, str(below))}.{near_files(below, file)}"
        raise ConfigError([Problem(place, f"base must be a config file that exists. Received: {came}")])
    chain = (*above, file)
    if any(os.path.samefile(below, one) for one in chain):
        route = " -> ".join(one.name for one in (*chain, below))
        raise ConfigError([Problem(place, f"base must not lead back to a file above it. Received: {route}.")])
    return lay(read_chain(below, chain), layer)


def as_written(value: str, path: str) -> str:
    """A path as the user wrote it, with what it stands for where that is more."""
    return received(value) if value == path else f"{received(value)} ({path if path.isprintable() else repr(path)})"


def read_file(file: FilePath) -> Layer:
    """One file as a layer of its own."""
    shown = str(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"must be UTF-8 text. Received: byte 0x{error.object[error.start]:02x}. Save the file as UTF-8."
        raise ConfigError([Problem(f"{shown}:{line}", message)]) from None
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
    return one_form_of_units(absolute_files(Layer(document.tree, {(): shown, **places}), file.parent))


def near_files(missing: FilePath, asking: FilePath | None = None) -> str:
    """The file beside the missing one with the nearest name, the asking file left out."""
    folder = missing.parent
    if not os.path.isdir(folder):
        return f" There is no folder {str(folder)!r} either."
    names = [entry.name for entry in folder.iterdir() if entry.is_file() and entry != asking]
    return nearest(missing.name, names)


def absolute_files(layer: Layer, folder: FilePath) -> Layer:
    """Relative paths in `data`, and those that a sweep tries, start at `folder`."""
    for holder, at, key in file_values(layer):
        value = holder[at]
        if isinstance(value, str) and value and not (key == "source" and value in SOURCES):
            holder[at] = data_path(value, folder)
            layer.written[holder[at]] = value
    return layer


def data_path(value: str, folder: FilePath) -> str:
    """The absolute path of a data file: beside the config, or below DLRUN_DATA where it is only there."""
    beside = os.path.abspath(os.path.join(folder, os.path.expanduser(value)))
    shared = os.environ.get(DATA_FOLDER)
    if shared and "\0" not in value and not os.path.exists(beside):
        below = os.path.abspath(os.path.join(os.path.expanduser(shared), os.path.expanduser(value)))
        return below if os.path.exists(below) else beside
    return beside


def file_values(layer: Layer) -> Iterator[tuple[Any, Any, str]]:
    """Where the layer holds paths of data files: (mapping or list, place in it, key of `data`)."""
    data, sweep = layer.tree.get("data"), layer.tree.get("sweep")
    for key in FILES:
        if isinstance(data, dict) and key in data:
            yield data, key, key
        for search in ("grid", "space"):
            tried = value_at((search, f"data.{key}"), sweep)
            for position in range(len(tried) if isinstance(tried, list) else 0):
                yield tried, position, key


def missing_files(layer: Layer) -> list[Problem]:
    """Files named in `data` that are not there."""
    problems = []
    for key in FILES:
        value = value_at(("data", key), layer.tree)
        if isinstance(value, str) and value and value not in SOURCES and not os.path.exists(value):
            what = "a built-in name or a file that exists" if key == "source" else "a file that exists"
            written = layer.written.get(value, value)
            text = f"data.{key} must be {what}. Received: {as_written(written, value)}.{near_data(written, value)}"
            problems.append(Problem(place_of(("data", key), layer.places), text))
    return problems


def near_data(written: str, path: str) -> str:
    """What was probably meant by the path of a file that is not there."""
    if "://" in written:
        return " Web addresses are not read: download the file first."
    if "\0" in path:
        return ""
    is_path = len(FilePath(written).parts) > 1
    return (not is_path and nearest(written, SOURCES)) or near_files(FilePath(path)) + near_shared(FilePath(written))


def near_shared(written: FilePath) -> str:
    """For a path such as adult/train.csv: where shared data were looked for."""
    if written.is_absolute() or len(written.parts) < 2 or written.parts[0] in ("..", "~"):
        return ""
    shared = os.environ.get(DATA_FOLDER)
    return f" Nor is it below {DATA_FOLDER}, {shared!r}." if shared else f" {DATA_FOLDER} can name a folder above it."


# --- the command line ------------------------------------------------------------------------------------------------


def set_layer(text: str) -> Layer:
    """The layer of one `--set key.path=value`; the value is read as YAML, or as text where the key wants text."""
    key, sign, value = text.partition("=")
    first, *rest = key.strip().split(".")
    path: Path = (first, *rest)
    where = f"--set {text if text.isprintable() else repr(text)}"
    if not sign or not all(path):
        return Layer({}, problems=[Problem(where, "must have the form key.path=value, such as model.width=64.")])
    try:
        parsed: Any = text_or_null(value) if wants_text(path) else parse(value, where).tree
    except ConfigError as error:
        return Layer({}, problems=[Problem(where, problem.text) for problem in error.problems])
    for part in reversed(rest):
        parsed = {part: parsed}
    return one_form_of_units(absolute_files(Layer({first: parsed}, {(): where, path: where}), FilePath.cwd()))


def text_or_null(value: str) -> str | None:
    """`--set data.encoding=null` takes the encoding back."""
    return None if value in ("null", "~") else value


def wants_text(path: Path) -> bool:
    """Whether the key takes text and nothing else but null, so that `--set name=123` is the text 123."""
    node = schema_at(path, {})
    if node is None:
        return False
    kinds = {branch.get("type") for branch in branches(node, definitions())}
    return "string" in kinds and kinds <= {"string", "null"}
