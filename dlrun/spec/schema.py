"""The JSON Schema (draft 7) of a config file, so that editors complete and check it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from dlrun.spec.experiment import DEEPEST_NET, DEFAULT_NAMES, Experiment
from dlrun.spec.other_kinds import MADE_BY
from dlrun.spec.section import LARGEST, Section

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


class Draft7(GenerateJsonSchema):
    schema_dialect = DRAFT_7


SUGAR = {
    "width": {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST,
        "description": "Units of every hidden layer; with `depth` short for `units`. Alone, depth comes from `units`.",
    },
    "depth": {
        "type": "integer",
        "minimum": 0,
        "maximum": DEEPEST_NET,
        "description": "How many hidden layers; 0 is the linear model.",
    },
}
BASE = {"type": "string", "minLength": 1, "description": "Another file to inherit from; this one wins key by key."}


@cache
def json_schema() -> dict[str, Any]:
    """The schema of a whole config, `base`, `width`, `depth` and the short forms `optimizer: adam` included."""
    schema = Experiment.model_json_schema(ref_template="#/definitions/{model}", schema_generator=Draft7)
    definitions = schema.pop("$defs")
    for kind in _kinds_of(Section):
        _describe(kind, (schema if kind is Experiment else definitions.get(kind.__name__, {})).get("properties", {}))
    properties = {"base": BASE, **schema.pop("properties")}
    for section in MADE_BY:  # no key of a file
        del properties[section], definitions[section.title()]
    for key, default in DEFAULT_NAMES.items():
        choices = [definitions[branch["$ref"].rsplit("/", 1)[1]] for branch in properties[key]["oneOf"]]
        for choice in choices:
            if choice["properties"]["name"]["const"] != default:
                choice["required"] = ["name", *choice.get("required", [])]
        names = [choice["properties"]["name"]["const"] for choice in choices]
        properties[key]["oneOf"].insert(0, {"type": "string", "enum": names})
    model = definitions["Model"]["properties"]
    definitions["Model"]["properties"] = {"units": model.pop("units"), **SUGAR, **model}
    # A file may leave out `data`: what it inherits from, or the command line, can bring it.
    schema.pop("required", None)
    return {"$schema": DRAFT_7, "title": "dlrun config", **schema, "properties": properties, "definitions": definitions}


def _kinds_of(section: type[Section]) -> Iterator[type[Section]]:
    for kind in section.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


def _describe(section: type[Section], properties: dict[str, Any]) -> None:
    """Gives each key the docstring that stands below it in the class it comes from."""
    for key, schema in properties.items():
        home = next(kind for kind in section.__mro__ if key in inspect.get_annotations(kind))
        text = _docstrings(home.__module__).get((home.__name__, key))
        if text is not None:
            properties[key] = dict(sorted({**schema, "description": text}.items()))


@cache
def _docstrings(module: str) -> Mapping[tuple[str, str], str]:
    """(class, attribute) -> the docstring below it, for the classes of a module."""
    classes = [
        node for node in ast.parse(inspect.getsource(sys.modules[module])).body if isinstance(node, ast.ClassDef)
    ]
    return {
        (node.name, key.target.id): inspect.cleandoc(text.value.value)
        for node in classes
        for key, text in pairwise(node.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
