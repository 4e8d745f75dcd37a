"""Which keys a config may hold, and what to say of one it may not: the nearest key, or the section it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from dlrun.spec.expectation import Schema, branches, resolve
from dlrun.spec.layers import NAMED
from dlrun.spec.schema import json_schema
from dlrun.spec.yaml_text import Path, dotted, printable

FORMER_WORDS = {
    "lr": " Did you mean `optimizer.learning_rate`?",
    "learning_rate": " Did you mean `optimizer.learning_rate`?",
    "hidden_layer_sizes": " Did you mean `units`?",
    "layer_sizes": " Did you mean `units`?",
    "hidden_layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "n_layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "num_layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "layers": " Did you mean `depth`, or `units` with one entry per layer?",
    "neurons": " Did you mean `width`, or `units` with one entry per layer?",
    "hidden_size": " Did you mean `width`, or `units` with one entry per layer?",
    "batchsize": " Did you mean `batch_size`?",
    "batchnorm": " Did you mean `batch_normalization`?",
    "batch_norm": " Did you mean `batch_normalization`?",
    "kernel_regularizer": " Did you mean `l1` or `l2`?",
    "regularizer": " Did you mean `l1` or `l2`?",
    "alpha": " Did you mean `l2`, or `optimizer.learning_rate`?",
    "random_state": " Did you mean `seed`, at the top of the file?",
    "test_size": " Did you mean `test_split`?",
    "val_split": " Did you mean `validation_split`?",
    "restore_best_weights": " `fit.keep: best` (the default) keeps the best epoch's weights.",
    "shuffle": " Train rows are shuffled anew in every epoch, by `seed`.",
    "callbacks": " `fit.early_stopping` and `schedule` are the callbacks there are.",
    "verbose": " What is shown is chosen on the command line (`-q`).",
    "backend": " It is chosen on the command line (`--backend`).",
    "engine": " How a run is carried out is chosen on the command line, not in a config.",
    "device": " How a run is carried out is chosen on the command line, not in a config.",
    "<<": " Merge keys are not read; `base:` inherits from another file.",
}
"""Words that people bring from other tools, and what they are called here."""


def unknown_key(path: Path, tree: Mapping[str, Any]) -> str:
    """What is wrong with the key at a path, or with the first key on the way to it that does not exist."""
    *parents, key = path
    parent = tuple(parents)
    if parent and schema_at(parent, tree) is None:
        return unknown_key(parent, tree)
    if key == "base":
        return f"{dotted(path)} cannot be given here: `base` stands at the top of a file."
    takers = taken_by(parent, key)
    if takers:
        chosen = value_at((*parent, "name"), tree)
        return f"{dotted(path)} is not an argument of {chosen}; these take it: {', '.join(takers)}."
    around = f"`{dotted(parent)}`" if parent else "a config"
    return f"{dotted(path)} is not a key of {around}.{advice(parent, str(key), tree)}"


def advice(parent: Path, key: str, tree: Mapping[str, Any]) -> str:
    """The way out, as a sentence after a space."""
    known = known_keys(parent, tree)
    everything = f" Known: {', '.join(known)}." if known else " It holds no keys."
    return FORMER_WORDS.get(key) or written_with_dots(key) or elsewhere(key) or nearest(key, known) or everything


def taken_by(section: Path, key: object) -> list[str]:
    """The optimizers or schedules that take this argument."""
    choices = NAMED[str(section[0])] if named_union(section) else {}
    return [name for name, choice in choices.items() if key in choice.model_fields]


def written_with_dots(key: str) -> str:
    """Of `model.width` as a key: that it stands in a section."""
    first, *rest = key.split(".")
    if not rest or schema_at((first, *rest), {}) is None:
        return ""
    return f" In a file it stands inside its section: `{first}: {{{'.'.join(rest)}: ...}}`."


def elsewhere(key: str) -> str:
    """The sections that do have this key."""
    if key in json_schema()["properties"]:
        return f" `{key}` stands at the top of a file."
    homes = [section for section, node in sections(json_schema(), ()) if key in properties(node)]
    return f" `{key}` belongs to `{'` or `'.join(homes)}`." if 1 <= len(homes) <= 2 else ""


def sections(node: Schema, path: Path) -> Iterable[tuple[str, Schema]]:
    """Every section inside a section, with its dotted path."""
    for key, inner in properties(node).items():
        if properties(inner):
            yield dotted((*path, key)), inner
            yield from sections(inner, (*path, key))


def properties(node: Schema) -> dict[str, Schema]:
    """The keys of a section with their schemas; of a union, those of all its branches."""
    found: dict[str, Schema] = {}
    for branch in branches(node, definitions()):
        for key, inner in branch.get("properties", {}).items():
            found.setdefault(key, inner)
    return found


def nearest(word: object, known: Iterable[str]) -> str:
    """` Did you mean `x`?`, or nothing where no known word is near."""
    written, words = str(word).lower(), list(known)
    found = (
        [one for one in words if one == written]
        or [one for one in words if one.startswith(written) and len(written) > 1]
        or [one for one in words if is_part(written, one) or is_part(one, written)]
        or get_close_matches(written, words, n=1, cutoff=0.65)
    )
    return f" Did you mean `{printable(found[0])}`?" if found else ""


def is_part(short: str, long: str) -> bool:
    """Whether the short word begins the long one, or is one of its words."""
    return len(short) > 1 and (f"_{short}_" in f"_{long}_" or (len(short) > 2 and long.startswith(short)))


def known_keys(path: Path, tree: Mapping[str, Any]) -> list[str]:
    """The keys of a section; of an optimizer or schedule, those of the one that the tree names."""
    chosen = NAMED[str(path[0])].get(str(value_at((*path, "name"), tree))) if named_union(path) else None
    if chosen is not None:
        return list(chosen.model_fields)
    node = schema_at(path, tree)
    return list(properties(node)) if node else []


def definitions() -> Schema:
    """The named parts of the JSON Schema."""
    return dict(json_schema()["definitions"])


def named_union(path: Path) -> bool:
    """Whether the section at this path is chosen by its `name`."""
    return len(path) == 1 and path[0] in NAMED


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
