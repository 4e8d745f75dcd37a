"""What each column of a table is taken for: a number, a category, a date, an id ... and why one is left out.

The whole column is looked at, whichever rows it is split into later; everything that is *fitted* sees train rows only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dlrun.data.booleans import is_boolean, truths
from dlrun.data.dates import COMPACT, format_of, is_ambiguous, is_compact, moments
from dlrun.data.spellings import PLAIN, MixedUnits, Spelling, by_level, spelling_of, used_levels
from dlrun.data.table import Column, Numeric, Table, Text

Kind = Literal["number", "boolean", "category", "date", "text", "id", "constant", "empty"]

FEWEST_FOR_AN_ID = 20
"""Rows below which whole numbers in a row are no sign of an id."""
MOST_CODES = 50
"""Different whole numbers that an id-like name may have to be read as names of categories, such as store_id."""
NEARLY_ALL = 0.9
LONG_TEXT, MANY_WORDS = 40, 5
"""Characters or words on average, from which on texts that seldom repeat are free text."""

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_ID_WORDS = frozenset({"id", "ids", "uuid", "guid", "pk", "no", "nr"})
_ID_NAMES = frozenset(
    {"index", "idx", "row", "rownum", "row number", "rowid", "row names", "rownames", "serial", "serial number", "key",
     "unnamed: 0", "#", "s.no", "sl.no", "연번", "순번", "번호", "아이디"}
)  # fmt: skip
_ID_ENDINGS = ("번호", "아이디", "순번", "연번")
_PLACES = ("우편번호",)
_TIME_WORDS = frozenset(
    {"time", "day", "days", "date", "week", "month", "year", "hour", "minute", "second", "t", "step", "age", "x",
     "일", "주", "월", "년", "연도", "시간", "시각", "나이"}
)  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What a column is taken for."""

    kind: Kind
    reason: str | None = None
    """Why it is left out, a clause such as `it numbers the rows`; None where it is used."""
    spelling: Spelling | None = None
    """How its texts spell numbers."""
    format: str | None = None
    """How its dates or times are written."""
    note: str | None = None
    """How it was read, a clause after the column's name; None where there is nothing to say."""
    problem: str | None = None
    """What was wrong in it, a clause: values that could not be read, a mix of units."""

    @property
    def used(self) -> bool:
        return self.reason is None


def understand(table: Table) -> dict[str, Meaning]:
    """The meaning of every column. Columns of arrays made on purpose, and pixels, are plain numbers or categories."""
    if table.keep_constant or table.white is not None:
        return {name: plain(column) for name, column in table.columns.items()}
    meanings = {name: meaning(name, column, table.decimal == ",") for name, column in table.columns.items()}
    meanings |= _row_index(table)
    return meanings if table.decimal == "," else _with_decimal_commas(table, meanings)


def _row_index(table: Table) -> dict[str, Meaning]:
    """The first column where it alone has no name, as pandas and R write the row index, and never the same number."""
    first, *others = table.columns
    column = table.columns[first]
    if first != "column_1" or not isinstance(column, Numeric) or not others or others[0] == "column_2":
        return {}
    present = column.values[~column.missing]
    different = len(present) == len(column) == len(np.unique(present)) and len(present) >= FEWEST_FOR_AN_ID
    if not different or not np.isfinite(present).all() or (present != np.floor(present)).any():
        return {}
    return {first: Meaning("id", "it has no name and a different whole number in every row, as a row index has")}


def plain(column: Column) -> Meaning:
    """The meaning of a column that is used as it is."""
    return Meaning("number" if isinstance(column, Numeric) else "category")


def wanted(found: Meaning, column: Column) -> Meaning:
    """The meaning of a column that a config lists in `features`: it is used, whatever it looks like."""
    return found if found.used or found.kind in ("constant", "empty") else plain(column)


def meaning(name: str, column: Column, comma_first: bool = False) -> Meaning:
    """The meaning of one column by itself; of spellings that fit alike, those with a decimal comma first if so."""
    if column.missing.all():
        return Meaning("empty", "it has no values")
    constant = _only_value(column)
    if constant is not None:
        return Meaning("constant", f"it is {constant} in every row")
    return _of_numbers(name, column) if isinstance(column, Numeric) else _of_texts(name, column, comma_first)


def values_of(column: Column, meaning: Meaning) -> np.ndarray:
    """float64 (rows,): a number, date or boolean column as numbers; NaN where missing or unreadable."""
    if meaning.format is not None:
        return moments(column, meaning.format)
    if isinstance(column, Numeric):
        return np.asarray(column.values, float)
    if meaning.kind == "boolean":
        return by_level(column, truths)
    return by_level(column, (meaning.spelling or PLAIN).values)


def _only_value(column: Column) -> str | None:
    """The value of a column that has the same in every row, quoted where it is a text."""
    if column.missing.any():
        return None
    if isinstance(column, Numeric):
        return f"{column.values[0]:g}" if column.values.min() == column.values.max() else None
    levels = used_levels(column)[0]
    return repr(levels[0]) if len(levels) == 1 else None


# --- numbers ---------------------------------------------------------------------------------------------------------


def _of_numbers(name: str, column: Numeric) -> Meaning:
    present = np.asarray(column.values[~column.missing], float)
    if not np.isfinite(present).all() or (present != np.floor(present)).any():
        return Meaning("number")
    if is_compact(name, column):
        return Meaning("date", format=COMPACT, note="whole numbers such as 20240131 are read as dates")
    if present.min() == 0 and present.max() == 1:
        return Meaning("boolean")
    return _of_codes(name, present) or Meaning("number")


def _of_codes(name: str, present: np.ndarray) -> Meaning | None:
    """The meaning of whole numbers that name rows or things; None for amounts."""
    if _counts_up(present) and not _TIME_WORDS & set(_words(name)):
        return Meaning("id", "it numbers the rows")
    if not named_like_an_id(name):
        return None
    different = len(np.unique(present))
    if different == len(present):
        return Meaning("id", "it is a different number in every row, and its name is that of an id")
    if different <= MOST_CODES:
        return Meaning("category", note="whole numbers are read as names, as the column is called like an id")
    return Meaning("id", "its name is that of an id (data.group keeps its rows on one side of the split)")


def _counts_up(present: np.ndarray) -> bool:
    """Whether these are the whole numbers from one to another, each once, in whatever order."""
    rows = len(present)
    if rows < FEWEST_FOR_AN_ID or present.max() - present.min() != rows - 1:
        return False
    return bool((np.bincount((present - present.min()).astype(np.int64), minlength=rows) == 1).all())


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def named_like_an_id(name: str) -> bool:
    """Whether a name says that the column names its rows: `id`, `PassengerId`, `customer_no`, `고객번호`."""
    whole, words = name.strip().lower().replace("_", " "), _words(name)
    if whole.endswith(_PLACES):
        return False
    return whole in _ID_NAMES or whole.endswith(_ID_ENDINGS) or bool(words and words[-1] in _ID_WORDS)


# --- texts -----------------------------------------------------------------------------------------------------------


def _of_texts(name: str, column: Text, comma_first: bool) -> Meaning:
    if is_boolean(column):
        return Meaning("boolean")
    format = format_of(column)
    if format is not None:
        wrong = _unread(column, moments(column, format), "date")
        return Meaning("date", format=format, note=_date_note(column, format), problem=wrong)
    spelling = spelling_of(column, comma_first)
    if isinstance(spelling, Spelling):
        found = _spelled(name, column, spelling)
        if found is not None:
            return found
    found = _of_words(name, column)
    return _mixed(found, spelling) if isinstance(spelling, MixedUnits) else found


def _date_note(column: Text, format: str) -> str | None:
    if not is_ambiguous(column, format):
        return None
    return f"dates such as {used_levels(column)[0][0]!r} are read as {format}"


def _spelled(name: str, column: Text, spelling: Spelling) -> Meaning | None:
    """The meaning of texts that spell numbers."""
    values = by_level(column, spelling.values)
    present = values[~np.isnan(values)]
    if spelling.plain and is_compact(name, column):
        return Meaning("date", format=COMPACT, note="whole numbers such as 20240131 are read as dates")
    if len(present) and present.min() == present.max():
        return None
    if spelling.plain and (present == np.floor(present)).all():
        code = _of_codes(name, present)
        if code is not None:
            return code
    wrong = _unread(column, values, "number")
    return Meaning("number", spelling=spelling, note=spelling_note(column, spelling), problem=wrong)


def spelling_note(column: Text, spelling: Spelling) -> str | None:
    """How texts were read as numbers, a clause; None for plain numbers."""
    if spelling.plain:
        return None
    levels = used_levels(column)[0]
    marks = [mark for mark in (spelling.unit, spelling.thousands.strip(), spelling.decimal.strip(".")) if mark]
    telling = [level for level in levels if any(mark in level.lower() for mark in marks)] or levels
    read = spelling.value(telling[0])
    unit = f" {spelling.unit}" if spelling.unit else ""
    bare = spelling.unit not in ("", "%") and any(spelling.unit not in level.lower() for level in levels)
    also = f"; values without a unit are taken as {spelling.unit}" if bare else ""
    return f"texts such as {telling[0]!r} are read as numbers ({read:,.10g}{unit}){also}"


def _unread(column: Text, values: np.ndarray, what: str) -> str | None:
    wrong = np.flatnonzero(np.isnan(values) & ~column.missing)
    if not len(wrong):
        return None
    first = column.levels[column.codes[wrong[0]]]
    if len(wrong) == 1:
        return f"1 of its values is no {what} and counts as missing ({first!r})"
    return f"{len(wrong):,} of its values are no {what}s and count as missing (the first is {first!r})"


def _mixed(found: Meaning, units: MixedUnits) -> Meaning:
    """A column whose numbers have several units: its texts are categories where they repeat, else it is left out."""
    examples = ", ".join(repr(text) for text in units.examples)
    problem = f"its numbers have different units ({examples}); write all in one unit to use them as numbers"
    if found.kind == "category":
        return replace(found, problem=f"{problem}. It is read as categories")
    return Meaning("text", problem)


def _of_words(name: str, column: Text) -> Meaning:
    levels, counts = used_levels(column)
    different, rows = len(levels), int(counts.sum())
    words = sum(len(level.split()) for level in levels) / different
    letters = sum(map(len, levels)) / different
    if different == rows and different > 1:
        kind: Kind = "text" if words >= 2 and not named_like_an_id(name) else "id"
        return Meaning(kind, f"no two of its {different:,} texts are equal")
    if different > MOST_CODES and different >= NEARLY_ALL * rows:
        return Meaning("text", f"{different:,} of its {rows:,} texts are different")
    if different > MOST_CODES and different >= rows / 2 and (letters >= LONG_TEXT or words >= MANY_WORDS):
        return Meaning("text", f"it is free text, {different:,} different ones")
    if different > MOST_CODES and named_like_an_id(name):
        return Meaning("id", "its name is that of an id (data.group keeps its rows on one side of the split)")
    return Meaning("category")


# --- the table as a whole --------------------------------------------------------------------------------------------


def _with_decimal_commas(table: Table, meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Where some columns surely have a decimal comma and none a decimal point, 1.200 is 1200 and 1,200 is 1.2."""
    spellings = [meaning.spelling for meaning in meanings.values() if meaning.spelling is not None]
    if not any(spelling.decimal == "," for spelling in spellings) or _has_points(table, meanings):
        return dict(meanings)
    read_again = {
        name: _of_texts(name, column, comma_first=True)
        for name, column in table.columns.items()
        if isinstance(column, Text) and meanings[name].spelling is not None
    }
    return {**meanings, **read_again}


def _has_points(table: Table, meanings: Mapping[str, Meaning]) -> bool:
    """Whether a column of numbers has a fraction after a point."""
    for name, column in table.columns.items():
        if meanings[name].kind == "number" and isinstance(column, Numeric):
            present = column.values[~column.missing]
            if (present != np.floor(present)).any():
                return True
    return False


def notes_of(meanings: Mapping[str, Meaning], names: Sequence[str]) -> tuple[str, ...]:
    """One sentence per thing to know about these columns; columns with the same to say share one."""
    said: dict[object, tuple[str, list[str]]] = {}
    for name in names:
        found = meanings[name]
        if found.reason is not None:
            said.setdefault(found.reason, (f"left out: {found.reason}", []))[1].append(name)
            continue
        if found.note is not None:  # of columns that are written alike, the first one's text is the example of all
            said.setdefault((found.spelling, found.format, found.kind), (found.note, []))[1].append(name)
        if found.problem is not None:
            said.setdefault((name, found.problem), (found.problem, []))[1].append(name)
    return tuple(_sentence(text, columns) for text, columns in said.values())


def _sentence(text: str, columns: list[str]) -> str:
    quoted = [repr(name) for name in columns[:5]]
    more = f" and {len(columns) - 5} more" if len(columns) > 5 else ""
    several = len(columns) > 1
    which = ("Columns " if several else "Column ") + ", ".join(quoted) + more
    if several:
        for one, many in ((": it ", ": each "), ("of its", "of their"), (": its name", ": the name of each")):
            text = text.replace(one, many)
    if text.startswith("left out: "):
        return f"{which} {'are' if several else 'is'} {text}."
    return f"{which}: {text}."
