"""What a key must hold, in words, read from its JSON Schema: one wording for messages and for docs/config.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlrun.spec.section import LARGEST

Schema = Mapping[str, Any]

BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}


def resolve(node: Schema, definitions: Schema) -> Schema:
    """The schema a `$ref` points to; others as they are."""
    while "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[1]]
    return node


def branches(node: Schema, definitions: Schema) -> list[Schema]:
    """The alternatives of a union, flattened; a plain schema is its own only branch."""
    node = resolve(node, definitions)
    parts = node.get("anyOf") or node.get("oneOf")
    if parts is None:
        return [node]
    return [branch for part in parts for branch in branches(part, definitions)]


def allowed_words(node: Schema, definitions: Schema) -> list[str]:
    """The literal texts that a schema allows."""
    words: list[str] = []
    for branch in branches(node, definitions):
        words += [word for word in branch.get("enum", [branch.get("const")]) if isinstance(word, str)]
    return words


def expectation(node: Schema, definitions: Schema) -> str:
    """For example `a whole number >= 1`, or `a number >= 0 and < 1, or a list of such`."""
    texts = [one(branch, definitions) for branch in without_narrower(branches(node, definitions))]
    if len(texts) == 2 and texts[1] == f"a list of {plural(texts[0])}":
        texts[1] = "a list of such"
    return ", or ".join(texts)


def one(node: Schema, definitions: Schema) -> str:
    """The words for a schema without alternatives."""
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return "one of " + ", ".join(word if word.isidentifier() else repr(word) for word in node["enum"])
    kind = node.get("type")
    if kind == "array":
        return array(node, definitions)
    words = {
        "integer": "a whole number",
        "number": "a number",
        "string": "text",
        "boolean": "true or false",
        "null": "null",
        "object": "a mapping",
    }
    return " ".join(filter(None, [words.get(str(kind), "a value"), bounds(node)]))


def array(node: Schema, definitions: Schema) -> str:
    items = without_narrower(branches(node.get("items") or {}, definitions))
    inner = " or ".join(plural(one(item, definitions)) for item in items)
    few = node.get("minItems", 0)
    return f"a list of {f'at least {few} ' if few > 1 else ''}{inner}{', not empty' if few == 1 else ''}"


def without_narrower(alternatives: list[Schema]) -> list[Schema]:
    """Each alternative once; whole numbers are not named beside numbers."""
    return [
        node
        for position, node in enumerate(alternatives)
        if node not in alternatives[:position]
        and not (node == {"type": "integer"} and {"type": "number"} in alternatives)
    ]


def bounds(node: Schema) -> str:
    return " and ".join(
        f"{sign} {number(node[key])}" for key, sign in BOUNDS.items() if node.get(key, LARGEST) != LARGEST
    )


def number(value: float) -> str:
    return f"{value:g}"


def plural(text: str) -> str:
    """`a whole number >= 1` -> `whole numbers >= 1`."""
    for single, many in (
        ("a whole number", "whole numbers"),
        ("a number", "numbers"),
        ("a list of", "lists of"),
        ("a mapping", "mappings"),
        ("one of", "words out of"),
        ("text", "texts"),
        ("true or false", "true/false"),
        ("a value", "values"),
    ):
        if text.startswith(single):
            return many + text[len(single) :]
    return text
