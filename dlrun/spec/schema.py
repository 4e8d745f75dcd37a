"""The JSON Schema (draft 7) of a config file, so that editors complete and check it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from dlrun.spec.experiment import DEEPEST_NET, DEFAULT_NAMES, Experiment
from dlrun.spec.section import LARGEST

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
    properties = {"base": BASE, **schema.pop("properties")}
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
