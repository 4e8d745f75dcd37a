from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from dlrun.insight.statistics import Sample, Unit, difference, paired_difference, welch_difference

SOME = st.lists(st.floats(0, 1).map(lambda value: round(value, 6)), min_size=3, max_size=12)


def seeds(values: Sequence[float | None], first: int = 0) -> Sample:
    """One value per seed on one split; None is missing."""
    kept = {Unit("", None, first + seed): value for seed, value in enumerate(values) if value is not None}
    return Sample(kept, overlap=0.25)


@settings(max_examples=30)
@given(SOME, st.data())
def test_pairs_are_scipys_paired_test(a: list[float], data: st.DataObject) -> None:
    b = data.draw(st.lists(st.floats(0, 1).map(lambda value: round(value, 6)), min_size=len(a), max_size=len(a)))
    assume(len({round(x - y, 6) for x, y in zip(a, b, strict=True)}) > 1)
    found = difference(seeds(a), seeds(b))
    theirs = stats.ttest_rel(a, b)
    low, high = theirs.confidence_interval(0.95)
    assert found is not None
    assert found.method == "paired"
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-7), pytest.approx(high, abs=1e-7))


@settings(max_examples=30)
@given(SOME, SOME)
@example([0.0, 0.0, 1.0], [1.0, 1.0, 1.0])
def test_other_seeds_are_scipys_welch_test(a: list[float], b: list[float]) -> None:
    assume(len(set(a)) > 1 or len(set(b)) > 1)
    found = difference(seeds(a), seeds(b, first=100))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Precision loss occurred", RuntimeWarning)  # scipy's own: equal values
        theirs = stats.ttest_ind(a, b, equal_var=False)
    low, high = theirs.confidence_interval(0.95)
    assert found is not None
    assert found.method == "welch"
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-7), pytest.approx(high, abs=1e-7))


def test_equal_values_are_no_difference() -> None:
    found = difference(seeds([0.5, 0.5, 0.5]), seeds([0.5, 0.5, 0.5]))
    assert found is not None
    assert (found.mean, found.p, found.half, found.method) == (0.0, 1.0, 0.0, "counted")


@pytest.mark.parametrize("count", [2, 3, 5, 6, 10])
def test_a_difference_without_spread_is_judged_by_its_signs(count: int) -> None:
    found = difference(seeds([0.5 + 0.1 * seed for seed in range(count)]), seeds([0.1 * n for n in range(count)]))
    assert found is not None
    assert found.method == "counted"
    assert found.half is None
    assert found.p == pytest.approx(stats.binomtest(count, count).pvalue)


def test_groups_without_spread_are_judged_by_their_arrangements() -> None:
    found = welch_difference([0.5] * 4, [0.4] * 4)
    rank = stats.mannwhitneyu([0.5, 0.51, 0.52, 0.53], [0.4, 0.41, 0.42, 0.43], method="exact")
    assert (found.method, found.half) == ("counted", None)
    assert found.p == pytest.approx(rank.pvalue)


def test_one_pair_tells_nothing() -> None:
    found = difference(seeds([0.5]), seeds([0.4]))
    assert found is not None
    assert (found.mean, found.p, found.half) == (pytest.approx(0.1), None, None)


def test_without_values_there_is_no_difference() -> None:
    assert difference(seeds([]), seeds([0.5])) is None


def test_missing_seeds_leave_their_pairs_out() -> None:
    found = difference(seeds([0.5, None, 0.7, 0.4]), seeds([0.3, 0.2, 0.4, 0.3]))
    assert found == paired_difference([0.5 - 0.3, 0.7 - 0.4, 0.4 - 0.3])


def test_few_common_seeds_among_many_are_not_paired() -> None:
    a, b = seeds([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), seeds([0.2, 0.4, 0.1, 0.3, 0.5, 0.7], first=4)
    found = difference(a, b)
    assert found is not None
    assert found.method == "welch"


def folds(values: Sequence[Sequence[float]], first_seed: int = 0) -> Sample:
    """Fold by fold, the value of each seed."""
    kept = {
        Unit("", fold, first_seed + seed): value for fold, row in enumerate(values) for seed, value in enumerate(row)
    }
    return Sample(kept, overlap=0.25)


@pytest.mark.parametrize("first_seed", [0, 50])
def test_folds_are_paired_whatever_their_seeds(first_seed: int) -> None:
    a, b = [[0.5, 0.6], [0.4, 0.45], [0.7, 0.8]], [[0.4, 0.5], [0.1, 0.3], [0.6, 0.7]]
    found = difference(folds(a), folds(b, first_seed))
    expected = paired_difference([0.1, 0.225, 0.1], 0.25)
    assert found is not None
    assert (found.mean, found.half, found.p) == pytest.approx((expected.mean, expected.half, expected.p))
    assert (found.method, found.count) == ("paired", 3)


def test_the_correction_for_shared_rows_makes_it_harder_to_see_a_difference() -> None:
    plain, corrected = paired_difference([0.1, 0.2, 0.15]), paired_difference([0.1, 0.2, 0.15], overlap=0.25)
    assert plain.half is not None
    assert corrected.half == pytest.approx(plain.half * (3 * (1 / 3 + 0.25)) ** 0.5)
    assert (corrected.p or 0) > (plain.p or 0)


@pytest.mark.parametrize("unit", [1e80, 1e-90, 1e200, 1e-200, 1e307])
@pytest.mark.parametrize("first", [0, 100])
def test_units_do_not_matter(unit: float, first: int) -> None:
    a, b = [0.5, 0.6, 0.55, 0.7], [0.3, 0.45, 0.3, 0.2]
    plain = difference(seeds(a), seeds(b, first))
    found = difference(seeds([value * unit for value in a]), seeds([value * unit for value in b], first))
    assert plain is not None
    assert found is not None
    assert plain.half is not None
    assert (found.method, found.p) == (plain.method, pytest.approx(plain.p))
    assert (found.mean, found.half) == (pytest.approx(plain.mean * unit), pytest.approx(plain.half * unit))


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8), st.floats(0.1, 10))
def test_what_is_fixed_is_a_partner_to_every_seed(values: list[float], level: float) -> None:
    """scipy's test of one sample against a number."""
    assume(np.std(values) > 1e-6)
    nets = Sample({Unit("split", None, seed): value for seed, value in enumerate(values)})
    fixed = Sample({Unit("split", None, 0): level}, fixed=True)
    found, other = difference(nets, fixed), difference(fixed, nets)
    assert found is not None
    assert other is not None
    assert found.p == pytest.approx(stats.ttest_1samp(values, level).pvalue, rel=1e-6, abs=1e-12)
    assert (found.mean, found.half) == (pytest.approx(-other.mean), pytest.approx(other.half))
    free = difference(nets, Sample(dict(fixed.values)))
    assert free is not None
    assert free.p is None


def test_what_is_fixed_on_folds_is_a_partner_fold_by_fold() -> None:
    nets = Sample({Unit("x", fold, seed): fold + seed / 10 for fold in range(3) for seed in range(2)}, overlap=0.5)
    fixed = Sample({Unit("x", fold, 0): fold - 1 + fold / 7 for fold in range(3)}, overlap=0.5, fixed=True)
    found = difference(nets, fixed)
    wanted = paired_difference([fold + 0.05 - (fold - 1 + fold / 7) for fold in range(3)], 0.5)
    assert found is not None
    assert (found.mean, found.half, found.p) == pytest.approx((wanted.mean, wanted.half, wanted.p))


@pytest.mark.parametrize("seeds", [1, 3])
def test_without_any_spread_nothing_can_be_told_on_one_division(seeds: int) -> None:
    """Also where several seeds of the other came to the same."""
    one = Sample({Unit("x", None, 0): 1.0}, fixed=True)
    other = Sample({Unit("x", None, seed): 2.0 for seed in range(seeds)}, fixed=seeds == 1)
    found = difference(one, other)
    assert found is not None
    assert found.p is None
