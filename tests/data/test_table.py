from unicodedata import normalize

import numpy as np
import pytest

from dlrun.data.table import Numeric, Table, Text, listed, nearest, number, number_text
from dlrun.errors import DataError

NAMES = ("id", "Größe", "[/x]", "class")


def table() -> Table:
    return Table("a.csv", {name: Numeric(np.array([1.0, 2.0])) for name in NAMES}, np.arange(2))


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Größe", "Größe"),
        (normalize("NFD", "Größe"), "Größe"),
        ("[/x]", "[/x]"),
        (0, "id"),
        (3, "class"),
        (-1, "class"),
    ],
)
def test_columns_are_called_by_name_or_position(wanted, name):
    assert table().named(wanted, "data.target") == name


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            "Class",
            "data.target: a.csv has no column 'Class'. Did you mean 'class'? It has: 'id', 'Größe', '[/x]', 'class'",
        ),
        ("zzz", "data.target: a.csv has no column 'zzz'. It has: 'id', 'Größe', '[/x]', 'class'"),
        (
            4,
            "data.target: must be a position from 0 to 3, or -1 to -4 from the end: a.csv has 4 columns. Received: 4",
        ),
    ],
)
def test_a_column_that_is_not_there(wanted, message):
    with pytest.raises(DataError) as raised:
        table().named(wanted, "data.target")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), (" -2.5e3 ", -2500), (".5", 0.5), ("5.", 5), ("007", 7), ("+1", 1)],
)
def test_texts_that_are_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "inf", "nan", "1_000", "0x10", "1,5", "1e999", "1 2", "一", "٣٣x"])
def test_texts_that_are_no_numbers(text):
    assert np.isnan(number(text))


def test_a_decimal_comma():
    assert number("1,5", decimal=",") == 1.5


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (-0.0, "0"), (0.1, "0.1"), (1e300, str(int(1e300)))])
def test_numbers_as_labels(value, text):
    assert number_text(value) == text


def test_text_columns_keep_each_text_once_and_missing_values():
    column = Text.of(["b", None, "a", "b"])
    assert column.levels == ("b", "a")
    assert column.codes.tolist() == [0, -1, 1, 0]
    assert column.missing.tolist() == [False, True, False, False]
    assert column.counts().tolist() == [2, 1]
    assert column.renamed(["x", None]).missing.tolist() == [False, True, True, False]
    assert column.renamed(["x", "x"]).levels == ("x",)


def test_numbers_as_text_columns():
    column = Numeric(np.array([2.0, np.nan, 0.5, 2.0])).as_text()
    assert column.levels == ("0.5", "2")
    assert column.codes.tolist() == [1, -1, 0, 1]


def test_many_names_are_not_all_listed():
    assert listed([str(n) for n in range(30)]).endswith("'19' and 10 more")
    assert nearest("colum", ["column", "row"]).startswith("Did you mean 'column'?")
