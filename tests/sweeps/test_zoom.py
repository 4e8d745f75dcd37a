from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.spec.limits import Limits
from dlrun.sweeps.space import Choice, Range
from dlrun.sweeps.zoom import follow
from tests.sweeps.asked import driven, searched

RATE = Limits(False, 0, math.inf, open_low=True)
SHARE = Limits(False, 0, 1, open_high=True)
COUNT = Limits(True, 1, 10**9)


@pytest.mark.parametrize(
    ("found", "good", "after", "how"),
    [
        # the best in the middle: the range shrinks around the good ones
        (Range(1e-4, 1e-1, RATE, True), [1e-3, 2e-3, 3e-3], (0.000708, 0.00424), "narrowed to 0.0007079..0.004238"),
        (Range(0, 0.8, SHARE), [0.4, 0.3, 0.5], (0.26, 0.54), "narrowed to 0.26..0.54"),
        (Range(1, 100, COUNT), [50, 40, 60], (35, 65), "narrowed to 35..65"),
        (Range(8, 256, COUNT, step=8), [64, 96], (48, 112), "narrowed to 48..112"),
        # at a bound: it widens there
        (Range(1e-4, 1e-2, RATE, True), [9e-3, 5e-3], (0.00397, 0.1),
         "widened to 0.003971..0.1 because the best, 0.009, lies at its upper bound"),
        (Range(1e-4, 1e-2, RATE, True), [1e-4, 3e-4], (1e-5, 0.000378),
         "widened to 1e-05..0.0003777 because the best, 0.0001, lies at its lower bound"),
        (Range(8, 64, COUNT, step=8), [64, 40], (32, 88),
         "widened to 32..88 because the best, 64, lies at its upper bound"),
        (Range(1, 4, COUNT), [4, 3], (2, 5), "widened to 2..5 because the best, 4, lies at its upper bound"),
        # but never beyond what the key holds
        (Range(0.5, 0.9, SHARE), [0.9, 0.8], (0.78, 0.95),
         "widened to 0.78..0.95 because the best, 0.9, lies at its upper bound"),
        (Range(0.01, 0.4, RATE), [0.01, 0.1], (0.005, 0.12),
         "widened to 0.005..0.1195 because the best, 0.01, lies at its lower bound"),
        (Range(0, 0.5, SHARE), [0, 0.1], (0, 0.125), "narrowed to 0..0.125"),
        (Range(1, 5, COUNT), [1, 2], (1, 3), "narrowed to 1..3"),
        (Range(4, 40, COUNT), [4, 5], (1, 7), "widened to 1..7 because the best, 4, lies at its lower bound"),
    ],
)  # fmt: skip
def test_ranges_follow_the_best(found: Range, good: list[float], after: tuple[float, float], how: str) -> None:
    moved, said = follow(found, good, 20)
    assert isinstance(moved, Range)
    assert (moved.low, moved.high) == pytest.approx(after, rel=0.01)
    assert said == how


def test_choices_are_those_of_the_good_ones() -> None:
    moved, said = follow(Choice((1, True, "relu", [8], None)), [[8], 1, [8]], 20)
    assert moved == Choice((1, [8]))
    assert said == "1, [8]"


@given(
    limits=st.sampled_from([RATE, SHARE, COUNT, Limits(False, 0, 1, open_low=True)]),
    log=st.booleans(),
    places=st.lists(st.floats(0, 1), min_size=1, max_size=5),
    ends=st.tuples(st.integers(1, 97), st.integers(1, 97)).filter(lambda pair: pair[0] < pair[1]),
    drawn=st.integers(1, 30),
)  # fmt: skip
def test_bounds_stay_legal_and_hold_the_best(
    limits: Limits, log: bool, places: list[float], ends: tuple[int, int], drawn: int
) -> None:
    low, high = ends if limits.whole else (ends[0] / 100, ends[1] / 100)
    found = Range(low, high, limits, log)
    for _ in range(5):
        good = [found.nearest(found.low + place * (found.high - found.low)) for place in places]
        moved, _how = follow(found, good, drawn)
        assert isinstance(moved, Range)
        assert moved.low <= good[0] <= moved.high
        for bound in (moved.low, moved.top):
            assert limits.low <= bound <= limits.high
            assert not (limits.open_low and bound == limits.low)
            assert not (limits.open_high and bound == limits.high)
            assert not limits.whole or float(bound).is_integer()
        found = moved


def found_by(folder: Path, space: str, worth: Callable[[Mapping[str, Any]], float | None], trials: int = 60) -> Any:
    search = searched(folder, f"{{search: {{name: zoom, n_trials: {trials}}}, space: {space}}}")
    rounds, history = driven(search, worth)
    return rounds, min((one for one in history if one.score is not None), key=lambda one: one.score or 0.0)


def test_an_optimum_outside_the_range_is_reached(tmp_path: Path) -> None:
    def worth(values: Mapping[str, Any]) -> float:
        return abs(math.log10(values["optimizer.learning_rate"]) - math.log10(0.04))

    rounds, best = found_by(tmp_path, "{optimizer.learning_rate: {low: 1e-4, high: 1e-2, log: true}}", worth)
    assert best.trial.values["optimizer.learning_rate"] == pytest.approx(0.04, rel=0.3)
    assert "widened to" in rounds[1].why
    assert rounds[1].why.endswith("lies at its upper bound; after the best 5 of 20")
    assert rounds[0].why == "zoom: round 1 of 3: 20 configurations: optimizer.learning_rate 0.0001..0.01"


def test_rounds_without_a_number_try_the_same_ranges(tmp_path: Path) -> None:
    search = searched(tmp_path, "{search: {name: zoom, n_trials: 9}, space: {model.dropout: {low: 0, high: 0.5}}}")
    rounds, _ = driven(search, lambda values: None)
    assert len(rounds) == 3
    assert rounds[1].why == (
        "zoom: round 2 of 3: 3 configurations: the same ranges again, as no configuration came to a number"
    )


def test_a_search_ends_where_nothing_new_is_left(tmp_path: Path) -> None:
    space = "{search: {name: zoom, n_trials: 30}, space: {model.activation: [relu, tanh, elu]}}"
    rounds, history = driven(searched(tmp_path, space), lambda values: 1.0)
    assert (len(rounds), len(history)) == (1, 3)
