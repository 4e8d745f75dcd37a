from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dlrun.insight.statistics import Sample, Unit, half_width, interval_of, mean_interval

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30)


@settings(max_examples=30)
@given(VALUES)
def test_the_interval_of_a_mean_is_scipys(values: list[float]) -> None:
    found = mean_interval(values)
    assert found is not None
    assert found.mean == pytest.approx(np.mean(values), abs=1e-9)
    assert found.error == pytest.approx(stats.sem(values), rel=1e-7, abs=1e-9)
    assert found.half == pytest.approx(stats.sem(values) * stats.t.ppf(0.975, len(values) - 1), rel=1e-7, abs=1e-8)


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    assert mean_interval([]) is None
    one = mean_interval([0.5])
    assert one is not None
    assert (one.mean, one.half, one.low, one.high, one.error) == (0.5, None, None, None, None)
    assert half_width([1.0]) is None
    assert half_width([]) is None
    assert half_width([2.0, 2.0, 2.0]) == 0.0


def test_folds_share_rows_so_the_interval_is_wider() -> None:
    """Nadeau & Bengio 2003, section 4: (1/J + n2/n1) S^2, here 5 folds with a quarter as many test as train rows."""
    values = [0.91, 0.93, 0.92, 0.95, 0.90]
    found = mean_interval(values, overlap=0.25)
    assert found is not None
    assert found.half == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt((1 / 5 + 0.25) * np.var(values, ddof=1)))


def sample(rows: dict[tuple[int, int | None, int], float], overlap: float = 0.25) -> Sample:
    return Sample({Unit(split, fold, seed): value for (split, fold, seed), value in rows.items()}, overlap)


def test_seeds_on_one_split_are_the_repetitions() -> None:
    found = sample({(0, None, seed): value for seed, value in enumerate([0.1, 0.2, 0.4])})
    assert found.shared == 0.0
    assert interval_of(found) == mean_interval([0.1, 0.2, 0.4])
    assert (found.seeds, found.folds, found.splits) == (3, 0, 1)


def test_folds_are_the_repetitions_and_seeds_are_averaged_in_each() -> None:
    found = sample({(0, fold, seed): 0.1 * fold + 0.01 * seed for fold in range(3) for seed in range(2)})
    assert found.replicates == pytest.approx([0.005, 0.105, 0.205])
    assert found.mean == pytest.approx(0.105)
    assert interval_of(found) == mean_interval(found.replicates, 0.25)
    assert (found.seeds, found.folds, found.splits) == (2, 3, 1)


def test_split_seeds_are_repetitions_too() -> None:
    found = sample({(split, None, seed): float(split + seed) for split in range(4) for seed in range(3)})
    assert found.replicates == pytest.approx([1, 2, 3, 4])
    assert (found.seeds, found.splits) == (3, 4)


def test_a_split_with_fewer_seeds_weighs_as_much_as_the_others() -> None:
    found = sample({(0, None, 0): 0.0, (0, None, 1): 0.0, (0, None, 2): 0.0, (1, None, 0): 1.0})
    assert found.mean == 0.5


def test_nothing_has_no_interval() -> None:
    assert interval_of(Sample({})) is None
    assert Sample({}).mean is None


@pytest.mark.parametrize("overlap", [0.0, 0.25])
def test_intervals_cover_the_truth(overlap: float) -> None:
    """Values with the correlation that overlapping splits are said to have, n2/(n1 + n2), in 4,000 rounds."""
    rng, rounds, count = np.random.default_rng(5), 4000, 5
    share = overlap / (1 + overlap)
    common = rng.standard_normal((rounds, 1)) * math.sqrt(share)
    own = rng.standard_normal((rounds, count)) * math.sqrt(1 - share)
    found = [mean_interval(row.tolist(), overlap) for row in common + own]
    covered = np.mean([one is not None and one.half is not None and abs(one.mean) <= one.half for one in found])
    assert 0.94 <= covered <= 0.96
