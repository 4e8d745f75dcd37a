import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from dlrun.data.parquet_table import parquet_table
from dlrun.data.table import Numeric


def cells(column):
    values = column.values.tolist() if isinstance(column, Numeric) else [column.levels[code] for code in column.codes]
    return [None if lost else value for value, lost in zip(values, column.missing, strict=True)]


def written(tmp_path, columns):
    import pyarrow as pa
    import pyarrow.parquet

    path = tmp_path / "표 [x] y.v1.parquet"
    pyarrow.parquet.write_table(pa.table(columns), path)
    return str(path)


def typed(values, kind):
    import pyarrow as pa

    return pa.array(values, kind(pa))


NOON = dt.datetime(2026, 11, 20, 12, 30, 5)
KINDS = [
    ("ints", lambda pa: pa.int32(), [1, None, 3], [1.0, None, 3.0]),
    ("large ints", lambda pa: pa.uint64(), [1, 2**63], [1.0, 2.0**63]),
    ("floats", lambda pa: pa.float32(), [0.5, float("nan"), None], [0.5, None, None]),
    ("decimals", lambda pa: pa.decimal128(7, 2), [Decimal("1.25"), None], [1.25, None]),
    ("truth values", lambda pa: pa.bool_(), [True, None, False], ["True", None, "False"]),
    ("texts", lambda pa: pa.string(), [" a ", "NA", None, "a"], ["a", None, None, "a"]),
    ("large texts", lambda pa: pa.large_string(), ["이름", ""], ["이름", None]),
    (
        "categories",
        lambda pa: pa.dictionary(pa.int8(), pa.string()),
        ["a", "b", None, "a"],
        ["a", "b", None, "a"],
    ),
    ("days", lambda pa: pa.date32(), [dt.date(2026, 11, 20), None], ["2026-11-20", None]),
    ("moments", lambda pa: pa.timestamp("ns"), [NOON, None], ["2026-11-20T12:30:05", None]),
    ("moments of a zone", lambda pa: pa.timestamp("ms", "UTC"), [NOON], ["2026-11-20T12:30:05+0000"]),
    ("times", lambda pa: pa.time32("s"), [dt.time(9, 30)], ["09:30:00"]),
    ("durations", lambda pa: pa.duration("ms"), [dt.timedelta(seconds=1.5), None], [1.5, None]),
    ("nothing", lambda pa: pa.null(), [None, None], [None, None]),
]


@pytest.mark.parametrize(("kind", "values", "expected"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS])
def test_kinds_of_columns(tmp_path, kind, values, expected):
    table = parquet_table(written(tmp_path, {"x": typed(values, kind)}))
    found = cells(table.columns["x"])
    text = [value.replace(".000000", "") if isinstance(value, str) else value for value in found]
    assert text == expected
    assert table.notes == ()


def test_lists_are_left_out_and_said(tmp_path):
    table = parquet_table(written(tmp_path, {"x": [1, 2], "[/y]": [[1], [2]]}))
    assert list(table.columns) == ["x"]
    assert table.notes == ("Column '[/y]' is left out: it holds values of type list<element: int64>.",)


def test_as_pandas_writes_it(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame({"x": [1.5, 2.5], "c": pd.Categorical(["u", "v"])}, index=["first", "second"])
    frame.to_parquet(path)
    table = parquet_table(str(path))
    assert {name: cells(column) for name, column in table.columns.items()} == {"x": [1.5, 2.5], "c": ["u", "v"]}
    assert table.notes == ("Column '__index_level_0__' is left out: it is the row index of pandas.",)


def test_the_same_table_as_csv_gives_the_same_columns(tmp_path):
    from dlrun.data.csv_table import read_csv
    from dlrun.spec import Data

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "n": rng.standard_normal(50).round(3),
            "t": rng.choice(["a", "b"], 50),
            "flag": rng.random(50) < 0.5,
            "day": pd.date_range("2026-01-01", periods=50).date,
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "a.csv", index=False)
    one, other = parquet_table(str(tmp_path / "a.parquet")), read_csv(str(tmp_path / "a.csv"), Data(source="a"))
    assert {name: cells(column) for name, column in one.columns.items()} == {
        name: cells(column) for name, column in other.columns.items()
    }


def test_given_missing_values_hold_for_texts(tmp_path):
    table = parquet_table(written(tmp_path, {"x": ["a", "-"]}), ("-",))
    assert cells(table.columns["x"]) == ["a", None]
