import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.data import csv_shape
from dlrun.data.csv_table import read_csv
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


BAD = [
    ("empty", b"", {}, "{path}: the file is empty"),
    ("only blank lines", "\n \n", {}, "{path}: the file is empty"),
    ("header only", "a,b\n", {}, "{path}: has column names but no rows"),
    (
        "one field too many in the first row",
        "a,b\n1,2,3\n4,5\n",
        {},
        "{path}: line 2 has 3 fields, the first line has 2. Put texts that hold the separator in \"quotes\", "
        "or give data.separator. Received: '1,2,3'",
    ),
    (
        "one field too many in all rows",
        "a,b\n1,2,3\n4,5,6\n",
        {},
        "{path}: line 2 has 3 fields, the first line has 2. Put texts that hold the separator in \"quotes\", "
        "or give data.separator. Received: '1,2,3'",
    ),
    (
        "a short row",
        "a,b,c\n1,2,3\n\n4,5\n6,7,8\n",
        {},
        "{path}: line 4 has 2 fields, the first line has 3. Put texts that hold the separator in \"quotes\", "
        "or give data.separator. Received: '4,5'",
    ),
    (
        "a long row after a cell of two lines",
        'a,b\n1,"x\ny"\n1,2,3\n',
        {},
        "{path}: line 4 has 3 fields, the first line has 2. Put texts that hold the separator in \"quotes\", "
        "or give data.separator. Received: '1,2,3'",
    ),
    ("an open quote", 'a,b\n1,2\n"3,4\n5,6\n', {}, "{path}: a quote that opens in line 3 is never closed"),
    ("an open quote at the end", 'a,b\n1,2\n3,"4\n5,6\n', {}, "{path}: a quote that opens in line 3 is never closed"),
    (
        "a NUL",
        b"a,b\n1,\0\n",
        {},
        "{path}: line 2 holds a NUL character: this is no CSV text, or its encoding is another",
    ),
    (
        "Korean without its encoding",
        "a,b\n1,김\n".encode("cp949"),
        {},
        "{path}: cannot be read as UTF-8 (byte 0xb1 in line 2). "
        "Give data.encoding, for example cp949, latin-1 or utf-16",
    ),
    (
        "UTF-16 without its encoding",
        "a,b\n1,2\n".encode("utf-16"),
        {},
        "{path}: is not UTF-8 but looks like UTF-16. Give data.encoding: utf-16",
    ),
    (
        "another encoding than given",
        "a,b\n1,é\n".encode(),
        {"encoding": "ascii"},
        "{path}: cannot be read as ascii (byte 0xc3 in line 2). "
        "Give data.encoding, for example cp949, latin-1 or utf-16",
    ),
    (
        "an unknown encoding",
        "a,b\n1,2\n",
        {"encoding": "utf-99"},
        "data.encoding: must be an encoding that Python knows, such as utf-8 or cp949. Received: 'utf-99'",
    ),
    (
        "no separator",
        "a b\n1 2\n",
        {},
        "{path}: only one column was found; looked for the separators comma, semicolon, tab and |. "
        "Give data.separator (one character, or whitespace). Line 1: 'a b'",
    ),
    (
        "a quote for a separator",
        "a,b\n1,2\n",
        {"separator": '"'},
        "data.separator: must be one ASCII character, or `whitespace`. Received: '\"'",
    ),
    (
        "a separator that is the decimal mark",
        "a,b\n1,2\n",
        {"separator": ",", "decimal": ","},
        "data.separator: must differ from data.decimal. Received: ',' for both",
    ),
    (
        "a name twice",
        "a,b,a\n1,2,3\n",
        {},
        "{path}: line 1 calls more than one column 'a' (columns 1 and 3). Rename them, or give data.header: false "
        "if line 1 is data",
    ),
    (
        "no such target",
        "a,speces\n1,2\n",
        {"target": "species"},
        "data.target: {path} has no column 'species'. Did you mean 'speces'? It has: 'a', 'speces'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "keys", "message"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_bad_files(tmp_path, content, keys, message):
    with pytest.raises(DataError) as raised:
        read(tmp_path, content, **keys)
    assert str(raised.value) == message.format(path=tmp_path / "a.csv")


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match=r"b\.csv: cannot be read: No such file or directory"):
        read_csv(str(tmp_path / "b.csv"), Data(source="b.csv"))


def test_a_few_typing_errors_among_numbers_are_missing_values(tmp_path):
    rows = [f"{n},{n / 7}" for n in range(1, 50)]
    table = read(tmp_path, "\n".join(["a,b", *rows, "oops,1.5"]) + "\n")
    assert cells(table)["a"] == [*range(1, 50), None]
    assert table.notes == (
        "Column 'a': 1 of its values are no numbers and count as missing (the first is 'oops' in row 50)",
    )


def test_few_different_texts_stay_categories(tmp_path):
    table = read(tmp_path, "a,b\n" + "0,1\n1,1\n2,1\n" * 20 + "3+,1\n")
    assert set(cells(table)["a"]) == {"0", "1", "2", "3+"}


def test_targets_are_numbers_only_when_all_are(tmp_path):
    content = "a,b\n" + "".join(f"{n},{n}\n" for n in range(40)) + "1,oops\n"
    assert not isinstance(read(tmp_path, content, target="b").columns["b"], Numeric)
    assert isinstance(read(tmp_path, content, target="a").columns["b"], Numeric)


def test_a_header_of_numbers_is_noted(tmp_path):
    table = read(tmp_path, "39,x\n40,y\n")
    assert table.notes == (
        f"{tmp_path / 'a.csv'}: line 1 was read as column names, yet it holds numbers; "
        "data.header: false if it is data",
    )


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
    shape = csv_shape.csv_text(str(path), Data(source="a", separator=separator, header=False))
    assert shape.content.decode() == path.read_bytes().decode().rstrip("\r\n")
    table = read_csv(str(path), Data(source="a", separator=separator, header=False))
    for place, column in enumerate(table.columns.values()):
        expected = [row[place].strip() for row in body]
        plain = [text for text in expected if text.isalpha()]
        assert len(column) == len(body) + 1
        if not isinstance(column, Numeric):
            found = [column.levels[code] if code >= 0 else None for code in column.codes[1:]]
            assert all(cell in (text, None) for cell, text in zip(found, expected, strict=True))
            assert set(plain) - {"NA", "nan", "NaN", "NAN", "null", "NULL", "Null"} <= set(found)


@pytest.mark.parametrize("chunk", [3, 7, 16, 1 << 22])
@pytest.mark.parametrize(
    ("content", "width", "sure"),
    [
        (b"a,b\n1,2\n3,4", 2, True),
        (b'a,b\n"1,1",2\n3,"4\n5"', 2, True),
        (b"a,b\n1,2,3\n4,5", 2, False),
        (b"a,b\n1\n4,5", 2, False),
        (b'a,b\n1,"2\n4,5', 2, False),
        (b"a\nb\nc", 1, True),
    ],
)
def test_counting_fields_in_chunks(monkeypatch, chunk, content, width, sure):
    monkeypatch.setattr(csv_shape, "_CHUNK", chunk)
    assert csv_shape._surely_rectangular(content, ",", width) is sure


def test_columns_never_shift(tmp_path):
    """Column sums agree with what was written, for every separator."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 1000, (200, 7)), columns=list("abcdefg"))
    for separator in ",;\t|":
        table = read(tmp_path, frame.to_csv(index=False, sep=separator))
        assert {name: column.values.sum() for name, column in table.columns.items()} == frame.sum().to_dict()


def test_long_files_are_sampled_for_their_separator(tmp_path):
    rows = "".join(f"{row};1,5;text\n" for row in range(40_000))
    table = read(tmp_path, "a;b;c\n" + rows, decimal=",")
    assert list(table.columns) == ["a", "b", "c"]
    assert len(table) == 40_000
