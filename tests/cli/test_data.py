from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.cli.main import main
from dlrun.insight.terminal_table import cells

ROWS = 60


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "사람 [x].csv"
    lines = ["번호,나이,도시 이름,결과"]
    for row in range(ROWS):
        age = "" if row == 3 else 20 + row * 7 % 40
        lines.append(f"{row + 1},{age},{('서울', '부산', 'Daegu')[row % 3]},{row % 2}")
    path.write_text("\n".join(lines) + "\n")
    return path


def shown(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["data", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_the_page(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, people, "--target", "결과").splitlines()
    assert lines == [
        f"{people}: 60 rows, 4 columns",
        "target: 결과, 2 classes: 0 30 (50.0%), 1 30 (50.0%)",
        "rows: 48 train, 12 validation; 5 inputs of the net",
        "",
        "column     kind      distinct  missing  values                      becomes",
        "번호       id              60        –  1 … 60, median 30.5         left out: it numbers the rows",
        "나이       number          40        1  20 … 59, median 38          2 inputs",
        "도시 이름  category         3        –  서울 20, 부산 20, Daegu 20  3 inputs",
        "결과       boolean          2        –  0 30, 1 30                  target",
        "",
        "note: Column '번호' is left out: it numbers the rows.",
    ]
    assert len({cells(line[: line.index(" id ")]) for line in lines if " id " in line}) == 1


def test_without_a_target_it_asks_for_one(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, people).splitlines()
    assert lines[-1] == f"Which column is to be predicted? dlrun data '{people}' --target NAME"
    assert any(line.startswith("나이") and line.endswith("input") for line in lines)


def test_json_is_complete(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(shown(capsys, people, "--target", "결과", "--json"))
    assert document["format"] == 1
    assert document["split"] == {"train": 48, "validation": 12, "test": 0}
    assert document["classes"] == {"0": 30, "1": 30}
    assert document["columns"][2]["top"] == [
        {"value": "서울", "rows": 20},
        {"value": "부산", "rows": 20},
        {"value": "Daegu", "rows": 20},
    ]


def test_a_config_with_folds(people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "a.yaml"
    config.write_text(f"data: {{source: '{people.name}', target: 나이, folds: 4, test_split: 0.2}}\n")
    lines = shown(capsys, config).splitlines()
    assert lines[1].startswith("target: 나이, a number (regression): min 20, median 38, mean ")
    assert lines[2] == "rows: 35 train, 12 validation, 12 test in the first of 4 folds; 4 inputs of the net"


def test_names_that_a_terminal_would_obey(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\x1b[31mred,[/x],y\n" + "".join(f"{row * 3},<b>{row % 2},{row % 2}\n" for row in range(40)))
    out = shown(capsys, path, "--target", "y")
    assert "\x1b" not in out
    assert r"\x1b[31mred" in out
    assert "[/x]" in out


@pytest.mark.parametrize(("columns", "lines"), [(82, 82), (400, 150)])
def test_wide_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str], columns: int, lines: int) -> None:
    path = tmp_path / "wide.csv"
    names = [f"a very long name of a column, number {n}" for n in range(columns - 1)]
    rows = [",".join(str((row * (n % 16 + 1)) % 17) for n in range(columns - 1)) + f",{row % 2}" for row in range(40)]
    path.write_text(",".join(f'"{name}"' for name in names) + ",y\n" + "\n".join(rows) + "\n")
    out = shown(capsys, path, "--target", "y")
    assert sum("1 input" in line and "column" in line for line in out.splitlines()) >= lines - 5
    assert ("more columns; --json lists all" in out) == (columns > lines)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.csv"], "no such file"),
        (["{people}", "--target", "없음"], "data.target: "),
        ([], "needs a config, a data file or a built-in name"),
    ],
)
def test_what_cannot_be_shown(people: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["data", *(word.format(people=people) for word in words)]) == 2
    assert message in capsys.readouterr().err
