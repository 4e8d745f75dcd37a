"""From the records of layers to findings: plain functions, asked in the order of `RULES`. A pure function of the
records and the run's spec."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.health.fixes import Fix, Spec, better_start, lower_rate, more_rate, other_start, pass_signal, revive
from dlrun.insight.health.records import Health
from dlrun.insight.health.thresholds import LIMITS
from dlrun.insight.words import Said

SIGMOIDS = ("sigmoid", "hard_sigmoid", "sparse_sigmoid", "tanh", "hard_tanh", "softsign")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that all is well."""

    kind: str
    layers: tuple[str, ...]
    """The names of those it is about."""
    what: Said
    """What was measured."""
    fix: Said | None = None
    patch: Mapping[str, Any] = field(default_factory=dict)
    """Dotted key of the config -> its new value."""


def findings(health: Health, spec: Spec) -> list[Finding]:
    """What the records say, the gravest first; one finding that all is well where nothing is wrong.

    Args:
        spec: of the run, nested, every default filled in.
    """
    found: list[Finding] = []
    for hides, rule in RULES:
        if not any(one.kind in hides for one in found) and (one := rule(health, spec)) is not None:
            found.append(one)
    return found or [well(health)]


def symmetric(health: Health, spec: Spec) -> Finding | None:
    """Units that began equal and are still equal. Of one input any two units point the same or the opposite way, so
    there only weights of 0 are equal for sure."""
    same = [
        place
        for place in health.hidden
        if (health.layers[place].inputs > 1 or health.start("weight", place) == 0)
        and _at_least(health.start("alike", place), "same")
        and _at_least(health.end("alike", place), "same")
    ]
    if not same:
        return None
    moved = any((health.end("gradient", place) or 0) > 0 for place in same)
    what = "symmetric" if moved else "symmetric_still"
    return _finding("symmetric", health, same, what, better_start(spec, _activation(health)), **_start(spec))


def tiny(health: Health, spec: Spec) -> Finding | None:
    """Weights so small at the start that nothing passes several layers."""
    small = [place for place in health.hidden if 0 < (_gain(health, place) or 1.0) < LIMITS["gain"]]
    if len(small) < 2 or health.batch_normalization:
        return None
    last = small[-1]
    values = {
        "gain": _n(_gain(health, small[0])),
        "spread": _n(health.start("spread", last)),
        "layer": health.layers[last].name,
        "activation": _activation(health),
        "alike": _n(max(health.end("alike", place) or 0.0 for place in small)),
    }
    fix = better_start(spec, _activation(health))
    return _finding("tiny", health, small, "tiny", fix, **values, **_start(spec))


def vanishing(health: Health, spec: Spec) -> Finding | None:
    """What comes back to the first layer is a small part of what came to the last hidden one."""
    ratio, when = _extreme(health, min)
    if ratio is None or ratio > 1 / LIMITS["signal"]:
        return None
    return _depth("vanishing", health, spec, ratio, when)


def exploding(health: Health, spec: Spec) -> Finding | None:
    """What comes back to the first layer is many times what came to the last hidden one."""
    ratio, when = _extreme(health, max)
    if ratio is None or ratio < LIMITS["signal"]:
        return None
    return _depth("exploding", health, spec, ratio, when)


def shrinking(health: Health, spec: Spec) -> Finding | None:
    """At the start activations spread less and less with depth, or more and more."""
    ratio = _ratio(health.start("spread", health.hidden[-1]), health.start("spread", 0)) if health.hidden else None
    if ratio is None or 1 / LIMITS["spread"] < ratio < LIMITS["spread"]:
        return None
    kind = "shrinking" if ratio < 1 else "growing"
    values = {
        "first": _n(health.start("spread", 0)),
        "last": _n(health.start("spread", health.hidden[-1])),
        "activation": _activation(health),
    }
    return _finding(kind, health, health.hidden, kind, other_start(spec, _activation(health)), **values, **_start(spec))


def dead(health: Health, spec: Spec) -> Finding | None:
    """Units that give nothing for any row, and that no gradient reaches."""
    kind = [place for place in health.hidden if health.layers[place].activation not in SIGMOIDS]
    worst = [place for place in kind if _at_least(health.end("dead", place), "dead")]
    if not worst:
        return None
    ends, starts = [health.end("dead", place) for place in worst], [health.start("dead", place) for place in worst]
    from_start = any(_at_least(value, "dead") for value in starts)
    values = {
        "share": _share(max(value or 0.0 for value in ends)),
        "start": _share(max((value or 0.0 for value in starts), default=0.0)),
        "rows": numbers.count(health.rows),
        "activation": health.layers[worst[0]].activation,
        "rate": numbers.setting(_rate(spec)),
    }
    what = "dead_now" if all(value is None for value in starts) else "dead_at_start" if from_start else "dead"
    return _finding("dead", health, worst, what, revive(spec, values["activation"], from_start), **values)


def saturated(health: Health, spec: Spec) -> Finding | None:
    """Most of what goes through lies at the ends of the activation, where it is flat."""
    worst = [place for place in health.hidden if _at_least(health.end("saturated", place), "saturated")]
    if not worst:
        return None
    starts = [health.start("saturated", place) for place in worst]
    from_start = any(_at_least(value, "saturated") for value in starts)
    values = {
        "share": _share(max(health.end("saturated", place) or 0.0 for place in worst)),
        "start": _share(max((value or 0.0 for value in starts), default=0.0)),
        "activation": health.layers[worst[0]].activation,
    }
    what = (
        "saturated_now"
        if all(value is None for value in starts)
        else "saturated_at_start"
        if from_start
        else "saturated"
    )
    fix = other_start(spec, values["activation"]) if from_start else lower_rate(spec)
    return _finding("saturated", health, worst, what, fix, **values, **_start(spec))


def alike(health: Health, spec: Spec) -> Finding | None:
    """Units that were different at the start and point the same way at the end."""
    grown = []
    for place in health.hidden:
        start, end = health.start("alike", place), health.end("alike", place)
        if start and _at_least(end, "alike") and (end or 0.0) >= LIMITS["alike_grown"] * start:
            grown.append(place)
    if not grown:
        return None
    values = {
        "end": _n(max(health.end("alike", place) or 0.0 for place in grown)),
        "start": _n(max(health.start("alike", place) or 0.0 for place in grown)),
    }
    small = any(0 < (_gain(health, place) or 1.0) < LIMITS["gain"] for place in grown)
    fix = better_start(spec, _activation(health)) if small else lower_rate(spec)
    return _finding("alike", health, grown, "alike_tiny" if small else "alike", fix, **values, **_start(spec))


def updates(health: Health, spec: Spec) -> Finding | None:
    """Steps that are far too large or far too small for the weights."""
    places = range(len(health.layers))
    typical = [value for place in places if (value := health.typical("update", place)) is not None]
    if not typical:
        return None
    high = median(typical)
    values = {"rate": numbers.setting(_rate(spec)), "optimizer": str(spec["optimizer"]["name"])}
    if high > LIMITS["update_high"]:
        return _finding("large_steps", health, places, "large_steps", lower_rate(spec), update=_n(high), **values)
    most = max(value for place in places for value in health.values("update", place) if value is not None)
    if 0 < most < LIMITS["update_low"]:
        return _finding("small_steps", health, places, "small_steps", more_rate(spec), update=_n(most), **values)
    return None


def well(health: Health) -> Finding:
    """All that was measured lies where it should."""
    parts: dict[str, Said | str] = dict.fromkeys(("signal", "dead", "saturated", "update"), "")
    ratio = _signal_ratio(health, -1)
    if ratio is not None:
        parts["signal"] = Said("health.well_signal", {"ratio": _n(ratio)})
    sigmoids = any(health.layers[place].activation in SIGMOIDS for place in health.hidden)
    for name in ("dead", "saturated"):
        known = [value for place in health.hidden if (value := health.end(name, place)) is not None]
        if known and not (name == "dead" and sigmoids):
            parts[name] = Said(f"health.well_{name}", {"share": _share(max(known))})
    steps = [value for place in range(len(health.layers)) if (value := health.typical("update", place)) is not None]
    if steps:
        parts["update"] = Said("health.well_update", {"update": _n(median(steps))})
    return Finding("well", (), Said("health.well", parts))


RULES: tuple[tuple[Sequence[str], Callable[[Health, Spec], Finding | None]], ...] = (
    ((), symmetric),
    (("symmetric",), tiny),
    (("symmetric", "tiny"), exploding),
    (("symmetric", "tiny"), vanishing),
    (("symmetric", "tiny"), shrinking),
    (("symmetric", "tiny"), dead),
    (("symmetric", "tiny"), saturated),
    (("symmetric", "tiny", "dead"), alike),
    (("symmetric", "dead"), updates),
)
"""Findings that make a rule's own a mere consequence, and the rule, in the order of their gravity."""


# --- numbers ---------------------------------------------------------------------------------------------------------


def _depth(kind: str, health: Health, spec: Spec, ratio: float, when: str) -> Finding:
    layers, activation = len(health.hidden), _activation(health)
    values = {
        "ratio": _n(ratio if kind == "exploding" else 1 / ratio),
        "each": _n(ratio ** (1 / (layers - 1))),
        "first": health.layers[0].name,
        "last": health.layers[layers - 1].name,
        "when": Said(f"health.when_{when}"),
        "activation": activation,
    }
    fix = pass_signal(spec, activation, kind)
    return _finding(kind, health, health.hidden, kind, fix, **values, **_start(spec))


def _extreme(health: Health, choose: Callable[..., tuple[float, str]]) -> tuple[float | None, str]:
    """The most telling of the ratios at the start and at the end."""
    asked = [(_signal_ratio(health, at), when) for at, when in ((0, "start"), (-1, "end"))]
    known = [(ratio, when) for ratio, when in asked if ratio is not None]
    return choose(known, key=lambda one: one[0]) if known else (None, "start")


def _signal_ratio(health: Health, at: int) -> float | None:
    """The signal at the first hidden layer over that at the last one, at a place of the epochs."""
    if len(health.hidden) < 2 or not health.epochs:
        return None
    ends = [health.values("signal", place) for place in (0, health.hidden[-1])]
    return _ratio(*(values[at] for values in ends)) if all(ends) else None


def _ratio(one: float | None, other: float | None) -> float | None:
    if one is None or other is None or other == 0 or one == 0:
        return None
    return one / other


def _gain(health: Health, place: int) -> float | None:
    """Root mean square of the weights at the start times the square root of the inputs."""
    weight = health.start("weight", place)
    return None if weight is None else weight / math.sqrt(health.layers[place].units)


def _at_least(value: float | None, limit: str) -> bool:
    return value is not None and value >= LIMITS[limit]


# --- words -----------------------------------------------------------------------------------------------------------


def _finding(kind: str, health: Health, places: Sequence[int], what: str, fix: Fix, **values: Any) -> Finding:
    names = tuple(health.layers[place].name for place in places)
    said = Said(f"health.{what}", {"layers": named(names, health), **values})
    return Finding(kind, names, said, fix.why, fix.patch)


def named(names: Sequence[str], health: Health) -> str:
    """`hidden_1, hidden_3`; of many `hidden_1–hidden_5`, or `hidden_1 … hidden_9 (6)` where some are left out."""
    if len(names) <= 3:
        return ", ".join(names)
    known = [layer.name for layer in health.layers]
    if known.index(names[-1]) - known.index(names[0]) == len(names) - 1:
        return f"{names[0]}–{names[-1]}"
    return f"{names[0]} … {names[-1]} ({len(names)})"


def _start(spec: Spec) -> dict[str, str]:
    """What the initializer is called in a message."""
    if spec["model"].get("weights"):
        return {"initializer": "model.weights"}
    given = spec["model"].get("kernel_initializer", "glorot_uniform")
    if isinstance(given, str):
        return {"initializer": given}
    arguments = {key: value for key, value in given.items() if key != "name" and value is not None}
    rest = ", ".join(f"{key} {numbers.setting(value)}" for key, value in arguments.items())
    return {"initializer": f"{given['name']}, {rest}" if rest else str(given["name"])}


def _activation(health: Health) -> str:
    """That of most hidden layers."""
    names = [health.layers[place].activation for place in health.hidden] or ["linear"]
    return max(names, key=names.count)


def _rate(spec: Spec) -> float:
    return float(spec["optimizer"]["learning_rate"])


def _n(value: float | None) -> str:
    if value is None:
        return numbers.ABSENT
    return f"{float(f'{value:.2g}'):,.0f}" if 10 <= abs(value) < 1e9 else f"{value:.2g}"


def _share(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")
