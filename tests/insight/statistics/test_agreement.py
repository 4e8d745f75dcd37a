"""A/A tests: how often a difference is called where there is none. `python -m bench agreement` prints more of them."""

from __future__ import annotations

import pytest

from bench import agreement
from bench.agreement import MOST, SEEDS, Draw, dealt, naive, normal, power, simulated, skewed

KINDS = [
    pytest.param(2, False, True, id="pairs"),
    pytest.param(2, False, False, id="other seeds"),
    pytest.param(8, False, True, id="8 against one"),
    pytest.param(8, True, True, id="8 against the best"),
]


@pytest.mark.parametrize("draw", [normal, skewed])
@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize(("count", "best", "paired"), KINDS)
def test_equal_configurations_are_seldom_told_apart(
    draw: Draw, seeds: int, count: int, best: bool, paired: bool
) -> None:
    assert simulated(draw, count, seeds, best, paired, agreement.ROUNDS) <= MOST


def test_without_the_correction_for_the_choice_the_best_is_called_too_often() -> None:
    assert naive(8, 10) > MOST


@pytest.mark.parametrize(("shift", "seeds", "least"), [(5.0, 3, 0.75), (3.0, 5, 0.9), (2.0, 10, 0.95)])
def test_real_differences_are_found(shift: float, seeds: int, least: float) -> None:
    assert power(shift, seeds, rounds=400) >= least


@pytest.mark.slow
def test_groups_of_real_seeds_are_seldom_told_apart() -> None:
    found = agreement.real_values()
    for metric, values in found.items():
        assert len(values) == agreement.REAL_SEEDS
        for count, best, paired in [(2, False, True), (2, False, False), (8, True, True)]:
            for seeds in SEEDS:
                share = dealt(values, count, seeds, best, metric == "val_accuracy", paired, agreement.rounds(count))
                assert share <= MOST, (metric, count, best, paired, seeds)
