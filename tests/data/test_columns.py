import numpy as np
import pytest

from dlrun.data.columns import choose
from dlrun.data.table import Numeric, Table, Text
from dlrun.errors import DataError
from dlrun.spec import Data


def table(target=None):
    columns = {
        "a": Numeric(np.array([1.0, 2, 3])),
        "name": Text.of(["x", "y", "z"]),
        "b": Text.of(["x", "y", "x"]),
        "when": Numeric(np.array([1.0, 2, 3])),
        "who": Text.of(["x", "x", "y"]),
        "y": Numeric(np.array([0.0, 1, 0])),
    }
    return Table("a.csv", columns, np.arange(3), target=target)


@pytest.mark.parametrize(
    ("keys", "features"),
    [
        ({"target": "y"}, ("a", "b", "when", "who")),
        ({"target": -1, "exclude": [0, "when"]}, ("b", "who")),
        ({"target": "y", "features": ["b", 0, "name"]}, ("a", "name", "b")),
        ({"target": "y", "group": "who", "time": "when"}, ("a", "b")),
        ({"target": "y", "time": "when", "features": ["when", "a"]}, ("a", "when")),
        ({"target": "a"}, ("b", "when", "who", "y")),
    ],
)
def test_features(keys, features):
    assert choose(table(), Data(source="a.csv", **keys)).features == features


def test_a_source_can_know_its_target():
    assert choose(table("y"), Data(source="a.csv")).target == "y"


def test_what_is_left_out_is_said():
    assert choose(table(), Data(source="a.csv", target="y", group="who")).notes == (
        "Column 'who' only splits the rows (data.group); `features` can list it as an input too.",
        "Column 'name' is left out: no two of its 3 texts are equal.",
    )


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {},
            "data.target: is needed, the column to predict. "
            "a.csv has: 'a', 'name', 'b', 'when', 'who', 'y'. Perhaps target: 'y'",
        ),
        (
            {"target": "y", "exclude": ["nam"]},
            "data.exclude: a.csv has no column 'nam'. Did you mean 'name'? "
            "It has: 'a', 'name', 'b', 'when', 'who', 'y'",
        ),
        (
            {"target": "y", "features": ["nam"]},
            "data.features: a.csv has no column 'nam'. Did you mean 'name'? "
            "It has: 'a', 'name', 'b', 'when', 'who', 'y'",
        ),
        ({"target": "y", "features": ["a", -1]}, "data.features: must not hold the column to predict. Received: 'y'"),
        ({"target": "y", "exclude": ["y"]}, "data.exclude: must not hold the column to predict. Received: 'y'"),
        ({"target": "y", "group": "y"}, "data.group: must not be the column to predict. Received: 'y'"),
        ({"target": "y", "time": -1}, "data.time: must not be the column to predict. Received: 'y'"),
        (
            {"target": "y", "exclude": ["a", "b", "when", "who"]},
            "a.csv: no column is left to predict 'y' from. Column 'name' is left out: no two of its 3 texts are equal.",
        ),
    ],
)
def test_choices_that_cannot_be(keys, message):
    with pytest.raises(DataError) as raised:
        choose(table(), Data(source="a.csv", **keys))
    assert str(raised.value) == message


def test_infinite_numbers_are_refused_unless_left_out():
    infinite = table().with_column("a", Numeric(np.array([1, np.inf, 3])))
    with pytest.raises(DataError) as raised:
        choose(infinite, Data(source="a.csv", target="y"))
    assert str(raised.value) == (
        "a.csv: column 'a' is infinite in row 2 (or too large for a number). "
        "Correct it, exclude the column, or give its text in data.na_values to take it as missing"
    )
    choose(infinite, Data(source="a.csv", target="y", exclude=("a",)))
