"""pydantic's findings -> problems in the user's words: where, what must hold, what came, the nearest known key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from dlrun.errors import Problem
from dlrun.spec.expectation import Schema, allowed_words, branches, expectation, resolve
from dlrun.spec.layers import Places
from dlrun.spec.schema import json_schema
from dlrun.spec.section import LARGEST
from dlrun.spec.yaml_text import Path

MANY_WORDS = 12
"""A message lists the allowed words up to this many, or where no known word is near."""
LONGEST_VALUE = 60


def problems_of(error: ValidationError, tree: Mapping[str, Any], places: Places) -> list[Problem]:
    """One problem per path, in the order of the lines."""
    found: dict[Path, Problem] = {}
    for detail in error.errors(include_url=False):
        path = without_tags(detail["loc"])
        if detail["type"] in ("missing", "union_tag_not_found", "union_tag_invalid") and named_union(path):
            path = (*path, "name")
        found.setdefault(path, Problem(place_of(path, places), describe(path, detail, tree)))
    return sorted(found.values(), key=lambda problem: line_of(problem.where))


def line_of(where: str) -> tuple[str, int]:
    """A sort key: the file, then the line as a number."""
    file, _, line = where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (where, 0)


def without_tags(location: Iterable[str | int]) -> Path:
    """pydantic's location without the names of union branches: ours stand in `<>`, its own are type names in a union
    of plain types, which end a location."""
    path = [part for part in location if not (isinstance(part, str) and part.startswith("<"))]
    while path and isinstance(path[-1], str) and path[-1] in ("str", "int", "float", "bool", "[key]"):
        path.pop()
    return tuple(path)


def place_of(path: Path, places: Places) -> str:
    """The place of the value, or of the nearest section around it."""
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return ""


def dotted(path: Path) -> str:
    """`model.units[1]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def describe(path: Path, detail: Any, tree: Mapping[str, Any]) -> str:
    kind = detail["type"]
    if kind == "missing":
        return f"{dotted(path)} is required{needed(path, tree)}."
    if kind == "extra_forbidden":
        return unknown_key(path, tree)
    if kind == "value_error":
        subject = dotted(path)
        return f"{subject} {detail['ctx']['error']}.".lstrip()
    if kind == "less_than_equal" and detail["ctx"]["le"] == LARGEST:
        return f"{dotted(path)} must be at most {LARGEST:,}. Received: {received(detail['input'])}."
    value = value_at(path, tree) if chosen_by_name(path) else detail["input"]
    return must_be(path, value, tree)


def needed(path: Path, tree: Mapping[str, Any]) -> str:
    node = schema_at(path, tree)
    return f": {expectation(node, definitions())}" if node else ""


def must_be(path: Path, value: object, tree: Mapping[str, Any]) -> str:
    """`fit.epochs must be a whole number >= 0. Received: 'ten'.`"""
    node = schema_at(path, tree)
    words = allowed_words(node, definitions()) if node else []
    close = nearest(value, words)
    if value is None and chosen_by_name(path):
        return f"{dotted(path)} is required: one of {', '.join(words)}."
    if len(words) > MANY_WORDS and close:
        return f"{dotted(path)} must be a known name. Received: {received(value)}.{close}"
    wanted = expectation(node, definitions()) if node else "valid"
    if chosen_by_name(path):
        wanted = f"one of {', '.join(words)}"
    return f"{dotted(path)} must be {wanted}. Received: {received(value)}.{close}"


def chosen_by_name(path: Path) -> bool:
    """Whether this is the `name` of a section that is chosen by it."""
    return path[-1:] == ("name",) and named_union(path[:-1])


def unknown_key(path: Path, tree: Mapping[str, Any]) -> str:
    *parent, key = path
    known = known_keys(tuple(parent), tree)
    around = f"`{dotted(tuple(parent))}`" if parent else "a config"
    hint = FORMER_WORDS.get(str(key)) or nearest(key, known) or elsewhere(str(key)) or f" Known: {', '.join(known)}."
    return f"{dotted(path)} is not a key of {around}.{hint}"


# Words that people bring from other tools, and what they are called here.
FORMER_WORDS = {
    "lr": " Did you mean `optimizer.learning_rate`?",
    "learning_rate": " Did you mean `optimizer.learning_rate`?",
    "hidden_layer_sizes": " Did you mean `units`?",
    "hidden_layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "neurons": " Did you mean `width`, or `units` with one entry per layer?",
    "batchsize": " Did you mean `batch_size`?",
    "batch_norm": " Did you mean `batch_normalization`?",
    "test_size": " Did you mean `test_split`?",
    "val_split": " Did you mean `validation_split`?",
    "restore_best_weights": " `fit.keep: best` (the default) keeps the best epoch's weights.",
    "verbose": " What is shown is chosen on the command line (`-q`).",
}


def elsewhere(key: str) -> str:
    """The section that does have this key, when only one has."""
    homes = [
        section
        for section, node in json_schema()["properties"].items()
        if any(key in branch.get("properties", {}) for branch in branches(node, definitions()))
    ]
    if key in json_schema()["properties"]:
        return f" `{key}` stands at the top of the file."
    return f" `{key}` belongs to `{homes[0]}`." if len(homes) == 1 else ""


def nearest(word: object, known: Iterable[str]) -> str:
    """` Did you mean `x`?`, or nothing where no known word is near."""
    close = get_close_matches(str(word).lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean `{close[0]}`?" if close else ""


def received(value: object) -> str:
    """What came, as a config would write it, cut to a readable length."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "a mapping"
    text = repr(list(value)) if isinstance(value, tuple) else repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}... ({len(text)} characters)"


def definitions() -> Schema:
    return dict(json_schema()["definitions"])


def named_union(path: Path) -> bool:
    """Whether the section at this path is chosen by its `name`."""
    return path in (("optimizer",), ("schedule",))


def known_keys(path: Path, tree: Mapping[str, Any]) -> list[str]:
    node = schema_at(path, tree)
    found: list[str] = []
    for branch in branches(node, definitions()) if node else []:
        found += [key for key in branch.get("properties", {}) if key not in found]
    return found


def value_at(path: Path, tree: Any) -> Any:
    """The value in the tree, or None."""
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def schema_at(path: Path, tree: Mapping[str, Any]) -> Schema | None:
    """The JSON Schema of the key at a path; in a union chosen by `name`, of the branch that the tree names."""
    node: Schema | None = json_schema()
    for depth, part in enumerate(path):
        if node is None:
            return None
        node = step(node, part, value_at((*path[:depth], "name"), tree))
    return node


def step(node: Schema, part: str | int, name: object) -> Schema | None:
    """The schema one key or list position further in."""
    found: list[Schema] = []
    for branch in branches(node, definitions()):
        if isinstance(part, int):
            found += [resolve(branch["items"], definitions())] if "items" in branch else []
        elif part in branch.get("properties", {}):
            inner = branch["properties"][part]
            if branch["properties"].get("name", {}).get("const") == name and name is not None:
                return resolve(inner, definitions())
            found.append(inner)
        elif isinstance(branch.get("additionalProperties"), dict):
            found.append(branch["additionalProperties"])
    if part == "name" and len(found) > 1:
        return {"anyOf": found}
    return resolve(found[0], definitions()) if found else None
