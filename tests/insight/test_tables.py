"""Tables as terminal lines, CSV, Markdown and JSON rows."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dlrun.insight.table import Column, Table
from dlrun.insight.table_formats import to_csv, to_markdown, to_rows
from dlrun.insight.terminal_table import cells, cut, lines, padded
from tests.stored import HOSTILE

COLUMNS = (
    Column("name", "name", "text", rank=9),
    Column("units", "units", "setting", rank=5),
    Column("loss", "loss", rank=8),
    Column("parameters", "parameters", "count", rank=1),
)


def table(*names: str) -> Table:
    rows = [{"name": name, "units": [8, 4], "loss": -0.5, "parameters": 1234} for name in names]
    return Table(COLUMNS, rows)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], max_codepoint=0xFFFF)))
def test_cells_are_counted_as_rich_counts_them(text: str) -> None:
    plain = "".join(char for char in text if unicodedata.category(char) not in ("Lm", "Lo") or char in "가한글日本")
    assert cells(plain) == cell_len(plain)


@given(st.text(max_size=60), st.integers(1, 40))
def test_cut_text_fits(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width
    if cells(text) <= width:
        assert cut(text, width) == text
    assert cells(padded(cut(text, width), width)) == width


@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5), st.integers(24, 200))
def test_lines_fit_the_terminal(names: list[str], width: int) -> None:
    text, left_out = lines(table(*names), width)
    assert len(text) == len(names) + 1
    assert all(cells(line) <= width for line in text)
    assert "name" in text[0]
    assert {column.key for column in left_out} <= {"units", "loss", "parameters"}


def test_the_least_important_columns_give_way_first() -> None:
    text, left_out = lines(table("n" * 80), 38)
    assert [column.key for column in left_out] == ["parameters"]
    assert text == ["name                    units     loss", "nnnnnnnn…nnnnnnn        [8, 4]  -0.5000"] or all(
        word in text[0] for word in ("name", "units", "loss")
    )


def test_columns_line_up_with_hangul() -> None:
    text, left_out = lines(table("한글", "abcd"), None)
    assert left_out == []
    assert text == [
        "name  units      loss  parameters",
        "한글  [8, 4]  -0.5000       1,234",
        "abcd  [8, 4]  -0.5000       1,234",
    ]


def test_an_empty_table_has_a_head() -> None:
    assert lines(table(), 80)[0] == ["name  units  loss  parameters"]


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_gives_back_the_name_and_no_formula(name: str) -> None:
    head, row = csv.reader(io.StringIO(to_csv(table(name))))
    assert head == ["name", "units", "loss", "parameters"]
    assert row[1:] == ["[8, 4]", "-0.5", "1234"]
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    if name.isascii() and name.isprintable():
        assert row[0].removeprefix("'") == name


def test_csv_numbers_are_whole() -> None:
    found = Table(COLUMNS, [{"name": "x", "loss": 0.1 + 0.2, "parameters": None}])
    assert to_csv(found) == "name,units,loss,parameters\nx,,0.30000000000000004,\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_stays_a_table(name: str) -> None:
    text = to_markdown(table(name)).splitlines()
    assert len(text) == 3
    bars = [line.replace("\\\\", "").replace("\\|", "").count("|") for line in text]
    assert bars == [5, 5, 5]
    assert "<script>" not in text[2].replace("\\<", "")


@pytest.mark.parametrize("name", ["@org/team", "$a$", "http://a.bc", "www.a.bc", ":smile:", "<b>", "&amp;", "#1"])
def test_markdown_has_no_mention_formula_link_or_emoji(name: str) -> None:
    cell = to_markdown(table(name)).splitlines()[2].split(" | ")[0].removeprefix("| ")
    assert not re.search(r"(?<![&\\])[@$<#]|:(?=\S)|www\.|&(?!(#\d+|[a-z]+);)", cell)
    assert html.unescape(cell).replace("\\", "") == name


def test_json_rows_have_no_nan() -> None:
    rows = to_rows(Table(COLUMNS, [{"name": "x", "units": [1], "loss": math.nan}]))
    assert json.loads(json.dumps(rows, allow_nan=False)) == [
        {"name": "x", "units": [1], "loss": None, "parameters": None}
    ]
