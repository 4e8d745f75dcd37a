"""Better, worse, tie, or more than the runs can tell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dlrun.insight.against import against, outcome, standing
from dlrun.insight.statistics import Difference, Sample, Unit, holm


def seeds(*values: float, lost: int = 0) -> Sample:
    return Sample({Unit("", None, seed): value for seed, value in enumerate(values)}, lost=lost)


LOW, MIDDLE, HIGH = seeds(0.10, 0.11, 0.12, 0.10), seeds(0.11, 0.10, 0.12, 0.11), seeds(0.50, 0.52, 0.51, 0.5)


def outcomes(samples: Sequence[Sample], reference: int, greater: bool = False) -> list[str]:
    return [one.outcome for one in against(samples, reference, greater)]


def test_lower_is_better_for_losses_and_greater_for_scores() -> None:
    assert outcomes([LOW, MIDDLE, HIGH], 1) == ["tie", "reference", "worse"]
    assert outcomes([LOW, MIDDLE, HIGH], 2) == ["better", "better", "reference"]
    assert outcomes([LOW, MIDDLE, HIGH], 2, greater=True) == ["worse", "worse", "reference"]


def test_values_are_corrected_over_the_table() -> None:
    found = against([LOW, MIDDLE, HIGH], 0)
    p_values = [one.difference.p for one in found[1:] if one.difference]
    assert [one.p for one in found[1:]] == holm(p_values)


def test_against_the_best_they_are_corrected_over_all_pairs() -> None:
    table = [LOW, MIDDLE, HIGH, seeds(0.3, 0.31, 0.3, 0.32)]
    found = against(table, 0, chosen_as_best=True)
    p_values = [one.difference.p if one.difference else None for one in found]
    assert [one.p for one in found] == holm(p_values, tests=6)


SURE = Difference(-0.5, 0.1, 0.001, "paired", 5)


@pytest.mark.parametrize(
    ("lost", "reference_lost", "greater", "expected"),
    [
        (0, 0, False, "better"),
        (1, 0, False, "cannot tell"),
        (1, 1, False, "better"),
        (0, 1, False, "better"),
        (1, 0, True, "worse"),
        (0, 1, True, "cannot tell"),
    ],
)
def test_what_diverged_more_often_is_not_better(lost: int, reference_lost: int, greater: bool, expected: str) -> None:
    assert outcome(SURE, 0.01, greater, lost, reference_lost) == expected


def test_what_cannot_be_told() -> None:
    assert outcome(None, None, False) == "cannot tell"
    assert outcomes([seeds(0.1), seeds(0.5)], 0) == ["reference", "cannot tell"]
    assert outcomes([LOW, seeds()], 0) == ["reference", "cannot tell"]
    assert outcomes([seeds(0.1, 0.2, 0.3), seeds(0.1, 0.2, 0.3)], 0) == ["reference", "tie"]


def test_a_constant_difference_needs_six_pairs() -> None:
    for count, expected in ((3, "tie"), (5, "tie"), (6, "worse")):
        low, high = seeds(*[0.5] * count), seeds(*[0.75] * count)
        assert outcomes([low, high], 0) == ["reference", expected]


def test_where_the_first_stands() -> None:
    assert standing([LOW, MIDDLE, HIGH]) == ["reference", "tie", "worse"]
    assert standing([]) == []
    assert standing([seeds(), seeds()]) == ["cannot tell", "cannot tell"]
