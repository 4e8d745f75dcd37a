"""The records of a CSV text: as many fields in every one, or an error that names the line.

Every file is read by a parser that refuses rows of another length (`csv_columns`). Python's own parser is asked here
where a message needs the exact line, and for texts that the fast one reads otherwise: fields that stand apart by
blanks, and quotes after a blank.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from dlrun.data.text_file import TextFile
from dlrun.errors import DataError

WHITESPACE = "whitespace"
_TOKEN = re.compile(r'"(?:[^"]|"")*"|[^ \t]+')
_PLAIN_TOKEN = re.compile(r"[^ \t]+")
_LINE_END = re.compile(r"\r\n|\r|\n")

Record = tuple[int, list[str]]
"""The line on which it begins, counted from 1, and its fields."""


def records(text: str, separator: str) -> Iterator[Record]:
    """Each record that is not blank, with blanks after separators left out. Raises csv.Error for a field too large."""
    if separator == WHITESPACE:
        yield from _apart_by_blanks(text)
        return
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    begins = 1
    for fields in lines:
        if len(fields) > 1 or (fields and fields[0].strip()):
            yield begins, fields
        begins = lines.line_num + 1


def _apart_by_blanks(text: str) -> Iterator[Record]:
    quoted = '"' in text
    for number, line in enumerate(_LINE_END.split(text), 1):
        fields = [_bare(token) for token in _TOKEN.findall(line)] if quoted else _PLAIN_TOKEN.findall(line)
        if fields:
            yield number, fields


def _bare(token: str) -> str:
    quoted = len(token) > 1 and token[0] == token[-1] == '"'
    return token[1:-1].replace('""', '"') if quoted else token


def rectangular(file: TextFile, separator: str, names: Sequence[str], skipped: int) -> TextFile:
    """The same records, written plainly with tabs, without the lines at the top that are none.

    Args:
        names: the columns; every record needs as many fields.
        skipped: lines at the top that are no records.

    Raises DataError naming the line and column where a record is too short or too long.
    """
    text = _without_first_lines(file.text(), skipped).rstrip("\r\n")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    begins, fields = 0, list[str]()
    try:
        for begins, fields in records(text, separator):
            if len(fields) != len(names):
                raise _wrong_length(file.name, text, (begins, fields), names, separator, skipped)
            writer.writerow(fields)
    except csv.Error as error:
        raise DataError(
            f"{file.name}: a record after line {begins + skipped} cannot be read ({error}): "
            "probably a quote is never closed"
        ) from error
    if file.scan.quotes % 2 and _never_closed(text, fields, separator):
        raise _open_quote(file.name, begins + skipped)
    return file.replaced(out.getvalue())


def _without_first_lines(text: str, lines: int) -> str:
    for _ in range(lines):
        found = _LINE_END.search(text)
        text = text[found.end() :] if found else ""
    return text


def _wrong_length(
    name: str, text: str, record: Record, names: Sequence[str], separator: str, skipped: int
) -> DataError:
    line, fields = record
    if _never_closed(text, fields, separator):
        return _open_quote(name, line + skipped)
    where = (
        f"none for column {names[len(fields)]!r}"
        if len(fields) < len(names)
        else f"one too many after column {names[-1]!r}"
    )
    received = (" " if separator == WHITESPACE else separator).join(fields)[:80]
    return DataError(
        f"{name}: line {line + skipped} has {len(fields)} fields, the first line has {len(names)}: {where}. "
        'Put texts that hold the separator in "quotes", or give data.separator. '
        f"Received: {received!r}"
    )


def _never_closed(text: str, fields: list[str], separator: str) -> bool:
    """Whether the last field opens with a quote and swallows the rest of the text."""
    last = fields[-1] if fields else ""
    opened = text.endswith((f'{separator}"{last}', f'\n"{last}', f' "{last}'))
    return opened or ("\n" in last and text.endswith(last))


def _open_quote(name: str, line: int) -> DataError:
    return DataError(f"{name}: a quote that opens in line {line} is never closed")
