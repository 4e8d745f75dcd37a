import csv
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data import text_file, text_scan
from dlrun.data.csv_table import read_csv, text_table
from dlrun.data.table import Numeric
from dlrun.errors import DataError
from dlrun.spec import Data


def read(path, content, **keys):
    path = path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv(str(path), Data(source=str(path), **keys))


def cells(table):
    """name -> list of values, None where missing."""
    found = {}
    for name, column in table.columns.items():
        values = column.values if isinstance(column, Numeric) else [column.levels[code] for code in column.codes]
        found[name] = [None if lost else value for value, lost in zip(values, column.missing, strict=True)]
    return found


@pytest.mark.parametrize(
    ("content", "keys", "expected"),
    [
        ("a,b\n1,x\n2,y\n", {}, {"a": [1, 2], "b": ["x", "y"]}),
        ("a;b\r\n1;x\r\n2;y", {}, {"a": [1, 2], "b": ["x", "y"]}),
        ("a\tb\n1\tx, y\n2\ty\n\n", {}, {"a": [1, 2], "b": ["x, y", "y"]}),
        ("a|b\n\n1|x\n   \n2|y\n", {}, {"a": [1, 2], "b": ["x", "y"]}),
        ("a, b\n1, x \n2,  x\n", {}, {"a": [1, 2], "b": ["x", "x"]}),
        ("a;b\n1,5;x\n2;y\n", {"decimal": ","}, {"a": [1.5, 2], "b": ["x", "y"]}),
        ("a  b\n1   x\n 2 \t'y\n", {"separator": "whitespace"}, {"a": [1, 2], "b": ["x", "'y"]}),
        ('a b\n1 "x y"\n2 z\n', {"separator": " "}, {"a": [1, 2], "b": ["x y", "z"]}),
        ("1,x\n2,y\n", {"header": False}, {"column_1": [1, 2], "column_2": ["x", "y"]}),
        ('a,b\n1,"x, ""q""\nz"\n2,y\n', {}, {"a": [1, 2], "b": ['x, "q"\nz', "y"]}),
        ('a,b\n1,5" disk\n2,y\n', {}, {"a": [1, 2], "b": ['5" disk', "y"]}),
        ("a,b\n?,x\nNA,\n3,None\nnan,null\n", {}, {"a": [None, None, 3, None], "b": ["x", None, "None", None]}),
        ("a,b\n1,x\n-99,-\n", {"na_values": ("-99", "-")}, {"a": [1, None], "b": ["x", None]}),
        ("a,b\n1e999,x\n2,y\n", {"na_values": ("1e999",)}, {"a": [None, 2], "b": ["x", "y"]}),
        ("a,,b\n1,2,3\n", {}, {"a": [1], "column_2": [2], "b": [3]}),
        ("이름,값\n김,1\n이,2\n".encode("cp949"), {"encoding": "cp949"}, {"이름": ["김", "이"], "값": [1, 2]}),
        ("a,b\n1,é\n".encode("utf-16"), {"encoding": "utf-16"}, {"a": [1], "b": ["é"]}),
        (b"\xef\xbb\xbfa,b\n1,2\n", {}, {"a": [1], "b": [2]}),
        ("a,b\n1,True\n2,False\n", {}, {"a": [1, 2], "b": ["True", "False"]}),
        ("a,b\n1,True\n2,\n", {}, {"a": [1, 2], "b": ["True", None]}),
        ("a,[/x]\n1,<script>\n2,\x1b[31m\n", {}, {"a": [1, 2], "[/x]": ["<script>", "\x1b[31m"]}),
        ("a,b\n,x\n,y\n", {}, {"a": [None, None], "b": ["x", "y"]}),
        ("a,b\r1,x\r2,y\r", {}, {"a": [1, 2], "b": ["x", "y"]}),
        ("a,b\n123456789012345678901234567890,x\n1,y\n", {}, {"a": [1.2345678901234567890e29, 1], "b": ["x", "y"]}),
    ],
)  # fmt: skip
def test_good_files(tmp_path, content, keys, expected):
    assert cells(read(tmp_path, content, **keys)) == expected


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match=r"b\.csv: cannot be read: No such file or directory"):
        read_csv(str(tmp_path / "b.csv"), Data(source="b.csv"))


def test_a_column_is_numeric_only_where_every_value_is_a_plain_number(tmp_path):
    content = "a,b,c\n" + "".join(f"{n},{n},{n} kg\n" for n in range(400)) + "oops,1,1 kg\n"
    table = read(tmp_path, content)
    assert [isinstance(column, Numeric) for column in table.columns.values()] == [False, True, False]
    assert table.columns["a"].levels[-1] == "oops"


def test_missing_values_among_numbers_mean_equal_numbers_too(tmp_path):
    table = read(tmp_path, "a,b\n-99,x\n-99.0,y\n1.5,z\n", na_values=("-99",))
    assert cells(table)["a"] == [None, None, 1.5]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(st.data())
def test_texts_come_back_as_written(tmp_path_factory, data):
    """Python's own csv writer quotes any text; each row is read as it was, or refused where white space is not kept."""
    width = data.draw(st.integers(2, 4))
    body = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=5))
    separator = data.draw(st.sampled_from(",;\t|"))
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["z"] * width, *body])
    table = read_csv(str(path), Data(source="a", separator=separator, header=False))
    for place, column in enumerate(table.columns.values()):
        expected = [row[place].strip() for row in body]
        plain = [text for text in expected if text.isalpha()]
        assert len(column) == len(body) + 1
        if not isinstance(column, Numeric):
            found = [column.levels[code] if code >= 0 else None for code in column.codes[1:]]
            assert all(cell in (text, None) for cell, text in zip(found, expected, strict=True))
            assert set(plain) - {"NA", "nan", "NaN", "NAN", "null", "NULL", "Null"} <= set(found)


@pytest.mark.parametrize("separator", [*",;\t|^~:", " "])
def test_columns_never_shift(tmp_path, separator):
    """Column sums agree with what pandas wrote, for every separator."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 1000, (200, 7)), columns=list("abcdefg"))
    table = read(tmp_path, frame.to_csv(index=False, sep=separator))
    assert {name: column.values.sum() for name, column in table.columns.items()} == frame.sum().to_dict()


@given(st.data())
def test_a_row_of_another_length_is_never_read(tmp_path_factory, data):
    """Whatever the widths of the rows: either all are as wide as the header and the sums agree, or none is read."""
    widths = data.draw(st.lists(st.sampled_from([3, 3, 3, 2, 4]), min_size=1, max_size=8))
    body = [[data.draw(st.integers(0, 99)) for _ in range(width)] for width in widths]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("\n".join(["x,y,z", *(",".join(map(str, row)) for row in body)]) + "\n")
    if set(widths) == {3}:
        table = read_csv(str(path), Data(source="a"))
        sums = [column.values.sum() for column in table.columns.values()]
        assert sums == np.array(body).sum(axis=0).tolist()
        return
    with pytest.raises(DataError) as raised:
        read_csv(str(path), Data(source="a"))
    line = next(number for number, width in enumerate(widths, 2) if width != 3)
    assert f": line {line} has {widths[line - 2]} fields, the first line has 3: " in str(raised.value)


def test_long_files_are_sampled_for_their_separator(tmp_path):
    rows = "".join(f"{row};1,5;text\n" for row in range(40_000))
    table = read(tmp_path, "a;b;c\n" + rows)
    assert list(table.columns) == ["a", "b", "c"]
    assert len(table) == 40_000
    assert table.decimal == ","
    assert table.columns["b"].values.sum() == 60_000


def wide_file(path, rows, end="\n", blank=()):
    """A file of several spans, with numbers, texts and missing values; pandas reads it as the oracle."""
    lines = [f"{row},{row * 0.5},{'' if row % 7 == 0 else row % 5},level {row * row % 11},{row}-{row}" for row in rows]
    for place in blank:
        lines.insert(place, "")
    path.write_bytes((end.join(["a,b,c,d,e", *lines]) + end).encode())


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", [(), (1, 5000, 5001, 29_000)])
def test_files_read_by_several_threads_are_as_pandas_reads_them(tmp_path, monkeypatch, end, blank):
    monkeypatch.setattr(text_scan, "SMALL", 0)
    monkeypatch.setattr(text_scan.os, "cpu_count", lambda: 3)
    for module in (text_file, text_scan):
        monkeypatch.setattr(module, "CHUNK", 1 << 16)
    path = tmp_path / "a.csv"
    wide_file(path, range(30_000), end, blank)
    table, frame = read_csv(str(path), Data(source="a")), pd.read_csv(path)
    assert len(text_file.text_file(str(path), None).spans(3)) == 3
    for name in "abc":
        np.testing.assert_array_equal(table.columns[name].values, frame[name].to_numpy(float))
    for name in "de":
        codes, levels = pd.factorize(frame[name])
        assert table.columns[name].levels == tuple(levels)
        np.testing.assert_array_equal(table.columns[name].codes, codes)


def test_an_error_in_a_later_span_names_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(text_scan, "SMALL", 0)
    for module in (text_file, text_scan):
        monkeypatch.setattr(module, "CHUNK", 1 << 16)
    path = tmp_path / "a.csv"
    wide_file(path, range(30_000))
    with path.open("a") as file:
        file.write("1,2\n")
    with pytest.raises(DataError, match=r"line 30002 has 2 fields, the first line has 5: none for column 'c'"):
        read_csv(str(path), Data(source="a"))


def test_a_later_text_makes_the_column_text(tmp_path):
    content = "a,b\n" + "".join(f"{n},{n}\n" for n in range(5000)) + "x,1\n"
    table = read(tmp_path, content)
    assert isinstance(table.columns["b"], Numeric)
    assert table.columns["a"].levels[-2:] == ("4999", "x")


def test_one_column_is_read_where_nothing_is_to_be_predicted(tmp_path):
    assert cells(read(tmp_path, "x\n1\n2\n")) == {"x": [1, 2]}


def test_ten_thousand_columns(tmp_path):
    names = [f"c{n}" for n in range(10_000)]
    table = read(tmp_path, ",".join(names) + "\n" + (",".join("1" * 10_000) + "\n") * 3, target="c9999")
    assert list(table.columns) == names
    assert sum(column.values.sum() for column in table.columns.values()) == 30_000


@pytest.mark.parametrize("content", ["a,b", "a,b\n", '"a","b"', "a,b\r\n\r\n"])
def test_a_header_alone(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(DataError) as caught:
        read_csv(str(path), Data(source=str(path), header=True))
    assert str(caught.value) == f"{path}: has column names but no rows"


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WRITTEN = st.one_of(
    NUMBERS.map(repr),
    st.builds("{:.{}f}".format, st.floats(-1e9, 1e9), st.integers(0, 20)),
    st.builds("{:.{}e}".format, NUMBERS, st.integers(0, 25)),
    st.from_regex(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True).filter(
        lambda text: np.isfinite(float(text))
    ),
)


@given(st.lists(st.tuples(WRITTEN, st.one_of(WRITTEN, st.sampled_from(["", "NA", "?", "null"]))), min_size=1))
def test_numbers_are_what_python_reads_bit_by_bit(rows):
    file = text_file.in_memory("t.csv", "".join(f"{a},{b}\n" for a, b in [("a", "b"), *rows]).encode())
    columns = text_table(file, Data(source="t.csv", header=True, separator=",")).columns
    for place, column in enumerate(columns.values()):
        expected = [np.nan if row[place] in ("", "NA", "?", "null") else float(row[place]) for row in rows]
        values = column.values if isinstance(column, Numeric) else column.numbers()
        assert np.array_equal(np.asarray(values).view(np.int64), np.array(expected).view(np.int64))


def test_a_mark_of_byte_order_within_the_file_is_a_text_wherever_blocks_begin(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "\ufeff1,2\n" * 400_000, encoding="utf-8")
    assert path.stat().st_size > 2 << 20
    column = read_csv(str(path), Data(source=str(path))).columns["a"]
    assert column.levels == ("\ufeff1",)


def test_reading_loads_no_pandas(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,x,\n2.5,y,3\n")
    program = (
        "import sys; from dlrun.data.sources import load; from dlrun.spec import Data; "
        "load(Data(source=sys.argv[1])); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("word", ["NA", "#N/A", "?", "-nan", " ", "none at all"])
def test_a_word_for_missing_far_down_leaves_the_column_numeric(tmp_path, word):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1.5, 2\n" * 200_000 + f"{word},3\n4,5\n", encoding="utf-8")
    column = read_csv(str(path), Data(source=str(path), na_values=("none at all",))).columns["a"]
    assert np.flatnonzero(column.missing).tolist() == [200_000]
    assert column.values[-1] == 4
    assert not np.signbit(column.values[200_000])
