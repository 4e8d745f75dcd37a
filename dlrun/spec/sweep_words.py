"""`--grid`, `--space`, `--search`, `--trials`, `--seeds` -> a `sweep:` laid over that of the config."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from dlrun.errors import ConfigError, Problem
from dlrun.spec.layers import Layer, copy_tree, lay
from dlrun.spec.load import Loaded, absolute_files, validate
from dlrun.spec.sweep import OWN_KEYS
from dlrun.spec.yaml_text import Path, parse, printable, scalar

MOST_VALUES = 10_000
"""Values that a range may stand for."""
NUMBER = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
RANGE = re.compile(rf"\s*({NUMBER})\.\.({NUMBER})(?::(.*))?\s*")
GRID_EXAMPLE = "model.width=16,32,64 or model.depth=1..4"
SPACE_EXAMPLE = "optimizer.learning_rate=1e-4..1e-1:log or model.activation=relu,tanh"
COMMAND_LINE = "the command line"
SEARCHED = ("grid", "search", "space")
"""What `--grid` and `--space` replace in the config's own `sweep`; its `seeds` stay."""


@dataclass(frozen=True)
class SweepWords:
    """What the command line says of a sweep."""

    grids: Sequence[str] = ()
    """`key=values` texts."""
    spaces: Sequence[str] = ()
    search: str | None = None
    trials: int | None = None
    seeds: int | None = None

    @property
    def given(self) -> bool:
        return self.name_a_search or self.seeds is not None

    @property
    def name_a_search(self) -> bool:
        return bool(self.grids or self.spaces or self.search or self.trials)


def with_words(loaded: Loaded, words: SweepWords, otherwise: Mapping[str, Any] | None = None) -> Loaded:
    """The config with the sweep that the command line asks for.

    Args:
        otherwise: the `sweep` of a config that has none, where the command line names none either.

    Raises:
        ConfigError: with every problem.
    """
    below = loaded.layer or Layer({})
    if loaded.experiment.sweep is None and not words.name_a_search:
        below = lay(below, Layer({"sweep": otherwise}, {("sweep",): COMMAND_LINE}))
    elif not words.given:
        return loaded
    above = sweep_layer(words)
    if above.problems:
        raise ConfigError(above.problems)
    merged = lay(without(below, words), above)
    merged.places.setdefault(("sweep",), COMMAND_LINE)
    problems = misplaced(words, merged.tree["sweep"])
    if problems:
        raise ConfigError(problems)
    return validate(merged)


def sweep_layer(words: SweepWords) -> Layer:
    """The words as a layer. It holds the problems of what cannot be read."""
    sweep: dict[str, Any] = {}
    layer = Layer({"sweep": sweep})
    for section, texts, read in (("grid", words.grids, grid_values), ("space", words.spaces, space_values)):
        for text in texts:
            try:
                key, values = read(text)
                taken(section, key, sweep, text)
            except ConfigError as error:
                layer.problems += error.problems
                continue
            sweep.setdefault(section, {})[key] = values
            layer.places[("sweep", section, key)] = f"--{section} {printable_text(text)}"
    for path, value, option in counts(words):
        holder = sweep.setdefault("search", {}) if path[1] == "search" else sweep
        holder[str(path[-1])] = value
        layer.places[path] = f"--{option} {value}"
    if words.spaces and words.search is None:
        sweep.setdefault("search", {})["name"] = "random"
    return absolute_files(layer, FilePath.cwd())


def counts(words: SweepWords) -> Iterator[tuple[Path, Any, str]]:
    """The options that are no keys: where they stand, their value and their name."""
    options = (
        (("sweep", "search", "name"), words.search, "search"),
        (("sweep", "search", "n_trials"), words.trials, "trials"),
        (("sweep", "seeds"), words.seeds, "seeds"),
    )
    for path, value, option in options:
        if value is not None:
            yield path, value, option


def without(layer: Layer, words: SweepWords) -> Layer:
    """The layer without what the words replace in its `sweep`: all that is searched, or what only another search
    reads."""
    tree, sweep = copy_tree(layer.tree), layer.tree.get("sweep") or {}
    gone: set[Path] = set()
    if words.grids or words.spaces:
        gone = {("sweep", key) for key in SEARCHED}
    elif words.search is not None:
        foreign = (key for key, searches in OWN_KEYS.items() if words.search not in searches)
        gone = {("sweep", "search", key) for key in foreign}
    tree["sweep"] = kept(sweep, ("sweep",), gone)
    places = {path: place for path, place in layer.places.items() if not gone & {path[:2], path[:3]}}
    return Layer(tree, places, list(layer.problems), layer.written)


def kept(tree: Any, at: Path, gone: set[Path]) -> Any:
    """What stands at a path, without some of the keys in it."""
    if not isinstance(tree, dict):
        return tree
    return {key: kept(value, (*at, key), gone) for key, value in tree.items() if (*at, key) not in gone}


def misplaced(words: SweepWords, sweep: Mapping[str, Any]) -> list[Problem]:
    """Options that say nothing about this sweep."""
    where = [f"--{option} {value}" for path, value, option in counts(words) if path[1] == "search"]
    if words.grids and words.spaces:
        return [Problem("--space", "cannot stand beside --grid, which runs every combination. Keep one of them.")]
    if where and "grid" in sweep:
        text = f"is for a search, but `grid` runs every combination. Draw from --space, such as {SPACE_EXAMPLE}."
        return [Problem(place, text) for place in where]
    if where and "space" not in sweep:
        return [Problem(place, f"needs what to draw from: --space, such as {SPACE_EXAMPLE}.") for place in where]
    return []


# --- values ----------------------------------------------------------------------------------------------------------


def key_and_values(text: str, option: str, example: str) -> tuple[str, str]:
    """The two sides of `key=values`."""
    key, sign, values = text.partition("=")
    key, values = key.strip(), values.strip()
    if not sign or not values or not all(key.split(".")):
        raise refused(option, text, f"must have the form key=values, such as {example}.")
    return key, values


def taken(section: str, key: str, sweep: Mapping[str, Any], text: str) -> None:
    if key in sweep.get(section, {}):
        raise refused(section, text, f"gives {printable(key)} a second time. Write all its values into one option.")


def grid_values(text: str) -> tuple[str, list[Any]]:
    """`model.depth=1..4` -> ("model.depth", [1, 2, 3, 4]); values are YAML.

    Raises:
        ConfigError: they cannot be read.
    """
    key, values = key_and_values(text, "grid", GRID_EXAMPLE)
    found: list[Any] = []
    for value in listed(values, "grid", text):
        match = RANGE.fullmatch(value) if isinstance(value, str) else None
        found += whole_numbers(match, text) if match else [value]
    return key, found


def whole_numbers(match: re.Match[str], text: str) -> list[int]:
    """Every number of `1..4`, or of `16..64:16`, both ends included."""
    low, high, step = (scalar(part) for part in (match[1], match[2], match[3] or "1"))
    if not all(isinstance(number, int) for number in (low, high, step)) or step < 1:
        raise refused("grid", text, "has a range that is not of whole numbers, as 1..4 or 16..64:16. List its values.")
    if low > high:
        raise refused("grid", text, f"has a range whose first number is above the last. Received: {low}..{high}.")
    if (high - low) // step >= MOST_VALUES:
        number = (high - low) // step + 1
        raise refused("grid", text, f"has {number:,} values; at most {MOST_VALUES:,} are taken. Draw from a --space.")
    return list(range(low, high + 1, step))


def space_values(text: str) -> tuple[str, list[Any] | dict[str, Any]]:
    """`optimizer.learning_rate=1e-4..1e-1:log` -> its key and `{low, high, log}`; or a list of values.

    Raises:
        ConfigError: they cannot be read.
    """
    key, values = key_and_values(text, "space", SPACE_EXAMPLE)
    match = RANGE.fullmatch(values)
    if match is None:
        return key, listed(values, "space", text)
    found = {"low": scalar(match[1]), "high": scalar(match[2])}
    ending = match[3]
    if ending is None:
        return key, found
    if ending == "log":
        return key, {**found, "log": True}
    step = scalar(ending)
    if isinstance(step, bool) or not isinstance(step, (int, float)):
        raise refused("space", text, "must end in `:log` or in a step, such as 8..256:8.")
    return key, {**found, "step": step}


def listed(values: str, option: str, text: str) -> list[Any]:
    """Values between commas, each read as YAML."""
    try:
        tree = parse(f"[{values}]", "").tree
    except ConfigError:
        tree = None
    if not isinstance(tree, list) or not tree:
        raise refused(option, text, "must hold values with commas between them, such as 16,32 or [8],[16,8].")
    return tree


def refused(option: str, text: str, reason: str) -> ConfigError:
    return ConfigError([Problem(f"--{option} {printable_text(text)}", reason)])


def printable_text(text: str) -> str:
    return text if text.isprintable() else repr(text)
