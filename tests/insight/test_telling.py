"""The setting by which many lines are coloured."""

from __future__ import annotations

import random
from typing import Any

import pytest

from dlrun.insight.curve_lines import Line
from dlrun.insight.table import Column
from dlrun.insight.telling import _groups, is_numeric, telling_setting, wants_log

WIDTH, DEPTH, SEED, NAME = (Column(key, key) for key in ("width", "depth", "seed", "name"))


def line(score: float | None, **settings: Any) -> Line:
    return Line(str(settings), (), (), settings, score)


def test_the_setting_that_orders_the_scores_is_chosen() -> None:
    rng = random.Random(0)
    lines = [
        line(1 / width + 0.001 * rng.random(), width=width, depth=depth) for width in (8, 16, 32) for depth in (1, 2, 3)
    ]
    assert telling_setting(lines, [DEPTH, WIDTH]) == WIDTH
    turned = [line(one.settings["depth"] + 0.1 * rng.random(), **one.settings) for one in lines]
    assert telling_setting(turned, [WIDTH, DEPTH]) == DEPTH


def test_many_numbers_are_taken_in_fifths_and_many_words_not_at_all() -> None:
    rng = random.Random(0)
    lines = [line(rate, rate=rate, name=f"n{place}") for place in range(60) if (rate := rng.random())]
    rate = Column("rate", "rate")
    assert telling_setting(lines, [NAME, rate]) == rate
    assert telling_setting(lines, [NAME]) is None


def test_seeds_are_no_setting() -> None:
    lines = [line(float(seed), seed=seed) for seed in range(5)]
    assert telling_setting(lines, [SEED]) is None


def test_lines_without_a_score_do_not_count() -> None:
    assert telling_setting([line(None, width=8), line(None, width=16)], [WIDTH]) is None


@pytest.mark.parametrize(
    ("values", "numeric", "log"),
    [([1, 2, 3], True, False), ([1e-4, 1e-2], True, True), ([0, 8], True, False), ([True, False], False, False),
     (["relu"], False, False), ([None, 1.0, 16.0], True, True), ([], False, False)],
)  # fmt: skip
def test_numbers_and_ratios(values: list[Any], numeric: bool, log: bool) -> None:
    assert is_numeric(values) is numeric
    assert wants_log(values) is log


def test_equal_scores_are_told_by_no_setting() -> None:
    """Lines come sorted by the first setting; that alone must not make it telling."""
    lines = [line(1.0, width=width, depth=depth) for width in (8, 16, 32, 64) for depth in range(5)]
    lines += [line(0.9 - 0.1 * depth, width=4, depth=depth) for depth in range(5)]
    shuffled = lines.copy()
    random.Random(1).shuffle(shuffled)
    assert telling_setting(lines, [DEPTH, WIDTH]) == telling_setting(shuffled, [DEPTH, WIDTH])


def test_equal_numbers_are_in_one_group() -> None:
    values = [0.0] * 30 + [1.0 + place for place in range(10)]
    assert len(set(_groups(values)[:30])) == 1  # type: ignore[index]
