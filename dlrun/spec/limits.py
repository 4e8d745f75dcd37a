"""The numbers that a key may hold, read from its JSON Schema: how far a search may go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlrun.spec.expectation import branches
from dlrun.spec.known_keys import definitions, schema_at


@dataclass(frozen=True)
class Limits:
    """The legal values of a key that holds numbers."""

    whole: bool
    """Whether they are whole numbers."""
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    """Whether every number above `low` is legal, but not `low` itself."""
    open_high: bool = False


def limits_of(key: str, tree: Mapping[str, Any]) -> Limits | None:
    """The limits of a dotted key; None where it holds no numbers.

    Args:
        tree: a config, whose optimizer and schedule say which arguments there are.
    """
    path = tuple(key.split("."))
    node = schema_at(path, tree) or schema_at(path, {})
    for branch in branches(node, definitions()) if node is not None else ():
        if branch.get("type") in ("integer", "number"):
            return Limits(
                branch["type"] == "integer",
                branch.get("exclusiveMinimum", branch.get("minimum", -math.inf)),
                branch.get("exclusiveMaximum", branch.get("maximum", math.inf)),
                "exclusiveMinimum" in branch,
                "exclusiveMaximum" in branch,
            )
    return None
