import numpy as np
import pytest

from dlrun.data.amount import with_amounts
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError


def table(values):
    column = Text.of(values) if any(isinstance(value, str) for value in values) else Numeric(np.array(values, float))
    return Table("a.csv", {"y": column}, np.arange(len(values)))


def test_amounts_with_units_become_numbers():
    found, notes = with_amounts(table([f"${n},500" for n in range(1, 60)]), "y", "auto")
    assert found.columns["y"].values.tolist() == [n * 1000 + 500 for n in range(1, 60)]
    assert notes == ("'y': texts such as '$1,500' are read as numbers (1,500 $).",)


def test_a_few_rows_without_a_number_are_left_out():
    found, notes = with_amounts(table([*map(str, range(50)), "n.d.", "error"]), "y", "auto")
    assert len(found) == 50
    assert notes == (
        "a.csv: 2 rows are left out: no number in the column to predict, 'y' (the first is 'n.d.' in row 51).",
    )


def test_infinite_amounts_are_left_out_too():
    found, notes = with_amounts(table([*np.arange(50) / 7, np.inf]), "y", "auto")
    assert len(found) == 50
    assert notes == ("a.csv: 1 row is left out: no number in the column to predict, 'y' (the first is inf in row 51).",)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"] * 30, "auto"),
        (["1", "2"] * 30, "auto"),
        (["1", "2", "3+"] * 30, "auto"),
        ([f"{n} kg" for n in range(60)], "classification"),
        ([*map(str, range(40)), *["none"] * 10], "auto"),
        ([*map(str, range(40)), *["none"] * 10], "regression"),
    ],
)
def test_others_stay(values, task):
    given = table(values)
    assert with_amounts(given, "y", task) == (given, ())


def test_regression_takes_few_numbers_too():
    found, _ = with_amounts(table([*["1", "2", "3"] * 10, "x"]), "y", "regression")
    assert sorted(set(found.columns["y"].values)) == [1, 2, 3]


@pytest.mark.parametrize("task", ["auto", "regression"])
def test_a_mix_of_units(task):
    with pytest.raises(DataError) as raised:
        with_amounts(table([f"{n} kg" for n in range(30)] + [f"{n} lb" for n in range(30)]), "y", task)
    assert str(raised.value) == (
        "a.csv: the column to predict, 'y', has numbers of different units ('0 kg', '0 lb'). Write all in one unit"
    )
