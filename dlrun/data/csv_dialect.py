"""How a text table is written: its separator, whether its first line names the columns, its decimal mark.

All are found from the first lines, unless they are given.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from dlrun.data.csv_shape import WHITESPACE, records
from dlrun.data.missing import MISSING
from dlrun.data.text_file import TextFile
from dlrun.errors import DataError
from dlrun.spec import Data

SEPARATORS = (",", ";", "\t", "|")
"""The usual ones. Blanks come next, then `RARE`."""
RARE = "^~:!#&@*$%`<>?\\{}[]\x01\x02\x1c\x1d\x1e\x1f"
ROW_NAMES = "row names"
_SAMPLE = 200
_SAMPLE_LENGTH = 1 << 18
_MOST_TITLES = 12
"""Lines at the top among which titles are looked for."""
_MOSTLY = 0.5
_COMMENTS = ("#", "%", "//", "|", "@")
_EXCEL_MARK = re.compile(r"sep=(.)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?")

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
PLAIN_NUMBER = re.compile(rf"\s*({_NUMBER}|[+-]?(inf|infinity|nan))\s*", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"\s*[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2}([,.]\d{3})+\s*")
_LIKE_A_NUMBER = re.compile(r"\s*[-+−(]?[$€£₩¥]?\s*\d[\d.,' \u00a0\u202f]*([eE][+-]?\d+)?\s*[%)]?\s*")


@dataclass(frozen=True)
class Dialect:
    """How a text table is written."""

    separator: str
    """One character, or `whitespace`."""
    skipped: int
    """Lines at the top that are no records: blank ones and remarks."""
    header: bool
    names: tuple[str, ...]
    """One per column, all different."""
    decimal: str
    sample: tuple[tuple[str, ...], ...]
    """The first records, the header left out."""
    padded: bool = False
    """Whether blanks stand beside separators."""
    notes: tuple[str, ...] = ()


def dialect_of(file: TextFile, data: Data) -> Dialect:
    """How a file is written. Raises DataError where it is empty, is one column only, or names one column twice."""
    head = file.head(_SAMPLE_LENGTH)
    skipped, mark = _lines_before(head, data)
    text = "\n".join(_LINE_END.split(head)[skipped:])
    if not text.strip():
        raise DataError(f"{file.name}: the file is empty")
    separator = _given(data.separator) if data.separator is not None else mark or found_separator(text, data.decimal)
    if separator == data.decimal:
        raise DataError(f"data.separator: must differ from data.decimal. Received: {separator!r} for both")
    first, *below = [tuple(fields) for fields in _sampled(text, separator)]
    short = None if data.header is False else short_header(first, below, separator, _all_begin_with_quotes(text))
    first = short or first
    _one_column(file, data, separator, first, text)
    body = [fields for fields in below if len(fields) == len(first)]
    header = short is not None or (data.header if data.header is not None else has_header(first, body))
    if header and not below and not text.endswith("\n"):  # else the table's reader says so
        raise DataError(f"{file.name}: has column names but no rows")
    decimal = data.decimal or (found_decimal([first, *body]) if separator != "," else ".")
    names = _names(file, first, skipped) if header else tuple(f"column_{n}" for n in range(1, len(first) + 1))
    return Dialect(
        separator=separator,
        skipped=skipped + (short is not None),  # a shorter line than the others is no record of theirs
        header=header and short is None,
        names=names,
        decimal=decimal,
        sample=tuple(body if header else [first, *body]),
        padded=f"{separator} " in text or f" {separator}" in text,
        notes=(
            *file.notes,
            *_skip_note(file, head, skipped),
            *_short_note(file, short, skipped),
            *_decimal_note(file, data, decimal),
            *_header_note(file, data, header, names, skipped),
        ),
    )


def _decimal_note(file: TextFile, data: Data, decimal: str) -> list[str]:
    if data.decimal is not None or decimal == ".":
        return []
    return [f"{file.name}: numbers have decimal commas (data.decimal: '.' if they do not)."]


def _short_note(file: TextFile, short: Sequence[str] | None, skipped: int) -> list[str]:
    if short is None:
        return []
    what = "the first is read as row names, as R writes them" if short[0] == ROW_NAMES else "the last is empty"
    return [f"{file.name}: line {skipped + 1} names {len(short) - 1} columns, the rows have {len(short)}: {what}."]


def _header_note(file: TextFile, data: Data, header: bool, names: Sequence[str], skipped: int) -> list[str]:
    if header or data.header is not None:
        return []
    called = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    return [
        f"{file.name}: line {skipped + 1} is read as data, so the columns are called {called} "
        "(data.header: true if it names them)."
    ]


def _sampled(text: str, separator: str) -> list[list[str]]:
    """The first records of a text, as far as they can be read."""
    found: list[list[str]] = []
    try:
        for _, fields in islice(records(text, separator), _SAMPLE):
            found.append(fields)
    except csv.Error:  # an open quote; the error comes with its line when all is read
        pass
    return found or [text.splitlines()[:1]]


# --- lines at the top ------------------------------------------------------------------------------------------------


def _lines_before(head: str, data: Data) -> tuple[int, str | None]:
    """How many lines at the top are blank or remarks, and the separator that an Excel `sep=;` line gives.

    A remark begins like one, and has another number of fields than the lines below.
    """
    lines = _LINE_END.split(head)
    blank = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    excel = _EXCEL_MARK.fullmatch(lines[blank].strip()) if blank < len(lines) else None
    if excel:
        return blank + 1, excel[1] if data.separator is None else None
    titles = _titles(lines, data)
    if titles:
        return titles, None
    end = next(
        (place for place in range(blank, len(lines)) if lines[place].strip() and lines[place][0] not in "#%/|@"),
        len(lines),
    )
    remarks = [line for line in lines[blank:end] if line.startswith(_COMMENTS)]
    if not remarks or end == len(lines):
        return blank, None
    below = "\n".join(lines[end:])
    separator = _given(data.separator) if data.separator is not None else found_separator(below, data.decimal)
    width = _evenness(below, separator)[1]
    return (blank if len(_sampled(remarks[-1], separator)[0]) == width else end), None


def _titles(lines: Sequence[str], data: Data) -> int:
    """How many lines at the top are titles: a single field, above a table of three columns or more with their names."""
    content = [place for place, line in enumerate(lines[:_MOST_TITLES]) if line.strip()]
    if data.header is False or not content or not all(_one_field(lines[content[0]], mark) for mark in SEPARATORS):
        return 0
    for end in content[1:]:
        below = "\n".join(lines[end:])
        separator = _given(data.separator) if data.separator is not None else found_separator(below, data.decimal)
        if not _one_field(lines[content[0]], separator):
            return 0
        share, width = _evenness(below, separator)
        named = share == 1 and width > 2 and not _one_field(lines[end], separator)
        if named and has_header(*_first_and_body(below, separator)):
            return end if all(_one_field(line, separator) for line in lines[:end] if line.strip()) else 0
    return 0


def _one_field(line: str, separator: str) -> bool:
    """Whether a line has one field that is not empty."""
    return sum(bool(field.strip()) for field in _sampled(line, separator)[0]) == 1


def _first_and_body(text: str, separator: str) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    first, *body = _sampled(text, separator)
    return first, body


def _skip_note(file: TextFile, head: str, skipped: int) -> list[str]:
    lines = [line for line in _LINE_END.split(head)[:skipped] if line.strip()]
    if not lines or _EXCEL_MARK.fullmatch(lines[0].strip()):
        return []
    return [f"{file.name}: lines above the table are left out: {lines[0][:60]!r}{' ...' if len(lines) > 1 else ''}"]


# --- the separator ---------------------------------------------------------------------------------------------------


def _given(separator: str) -> str:
    if separator in (WHITESPACE, " "):
        return WHITESPACE
    if len(separator) != 1 or separator in '"\r\n' or ord(separator) > 127:
        raise DataError(f"data.separator: must be one ASCII character, or `whitespace`. Received: {separator!r}")
    return separator


def found_separator(text: str, decimal: str | None = None) -> str:
    """What cuts the first lines most evenly into two fields or more; a comma where nothing does."""
    usual = {mark: _evenness(text, mark) for mark in SEPARATORS if mark != decimal}
    blanks = _evenness(text, WHITESPACE)
    even = {mark: width for mark, (share, width) in usual.items() if share == 1}
    if "," in even and _only_in_numbers(text) and (len(even) > 1 or _all_comma_numbers(text, blanks)):
        del even[","]
    if even:
        best = max(even, key=lambda mark: even[mark])
        return WHITESPACE if best == "\t" and blanks[0] == 1 and _numbers_apart_by_blanks(text) else best
    best = max(usual, key=lambda mark: usual[mark])
    unusual = blanks[0] == 1 and (usual[best][0] < _MOSTLY or best == "\t" or _all_comma_numbers(text, blanks))
    if unusual:
        return WHITESPACE
    rare = {mark: _evenness(text, mark) for mark in RARE if mark in text and mark != decimal}
    rare = {mark: score for mark, score in rare.items() if score[0] == 1 and not _clocks(text, mark)}
    if rare and usual[best][0] < _MOSTLY:
        return max(rare, key=lambda mark: rare[mark])
    if usual[best][0] > 0:
        return best
    return WHITESPACE if blanks[0] >= _MOSTLY else ","


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """Share of the first records that have the most common number of fields (0 for one field), and that number."""
    if separator != WHITESPACE and separator not in text:
        return 0.0, 1
    counts = Counter(len(fields) for fields in _sampled(text, separator))
    width, times = counts.most_common(1)[0]
    return (times / counts.total() if width > 1 else 0.0), width


def _only_in_numbers(text: str) -> bool:
    """Whether every comma stands between two digits."""
    return not re.search(r"(?<!\d),|,(?!\d)", text)


def _all_comma_numbers(text: str, blanks: tuple[float, int]) -> bool:
    """Whether the text, cut at blanks, holds numbers with decimal commas alone, the first line perhaps left out."""
    if blanks[0] < 1:
        return False
    body = _sampled(text, WHITESPACE)[1:]
    return bool(body) and all(_COMMA_NUMBER.fullmatch(field) for fields in body for field in fields)


def _numbers_apart_by_blanks(text: str) -> bool:
    """Whether fields between tabs hold several numbers apart by blanks, in every line but perhaps the first."""
    body = _sampled(text, "\t")[1:]
    return bool(body) and all(
        any(len(parts := field.split()) > 1 and all(map(_number_or_missing, parts)) for field in fields)
        for fields in body
    )


def _number_or_missing(text: str) -> bool:
    return text in MISSING or bool(PLAIN_NUMBER.fullmatch(text))


def _clocks(text: str, mark: str) -> bool:
    """Whether colons are those of times such as 12:30."""
    return mark == ":" and all(_CLOCK.fullmatch(line.strip()) for line in text.splitlines()[1:] if line.strip())


def _one_column(file: TextFile, data: Data, separator: str, first: Sequence[str], text: str) -> None:
    """A file of one column has nothing to predict from. Without a target, as for prediction, it is read."""
    if len(first) > 1 or data.target is None:
        return
    if data.separator is None:
        raise DataError(
            f"{file.name}: only one column was found; looked for the separators comma, semicolon, tab, |, blanks and "
            f"others. Give data.separator (one character, or whitespace). Line 1: {text.splitlines()[0][:80]!r}"
        )
    other = found_separator(text, data.decimal)
    perhaps = f" Perhaps it is {other!r}." if _evenness(text, other)[0] > 0 else ""
    raise DataError(
        f"data.separator: {file.name} is not cut by it: only one column comes out.{perhaps} "
        f"Received: {data.separator!r}. Line 1: {text.splitlines()[0][:80]!r}"
    )


# --- the header ------------------------------------------------------------------------------------------------------


def has_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first record names the columns.

    It does where it has a text above a column of numbers. Else it is data where it has a number above numbers, or a
    text that occurs in its column again. Running numbers are names: 0, 1, 2 (as pandas writes them), years.
    """
    if not body:
        return not any(_is_number(field) for field in first)
    columns = list(zip(*body, strict=True))
    above = [(field.strip(), _all_numbers(column)) for field, column in zip(first, columns, strict=True)]
    if any(numbers and not _is_number(field) and field not in MISSING for field, numbers in above):
        return True
    if _running([field for field, _ in above if _is_number(field)]):
        return True
    if any(numbers and _is_number(field) for field, numbers in above):
        return False
    again = [field in {cell.strip() for cell in column} for (field, _), column in zip(above, columns, strict=True)]
    return not any(again)


def short_header(
    first: Sequence[str], below: Sequence[Sequence[str]], separator: str, quoted: bool = False
) -> tuple[str, ...] | None:
    """The names of the columns where the first line surely has one less than all rows; None elsewhere.

    R's `write.table` names no row names: "1", "2", "7" in quotes; apart by blanks or tabs also texts that all differ,
    and 1, 2, 7 or 0, 1, 5, as pandas prints. Some programs end rows with a separator.

    Args:
        quoted: whether all rows begin with a quote.
    """
    if not below or any(len(fields) != len(first) + 1 for fields in below):
        return None
    if any(_is_number(field) or "\n" in field or "\r" in field for field in first):
        return None
    if not any(fields[-1].strip() for fields in below):
        return (*first, "")
    return (ROW_NAMES, *first) if _are_row_names([fields[0].strip() for fields in below], separator, quoted) else None


def _are_row_names(names: Sequence[str], separator: str, quoted: bool) -> bool:
    if len({*names}) < len(names):
        return False
    counted = all(re.fullmatch(r"0|[1-9]\d{0,8}", name) for name in names)
    if quoted and counted:
        return True
    if separator not in (WHITESPACE, "\t") or len(names) < 2:
        return False
    rising = counted and names[0] in ("0", "1") and all(int(a) < int(b) for a, b in pairwise(names))
    return rising or not any(_is_number(name) or name in MISSING for name in names)


def _all_begin_with_quotes(text: str) -> bool:
    """Whether all lines but the first do."""
    return all(line.startswith('"') for line in text.splitlines()[1:_SAMPLE] if line.strip())


def _is_number(field: str) -> bool:
    return bool(_LIKE_A_NUMBER.fullmatch(field) or PLAIN_NUMBER.fullmatch(field))


def _all_numbers(column: Sequence[str]) -> bool:
    present = [cell for cell in column if cell.strip() not in MISSING]
    return bool(present) and sum(map(_is_number, present)) >= 0.9 * len(present)


def _running(numbers: Sequence[str]) -> bool:
    """Whether these are names such as 0, 1, 2 or 2019, 2020, 2021."""
    if len(numbers) < 3 or not all(re.fullmatch(r"0|[1-9]\d{0,8}", number) for number in numbers):
        return False
    return all(int(number) == int(numbers[0]) + place for place, number in enumerate(numbers))


def _names(file: TextFile, first: Sequence[str], skipped: int) -> tuple[str, ...]:
    """The header's names; a field without one is called after its position."""
    names = [field.strip() or f"column_{position}" for position, field in enumerate(first, 1)]
    doubled = [name for name, count in Counter(names).items() if count > 1]
    if doubled:
        places = " and ".join(str(place) for place, name in enumerate(names, 1) if name == doubled[0])
        raise DataError(
            f"{file.name}: line {skipped + 1} calls more than one column {doubled[0]!r} (columns {places}). "
            f"Rename them, or give data.header: false if line {skipped + 1} is data"
        )
    return tuple(names)


# --- the decimal mark ------------------------------------------------------------------------------------------------


def found_decimal(rows: Sequence[Sequence[str]]) -> str:
    """A comma where some column surely has decimal commas, and none surely decimal points."""
    columns = [[cell for cell in column if cell.strip() not in MISSING] for column in zip(*rows[1:], strict=True)]
    columns = [column for column in columns if column]
    commas = any(all(map(_COMMA_NUMBER.fullmatch, column)) and any(map(_has_comma, column)) for column in columns)
    points = any(all(map(PLAIN_NUMBER.fullmatch, column)) and any(map(_has_point, column)) for column in columns)
    return "," if commas and not points else "."


def _has_comma(cell: str) -> bool:
    return "," in cell and not _THOUSANDS.fullmatch(cell)


def _has_point(cell: str) -> bool:
    return "." in cell and not _THOUSANDS.fullmatch(cell)
