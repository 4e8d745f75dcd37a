"""Numbers written as texts: `12 kg`, `35%`, `$1,200`, `1 200,50`, `(300)`, `1.2M`. One spelling holds for a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from dlrun.data.table import Text, number

MOSTLY_NUMBERS = 0.9
"""A column of which this share of values is numbers is numeric; its other texts count as missing."""
FEW_TEXTS = 20
"""... unless it has no more different texts than that: then they are categories, such as 0, 1, 2, 3+."""
_SAMPLE = 200

_CURRENCY = r"US\$|[$€£¥₩₹₽]|(?:USD|EUR|GBP|KRW|JPY|CNY|CHF)\s"
_SPELLED = re.compile(
    rf"""(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<currency>{_CURRENCY})?\s*(?P<later>[-+−])?
    (?P<body>\d[\d.,'’ \u00a0\u202f]*\d|\d|[.,]\d+)(?P<dot>\.)?\s*
    (?P<unit>[^\d\s.,;:()+\-/][^\d;:()]{{0,14}}[23]?)?(?P<close>\))?""",
    re.VERBOSE,
)
_EXPONENT = re.compile(r"\s*[+-]?[\d.]+[eE][+-]?\d+\s*")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'"})

SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "천": 1e3, "만": 1e4, "백만": 1e6, "억": 1e8}
"""Endings that multiply: 300K and 1.2M have the same unit. 원 may follow."""
_UNITS = """
        % ‰ $ us$ € £ ¥ ₩ ₹ ₽ usd eur gbp krw jpy cny chf 원 달러 유로 엔 kg g mg t ton lb lbs oz
        km m cm mm mi mile ft feet in inch m2 m² km2 km² ft2 sqft acre ha l ml cl gal
        h hr hour min minute s sec second ms day week month year yr km/h kmh mph m/s °c °f
        kw hp kwh hz khz mhz ghz mb gb tb kb 명 개 세 살 년 월 일 시간 분 초 평
"""
KNOWN_UNITS = frozenset(_UNITS.split())
"""Units of which a mix in one column is a slip worth telling; other endings make texts of their own, as in 12A, 12B."""

POINT_FIRST = ((".", ""), (".", ","), (",", ""), (",", "."), (".", " "), (",", " "), (".", "'"))
"""(decimal mark, thousands separator), the likeliest first: 1,200 is read as 1200."""
COMMA_FIRST = ((",", ""), (",", "."), (".", ""), (".", ","), (",", " "), (".", " "), (".", "'"))
"""The same for a table in which other columns have a decimal comma: 1.200 is read as 1200."""


@dataclass(frozen=True)
class Spelling:
    """How the numbers of one column are written."""

    unit: str = ""
    """In lower case without a plural s; a value without a unit is one in this unit, unless it is `%`."""
    decimal: str = "."
    thousands: str = ""

    def value(self, text: str) -> float:
        """The number that a text spells in this way, else NaN."""
        parts = taken_apart(text)
        if parts is None:
            return number(text, self.decimal)
        alien = parts.unit not in (self.unit, "") or (self.unit == "%" and not parts.unit and parts.body.strip("0.,"))
        if alien or not _body_pattern(self.decimal, self.thousands).fullmatch(parts.body):
            return np.nan
        plain = parts.body.replace(self.thousands, "") if self.thousands else parts.body
        return parts.factor * float(plain.replace(self.decimal, "."))

    def values(self, texts: Sequence[str]) -> np.ndarray:
        """float64 (texts,): `value` of each."""
        return np.array([self.value(text) for text in texts], float)

    @property
    def plain(self) -> bool:
        return self == PLAIN


PLAIN = Spelling()
"""Digits with at most a decimal point and an exponent."""


@dataclass(frozen=True)
class MixedUnits:
    """Numbers of which no one can say how they compare."""

    examples: tuple[str, ...]
    """One text per unit, the most frequent first."""


@dataclass(frozen=True)
class Parts:
    """A text taken apart."""

    body: str
    """Digits with their marks."""
    unit: str
    factor: float
    """The sign, times what K, M and the like stand for."""
    scaled: bool
    """Whether it ends in one of these."""


def taken_apart(text: str) -> Parts | None:
    """The parts of a text that begins with a number, or with a currency and a number; None for other texts, also for
    plain numbers with an exponent."""
    found = None if _EXPONENT.fullmatch(text) else _SPELLED.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    if found["dot"] and found["unit"]:
        return None
    suffix = (found["unit"] or "").strip().rstrip(".")
    scaled, won = suffix.removesuffix("원") in SCALES, "원" * suffix.endswith("원")
    scale = SCALES[suffix.removesuffix("원")] if scaled else 1.0
    unit = (found["currency"] or "").strip() + (won if scaled else suffix)
    negative = bool(found["open"]) != ((found["sign"] or found["later"] or "+") in "-−")
    return Parts(found["body"].translate(_BLANKS), _normal(unit), -scale if negative else scale, scaled)


def _normal(unit: str) -> str:
    lower = unit.lower()
    return lower[:-1] if len(lower) > 3 and lower.endswith("s") else lower


@cache
def _body_pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    mark, gap = re.escape(decimal), re.escape(thousands)
    whole = rf"(?:[1-9]\d{{0,2}}(?:{gap}\d{{3}})+|\d+)" if thousands else r"\d+"
    return re.compile(rf"{whole}(?:{mark}\d*)?|{mark}\d+")


def spelling_of(column: Text, comma_first: bool = False, few: int = FEW_TEXTS) -> Spelling | MixedUnits | None:
    """How a column's texts spell numbers; None where most of them do not.

    Args:
        comma_first: of spellings that fit alike, those with a decimal comma are the likelier ones.
        few: up to so many different texts, all must be numbers.
    """
    levels, counts = used_levels(column)
    if not levels or not _promising(levels):
        return None
    parts = [taken_apart(level) for level in levels]
    plain = np.array([part is None and not np.isnan(number(level)) for level, part in zip(levels, parts, strict=True)])
    spelled = np.array([part is not None for part in parts]) | plain
    if not _mostly(counts, spelled, few):
        return None
    units: dict[str, int] = {}
    examples: dict[str, str] = {}
    for level, part, count in zip(levels, parts, counts.tolist(), strict=True):
        if part is not None:
            units[part.unit] = units.get(part.unit, 0) + count
            examples.setdefault(part.unit, level)
    unit = _one_unit(units, [part for part in parts if part is not None])
    if unit is None:
        known = all(name in KNOWN_UNITS for name in units if name)
        common = sorted(units, key=lambda name: -units[name])
        return MixedUnits(tuple(examples[name] for name in common[:4])) if known else None
    best = _best_style([(part, count) for part, count in zip(parts, counts.tolist(), strict=True) if part], comma_first)
    spelling = Spelling(unit, *best)
    read = ~np.isnan(spelling.values(levels))
    return spelling if _mostly(counts, read, few) else None


def used_levels(column: Text) -> tuple[list[str], np.ndarray]:
    """The texts that occur, in their order, and int64 (texts,) how often."""
    counts = column.counts()
    used = np.flatnonzero(counts)
    return [column.levels[place] for place in used.tolist()], counts[used]


Reader = Callable[[Sequence[str]], np.ndarray]
"""Texts -> float64 (texts,), NaN for those that are none of what is looked for."""


def by_level(column: Text, read: Reader) -> np.ndarray:
    """float64 (rows,): what `read` makes of each row's text, each different one read once; NaN where missing."""
    values = np.full(len(column.levels) + 1, np.nan)
    used = np.flatnonzero(column.counts())
    values[used] = read([column.levels[place] for place in used.tolist()])
    return np.asarray(values[column.codes])


def _promising(levels: list[str]) -> bool:
    """A look at some texts, so that a million names are not all taken apart."""
    sample = levels[:: max(1, len(levels) // _SAMPLE)]
    hits = sum(taken_apart(level) is not None or not np.isnan(number(level)) for level in sample)
    return hits >= len(sample) / 2


def _mostly(counts: np.ndarray, good: np.ndarray, few: int) -> bool:
    if good.all():
        return True
    return len(counts) > few and bool(counts[good].sum() >= MOSTLY_NUMBERS * counts.sum())


def _one_unit(units: dict[str, int], parts: Iterable[Parts]) -> str | None:
    """The unit that all have, or all that have one; None for a mix."""
    named = [unit for unit in units if unit]
    if len(named) > 1 or (any(part.scaled and not part.unit for part in parts) and named):
        return None  # 12A and 13B are no billions
    if named == ["%"] and any(not part.unit and part.body.strip("0.,") for part in parts):
        return None  # 0.35 and 35% may be the same or not
    return named[0] if named else ""


def _best_style(parts: list[tuple[Parts, int]], comma_first: bool) -> tuple[str, str]:
    """The decimal mark and thousands separator that most rows fit; the likeliest of several."""
    styles = COMMA_FIRST if comma_first else POINT_FIRST

    def rows(style: tuple[str, str]) -> int:
        pattern = _body_pattern(*style)
        return sum(count for part, count in parts if pattern.fullmatch(part.body))

    return max(styles, key=rows)
