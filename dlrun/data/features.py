"""Column of a table -> inputs of a net: one class per kind of column, fitted once and then plain numbers and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dlrun.data.table import Column, Numeric, Table, Text, nearest
from dlrun.errors import DataError

MISSING_SUFFIX = " is missing"


@dataclass(frozen=True)
class Number:
    """A column of numbers: one scaled input, and one that tells where the value is missing."""

    name: str
    fill: float
    """What a missing value becomes: the median of the train rows, in the column's own unit."""
    center: float
    scale: float
    indicator: bool
    """Whether missing values have an input of their own: where train rows have any."""
    kind: str = "number"

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.name, self.name + MISSING_SUFFIX) if self.indicator else (self.name,)

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes this column's inputs into x (rows, inputs)."""
        values = numbers_of(table, self.name)
        missing = np.isnan(values)
        x[:, 0] = (np.where(missing, self.fill, values) - self.center) / self.scale
        if self.indicator:
            x[:, 1] = missing


@dataclass(frozen=True)
class Category:
    """A column of texts: one input per category of the train rows, 1 where it is the row's. An unseen one is all 0."""

    name: str
    categories: tuple[str, ...]
    others: bool
    """Whether there were too many: then all that are not listed, unseen ones too, share one input."""
    missing: bool
    """Whether missing values have an input of their own: where train rows have any."""
    kind: str = "category"

    @property
    def inputs(self) -> tuple[str, ...]:
        own = tuple(f"{self.name}={category}" for category in self.categories)
        others = (f"{self.name} is another",) if self.others else ()
        return (*own, *others, *((self.name + MISSING_SUFFIX,) if self.missing else ()))

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes this column's inputs into x (rows, inputs)."""
        text = texts_of(table, self.name)
        places = {category: place for place, category in enumerate(self.categories)}
        unlisted = len(places) if self.others else -1
        missing = len(places) + self.others if self.missing else -1
        of_level = np.array([*(places.get(level, unlisted) for level in text.levels), missing])
        place = of_level[text.codes]
        rows = np.flatnonzero(place >= 0)
        x[:] = 0
        x[rows, place[rows]] = 1


@dataclass(frozen=True)
class Pixels:
    """The pixels of an image, divided by their largest possible value."""

    names: tuple[str, ...]
    white: float
    kind: str = "pixels"

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.names

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes the pixels into x (rows, pixels)."""
        for place, name in enumerate(self.names):
            x[:, place] = numbers_of(table, name) / self.white


Feature = Number | Category | Pixels

KINDS: dict[str, type[Number] | type[Category] | type[Pixels]] = {
    "number": Number,
    "category": Category,
    "pixels": Pixels,
}


def feature_to_json(feature: Feature) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(feature).items()}


def feature_from_json(stored: Mapping[str, Any]) -> Feature:
    arguments: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()
    }
    return KINDS[stored["kind"]](**arguments)


def numbers_of(table: Table, name: str) -> np.ndarray:
    """float64 (rows,): a column that must hold numbers; NaN where missing. Raises DataError, naming the row."""
    column = _column(table, name)
    values = np.asarray(column.values, float) if isinstance(column, Numeric) else column.numbers()
    if isinstance(column, Numeric):
        wrong = np.flatnonzero(np.isinf(values))
    else:
        wrong = np.flatnonzero(np.isnan(values) & ~column.missing)
    if len(wrong):
        row = int(wrong[0])
        came = column.levels[column.codes[row]] if isinstance(column, Text) else str(values[row])
        raise DataError(
            f"{table.name}: column {name!r} must hold numbers, as in the train rows. "
            f"Received: {came!r} in row {int(table.numbers[row]) + 1}"
        )
    return values


def texts_of(table: Table, name: str) -> Text:
    """A column as texts, whatever it was read as. Raises DataError where it is not there."""
    column = _column(table, name)
    return column.as_text() if isinstance(column, Numeric) else column


def _column(table: Table, name: str) -> Column:
    if name not in table.columns:
        raise DataError(
            f"{table.name}: has no column {name!r}, which was trained on. {nearest(name, list(table.columns))}"
        )
    return table.columns[name]
