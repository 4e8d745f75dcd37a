import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold

from dlrun.data.folds import fold_of
from dlrun.errors import DataError

LABELS = st.integers(1, 5).flatmap(lambda most: st.lists(st.integers(0, most - 1), min_size=6, max_size=90))


def sizes(fold, folds, rows=slice(None)):
    return np.bincount(fold[rows][fold[rows] >= 0], minlength=folds)


@given(labels=LABELS, folds=st.integers(2, 6), seed=st.integers(0, 5), data=st.data())
def test_each_row_is_in_one_fold_and_classes_are_even(labels, folds, seed, data):
    labels = np.array(labels, np.int32)
    held = data.draw(st.sets(st.integers(0, len(labels) - 1), max_size=len(labels) - folds))
    free = ~np.isin(np.arange(len(labels)), list(held))
    fold = fold_of(labels, np.arange(len(labels)), free, folds, seed)
    assert (fold[~free] == -1).all()
    assert set(fold[free]) == set(range(folds))
    assert np.ptp(sizes(fold, folds)) <= 1
    for label in np.unique(labels):
        assert np.ptp(sizes(fold, folds, labels == label)) <= 1
    np.testing.assert_array_equal(fold, fold_of(labels, np.arange(len(labels)), free, folds, seed))


@given(labels=LABELS, folds=st.integers(2, 6), groups=st.integers(6, 30), data=st.data())
def test_blocks_stay_together(labels, folds, groups, data):
    labels = np.array(labels, np.int32)
    blocks = np.array(data.draw(st.lists(st.integers(0, groups), min_size=len(labels), max_size=len(labels))))
    if len(np.unique(blocks)) < folds:
        return
    fold = fold_of(labels, blocks, np.ones(len(labels), bool), folds, 0)
    for block in np.unique(blocks):
        assert len(set(fold[blocks == block])) == 1
    assert np.ptp(sizes(fold, folds)) <= 2 * np.bincount(blocks).max() + 1


def test_as_even_as_scikit_learn():
    labels = np.repeat([0, 1, 2], [57, 31, 4]).astype(np.int32)
    fold = fold_of(labels, np.arange(len(labels)), np.ones(len(labels), bool), 5, 3)
    oracle = [len(held) for _, held in StratifiedKFold(5).split(labels[:88], labels[:88])]
    assert sorted(sizes(fold, 5)) == [18, 18, 18, 19, 19]
    assert len(oracle) == 5
    for label in range(3):
        theirs = [int((labels[held] == label).sum()) for _, held in StratifiedKFold(4).split(labels, labels)]
        ours = sizes(fold_of(labels, np.arange(len(labels)), np.ones(len(labels), bool), 4, 3), 4, labels == label)
        assert sorted(ours) == sorted(theirs)


def test_seeds_draw_other_folds():
    labels = np.zeros(40, np.int32)
    drawn = {tuple(fold_of(labels, np.arange(40), np.ones(40, bool), 4, seed)) for seed in range(5)}
    assert len(drawn) == 5


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (np.arange(3), "data.folds: needs as many rows as folds. Received: 5 folds for 3 rows"),
        (
            np.arange(12) // 3,
            "data.folds: needs as many groups, or different rows, as folds: those that belong together stay together. "
            "Received: 5 folds for 4",
        ),
    ],
)
def test_too_few(blocks, message):
    with pytest.raises(DataError) as raised:
        fold_of(np.zeros(len(blocks), np.int32), blocks, np.ones(len(blocks), bool), 5, 0)
    assert str(raised.value) == message
