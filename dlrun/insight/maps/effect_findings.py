"""Effects in sentences."""

from __future__ import annotations

from dlrun.insight.maps.effect import Effects, KeyEffect, PairEffect
from dlrun.insight.words import Said


def findings(found: Effects) -> list[Said]:
    """Per key one sentence, then the strongest pair."""
    said = [_said_of(found, key) for key in found.keys]
    if found.pairs:
        said.append(_said_of_pair(found, found.pairs[0]))
    return said


def amount(value: float, log: bool) -> str:
    """A change as text: `× 0.62`, or `-0.0123` with its sign."""
    return f"× {value:.3g}" if log else f"{value:+.4g}"


def _said_of(found: Effects, key: KeyEffect) -> Said:
    values = {
        "key": key.title,
        "best": key.levels[key.best].label,
        "worst": key.levels[key.worst].label,
        "change": amount(key.change, found.log),
        "share": f"{100 * key.share:.0f}",
    }
    if not key.told_apart:
        return Said("maps.effect_mixed", values)
    if key.change_low is None or key.change_high is None:
        return Said("maps.effect_unknown", values)
    interval = {"low": amount(key.change_low, found.log), "high": amount(key.change_high, found.log)}
    return Said("maps.effect" if key.beyond_noise else "maps.effect_none", values | interval)


def _said_of_pair(found: Effects, pair: PairEffect) -> Said:
    values = {
        "left": pair.titles[0],
        "right": pair.titles[1],
        "share": f"{100 * pair.share:.0f}",
        "ratio": "–" if pair.ratio is None else f"{pair.ratio:.1f}",
        "where": f"{pair.titles[0]} {pair.where[0]}, {pair.titles[1]} {pair.where[1]}",
        "by": amount(pair.by, found.log),
    }
    if pair.beyond_noise is None:
        return Said("maps.pair_unknown", values)
    return Said("maps.pair" if pair.beyond_noise else "maps.pair_none", values)
