"""What all sections of an experiment share: frozen, strict, and a small vocabulary of value types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema


class Section(BaseModel):
    """A part of a config: immutable, equal by value, no unknown keys, no silent conversions.

    Validators are built when they are first used, and the docstrings below keys are read when the JSON Schema is asked
    for (`dlrun.spec.schema`): both would take half of the time of the import.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Misfit(ValueError):
    """A value that does not fit the values beside it.

    Args:
        key: the key of the section that is to be changed, so that the message stands at its line.
        text: what must hold and what came, read after the key's path.
    """

    def __init__(self, key: str, text: str):
        super().__init__(text)
        self.key = key


def one_or_list(value: object) -> str:
    """The union branch for `one value, or a list per layer`."""
    return "<list>" if isinstance(value, (list, tuple)) else "<one>"


def text_or_mapping(value: object) -> str:
    """The union branch for `a name, or a mapping with a name and arguments`."""
    return "<mapping>" if isinstance(value, (Mapping, BaseModel)) else "<text>"


def by_name(value: object) -> str:
    """The union branch that a mapping's `name` chooses, written as the tag of that branch."""
    name = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
    return f"<{name}>"


Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, lt=1)]
Share = Annotated[float, Field(gt=0, le=1)]
UnitInterval = Annotated[float, Field(ge=0, le=1)]
LARGEST = 10**9
"""No count or seed may be larger: what comes above is a slip, and would end in a crash far from its cause."""
Count = Annotated[int, Field(ge=1, le=LARGEST)]
CountOrZero = Annotated[int, Field(ge=0, le=LARGEST)]
Text = Annotated[str, Field(min_length=1)]


def number_as_text(value: object) -> object:
    """Labels are compared as text, and `-1` is as good a label as "-1"."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Label = Annotated[
    str,
    BeforeValidator(number_as_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]}),
]
Column = str | int
"""A column by name, or by position (0 is the first, -1 the last)."""

# A sequence arrives as a YAML list and is kept as a tuple, so that sections stay hashable.
Counts = Annotated[tuple[Count, ...], Strict(False)]
Rates = Annotated[tuple[Positive, ...], Strict(False)]
Labels = Annotated[tuple[Label, ...], Strict(False)]
Columns = Annotated[tuple[Column, ...], Strict(False)]
Numbers = Annotated[tuple[float, ...], Strict(False)]
Matrix = Annotated[tuple[Numbers, ...], Strict(False)]
