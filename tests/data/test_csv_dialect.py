import gzip

import pytest

from dlrun.data.csv_dialect import dialect_of, found_separator
from dlrun.data.csv_table import read_csv
from dlrun.data.text_file import in_memory
from dlrun.errors import DataError
from dlrun.spec import Data


def dialect(text, **keys):
    return dialect_of(in_memory("f", text.encode()), Data(source="f", **keys))


SEPARATED = [
    ("a,b\n1,2\n3,4\n", ","),
    ("a;b;c\n1,5;2;x\n2,5;3;y\n", ";"),
    ("1,5;2,5\n2,5;3,5\n", ";"),
    ("a\tb\n1\tx, y\n2\tz\n", "\t"),
    ("a|b\n1|x y\n2|z\n", "|"),
    ("a^b\n1^2\n3^4\n", "^"),
    ("a~b\n1~2\n3~4\n", "~"),
    ("a:b\n1:2\n3:4\n", ":"),
    ("a#b\n1#2\n3#4\n", "#"),
    ("a&b\n1&2\n3&4\n", "&"),
    ("a\x01b\n1\x012\n", "\x01"),
    ("a b\n1 2\n", "whitespace"),
    ("  a    b\n 1.5   2\n10.5  33\n", "whitespace"),
    ("1,5   2,5\n10,5  3,5\n", "whitespace"),
    ("5.1\t\t3\n4.9\t2\n4\t\t1\n", "whitespace"),
    ('18.0   8   307.0\t"chevrolet malibu"\n15.0   8   350.0\t"buick skylark"\n', "whitespace"),
    ("first last\t12\nany body\t13\n", "\t"),
    ("name,age\nSmith John,3\nDoe Jane,4\n", ","),
    ("39, State-gov, 77516\n50, Self-emp, 83311\n", ","),
    ("2020-01-01 10:00,5\n2020-01-02 11:00,6\n", ","),
    ('"a;b",c\n"d;e",f\n', ","),
    ("a,b\n1,2,3\n4,5\n", ","),
    ("time\n12:30\n13:45\n", ","),
]


@pytest.mark.parametrize(("text", "separator"), SEPARATED)
def test_separators(text, separator):
    assert found_separator(text) == separator


def test_one_tab_among_blanks_is_a_blank():
    """As the UCI file auto-mpg.data is written."""
    lines = [f'{n}.0   {n % 5}   {"130.0" if n % 7 else "?    "}   70\t"ford {n}"' for n in range(10, 40)]
    found = dialect("\n".join(lines))
    assert (found.separator, len(found.names)) == ("whitespace", 5)
    assert found.sample[0] == ("10.0", "0", "130.0", "70", "ford 10")


SHORT_HEADERS = [
    ('"a" "b"\n"1" 5 6\n"2" 7 8\n', ("row names", "a", "b")),
    ('"a" "b"\n"5" 5 6\n"9" 7 8\n', ("row names", "a", "b")),
    ('a,b\n"7",5,6\n', ("row names", "a", "b")),
    ("   a  b\n0  5  6\n3  7  8\n", ("row names", "a", "b")),
    ("a\tb\nx\t5\t6\ny\t7\t8\n", ("row names", "a", "b")),
    ("a,b\n5,6,\n7,8,\n", ("a", "b", "column_3")),
]


@pytest.mark.parametrize(("text", "names"), SHORT_HEADERS)
def test_a_header_that_names_one_column_less(text, names, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(text)
    table = read_csv(str(path), Data(source=str(path)))
    assert tuple(table.columns) == names
    assert table.columns["b"].values.tolist()[0] == 6
    assert "line 1 names 2 columns, the rows have 3: the " in table.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1990,5,6\n1991,7,8\n",
        "a,b\n1,5,6\n2,7,8\n",
        "a,b\nx,5,6\nz,7,8\n",
        "a b\n1990 5 6\n1991 7 8\n",
        "a,b\n1,5,6\n",
        "a,b\nx,5,6\nx,7,8\n",
        "a,b\n1,5,6\n2,7\n",
        "1,2\n1,5,6\n2,7,8\n",
    ],
)
def test_other_short_headers_are_refused(text, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(text)
    with pytest.raises(DataError, match="the first line has 2: one too many after column"):
        read_csv(str(path), Data(source=str(path)))


def test_a_header_without_a_line_end():
    with pytest.raises(DataError) as raised:
        dialect("a,b", header=True)
    assert str(raised.value) == "f: has column names but no rows"


HEADERS = [
    ("a,b\n1,x\n2,y\n", True),
    ("1,x\n2,y\n", False),
    ("39, State-gov, <=50K\n50, Private, >50K\n", False),
    ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n", False),
    ("vhigh,2,low,unacc\nvhigh,3,low,acc\nlow,2,high,acc\n", False),
    ("p,x,s\ne,x,s\np,b,y\n", False),
    ("class,cap,odor\np,x,s\ne,b,y\n", True),
    ("0,1,2\n0.5,0.25,3\n0.5,0.25,4\n", True),
    ("country,2019,2020,2021\nKorea,1,2,3\nPeru,4,5,6\n", True),
    (",a,b\n0,1,x\n1,2,y\n", True),
    ("?,2\n3,4\n", False),
    ("1;2,5\n3;4,5\n", False),
    ("이름,나이\n김,3\n이,4\n", True),
    ("a,b\n", True),
    ("1,2\n", False),
    ("price,unit\n$5,a\n$6,b\n", True),
]


@pytest.mark.parametrize(("text", "header"), HEADERS)
def test_headers(text, header):
    found = dialect(text)
    assert found.header is header
    assert ("column_1" in found.names) is not header or text.startswith(",")
    assert any("is read as data" in note for note in found.notes) is not header


def test_what_is_given_is_not_guessed():
    assert dialect("1,x\n2,y\n", header=True).names == ("1", "x")
    assert dialect("a,b\n1,x\n", header=False).names == ("column_1", "column_2")
    assert not dialect("a,b\n1,x\n", header=False).notes
    assert dialect("a;b,c\n1;2,3\n", separator=";").names == ("a", "b,c")
    assert dialect("a b\n1 2\n", separator=" ").separator == "whitespace"


DECIMALS = [
    ("a;b\n1,5;x\n2,25;y\n", ","),
    ("a;b\n1.234,5;x\n2;y\n", ","),
    ("a;b\n0,125;x\n0,250;y\n", ","),
    ("a;b\n1,234;x\n2,345;y\n", "."),
    ("a;b\n1,5;2.5\n2,5;3.5\n", "."),
    ("a;b\n1.5;x\n2;y\n", "."),
    ("a\tb\n1,5\t2,5\n1,5\t\n", ","),
    ('a,b\n"1,5",2\n"2,5",3\n', "."),
]


@pytest.mark.parametrize(("text", "decimal"), DECIMALS)
def test_decimal_marks(text, decimal):
    found = dialect(text)
    assert found.decimal == decimal
    assert any("decimal commas" in note for note in found.notes) == (decimal == ",")


LINES_ABOVE = [
    ("\n\n  \na,b\n1,2\n", 3, ("a", "b"), ()),
    ("sep=;\na;b\n1;2\n", 1, ("a", "b"), ()),
    (
        "# made by x\n# on Monday\na,b\n1,2\n",
        2,
        ("a", "b"),
        ("f: lines above the table are left out: '# made by x' ...",),
    ),
    (
        "|1x3 Cross validator\na, b\n1, 2\n",
        1,
        ("a", "b"),
        ("f: lines above the table are left out: '|1x3 Cross validator'",),
    ),
    ("#a,b\n1,2\n3,4\n", 0, ("#a", "b"), ()),
    (
        "Sales in 2024\n\na,b,c\n1,2,3\n4,5,6\n",
        2,
        ("a", "b", "c"),
        ("f: lines above the table are left out: 'Sales in 2024'",),
    ),
    (
        "Sales;;\nby 김;;\na;b;c\n1;2;3\n4;5;6\n",
        2,
        ("a", "b", "c"),
        ("f: lines above the table are left out: 'Sales;;' ...",),
    ),
]


@pytest.mark.parametrize(("text", "skipped", "names", "notes"), LINES_ABOVE)
def test_lines_above_the_table(text, skipped, names, notes):
    found = dialect(text)
    assert (found.skipped, found.names, found.notes) == (skipped, names, notes)


def test_a_wide_file_is_sampled_by_lines_not_bytes(tmp_path):
    names = [f"a long name for the column of number {n}" for n in range(10_000)]
    found = dialect(",".join(names) + "\n" + ",".join("1" * 10_000) + "\n")
    assert found.names == tuple(names)
    assert len(found.sample) == 1


def test_quoted_cells_are_not_cut_at_the_end_of_the_sample():
    row = '1,"' + "two\nlines " * 300 + '"\n'
    found = dialect("a,b\n" + row * 200)
    assert {len(fields) for fields in found.sample} == {2}


def test_gzip_is_found_by_suffix(tmp_path):
    from dlrun.data.csv_table import read_csv

    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("이름,y\n김,1\n".encode("cp949")))
    table = read_csv(str(path), Data(source="a"))
    assert list(table.columns) == ["이름", "y"]
    assert table.notes == (f"{path}: is read as CP949; data.encoding names another.",)
