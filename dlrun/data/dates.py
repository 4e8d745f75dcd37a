"""Dates and times as numbers that rise with time.

A format is a name such as `year-month-day`; it stands in a run's `preprocessing.json`, so that new rows are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import numpy as np

from dlrun.data.spellings import MOSTLY_NUMBERS, Reader, by_level, used_levels
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
"""Seconds."""
COMPACT = "yyyymmdd"
TIME_OF_DAY = "hour:minute"
_SAMPLE = 50

_TIME = r"""(?:[T,\s]\s*|\s*)(?:(?P<half>오전|오후|AM|PM)\s*)?(?P<hour>\d{1,2})(?::|시\s*)(?:(?P<minute>\d{1,2})분?)?
    (?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?\s*(?P<after>[AaPp]\.?[Mm]\.?)?\s*
    (?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"""
_YEAR = r"(?P<year>\d{4})"
_SHORT_YEAR = r"(?P<year>\d{4}|\d{2})"
_WEEKDAY = r"(?:[A-Za-z]{3,9},?\s+)?"
_NUMBERED = r"(?P<%s>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<%s>\d{1,2})\s*(?P=mark)\s*" + _SHORT_YEAR
_PATTERNS = {
    "year-month-day": _YEAR + r"\s*[-/.년]\s*(?P<month>\d{1,2})(?:\s*[-/.월]\s*(?P<day>\d{1,2})\s*[일.]?|\s*월)?"
    r"(?:\s*\([^)]*\))?",
    "month/day/year": _NUMBERED % ("month", "day"),
    "day/month/year": _NUMBERED % ("day", "month"),
    "day month year": _WEEKDAY
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s.]+(?P<word>[A-Za-z]{3,9})\.?[-\s,]+"
    + _SHORT_YEAR,
    "month day, year": _WEEKDAY + r"(?P<word>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+" + _YEAR,
    COMPACT: r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:\.0)?",
}
_COMPILED = {
    name: re.compile(rf"{pattern}(?:{_TIME})?", re.VERBOSE | re.IGNORECASE) for name, pattern in _PATTERNS.items()
}
_CLOCK = re.compile(_TIME, re.VERBOSE | re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?", re.ASCII)
FORMATS = (*_PATTERNS, TIME_OF_DAY)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PIVOT = 69
"""Two digits from here on are a year of the 20th century, as in POSIX."""

_DATE_WORDS = re.compile(r"date|day|dt\b|_at\b|ymd|일자|날짜|년월일|일시|일$", re.IGNORECASE)


def seconds_of(text: str, format: str) -> float:
    """Seconds since 1970, UTC where the text has no offset; of `hour:minute`, seconds since midnight.

    NaN where the text has another format.
    """
    if format == "year-month-day" and text[4:5] == text[7:8] == "-":
        with suppress(ValueError):  # the pattern below takes 20 times as long
            return _since_1970(datetime.fromisoformat(text))
    found = _CLOCK.fullmatch(text.strip()) if format == TIME_OF_DAY else _COMPILED[format].fullmatch(text.strip())
    if found is None:
        return np.nan
    parts = found.groupdict()
    clock = _clock(parts)
    if clock is None or format == TIME_OF_DAY:
        return np.nan if clock is None else clock
    try:
        return _midnight(parts) + clock
    except ValueError:  # a 31st of February
        return np.nan


def _midnight(parts: dict[str, str | None]) -> float:
    """Seconds from 1970 to the beginning of the day. Raises ValueError where there is no such day."""
    word = (parts.get("word") or "").lower()[:3]
    month = _MONTHS.index(word) + 1 if word else int(parts["month"] or 0)
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 1900 if year >= _PIVOT else 2000
    return _since_1970(datetime(year, month, int(parts["day"] or 1)))


def _since_1970(moment: datetime) -> float:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH).total_seconds()


def _clock(parts: dict[str, str | None]) -> float | None:
    """Seconds since midnight, UTC; 0 where there is no time of day, None where there cannot be such a time."""
    if parts["hour"] is None:
        return 0.0
    hour, minute, second = (int(parts[key] or 0) for key in ("hour", "minute", "second"))
    half = (parts["half"] or parts["after"] or "").lower().replace(".", "")
    if minute > 59 or second > 60 or hour > (12 if half else 24):
        return None
    if half:
        hour = hour % 12 + (12 if half in ("pm", "오후") else 0)
    fraction = float(f"0.{parts['fraction']}") if parts["fraction"] else 0.0
    return hour * 3600 + minute * 60 + second + fraction - _offset(parts["zone"])


def _offset(zone: str | None) -> int:
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60)


def read_all(texts: Sequence[str], format: str) -> np.ndarray:
    """float64 (texts,): `seconds_of` each; a million ISO dates in a second."""
    if format == "year-month-day" and all(map(_ISO.fullmatch, texts)):
        with suppress(ValueError):  # a 31st of February
            return np.array(texts, "datetime64[ms]").astype(np.float64) / 1000
    return np.array([seconds_of(text, format) for text in texts], float)


def reader(format: str) -> Reader:
    """Texts -> seconds in this format."""
    return partial(read_all, format=format)


def moments(column: Numeric | Text, format: str) -> np.ndarray:
    """float64 (rows,): seconds; NaN where missing or in another format. Numbers are read as yyyymmdd."""
    return by_level(column.as_text() if isinstance(column, Numeric) else column, reader(format))


def format_of(column: Text) -> str | None:
    """The format of a column of dates or times; None where most of its texts are none. Of day/month and month/day that
    fit alike, days first after points, else months."""
    levels, counts = used_levels(column)
    if not levels:
        return None
    some = slice(None, None, max(1, len(levels) // _SAMPLE))
    likely = [format for format in FORMATS if format != COMPACT and _share(levels[some], counts[some], format) > 0.5]
    shares = {format: _share(levels, counts, format) for format in likely}
    if not shares:
        return None
    best = max(shares, key=lambda format: shares[format])
    if shares[best] < MOSTLY_NUMBERS:
        return None
    ambiguous = best == "month/day/year" and shares.get("day/month/year") == shares[best]
    return "day/month/year" if ambiguous and "." in levels[0] else best


def is_ambiguous(column: Text, format: str) -> bool:
    """Whether every date would also be one with day and month changed over."""
    other = {"month/day/year": "day/month/year", "day/month/year": "month/day/year"}.get(format)
    levels, counts = used_levels(column)
    return other is not None and _share(levels, counts, other) == _share(levels, counts, format)


def is_compact(name: str, column: Numeric | Text) -> bool:
    """Whether whole numbers such as 20240131 are dates: each is a day, and the column's name says so."""
    if not _DATE_WORDS.search(name):
        return False
    values = column.values[~column.missing] if isinstance(column, Numeric) else column.numbers()[~column.missing]
    if not len(values) or not ((values >= 19_000_101) & (values <= 21_991_231) & (values == np.floor(values))).all():
        return False
    return not np.isnan(moments(column, COMPACT)[~column.missing]).any()


def _share(levels: list[str], counts: np.ndarray, format: str) -> float:
    """Share of the rows that are in this format."""
    good = ~np.isnan(read_all(levels, format))
    return float(counts[good].sum() / counts.sum())


def times_of(table: Table, name: str) -> np.ndarray:
    """float64 (rows,) that rises with time, from a column of numbers, dates or times.

    Raises DataError for other texts and for missing values.
    """
    column = table.columns[name]
    if column.missing.any():
        row = int(table.numbers[column.missing][0]) + 1
        raise DataError(f"data.time: column {name!r} must have a value in every row. Received: none in row {row}")
    if isinstance(column, Numeric):
        return np.asarray(column.values, float)
    seconds = moments(column, format_of(column) or _likeliest(column))
    wrong = np.flatnonzero(np.isnan(seconds))
    if len(wrong):
        row = int(wrong[0])
        raise DataError(
            f"data.time: column {name!r} must hold numbers, or dates such as 2026-11-20 or 2026-11-20T09:30, all in "
            f"one format. Received: {column.levels[column.codes[row]]!r} in row {int(table.numbers[row]) + 1}"
        )
    return seconds


def _likeliest(column: Text) -> str:
    levels, counts = used_levels(column)
    return max(FORMATS, key=lambda format: _share(levels, counts, format))


def calendar(seconds: np.ndarray) -> dict[str, tuple[np.ndarray, int]]:
    """Part -> (its values, its period): `month` 0 to 11, `weekday` 0 (Monday) to 6, `hour` 0 to below 24; NaN stays."""
    known = np.where(np.isnan(seconds), 0.0, seconds)
    days = np.floor(known / DAY).astype(np.int64)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    hours = (known - days * DAY) / 3600
    parts = {"month": (months, 12), "weekday": ((days + 3) % 7, 7), "hour": (hours, 24)}
    gone = np.isnan(seconds)
    return {name: (np.where(gone, np.nan, values), period) for name, (values, period) in parts.items()}
