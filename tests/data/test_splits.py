import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data.splits import apportion, fill, split, train_subset
from dlrun.errors import DataError
from dlrun.spec import Data

SHARES = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.3, 0.45])


def spec(validation=0.2, test=0.0, seed=0, **keys):
    return Data(source="iris", validation_split=validation, test_split=test, split_seed=seed, **keys)


def parts(labels, data, blocks=None, times=None):
    """The three parts, or None where a share gives no rows."""
    labels = np.asarray(labels, np.int32)
    blocks = np.arange(len(labels)) if blocks is None else np.asarray(blocks)
    try:
        return split(labels, blocks, data, times)
    except DataError:  # what it says is tested below
        return None


def rounded(share, rows):
    return int(share * rows + 0.5)


LABELS = st.integers(1, 5).flatmap(lambda most: st.lists(st.integers(0, most - 1), min_size=4, max_size=120))


@given(labels=LABELS, validation=SHARES, test=SHARES, seed=st.integers(0, 9))
def test_each_row_is_in_one_part_and_classes_in_proportion(labels, validation, test, seed):
    found = parts(labels, spec(validation, test, seed))
    if found is None:
        return
    together = np.concatenate([found.train, found.validation, found.test])
    assert sorted(together.tolist()) == list(range(len(labels)))
    assert len(found.train) > 0
    totals = np.bincount(labels)
    train = np.bincount(np.array(labels)[found.train], minlength=len(totals))
    assert (train[totals > 0] >= 1).all()
    for part, share in ((found.validation, validation), (found.test, test)):
        assert (np.diff(part) > 0).all()
        counts = np.bincount(np.array(labels, int)[part], minlength=len(totals))
        size = rounded(share, len(labels))
        assert len(part) <= size
        room = totals - (totals > 0)  # one train row of each class stays
        if test == 0 and (room - totals * size / len(labels) >= 1).all():
            assert len(part) == size
        if test == 0:
            assert (np.abs(counts - totals * size / len(labels))[totals > 1] < 1 + 1e-9).all()


@given(labels=LABELS, validation=SHARES, test=SHARES, seed=st.integers(0, 9))
def test_the_same_seed_gives_the_same_split(labels, validation, test, seed):
    first, again = parts(labels, spec(validation, test, seed)), parts(labels, spec(validation, test, seed))
    if first is not None and again is not None:
        for one, other in zip(vars(first).values(), vars(again).values(), strict=True):
            np.testing.assert_array_equal(one, other)
    else:
        assert first is again


def test_other_seeds_give_other_splits():
    labels = np.arange(100) % 3
    held = {tuple(parts(labels, spec(0.2, seed=seed)).validation.tolist()) for seed in range(5)}
    assert len(held) == 5


@pytest.mark.parametrize("validation", [0.0, 0.1, 0.25, 0.5])
def test_test_rows_do_not_change_with_the_validation_share(validation):
    labels = np.arange(60) % 4
    assert parts(labels, spec(validation, 0.2)).test.tolist() == parts(labels, spec(0.05, 0.2)).test.tolist()


@given(
    blocks=st.lists(st.integers(0, 15), min_size=10, max_size=100),
    data=st.data(),
    validation=SHARES,
    test=SHARES,
)
def test_blocks_stay_on_one_side(blocks, data, validation, test):
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(blocks), max_size=len(blocks)))
    found = parts(labels, spec(validation, test), blocks)
    if found is None:
        return
    sides = [set(np.array(blocks)[part].tolist()) for part in vars(found).values()]
    assert sum(len(side) for side in sides) == len(set(blocks))
    largest = np.bincount(blocks).max()
    assert len(found.validation) <= rounded(validation, len(blocks)) + largest
    assert len(found.train) > 0
    totals, train = np.bincount(labels), np.bincount(np.array(labels)[found.train], minlength=max(labels) + 1)
    assert (train[totals > 0] >= 1).all()


@pytest.mark.parametrize("mixed", [False, True])
def test_many_groups_come_near_the_share_and_the_classes(mixed):
    rng = np.random.default_rng(3)
    blocks = np.repeat(np.arange(200), 5)
    labels = rng.integers(0, 2, 1000) if mixed else np.repeat(rng.integers(0, 2, 200), 5)
    found = parts(labels, spec(0.2, 0.1), blocks)
    assert abs(len(found.validation) - 200) <= 5
    assert abs(len(found.test) - 100) <= 5
    assert abs(labels[found.validation].mean() - labels.mean()) < 0.03


def test_a_few_copies_are_not_preferred():
    """Blocks of two classes (equal rows with unequal labels) are held out as often as others."""
    blocks = np.concatenate([np.arange(900), np.repeat(np.arange(900, 950), 2)])
    labels = np.concatenate([np.arange(900) % 2, np.tile([0, 1], 50)])
    held = [(parts(labels, spec(0.2, seed=seed), blocks).validation >= 900).mean() for seed in range(20)]
    assert 0.07 < np.mean(held) < 0.13


@given(times=st.lists(st.integers(0, 50), min_size=10, max_size=60), validation=SHARES, test=SHARES)
def test_the_latest_rows_are_held_out(times, validation, test):
    found = parts([0] * len(times), spec(validation, test), times=np.array(times, float))
    if found is None:
        return
    latest = -np.inf
    for part, share in ((found.train, None), (found.validation, validation), (found.test, test)):
        if share is not None:
            assert len(part) == rounded(share, len(times))
        if len(part):
            assert np.array(times)[part].min() >= latest
            latest = np.array(times)[part].max()


@pytest.mark.parametrize(
    ("rows", "data", "blocks", "message"),
    [
        (
            20,
            spec(0.01),
            None,
            "data.validation_split: 0.01 of 20 rows gives no row: there are too few. "
            "Give a larger share, or 0 for none",
        ),
        (
            20,
            spec(0.2, 0.02),
            None,
            "data.test_split: 0.02 of 20 rows gives no row: there are too few. Give a larger share, or 0 for none",
        ),
        (
            20,
            spec(0.2),
            [0] * 10 + [1] * 10,
            "data.validation_split: 0.2 of 20 rows gives no row: its groups or sets of equal rows are too large to be "
            "held out, or there are too few. Give a larger share, or 0 for none",
        ),
        (
            1,
            spec(0.6),
            None,
            "data.validation_split: 0.6 of 1 rows gives no row: there are too few. Give a larger share, or 0 for none",
        ),
    ],
)
def test_shares_without_rows(rows, data, blocks, message):
    blocks = np.arange(rows) if blocks is None else np.array(blocks)
    with pytest.raises(DataError) as raised:
        split(np.zeros(rows, np.int32), blocks, data)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("rows", "data", "message"),
    [
        (2, spec(0.3, 0.3), "data: the splits leave no train rows of 2: give smaller shares"),
        (
            9,
            spec(0.01),
            "data.validation_split: 0.01 of 9 rows gives no row: there are too few. Give a larger share, or 0 for none",
        ),
    ],
)
def test_time_splits_without_rows(rows, data, message):
    with pytest.raises(DataError) as raised:
        split(np.zeros(rows, np.int32), np.arange(rows), data, np.arange(rows))
    assert str(raised.value) == message


def test_other_files_take_the_place_of_a_share():
    labels = np.zeros(20, np.int32)
    found = parts(labels, spec(0.2, validation_source="v.csv"))
    assert len(found.train) == 20
    found = parts(labels, spec(0.2, 0.2, test_source="t.csv"))
    assert (len(found.train), len(found.validation), len(found.test)) == (16, 4, 0)


@given(labels=LABELS, seed=st.integers(0, 5), fractions=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_train_subsets_are_nested_and_in_proportion(labels, seed, fractions):
    labels = np.array(labels)
    small, large = (train_subset(labels, fraction, seed) for fraction in sorted(fractions))
    assert set(small.tolist()) <= set(large.tolist())
    assert len(large) == max(1, rounded(max(fractions), len(labels)))
    totals = np.bincount(labels)
    counts = np.bincount(labels[large], minlength=len(totals))
    if len(large) >= (totals > 0).sum():
        assert (counts[totals > 0] >= 1).all()
    # taking the first m by place/size gives each class between its share - 1 and its share + 1, give or take rounding
    assert (np.abs(counts - totals * len(large) / len(labels)) <= (totals > 0).sum()).all()


def test_a_whole_train_fraction_is_all_rows():
    np.testing.assert_array_equal(train_subset(np.arange(9) % 2, 1.0, 0), np.arange(9))


@pytest.mark.parametrize(
    ("totals", "size", "limits", "wanted"),
    [
        ([50, 50], 20, [49, 49], [10, 10]),
        ([90, 9, 1], 20, [89, 8, 0], [18, 2, 0]),
        ([5, 5, 5], 5, [4, 4, 4], [2, 2, 1]),
        ([1, 1], 1, [0, 0], [0, 0]),
    ],
)
def test_largest_remainders(totals, size, limits, wanted):
    assert apportion(np.array(totals), size, np.array(limits)).tolist() == wanted


@pytest.mark.parametrize(
    ("sizes", "wanted", "limit", "chosen"),
    [
        ([1, 1, 1, 1], 2, 3, [0, 1]),
        ([1, 5, 1, 1], 2, 7, [0, 2]),
        ([3, 3], 2, 5, [0]),  # one row too many is nearer than two too few
        ([3, 3], 2, 2, []),
        ([9, 9], 2, 17, []),
        ([], 2, 2, []),
    ],
)
def test_blocks_that_fill_a_share(sizes, wanted, limit, chosen):
    assert fill(np.array(sizes, np.int64), wanted, limit).tolist() == chosen
