"""pydantic's findings -> problems in the user's words: where, what must hold, what came, the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from dlrun.errors import Problem
from dlrun.spec.expectation import Schema, allowed_words, branches, expectation
from dlrun.spec.known_keys import definitions, named_union, nearest, schema_at, unknown_key, value_at
from dlrun.spec.layers import Places, place_of
from dlrun.spec.section import LARGEST, Misfit
from dlrun.spec.yaml_text import LONGEST_SHOWN, Path, dotted, scalar

MANY_WORDS = 12
"""A message lists the allowed words up to this many, or where no known word is near."""

EXAMPLES: dict[Path, str] = {
    ("data",): "{source: digits}",
    ("data", "inline"): "{x: [[0, 0], [0, 1]], y: [0, 1]}",
    ("data", "augmentation"): "{rotation: 0.1}",
    ("model",): "{width: 64, depth: 2}",
    ("optimizer",): "{name: adam, learning_rate: 0.001}",
    ("schedule",): "{name: cosine}",
    ("fit",): "{epochs: 50}",
    ("fit", "early_stopping"): "{patience: 8}",
    ("sweep",): "{grid: {model.width: [16, 64]}}",
    ("sweep", "grid"): "{model.width: [16, 64]}",
    ("sweep", "search"): "{name: random, n_trials: 64}",
    ("sweep", "space"): "{model.width: {low: 8, high: 256}}",
}
"""What a section looks like, for those who wrote something else in its place."""


def problems_of(error: ValidationError, tree: Mapping[str, Any], places: Places) -> list[Problem]:
    """One problem per path."""
    found: dict[Path, Problem] = {}
    for detail in error.errors(include_url=False):
        if counts_only_what_held(detail):
            continue
        path = path_of(detail, tree)
        found.setdefault(path, Problem(place_of(path, places), describe(path, detail, tree)))
    return list(found.values())


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, file by file in the order of the lines."""
    return sorted(dict.fromkeys(problems), key=lambda problem: line_of(problem.where))


def line_of(where: str) -> tuple[str, int]:
    """A sort key: the file, then the line as a number."""
    file, _, line = where.rpartition(":")
    return (file, int(line)) if line.isdecimal() else (where, 0)


def counts_only_what_held(detail: Any) -> bool:
    """pydantic calls a list too short that is long enough, when some of its items do not hold; they have their own
    problems."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def path_of(detail: Any, tree: Mapping[str, Any]) -> Path:
    """The key that a finding is about."""
    path = without_tags(detail["loc"], tree)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Misfit):
        return (*path, cause.key)
    if detail["type"].startswith("union_tag") and named_union(path) and isinstance(detail["input"], Mapping):
        return (*path, "name")
    return path


def without_tags(location: Iterable[str | int], tree: Any) -> Path:
    """pydantic's location without the names of union branches: ours stand in `<>`, its own are names of types. What the
    tree holds as a key is one, whatever it looks like."""
    path: Path = ()
    for part in location:
        inside = value_at(path, tree)
        is_key = isinstance(inside, Mapping) and part in inside
        is_tag = isinstance(part, str) and (part.startswith("<") or part in ("str", "int", "float", "bool"))
        if is_key or not is_tag:
            path = (*path, part)
    return path


def describe(path: Path, detail: Any, tree: Mapping[str, Any]) -> str:
    kind = detail["type"]
    if kind == "missing":
        return required(path, tree)
    if kind == "extra_forbidden":
        return unknown_key(path, tree)
    if kind == "value_error":
        return f"{dotted(path)} {detail['ctx']['error']}.".lstrip()
    if kind == "string_too_short":
        return f"{dotted(path)} must not be empty."
    if kind == "less_than_equal" and detail["ctx"]["le"] == LARGEST:
        return at_most(path, detail["input"], LARGEST)
    value = value_at(path, tree) if chosen_by_name(path) else detail["input"]
    return must_be(path, value, tree)


def at_most(path: Path, value: object, most: int) -> str:
    return f"{dotted(path)} must be at most {most:,}. Received: {received(value)}."


def required(path: Path, tree: Mapping[str, Any]) -> str:
    if path in EXAMPLES:
        return f"{dotted(path)} is required, such as `{path[-1]}: {EXAMPLES[path]}`."
    node = schema_at(path, tree)
    return f"{dotted(path)} is required{f': {expectation(node, definitions())}' if node else ''}."


def must_be(path: Path, value: object, tree: Mapping[str, Any]) -> str:
    """`fit.epochs must be a whole number >= 0. Received: 'ten'.`"""
    node = schema_at(path, tree)
    words = allowed_words(node, definitions()) if node else []
    close = nearest(value, words) if value is None or isinstance(value, str) else ""
    if len(words) > MANY_WORDS and close:
        return f"{dotted(path)} must be a known name. Received: {received(value)}.{close}"
    return f"{dotted(path)} must be {wanted(path, node)}. Received: {received(value)}.{close or way_out(node, value)}"


def wanted(path: Path, node: Schema | None) -> str:
    """What the key must hold."""
    if node is None:
        return "valid"
    if chosen_by_name(path):
        return f"one of {', '.join(allowed_words(node, definitions()))}"
    if named_union(path):
        return f"a name, or a mapping such as {EXAMPLES[path]}"
    text = expectation(node, definitions())
    return text.replace("a mapping", f"a mapping such as {EXAMPLES[path]}") if path in EXAMPLES else text


def chosen_by_name(path: Path) -> bool:
    """Whether this is the `name` of a section that is chosen by it."""
    return path[-1:] == ("name",) and named_union(path[:-1])


# --- the way out -----------------------------------------------------------------------------------------------------


def way_out(node: Schema | None, value: object) -> str:
    """How to write what was probably meant, as a sentence after a space."""
    kinds = {str(branch.get("type")) for branch in branches(node, definitions())} if node else set()
    if isinstance(value, float) and value.is_integer() and "integer" in kinds:
        return f" Write {int(value)}."
    if isinstance(value, str) and kinds & {"integer", "number"}:
        number = number_meant(value)
        return f" Write {number}." if number else ""
    if isinstance(value, str) and "object" in kinds and re.fullmatch(r"\w+:\S+", value):
        return " A space must follow the `:`."
    return ""


def number_meant(text: str) -> str:
    """The number behind `'10'`, `10_000`, `1,000`, `0,5` or `20%`; nothing where it is none of these."""
    text = text.strip()
    if re.fullmatch(r"\d+(\.\d+)?%", text):
        return f"{float(text[:-1]) / 100:g}"
    if re.fullmatch(r"\d{1,3}([_,]\d{3})+", text):
        return re.sub("[_,]", "", text)
    if re.fullmatch(r"\d+,\d+", text):
        return text.replace(",", ".")
    return text if isinstance(scalar(text), (int, float)) and not isinstance(scalar(text), bool) else ""


def received(value: object) -> str:
    """What came, as a config would write it, cut to a readable length."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, Mapping):
        return "a mapping"
    text = flow(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}... ({len(text)} characters)"


def flow(value: object) -> str:
    """A value on one line."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{dotted((key,))}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(flow(inner) for inner in value)}]"
    return repr(value)
