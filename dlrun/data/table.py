"""A table: named columns of numbers or texts, with the column to predict among them.

What every reader keeps to:
- Numbers are `Numeric`, float64 unless they are pixels: those stay uint8, and `white` names the largest value (255).
- All else is `Text`: dates and times as ISO 8601 (2026-11-20, 2026-11-20T09:30:00), truth values as True and False.
  Blanks around texts are gone; missing values are -1.
- `part` tells which rows are given as train, validation or test rows (`TRAIN`, `VALIDATION`, `TEST`): in a folder of
  MNIST's files, or of images in train/ and test/. `dlrun.data.given_split` splits by it.
- `size` is (height, width) or (height, width, 3) where the columns are pixels, row after row, in the order of
  `pixel_names(size)`.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

import numpy as np

from dlrun.errors import DataError

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_PIXEL = re.compile(r"pixel_(\d{1,4})_(\d{1,4})(_blue)?")
_SHOWN = 20

TRAIN, VALIDATION, TEST = 0, 1, 2
"""Values of `Table.part`."""


@dataclass(frozen=True)
class Numeric:
    """A column of numbers."""

    values: np.ndarray
    """Any real type (rows,); NaN where missing."""

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> np.ndarray:
        """bool (rows,)."""
        return np.asarray(np.isnan(self.values))

    def take(self, rows: np.ndarray) -> Numeric:
        return Numeric(self.values[rows])

    def as_text(self) -> Text:
        """The same column with every number written as text: whole numbers without a decimal point."""
        distinct, codes = np.unique(np.asarray(self.values, float), return_inverse=True)
        levels = tuple(number_text(value) for value in distinct if not np.isnan(value))
        return Text(np.where(self.missing, -1, codes.reshape(-1)), levels)


@dataclass(frozen=True)
class Text:
    """A column of texts, each kept once."""

    codes: np.ndarray
    """int64 (rows,): positions in `levels`; -1 where missing."""
    levels: tuple[str, ...]
    """The different texts."""

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Text:
        """A column of these texts, in the order of their first appearance; None is a missing value."""
        known: dict[str, int] = {}
        codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
        return cls(np.array(codes, np.int64), tuple(known))

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def missing(self) -> np.ndarray:
        """bool (rows,)."""
        return np.asarray(self.codes < 0)

    def take(self, rows: np.ndarray) -> Text:
        return Text(self.codes[rows], self.levels)

    def counts(self) -> np.ndarray:
        """int64 (levels,): how many rows hold each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))

    def renamed(self, names: Sequence[str | None]) -> Text:
        """The same rows with `names[i]` for `levels[i]`: None makes a value missing, equal names become one."""
        merged = Text.of(names)
        return Text(np.append(merged.codes, -1)[self.codes], merged.levels)

    def numbers(self, decimal: str = ".") -> np.ndarray:
        """float64 (rows,): what the texts say as numbers; NaN where missing or no number."""
        parsed = [number(level, decimal) for level in self.levels]
        return np.asarray(np.array([*parsed, np.nan])[self.codes])


Column = Numeric | Text


@dataclass(frozen=True)
class Table:
    """Columns of equal length."""

    name: str
    """Where it comes from, as the user wrote it: for messages."""
    columns: Mapping[str, Column]
    numbers: np.ndarray
    """int64 (rows,): each row's position in its source, from 0."""
    target: str | None = None
    """The column to predict, where the source knows it."""
    white: float | None = None
    """The largest pixel value, where the columns are an image's pixels."""
    keep_constant: bool = False
    """Every column is an input, also one that never changes: arrays written or made on purpose."""
    notes: tuple[str, ...] = ()
    part: np.ndarray | None = None
    """int8 (rows,) of `TRAIN`, `VALIDATION`, `TEST`, where the source itself says which rows are which."""
    size: tuple[int, ...] | None = None
    """(height, width) of grey images, (height, width, 3) of coloured ones, where the columns are pixels."""
    decimal: str = "."
    """The decimal mark with which its numbers were read; texts may spell numbers in other ways."""
    files: tuple[str, ...] | None = None
    """Of image files: each row's, by its path inside the source."""

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: np.ndarray) -> Table:
        """The rows at these positions (int) or under this mask (bool)."""
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        part = None if self.part is None else self.part[rows]
        files = None if self.files is None else tuple(np.array(self.files, object)[rows].tolist())
        return replace(self, columns=columns, numbers=self.numbers[rows], part=part, files=files)

    def with_column(self, name: str, column: Column) -> Table:
        return replace(self, columns={**self.columns, name: column})

    def named(self, wanted: str | int, key: str) -> str:
        """The name of the column that a config's `key` calls by name or position.

        Raises DataError with the nearest name, or the legal positions.
        """
        names = list(self.columns)
        if isinstance(wanted, str):
            composed = {normalize("NFC", name): name for name in names}  # a Mac may have written Hangul in pieces
            if wanted not in self.columns and normalize("NFC", wanted) in composed:
                return composed[normalize("NFC", wanted)]
            if wanted not in self.columns:
                raise DataError(f"{key}: {self.name} has no column {wanted!r}. {nearest(wanted, names)}")
            return wanted
        if not -len(names) <= wanted < len(names):
            raise DataError(
                f"{key}: must be a position from 0 to {len(names) - 1}, or -1 to {-len(names)} from the end: "
                f"{self.name} has {len(names)} columns. Received: {wanted}"
            )
        return names[wanted]


def pixel_names(size: tuple[int, ...]) -> list[str]:
    """The column of each pixel: pixel_0_0, pixel_0_1, ... by row and column; with three colours pixel_0_0_red, ..."""
    colours = ("_red", "_green", "_blue") if len(size) == 3 else ("",)
    return [
        f"pixel_{row}_{column}{colour}" for row in range(size[0]) for column in range(size[1]) for colour in colours
    ]


def image_size(names: Sequence[str]) -> tuple[int, ...] | None:
    """The size of the images whose pixels have these names; None where they are no pixels of whole images."""
    last = _PIXEL.fullmatch(names[-1]) if names else None
    if last is None:
        return None
    size: tuple[int, ...] = (int(last[1]) + 1, int(last[2]) + 1, *((3,) if last[3] else ()))
    return size if len(names) == math.prod(size) and list(names) == pixel_names(size) else None


def nearest(wanted: str, names: Sequence[str]) -> str:
    """A sentence that offers the nearest of the names and lists them."""
    found = difflib.get_close_matches(wanted.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    close = next((name for name in names if found and name.lower() == found[0]), None)
    offer = f"Did you mean {close!r}? " if close is not None else ""
    return f"{offer}It has: {listed(names)}"


def listed(names: Sequence[str]) -> str:
    """The names, quoted, with commas; of many only the first."""
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name) for name in names[:_SHOWN]) + rest


def number(text: str, decimal: str = ".") -> float:
    """The finite number that a text spells, else NaN: unlike `float` it takes no `inf`, `nan` or `1_000`."""
    plain = text.strip().replace(decimal, ".") if decimal != "." else text.strip()
    value = float(plain) if _NUMBER.fullmatch(plain) else np.nan
    return value if np.isfinite(value) else np.nan


def number_text(value: float) -> str:
    """A number as a label: `3` for 3.0, else the shortest text that reads back the same."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
