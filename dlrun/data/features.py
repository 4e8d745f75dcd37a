"""Column of a table -> inputs of a net: one class per kind of column, fitted once and then plain numbers and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dlrun.data.booleans import truths
from dlrun.data.dates import COMPACT, DAY, TIME_OF_DAY, calendar, reader
from dlrun.data.scaling import drawn_in
from dlrun.data.spellings import MOSTLY_NUMBERS, PLAIN, Reader, Spelling, by_level
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
    spelling: Spelling | None = None
    """How the column's texts spell numbers; None for plain numbers."""
    limit: float | None = None
    """Scaled values farther from 0 are drawn in, as `scaling.drawn_in` says; None leaves them."""
    kind: str = "number"

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.name, self.name + MISSING_SUFFIX) if self.indicator else (self.name,)

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes this column's inputs into x (rows, inputs)."""
        values = self.values(table)
        missing = np.isnan(values)
        scaled = (np.where(missing, self.fill, values) - self.center) / self.scale
        x[:, 0] = scaled if self.limit is None else drawn_in(scaled, self.limit)
        if self.indicator:
            x[:, 1] = missing

    def values(self, table: Table) -> np.ndarray:
        """float64 (rows,): the column in its own unit; NaN where missing. Raises DataError, naming the row."""
        return numbers_of(table, self.name, (self.spelling or PLAIN).values)


@dataclass(frozen=True)
class Flag(Number):
    """A column of words for true and false: a number that is 1 or 0, scaled like any other."""

    kind: str = "boolean"

    def values(self, table: Table) -> np.ndarray:
        """float64 (rows,): 1 or 0; NaN where missing. Raises DataError, naming the row."""
        return numbers_of(table, self.name, truths, "yes or no")


@dataclass(frozen=True)
class Moment:
    """A column of dates or times: days since the earliest one, scaled, and where each stands in year, week and day."""

    name: str
    format: str
    """One of `dates.FORMATS`."""
    origin: float
    """Seconds since 1970 of the beginning of the earliest day in the train rows; 0 for times of day."""
    fill: float
    """What a missing value becomes: the median of the train rows, in days since the origin."""
    center: float
    scale: float
    cycles: tuple[str, ...]
    """Those of month, weekday and hour that vary in the train rows: each a sine and a cosine."""
    indicator: bool
    kind: str = "date"

    @property
    def inputs(self) -> tuple[str, ...]:
        turns = tuple(f"{self.name} {cycle} ({wave})" for cycle in self.cycles for wave in ("sin", "cos"))
        return (self.name, *turns, *((self.name + MISSING_SUFFIX,) if self.indicator else ()))

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes this column's inputs into x (rows, inputs)."""
        seconds = self.values(table)
        missing = np.isnan(seconds)
        days = np.where(missing, self.fill, (seconds - self.origin) / DAY)
        x[:, 0] = (days - self.center) / self.scale
        parts = calendar(seconds)
        for place, cycle in enumerate(self.cycles):
            values, period = parts[cycle]
            angle = 2 * np.pi * values / period
            x[:, 1 + 2 * place] = np.where(missing, 0, np.sin(angle))
            x[:, 2 + 2 * place] = np.where(missing, 0, np.cos(angle))
        if self.indicator:
            x[:, -1] = missing

    def values(self, table: Table) -> np.ndarray:
        """float64 (rows,): seconds; NaN where missing. Raises DataError, naming the row."""
        return seconds_in(table, self.name, self.format)


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
    """The pixels of an image, divided by their largest possible value; where all are alike, centred and scaled too."""

    names: tuple[str, ...]
    white: float
    center: float = 0.0
    """Of all pixels, as a share of white."""
    scale: float = 1.0
    kind: str = "pixels"

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.names

    def apply(self, table: Table, x: np.ndarray) -> None:
        """Writes the pixels into x (rows, pixels)."""
        for place, name in enumerate(self.names):
            x[:, place] = (numbers_of(table, name) / self.white - self.center) / self.scale


Feature = Number | Moment | Category | Pixels

KINDS: dict[str, type[Number] | type[Moment] | type[Category] | type[Pixels]] = {
    "number": Number,
    "boolean": Flag,
    "date": Moment,
    "category": Category,
    "pixels": Pixels,
}


def feature_to_json(feature: Feature) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(feature).items()}


def feature_from_json(stored: Mapping[str, Any]) -> Feature:
    arguments: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()
    }
    if arguments.get("spelling") is not None:
        arguments["spelling"] = Spelling(**arguments["spelling"])
    return KINDS[stored["kind"]](**arguments)


def numbers_of(table: Table, name: str, read: Reader = PLAIN.values, what: str = "numbers") -> np.ndarray:
    """float64 (rows,): a column that must hold numbers; NaN where missing.

    Args:
        read: texts -> numbers. As in train rows, a tenth of the values may be unreadable: these count as missing.
        what: what the column must hold, for the message.

    Raises:
        DataError: naming the row.
    """
    column = _column(table, name)
    if isinstance(column, Numeric):
        values = np.asarray(column.values, float)
        wrong = np.flatnonzero(np.isinf(values))
    else:
        values = by_level(column, read)
        wrong = np.flatnonzero(unreadable(column, values))
        if len(wrong) <= (1 - MOSTLY_NUMBERS) * (~column.missing).sum():
            wrong = wrong[:0]
    if len(wrong):
        row = int(wrong[0])
        came = column.levels[column.codes[row]] if isinstance(column, Text) else str(values[row])
        raise DataError(
            f"{table.name}: column {name!r} must hold {what}, as in the train rows. "
            f"Received: {came!r} in row {int(table.numbers[row]) + 1}"
        )
    return values


def unreadable(column: Text, values: np.ndarray) -> np.ndarray:
    """bool (rows,): where a text was read as no number, though it is there."""
    return np.asarray(np.isnan(values) & ~column.missing)


def seconds_in(table: Table, name: str, format: str) -> np.ndarray:
    """float64 (rows,): a column of dates or times as `dates.moments` gives them. Raises DataError, naming the row."""
    column = _column(table, name)
    if isinstance(column, Numeric) and format == COMPACT:
        table = table.with_column(name, column.as_text())
    elif isinstance(column, Numeric) and not column.missing.all():
        row = int(np.flatnonzero(~column.missing)[0])
        raise DataError(
            f"{table.name}: column {name!r} must hold {_form(format)}, as in the train rows. "
            f"Received: {column.values[row]:g} in row {int(table.numbers[row]) + 1}"
        )
    return numbers_of(table, name, reader(format), _form(format))


def _form(format: str) -> str:
    return "times such as 09:30" if format == TIME_OF_DAY else f"dates ({format})"


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
