from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.insight.statistics import Sample, Unit, holm, pairs_of, too_good_by

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def seeds(*values: float) -> Sample:
    return Sample({Unit("", None, seed): value for seed, value in enumerate(values)})


def rejected(p_values: list[float], level: float) -> list[bool]:
    """Holm's procedure as he states it (1979, p. 67): step down until the first p above level/(n - k + 1)."""
    answer = [False] * len(p_values)
    for step, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        if p_values[place] > level / (len(p_values) - step):
            break
        answer[place] = True
    return answer


@given(P_VALUES, st.floats(0.001, 0.5))
def test_corrected_values_reject_what_holms_steps_reject(p_values: list[float], level: float) -> None:
    found = [p is not None and p <= level for p in holm(p_values)]
    for ours, theirs, p in zip(found, rejected(p_values, level), holm(p_values), strict=True):
        assert ours == theirs or p == pytest.approx(level)


def test_a_published_example() -> None:
    """R's `p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")`, and one with ties of the corrected values."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_what_is_not_known_is_not_counted() -> None:
    assert holm([None, 0.01, None, 0.04]) == [None, 0.02, None, 0.04]
    assert holm([]) == []


def test_a_part_of_more_tests_is_corrected_for_all() -> None:
    assert holm([0.001, 0.01], tests=10) == pytest.approx([0.01, 0.09])
    assert pairs_of(8) == 28


def test_the_best_is_too_good_where_all_are_the_same() -> None:
    """The lowest of 10 means of 5 standard normal values lies 1.539 / sqrt(5) below 0 on average (order statistics)."""
    rng, found = random.Random(3), []
    for _ in range(400):
        bias = too_good_by([seeds(*(rng.gauss(0, 1) for _ in range(5))) for _ in range(10)])
        assert bias is not None
        found.append(bias)
    assert sum(found) / len(found) == pytest.approx(1.539 / 5**0.5, rel=0.1)


def test_a_clear_winner_is_not_too_good() -> None:
    assert too_good_by([seeds(0.1, 0.2, 0.15), seeds(0.9, 0.8, 0.95)]) == pytest.approx(0.0)
    assert too_good_by([seeds(0.1, 0.2, 0.15), seeds(0.9, 0.8, 0.95)], greater=True) == pytest.approx(0.0)


def test_greater_is_better_turns_it_round() -> None:
    a, b = (0.5, 0.9, 0.7), (0.8, 0.4, 0.75)
    low = too_good_by([seeds(*(-value for value in a)), seeds(*(-value for value in b))])
    assert too_good_by([seeds(*a), seeds(*b)], greater=True) == pytest.approx(low)


@pytest.mark.parametrize("samples", [[], [seeds(0.1, 0.2)], [seeds(0.1), seeds(0.2)], [seeds(), seeds(0.1, 0.2)]])
def test_too_little_to_say(samples: list[Sample]) -> None:
    assert too_good_by(samples) is None


def test_seeds_that_only_some_have_are_left_out() -> None:
    assert too_good_by([seeds(0.1, 0.2, 0.15), seeds(0.9, 0.8)]) == pytest.approx(0.0)
