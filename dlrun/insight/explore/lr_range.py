"""What a learning-rate range test says: where the loss begins to fall, where it falls fastest, where it is lowest, and
the rates to try. Pure rules on the rows of `dlrun.training.lr_range.range_test`; `docs/explore.md` has them in words.

    from dlrun.insight.explore.lr_range import document

    found = document(tests, rate=0.001, name="digits", optimizer="adam", smoothing=0.9)   # plain
    found["suggestion"]   # None, or low, high, suggested
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, stdev
from typing import Any, Protocol

from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

BEGUN = 0.1
"""The loss has begun to fall where so much of its whole fall is done."""
BACK_OFF = 10.0
"""The upper end is the rate of the lowest loss divided by this (Howard and Gugger 2020, fastai's `minimum` rule)."""
FLAT = 0.02
"""The loss counts as lowest as soon as no more than this share of its fall is left: many curves end in a long flat."""
START = 0.1
"""The first so many of the steps say where the loss began, and how it swings by itself."""
LUCK = 4.0
"""A fall of less than so many standard errors of the smoothed loss is none."""
LEAST = 0.02
"""Nor is one of less than this share of the loss at the start."""
ACROSS = 2
"""Steps to either side over which the slope is taken."""


class Tested(Protocol):
    """The test with one seed, as `dlrun.training.lr_range.RangeTest` is one."""

    @property
    def seed(self) -> int: ...
    @property
    def rates(self) -> Sequence[float]: ...
    @property
    def losses(self) -> Sequence[float]: ...
    @property
    def smoothed(self) -> Sequence[float]: ...
    @property
    def ended(self) -> str: ...


def reading(test: Tested, smoothing: float) -> dict[str, Any]:
    """What one seed's curve says.

    Returns: flat: `seed`, `steps`, `ended`, `start` (mean loss of the first tenth of the steps), `lowest` (smoothed),
        `turned` (whether the loss was lowest before the last step) and rates: `begins`, `steepest`, `at_lowest`, `low`
        and `high` (the ends of the suggested range), `suggested`. Where the loss never fell the last seven are None.
    """
    found: dict[str, Any] = {"seed": test.seed, "steps": len(test.rates), "ended": test.ended}
    first = max(5, round(START * len(test.rates)))
    if len(test.rates) <= 2 * first:
        return found | dict.fromkeys(("start", "lowest", "turned", *RATES))
    start = fmean(test.losses[:first])
    lowest = min(range(first, len(test.smoothed)), key=test.smoothed.__getitem__)
    fall = start - test.smoothed[lowest]
    found |= {"start": start, "lowest": test.smoothed[lowest]}
    error = stdev(test.losses[:first]) * math.sqrt((1 - smoothing) / (1 + smoothing))
    if fall <= max(LUCK * error, LEAST * abs(start)):
        return found | dict.fromkeys(("turned", *RATES))
    bottom = next(step for step, loss in enumerate(test.smoothed) if loss <= test.smoothed[lowest] + FLAT * fall)
    begin = _begin(test.smoothed, start - BEGUN * fall, bottom)
    steep = min(range(begin, bottom + 1), key=lambda step: _slope(test, step))
    turned = lowest < len(test.rates) - 1
    return found | {"turned": turned} | _range(test.rates[begin], test.rates[steep], test.rates[bottom])


RATES = ("begins", "steepest", "at_lowest", "low", "high", "suggested")


def _range(begins: float, steepest: float, at_lowest: float) -> dict[str, float]:
    """From where the loss begins to fall to a tenth of the rate where it is lowest; where it falls within less than a
    factor of ten, the two ends are the same way in between. The suggestion is the geometric middle."""
    high = at_lowest / BACK_OFF
    low = min(begins, high)
    return {
        "begins": begins,
        "steepest": steepest,
        "at_lowest": at_lowest,
        "low": low,
        "high": max(high, low),
        "suggested": math.sqrt(low * max(high, low)),
    }


def _begin(smoothed: Sequence[float], limit: float, bottom: int) -> int:
    """The step from which on the loss stays below the limit until it is lowest."""
    above = [step for step in range(bottom) if smoothed[step] > limit]
    return above[-1] + 1 if above else 0


def _slope(test: Tested, step: int) -> float:
    """Change of the smoothed loss per factor e of the rate."""
    one, other = max(0, step - ACROSS), min(len(test.rates) - 1, step + ACROSS)
    return (test.smoothed[other] - test.smoothed[one]) / math.log(test.rates[other] / test.rates[one])


def document(tests: Sequence[Tested], rate: float, name: str, optimizer: str, smoothing: float) -> dict[str, Any]:
    """All seeds together.

    Args:
        rate: of the config; with a schedule of rates of its own the highest.
    Returns: `name`, `optimizer`, `learning_rate` (the config's), `smoothing`, `readings` (one per seed), `suggestion`
        (None, or `low`, `high`, `suggested`: geometric means over the seeds that have one, `from` and `to`: the lowest
        and highest suggestion, `seeds`: how many), `place` of the config's rate (`inside`, `below`, `above`; None
        without a suggestion), `curves` (`seed`, `rate`, `loss`, `smoothed` lists) and `mean` (`rate`, `smoothed`: over
        the seeds that have a suggestion, or all where none has, as far as all of these came).
    """
    readings = [reading(test, smoothing) for test in tests]
    suggestion = _together(readings)
    place = None
    if suggestion is not None:
        place = "below" if rate < suggestion["low"] else "above" if rate > suggestion["high"] else "inside"
    averaged = _averaged(tests, readings)
    together = min((len(test.rates) for test in averaged), default=0)
    return {
        "name": name,
        "optimizer": optimizer,
        "learning_rate": rate,
        "smoothing": smoothing,
        "suggestion": suggestion,
        "place": place,
        "readings": readings,
        "curves": [
            {"seed": test.seed, "rate": list(test.rates), "loss": list(test.losses), "smoothed": list(test.smoothed)}
            for test in tests
        ],
        "mean": {
            "rate": list(averaged[0].rates[:together]) if averaged else [],
            "smoothed": [fmean(at) for at in zip(*(test.smoothed[:together] for test in averaged), strict=True)],
        },
    }


def _averaged(tests: Sequence[Tested], readings: Sequence[Mapping[str, Any]]) -> list[Tested]:
    """The tests whose mean is drawn: one that ended at once would cut it to its own few steps."""
    known = [test for test, one in zip(tests, readings, strict=True) if one["suggested"] is not None]
    return known or [test for test in tests if test.rates]


def _together(readings: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Rates are compared by their ratios, so their mean is the geometric one. Most seeds must have a suggestion."""
    known = [one for one in readings if one["suggested"] is not None]
    if 2 * len(known) <= len(readings):
        return None
    middle = {key: two_digits(_geometric([one[key] for one in known])) for key in ("low", "high", "suggested")}
    each = [one["suggested"] for one in known]
    return {**middle, "from": min(each), "to": max(each), "seeds": len(known)}


def table(found: Mapping[str, Any], language: str = "en") -> Table:
    """A line per seed."""
    columns = (
        Column("seed", said("explore.seed", language), "count", rank=9),
        Column("steps", said("explore.steps", language), "count", rank=3),
        Column("start", said("explore.loss_at_start", language), rank=6),
        Column("lowest", said("explore.lowest_loss", language), rank=7),
        Column("begins", said("explore.begins", language), "text", rank=8),
        Column("steepest", said("explore.steepest", language), "text", rank=5),
        Column("at_lowest", said("explore.at_lowest", language), "text", rank=8),
        Column("suggested", said("explore.suggested", language), "text", rank=9),
    )
    rows = [
        {**one, **{key: None if one[key] is None else shown(one[key]) for key in RATES}} for one in found["readings"]
    ]
    return Table(columns, rows)


def usual(rate: float) -> list[str]:
    """The words of a command that trains with this rate."""
    return ["dlrun", "train", "CONFIG", "--set", f"optimizer.learning_rate={rate:g}"]


def findings(
    found: Mapping[str, Any], low: float, high: float, command: Callable[[float], Sequence[str]] | None = usual
) -> list[Said]:
    """What the test shows: the range, where the config's rate lies, the command that trains with the suggestion.

    Args:
        low: the first rate of the test.
        high: the last.
        command: the words of the command for a rate; None where no single key holds the rate.
    """
    suggestion, told = found["suggestion"], found["readings"]
    if suggestion is None:
        if all(one["steps"] <= 1 for one in told) or all(one["start"] is None for one in told):
            return [Said("explore.lr_at_once", {"low": shown(low)})]
        return [Said("explore.lr_never_fell", {"low": shown(low), "high": shown(high)})]
    said = [Said("explore.lr_range", {key: shown(suggestion[key]) for key in ("low", "high", "suggested")})]
    if len(told) > 1:
        ends = {"from": shown(suggestion["from"]), "to": shown(suggestion["to"])}
        said.append(Said("explore.lr_spread", {**ends, "seeds": suggestion["seeds"], "all": len(told)}))
    if all(one["turned"] is False for one in told):
        said.append(Said("explore.lr_still_falling", {"high": shown(high)}))
    if any(one["begins"] is not None and one["begins"] <= 2 * low for one in told):
        said.append(Said("explore.lr_falls_at_once", {"low": shown(low)}))
    said.append(Said(f"explore.lr_{found['place']}", {"rate": shown(found["learning_rate"])}))
    if found["place"] != "inside" and command is not None:
        said.append(Said("explore.lr_command", {"command": shlex.join(command(suggestion["suggested"]))}))
    return said


def shown(rate: float) -> str:
    """A rate with two significant digits."""
    return f"{rate:.2g}"


def two_digits(rate: float) -> float:
    """Rounded: more digits would claim what no test of this kind knows."""
    return float(f"{rate:.2g}")


def _geometric(values: Sequence[float]) -> float:
    return math.exp(fmean(math.log(value) for value in values))
