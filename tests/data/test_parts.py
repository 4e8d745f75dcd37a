"""Which rows are train, validation and test rows: folds, groups, copies, rare classes."""

import numpy as np
import pytest

from dlrun.data import prepare, read
from dlrun.errors import DataError
from tests.data.written import experiment, write


def folds_of(spec):
    return [prepare(spec, fold) for fold in range(spec.data.folds)]


def test_every_row_is_in_one_validation_fold():
    folds = folds_of(experiment(source="iris", folds=4, test_split=0.2))
    (test,) = {tuple(fold.test.numbers.tolist()) for fold in folds}
    assert test == tuple(prepare(experiment(source="iris", test_split=0.2)).test.numbers.tolist())
    validated = np.concatenate([fold.validation.numbers for fold in folds])
    assert sorted([*validated, *test]) == list(range(150))
    for fold in folds:
        assert not {*fold.train.numbers} & {*fold.validation.numbers}
        assert np.bincount(fold.validation.y).tolist() == [10, 10, 10]
        np.testing.assert_allclose(fold.train.x.mean(axis=0), 0, atol=1e-6)
    assert len({fold.preprocessing["features"][0]["center"] for fold in folds}) == 4, "each fold is scaled by itself"


def test_a_source_read_once_serves_all_folds():
    spec = experiment(source="iris", folds=3)
    source = read(spec)
    for fold in range(3):
        np.testing.assert_array_equal(prepare(spec, fold, source).train.x, prepare(spec, fold).train.x)


def test_groups_and_copies_stay_in_one_fold(tmp_path):
    groups = [f"g{row // 4}" for row in range(40)]
    source = write(tmp_path, who=groups)
    for fold in folds_of(experiment(source=source, target="y", group="who", folds=5)):
        assert not {groups[row] for row in fold.train.numbers} & {groups[row] for row in fold.validation.numbers}
        assert len(fold.validation) == 8
    doubled = {"x": [[n // 2] for n in range(300)], "y": [n // 2 % 2 for n in range(300)]}
    for fold in folds_of(experiment(inline=doubled, folds=3)):
        assert not {row // 2 for row in fold.train.numbers} & {row // 2 for row in fold.validation.numbers}


@pytest.mark.parametrize(("folds", "fold"), [(None, 0), (5, None)])
def test_a_fold_goes_with_folds(folds, fold):
    with pytest.raises(ValueError, match=r"a fold is needed with data\.folds, and only then"):
        prepare(experiment(source="iris", folds=folds), fold)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"inline": {"x": [[1], [2], [3]], "y": [0, 1, 1]}, "folds": 4},
            "data.folds: needs as many rows as folds. Received: 4 folds for 3 rows",
        ),
        (
            {"source": "{path}", "target": "y", "time": "a", "folds": 4},
            "data.folds: cannot go with data.time: the past would be validated on by what came after it",
        ),
    ],
)
def test_folds_that_cannot_be(tmp_path, data, message):
    source = write(tmp_path)
    if "source" in data:
        data["source"] = source
    with pytest.raises(DataError) as raised:
        prepare(experiment(**data), 0)
    assert str(raised.value) == message


def test_equal_rows_that_are_the_rule_are_split(tmp_path):
    kinds = [f"{row % 3}{'ab'[row % 2]}" for row in range(40)]
    source = write(tmp_path, a=[kind[0] for kind in kinds], c=[kind[1] for kind in kinds])
    prepared = prepare(experiment(source=source, target="y"))
    assert len(prepared.validation) == 8
    assert prepared.notes == (
        "34 of 40 rows equal others in all inputs: the 6 different ones are too few to keep copies on one side "
        "of the split, so equal rows are split like all others.",
    )


def test_one_large_set_of_equal_rows_is_split():
    x = [[0]] * 150 + [[n] for n in range(1, 151)]
    prepared = prepare(experiment(inline={"x": x, "y": [0] * 150 + [1] * 150}, validation_split=0.5))
    assert np.bincount(prepared.validation.y).tolist() == [75, 75]


def test_two_classes_of_two_rows():
    prepared = prepare(experiment(inline={"x": [[0], [1], [5], [6]], "y": ["p", "p", "q", "q"]}))
    assert (len(prepared.train), len(prepared.validation)) == (3, 1)
    assert prepared.notes == ("Classes 'p', 'q' have 2 rows each: too few to measure by.",)


@pytest.mark.parametrize("rare", [2, 4])
def test_rare_classes_are_on_both_sides_where_they_can(rare):
    labels = [f"k{n % 3}" for n in range(100 - 2 * rare)] + [f"rare {n // 2}" for n in range(2 * rare)]
    prepared = prepare(experiment(inline={"x": [[n] for n in range(100)], "y": labels}))
    held = {prepared.task.classes[label] for label in prepared.validation.y}
    assert len(prepared.validation) == 20
    assert sum(name.startswith("rare") for name in held) >= 2
