import numpy as np
import pytest

from dlrun.data.spellings import Spelling
from dlrun.data.table import Numeric, Table, Text
from dlrun.data.understanding import Meaning, meaning, named_like_an_id, notes_of, understand, values_of, wanted

ROWS = 60
RNG = np.random.default_rng(5)


def column(values):
    values = list(values)
    if any(isinstance(value, str) for value in values):
        return Text.of(values)
    return Numeric(np.array([np.nan if value is None else value for value in values], float))


def table(**columns):
    made = {name: column(values) for name, values in columns.items()}
    return Table("a.csv", made, np.arange(len(next(iter(made.values())))))


def cycled(*values, rows=ROWS):
    return [values[row % len(values)] for row in range(rows)]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("price", RNG.normal(size=ROWS), "number"),
        ("rooms", cycled(1, 2, 3, None), "number"),
        ("smoker", cycled(0, 1, 1), "boolean"),
        ("smoker", cycled("yes", "no", None), "boolean"),
        ("동의", cycled("예", "아니오"), "boolean"),
        ("city", cycled("서울", "부산", "대구"), "category"),
        ("grade", cycled("0", "1", "2", "3+"), "category"),
        ("weight", [f"{n} kg" for n in range(ROWS)], "number"),
        ("born", [f"1990-01-{day % 28 + 1:02}" for day in range(ROWS)], "date"),
        ("order_date", [20240101 + day % 28 for day in range(ROWS)], "date"),
        ("start", [f"{hour % 24:02}:15" for hour in range(ROWS)], "date"),
        ("PassengerId", range(1, ROWS + 1), "id"),
        ("whatever", range(100, 100 + ROWS), "id"),
        ("whatever", RNG.permutation(ROWS), "id"),
        ("day", range(1, ROWS + 1), "number"),
        ("id", [7 * n**2 for n in range(ROWS)], "id"),
        ("x", [7 * n**2 for n in range(ROWS)], "number"),
        ("고객번호", [7 * n**2 for n in range(ROWS)], "id"),
        ("우편번호", [7 * n**2 for n in range(ROWS)], "number"),
        ("store_id", cycled(3, 17, 42), "category"),
        ("user_id", cycled(*range(900, 955)), "id"),
        ("code", [f"k{n}" for n in range(ROWS)], "id"),
        ("name", [f"Kim {n}" for n in range(ROWS)], "text"),
        ("note", [f"a remark about {n} and some more words" for n in range(55)] + ["same"] * 5, "text"),
        ("same", [3] * ROWS, "constant"),
        ("same", ["x"] * ROWS, "constant"),
        ("nothing", [None] * ROWS, "empty"),
        ("mostly", [*map(str, range(0, 3 * ROWS - 6, 3)), "oops", "?!"], "number"),
        ("mixed", [f"{n} kg" for n in range(30)] + [f"{n} lb" for n in range(30)], "text"),
        ("mixed", cycled("5 kg", "7 lb"), "category"),
    ],
)
def test_kinds(name, values, kind):
    found = meaning(name, column(values))
    assert found.kind == kind
    assert found.used == (kind in ("number", "boolean", "category", "date"))


@pytest.mark.parametrize(
    ("name", "values", "note"),
    [
        ("id", range(1, 61), "Column 'id' is left out: it numbers the rows."),
        ("same", [0.1] * 60, "Column 'same' is left out: it is 0.1 in every row."),
        ("w", [f"{n} kg" for n in range(60)], "Column 'w': texts such as '0 kg' are read as numbers (0 kg)."),
        (
            "w",
            [f"{n} kg" for n in range(59)] + ["7"],
            "Column 'w': texts such as '0 kg' are read as numbers (0 kg); values without a unit are taken as kg.",
        ),
        (
            "w",
            [f"{n} kg" for n in range(30)] + [f"{n} lb" for n in range(30)],
            "Column 'w' is left out: its numbers have different units ('0 kg', '0 lb'); write all in one unit to use "
            "them as numbers.",
        ),
        (
            "w",
            cycled("5 kg", "7 lb"),
            "Column 'w': its numbers have different units ('5 kg', '7 lb'); write all in one unit to use them as "
            "numbers. It is read as categories.",
        ),
        (
            "a",
            [*map(str, range(0, 177, 3)), "oops"],
            "Column 'a': 1 of its values is no number and counts as missing ('oops').",
        ),
        (
            "when",
            [f"2024-01-{n % 28 + 1:02}" for n in range(58)] + ["soon", "later"],
            "Column 'when': 2 of its values are no dates and count as missing (the first is 'soon').",
        ),
        (
            "when",
            cycled("01/02/2024", "02/01/2024"),
            "Column 'when': dates such as '01/02/2024' are read as month/day/year.",
        ),
        (
            "user_id",
            cycled(*range(900, 955)),
            "Column 'user_id' is left out: its name is that of an id (data.group keeps its rows on one side of the "
            "split).",
        ),
    ],
)
def test_what_is_said(name, values, note):
    assert notes_of({name: meaning(name, column(values))}, [name]) == (note,)


def test_columns_written_alike_share_a_note():
    texts = {name: [f"1,{n:03}" for n in range(ROWS)] for name in "abcdefg"}
    assert notes_of(understand(table(**texts)), list(texts)) == (
        "Columns 'a', 'b', 'c', 'd', 'e' and 2 more: texts such as '1,000' are read as numbers (1,000).",
    )


def test_columns_left_out_alike_share_a_note():
    found = understand(
        table(a=[f"k{n}" for n in range(ROWS)], b=[f"m{n}" for n in range(ROWS)], id=range(ROWS), no=range(ROWS))
    )
    assert notes_of(found, list(found)) == (
        "Columns 'a', 'b' are left out: no two of their 60 texts are equal.",
        "Columns 'id', 'no' are left out: each numbers the rows.",
    )


def test_one_decimal_comma_speaks_for_all():
    prices = [f"{n},{n % 90 + 10:03}" for n in range(1, ROWS + 1)]
    assert understand(table(a=prices))["a"].spelling == Spelling("", ".", ",")
    assert understand(table(a=prices, b=[f"{n},5" for n in range(ROWS)]))["a"].spelling == Spelling("", ",")
    mixed = table(a=prices, b=[f"{n},5" for n in range(ROWS)], c=RNG.normal(size=ROWS))
    assert understand(mixed)["a"].spelling == Spelling("", ".", ","), "c has decimal points"


def test_arrays_made_on_purpose_are_taken_as_they_are():
    made = Table("inline", {"x1": column(range(60)), "x2": column([1] * 60)}, np.arange(60), keep_constant=True)
    assert {found.kind for found in understand(made).values()} == {"number"}


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"column_1": [n * 3 + 7 for n in range(ROWS)], "a": cycled(1, 2, 3)}, "id"),
        ({"column_1": [n * 3 + 7 for n in range(ROWS)], "column_2": cycled(1, 2, 3)}, "number"),
        ({"column_1": cycled(5, 8, 9), "a": cycled(1, 2, 3)}, "number"),
        ({"column_1": [n + 0.5 for n in range(ROWS)], "a": cycled(1, 2, 3)}, "number"),
        ({"a": cycled(1, 2, 3), "column_2": [n * 3 + 7 for n in range(ROWS)]}, "number"),
    ],
)
def test_a_row_index_has_no_name(columns, kind):
    found = understand(table(**columns))
    assert found[next(name for name in columns if name.startswith("column_"))].kind == kind


def test_listed_columns_are_used():
    ids, same = column(range(60)), column([1] * 60)
    assert wanted(meaning("id", ids), ids) == Meaning("number")
    assert wanted(meaning("same", same), same).kind == "constant"


@pytest.mark.parametrize(
    ("texts", "values"),
    [(["yes", "no", None], [1, 0, np.nan]), (["1,200", "900", None], [1200, 900, np.nan])],
)
def test_values(texts, values):
    read = Text.of(texts)
    np.testing.assert_array_equal(values_of(read, meaning("a", read)), values)


@pytest.mark.parametrize("name", ["id", "ID", "PassengerId", "customer_id", "order no", "Index", "순번", "회원 아이디"])
def test_names_of_ids(name):
    assert named_like_an_id(name)


@pytest.mark.parametrize(
    "name", ["refractive index", "valid", "humid", "nodes", "no_of_rooms", "number", "우편번호", "identity"]
)
def test_other_names(name):
    assert not named_like_an_id(name)
