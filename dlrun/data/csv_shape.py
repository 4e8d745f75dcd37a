"""The shape of a CSV text before its values are read: encoding, separator, header, and as many fields in every row.

pandas would shift every column when the first row has one field too many, and fill short rows up without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from dlrun.data.table import number
from dlrun.errors import DataError
from dlrun.spec import Data

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 100
_SAMPLE_LENGTH = 1 << 18
_CHUNK = 1 << 22
_TOKEN = re.compile(r'"(?:[^"]|"")*"|\S+')


@dataclass(frozen=True)
class CsvText:
    """A CSV file that is known to be rectangular."""

    content: bytes
    """UTF-8 without byte-order mark."""
    separator: str
    header: bool
    names: tuple[str, ...]
    """One per column, all different."""
    notes: tuple[str, ...] = ()


def csv_text(source: str, data: Data) -> CsvText:
    """The text of a CSV file with its separator and column names. Raises DataError, naming the line."""
    text = _decoded(source, data.encoding).rstrip("\r\n")
    if not text.strip():
        raise DataError(f"{source}: the file is empty")
    if data.separator in ("whitespace", " "):
        text, separator = _with_tabs(text), "\t"
    else:
        separator = _separator(source, text, data)
    first = next(_records(text, separator))[1]
    content = text.encode()
    _check_rectangular(source, text, content, separator, len(first))
    if not data.header:
        return CsvText(content, separator, False, tuple(f"column_{n}" for n in range(1, len(first) + 1)))
    return CsvText(content, separator, True, _names(source, first), _data_like(source, first))


def _decoded(source: str, encoding: str | None) -> str:
    try:
        raw = Path(source).expanduser().read_bytes()
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror}") from error
    try:
        text = raw.decode(encoding or "utf-8-sig").removeprefix("\ufeff")
    except LookupError as error:
        raise DataError(
            f"data.encoding: must be an encoding that Python knows, such as utf-8 or cp949. Received: {encoding!r}"
        ) from error
    except UnicodeError as error:
        raise _not_decoded(source, raw, encoding, error) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{source}: line {line} holds a NUL character: this is no CSV text, or its encoding is another")
    return text


def _not_decoded(source: str, raw: bytes, encoding: str | None, error: UnicodeError) -> DataError:
    if encoding is None and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return DataError(f"{source}: is not UTF-8 but looks like UTF-16. Give data.encoding: utf-16")
    place = ""
    if isinstance(error, UnicodeDecodeError):
        start = error.start
        place = f" (byte 0x{raw[start]:02x} in line {raw.count(10, 0, start) + 1})"  # 10 is the line feed
    way_out = "Give data.encoding, for example cp949, latin-1 or utf-16"
    return DataError(f"{source}: cannot be read as {encoding or 'UTF-8'}{place}. {way_out}")


def _separator(source: str, text: str, data: Data) -> str:
    """The given separator, or the one that cuts the first lines most evenly into two fields or more."""
    if data.separator is not None:
        return _given_separator(data.separator, data.decimal)
    cut = text.rfind("\n", 0, _SAMPLE_LENGTH) if len(text) > _SAMPLE_LENGTH else -1
    scores = {mark: _evenness(text[:cut] if cut > 0 else text, mark) for mark in SEPARATORS if mark != data.decimal}
    best = max(scores, key=lambda mark: scores[mark])
    if scores[best][1] < 2:
        raise DataError(
            f"{source}: only one column was found; looked for the separators comma, semicolon, tab and |. "
            f"Give data.separator (one character, or whitespace). Line 1: {text.splitlines()[0][:80]!r}"
        )
    return best


def _given_separator(separator: str, decimal: str) -> str:
    if len(separator) != 1 or separator in '"\r\n' or ord(separator) > 127:
        raise DataError(f"data.separator: must be one ASCII character, or `whitespace`. Received: {separator!r}")
    if separator == decimal:
        raise DataError(f"data.separator: must differ from data.decimal. Received: {separator!r} for both")
    return separator


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """Share of the first lines that have the most common number of fields (0 for one field), and that number."""
    counts = Counter(len(fields) for _, fields in islice(_records(text, separator), _SAMPLE))
    width, times = counts.most_common(1)[0]
    return (times / counts.total() if width > 1 else 0.0), width


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line it begins on, cut as pandas cuts it."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    begins = 1
    try:
        for fields in lines:
            if len(fields) > 1 or (fields and fields[0].strip()):
                yield begins, fields
            begins = lines.line_num + 1
    except csv.Error as error:
        raise DataError(f"line {begins} cannot be read as CSV: {error}") from error


def _with_tabs(text: str) -> str:
    """Fields that stand apart by any white space, now by one tab."""
    return "\n".join("\t".join(_TOKEN.findall(line)) for line in text.splitlines())


def _names(source: str, first: list[str]) -> tuple[str, ...]:
    """The header's names; a field without one is called after its position."""
    names = [field.strip() or f"column_{position}" for position, field in enumerate(first, 1)]
    doubled = [name for name, count in Counter(names).items() if count > 1]
    if doubled:
        places = " and ".join(str(place) for place, name in enumerate(names, 1) if name == doubled[0])
        raise DataError(
            f"{source}: line 1 calls more than one column {doubled[0]!r} (columns {places}). "
            "Rename them, or give data.header: false if line 1 is data"
        )
    return tuple(names)


def _data_like(source: str, first: list[str]) -> tuple[str, ...]:
    if all(np.isnan(number(field)) for field in first):
        return ()
    return (f"{source}: line 1 was read as column names, yet it holds numbers; data.header: false if it is data",)


def _check_rectangular(source: str, text: str, content: bytes, separator: str, width: int) -> None:
    """Raises DataError naming the first line whose number of fields is not `width`."""
    if _surely_rectangular(content, separator, width):
        return
    last = text.count("\n") + 1
    for line, fields in _records(text, separator):
        if len(fields) == width:
            continue
        # a record that begins before the last line and reaches the end of the text swallowed the rest
        if any("\n" in field and text.endswith(field) for field in fields[-1:]) and line < last:
            raise DataError(f"{source}: a quote that opens in line {line} is never closed")
        raise DataError(
            f"{source}: line {line} has {len(fields)} fields, the first line has {width}. "
            'Put texts that hold the separator in "quotes", or give data.separator. '
            f"Received: {separator.join(fields)[:80]!r}"
        )


def _surely_rectangular(content: bytes, separator: str, width: int) -> bool:
    """Whether every line has `width` fields, counted fast; False means: look again, field by field."""
    carried, inside = 0, False
    for start in range(0, len(content) + 1, _CHUNK):
        chunk = np.frombuffer(content[start : start + _CHUNK] + b"\n" * (start + _CHUNK > len(content)), np.uint8)
        ends, marks = chunk == ord("\n"), chunk == ord(separator)
        if inside or (chunk == ord('"')).any():
            quoted = (np.cumsum(chunk == ord('"')) + inside) % 2 == 1  # after an odd number of quotes
            ends, marks, inside = ends & ~quoted, marks & ~quoted, bool(quoted[-1])
        marks = np.flatnonzero(ends | marks)
        at_end = np.flatnonzero(ends[marks])
        separators = np.diff(at_end, prepend=-1 - carried) - 1
        if (separators != width - 1).any():
            return False
        carried = len(marks) - (at_end[-1] + 1) if len(at_end) else carried + len(marks)
    return not inside
