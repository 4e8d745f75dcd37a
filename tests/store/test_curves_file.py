from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.errors import StoreError
from dlrun.store.curves_file import CurvesFile, CurvesTail, last_row, read_curves

ROWS = st.lists(st.tuples(st.floats(), st.floats()), max_size=20)


def write(path: Path, rows: list[tuple[float, float]]) -> None:
    file = CurvesFile(path, ("epoch", "a", "b"))
    for number, (a, b) in enumerate(rows, start=1):
        file.append({"b": b, "a": a, "epoch": number})


@given(ROWS)
def test_floats_come_back_bit_by_bit(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, float]]) -> None:
    path = tmp_path_factory.mktemp("curves") / "curves.csv"
    write(path, rows)
    found = read_curves(path)
    assert found["epoch"] == list(range(1, len(rows) + 1))
    assert [repr(value) for value in found["a"]] == [repr(a) for a, _ in rows]
    assert [repr(value) for value in found["b"]] == [repr(b) for _, b in rows]
    last = last_row(path)
    assert list(map(repr, last.values())) == ([repr(float(len(rows))), *map(repr, rows[-1])] if rows else [])


def test_pythons_csv_reads_it_too(tmp_path: Path) -> None:
    write(tmp_path / "c.csv", [(0.1, math.inf), (math.nan, -1e-300)])
    with (tmp_path / "c.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"epoch": "1", "a": "0.1", "b": "inf"}
    assert rows[1] == {"epoch": "2", "a": "nan", "b": "-1e-300"}


def test_a_row_is_there_at_once(tmp_path: Path) -> None:
    file = CurvesFile(tmp_path / "c.csv", ("epoch", "a"))
    file.append({"epoch": 1, "a": 0.5})
    assert read_curves(tmp_path / "c.csv") == {"epoch": [1.0], "a": [0.5]}


def test_every_torn_end_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write(path, [(0.25, 1.5), (0.125, 2.5)])
    whole = path.read_bytes()
    second = whole.index(b"\n2,") + 1
    for end in range(second, len(whole)):
        path.write_bytes(whole[:end])
        assert read_curves(path) == {"epoch": [1.0], "a": [0.25], "b": [1.5]}
        assert last_row(path) == {"epoch": 1.0, "a": 0.25, "b": 1.5}


@pytest.mark.parametrize("text", ["", "epoch,a", "epoch"])
def test_a_file_without_a_whole_line_is_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.csv").write_text(text)
    assert read_curves(tmp_path / "c.csv") == {}


def test_an_absent_file_is_empty(tmp_path: Path) -> None:
    assert read_curves(tmp_path / "absent.csv") == {}
    assert last_row(tmp_path / "absent.csv") == {}


@pytest.mark.parametrize("line", ["1", "1,2,3", "1,x", ""])
def test_damage_before_the_end_names_the_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "c.csv").write_text(f"epoch,a\n{line}\n2,0.5\n")
    with pytest.raises(StoreError, match=r"c\.csv:2: needs 2 numbers"):
        read_curves(tmp_path / "c.csv")


def test_the_first_line_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("1,0.5\n2,0.4\n")
    with pytest.raises(StoreError, match=r"c\.csv:1: must name the columns"):
        read_curves(tmp_path / "c.csv")
    assert last_row(tmp_path / "c.csv") == {}


@pytest.mark.parametrize("line", ["nan,0.5", "inf,0.5"])
def test_an_epoch_is_a_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "c.csv").write_text(f"epoch,a\n{line}\n")
    with pytest.raises(StoreError, match=r"c\.csv:2: needs 2 numbers"):
        read_curves(tmp_path / "c.csv")
    assert last_row(tmp_path / "c.csv") == {}


def test_the_last_row_of_a_long_file(tmp_path: Path) -> None:
    write(tmp_path / "c.csv", [(number / 7, -number / 3) for number in range(2000)])
    assert last_row(tmp_path / "c.csv") == {"epoch": 2000.0, "a": 1999 / 7, "b": -1999 / 3}


@given(rows=ROWS, cuts=st.lists(st.integers(0, 2000)))
def test_a_growing_file_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, float]], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("curves")
    write(folder / "whole.csv", rows)
    whole = (folder / "whole.csv").read_bytes()
    tail, found = CurvesTail(folder / "growing.csv"), []
    assert tail.news() == (False, [])
    written = 0
    with (folder / "growing.csv").open("ab", buffering=0) as file:
        for place, cut in enumerate([*sorted(cut for cut in cuts if cut <= len(whole)), len(whole)]):
            file.write(whole[written:cut])
            written = cut
            again, news = tail.news()
            assert again is (place == 0)
            found += news
    assert [row["epoch"] for row in found] == list(range(1, len(rows) + 1))
    assert [repr((row["a"], row["b"])) for row in found] == [repr(row) for row in rows]
    assert tail.news() == (False, [])


def test_a_file_begun_again_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write(path, [(0.25, 1.5), (0.125, 2.5)])
    tail = CurvesTail(path)
    assert [row["a"] for row in tail.news()[1]] == [0.25, 0.125]
    write(path, [(0.75, 1.5)])
    assert tail.news() == (True, [{"epoch": 1.0, "a": 0.75, "b": 1.5}])


def test_damage_in_a_growing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("epoch,a\n1,0.5\n2,x\n")
    with pytest.raises(StoreError, match=r"c\.csv: needs 2 numbers"):
        CurvesTail(tmp_path / "c.csv").news()


def test_a_row_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = CurvesFile(tmp_path / "c.csv", ("epoch", "a"))
    with pytest.raises(StoreError, match="needs the columns"):
        file.append({"epoch": 1, "b": 0.5})
