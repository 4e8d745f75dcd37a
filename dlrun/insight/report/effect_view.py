"""What each swept key changes, as rows with an interval that the page draws as a bar."""

from __future__ import annotations

from dataclasses import dataclass

from dlrun.errors import UsageError
from dlrun.insight import numbers
from dlrun.insight.maps import Swept, effects
from dlrun.insight.maps.effect_findings import findings
from dlrun.insight.report.strips import Strip, strips

MOST_KEYS = 16
"""With more settings that differ no table of effects can be read, and the work grows with their square."""


@dataclass(frozen=True)
class LevelRow:
    """One level of a key."""

    label: str
    mean: str
    around: str
    """Its 95 % interval; empty where it cannot be known."""
    strip: Strip
    best: bool


@dataclass(frozen=True)
class KeyView:
    """One key, its levels in order."""

    title: str
    levels: list[LevelRow]


@dataclass(frozen=True)
class EffectView:
    """The effects of all keys, the largest first, on one axis."""

    keys: list[KeyView]
    low: str
    high: str
    log: bool
    findings: list[str]
    notes: list[str]


def effect_view(swept: Swept, language: str) -> EffectView | None:
    """The effects; None where the configurations differ in nothing or in very many settings, or where fewer than two
    came to a number."""
    if len(swept.keys) > MOST_KEYS:
        return None
    try:
        found = effects(swept)
    except UsageError:
        return None
    levels = [level for key in found.keys for level in key.levels]
    ends = [[end for end in (level.low, level.mean, level.high) if end is not None] for level in levels]
    drawn = strips(ends, [level.mean for level in levels], [None] * len(levels))
    rest = iter(drawn.rows)
    keys = []
    for key in found.keys:
        rows = []
        for place, level in enumerate(key.levels):
            strip = next(rest)
            known = level.low is not None and level.high is not None
            span = Strip([], strip.mean, strip.dots[0] if known else None, strip.dots[-1] if known else None)
            around = f"{numbers.number(level.low)} – {numbers.number(level.high)}" if known else ""
            rows.append(LevelRow(level.label, numbers.number(level.mean), around, span, place == key.best))
        keys.append(KeyView(key.title, rows))
    said_of = [one.text(language) for one in findings(found)]
    return EffectView(keys, drawn.low, drawn.high, drawn.log, said_of, [note.text(language) for note in found.notes])
