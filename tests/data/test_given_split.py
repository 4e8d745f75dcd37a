import numpy as np
import pytest

from dlrun.data.given_split import folds_from, given_notes, given_split
from dlrun.data.splits import split
from dlrun.data.table import TEST, TRAIN, VALIDATION, Numeric, Table
from dlrun.errors import DataError
from dlrun.spec import Data

LABELS = np.arange(60) % 3
BLOCKS = np.arange(60)
PART = np.repeat(np.array([TRAIN, VALIDATION, TEST], np.int8), [40, 10, 10])


def table(part):
    return Table("a.npz", {"x": Numeric(np.arange(60.0))}, np.arange(60), part=part)


def test_without_parts_it_is_the_drawn_split():
    data = Data(source="a", validation_split=0.2, test_split=0.1)
    found, drawn = given_split(table(None), LABELS, BLOCKS, data), split(LABELS, BLOCKS, data)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(found, part), getattr(drawn, part))
    assert given_notes(table(None)) == ()
    assert folds_from(table(None)).all()


def test_given_rows_are_used_as_they_are():
    found = given_split(table(PART), LABELS, BLOCKS, Data(source="a", test_split=0.3))
    assert [found.train.tolist(), found.validation.tolist(), found.test.tolist()] == [
        list(range(40)),
        list(range(40, 50)),
        list(range(50, 60)),
    ]
    assert given_notes(table(PART)) == (
        "a.npz: has 10 validation rows of its own, which are used as they are.",
        "a.npz: has 10 test rows of its own, which are used as they are.",
    )
    assert folds_from(table(PART)).sum() == 50


@pytest.mark.parametrize(
    ("given", "missing", "key"), [(TEST, "validation", "validation_split"), (VALIDATION, "test", "test_split")]
)
def test_what_is_not_given_is_drawn_from_the_train_rows(given, missing, key):
    part = np.where(BLOCKS < 40, TRAIN, given).astype(np.int8)
    found = given_split(table(part), LABELS, BLOCKS, Data(source="a", **{"validation_split": 0.0, key: 0.25}))
    drawn = getattr(found, missing)
    assert len(drawn) == 10
    assert drawn.max() < 40
    assert len(found.train) == 30


def test_the_latest_train_rows_by_time():
    part = np.where(BLOCKS < 40, TRAIN, TEST).astype(np.int8)
    found = given_split(table(part), LABELS, BLOCKS, Data(source="a", validation_split=0.25), np.arange(60.0)[::-1])
    assert found.validation.tolist() == list(range(10))


@pytest.mark.parametrize("use", ["validation", "test"])
def test_rows_from_two_places(use):
    with pytest.raises(DataError) as raised:
        given_split(table(PART), LABELS, BLOCKS, Data(source="a", **{f"{use}_source": "b.csv"}))
    assert str(raised.value) == (
        f"data.{use}_source: a.npz has {use} rows of its own. Leave the key out. Received: 'b.csv'"
    )


def test_no_train_rows():
    with pytest.raises(DataError, match=r"a\.npz: has no train rows"):
        given_split(table(np.full(60, TEST, np.int8)), LABELS, BLOCKS, Data(source="a"))
