"""`dlrun ensemble` as a user runs it, and what comes after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.main import main
from dlrun.store import RunFolder, Store
from tests.kept_runs import flowers, keep


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ensemble")


@pytest.fixture(scope="module")
def members(root: Path) -> list[RunFolder]:
    data = {"target": "kind", "test_split": 0.2, "validation_split": 0.3}
    return [keep(root, "flowers", flowers(), seed=seed, data=data) for seed in (0, 1)]


def call(root: Path, *words: str) -> int:
    return main([*words, "--results", str(root / "results")])


def answer(capsys: pytest.CaptureFixture[str], root: Path, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert call(root, *words, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_from_members_to_predictions(
    root: Path, members: list[RunFolder], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (made,) = answer(capsys, root, "ensemble", "flowers", "-q")["runs"]
    assert (made["kind"], made["method"], made["again"]) == ("ensemble", "mean", False)
    assert made["name"] == "mean-of-2-flowers"
    assert {member["id"] for member in made["members"]} == {folder.id for folder in members}
    (again,) = answer(capsys, root, "ensemble", *(folder.id for folder in members), "-q")["runs"]
    assert again["again"]
    assert again["id"] == made["id"]
    (looked,) = answer(capsys, root, "evaluate", made["id"], "-q")["evaluations"]
    assert looked["rows"] == members[0].record()["rows"]["test"]
    file = tmp_path / "new.csv"
    file.write_text("length,colour\n0.1,red\n1.4,green\n", encoding="utf-8")
    found = answer(capsys, root, "predict", made["id"], str(file), "-q")
    assert [row["row"] for row in found["rows"]] == [1, 2]
    assert call(root, "compare", "flowers", made["id"]) == 0
    shown = capsys.readouterr().out
    assert "mean-of-2-flowers" in shown
    assert members[0].id not in shown.replace(members[0].id[:6], "")


def test_a_page_in_either_language(root: Path, members: list[RunFolder], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(root, "ensemble", "flowers", "--method", "vote", "--name", "표결", "--lang", "ko") == 0
    shown = capsys.readouterr()
    assert "실행 2개의 다수결" in shown.out
    assert "최고 구성원" in shown.out
    assert Store(root / "results").find("표결").record()["name"] == "표결"
    assert call(root, "ensemble", "flowers", "--method", "vote") == 0
    shown = capsys.readouterr()
    assert "This ensemble is there already; --force" in shown.err
    assert "majority vote of 2 runs" in shown.out
    for more in ([], ["--json"]):
        assert call(root, "ensemble", "flowers", "--method", "vote", "--name", "other", *more) == 0
        assert "This ensemble is there already and is called 표결; --force makes it" in capsys.readouterr().err
    assert call(root, "ensemble", "flowers", "--method", "vote", "--name", "표결", "--lang", "ko") == 0
    assert "이 앙상블은 이미 있습니다" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nothing"], 4, "no run answers to `nothing`"),
        (["flowers", "--top", "3"], 2, "--top: there are 2 runs to choose from. Received: 3"),
        (["flowers", "--top", "1"], 2, "--top"),
        (["flowers", "--method", "median"], 2, "median"),
        (["flowers", "--name", " "], 2, "--name: must hold a character"),
        ([], 2, "ensemble: "),
    ],
)
def test_bad_words(
    root: Path, members: list[RunFolder], capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    assert call(root, "ensemble", *words) == code
    shown = capsys.readouterr()
    assert message in shown.err
    assert "Traceback" not in shown.err


def test_removing_a_member_is_said(root: Path, members: list[RunFolder], capsys: pytest.CaptureFixture[str]) -> None:
    (made,) = answer(capsys, root, "ensemble", "flowers", "-q")["runs"]
    assert call(root, "rm", members[1].id, "--yes") == 0
    shown = capsys.readouterr()
    assert (
        f"{made['name']}-{made['id']} has 1 of them as a member: without, it predicts and evaluates no more"
        in shown.err
    )
    assert call(root, "evaluate", made["id"]) == 4
    assert f"its member {members[1].path.name}" in capsys.readouterr().err
    assert call(root, "rm", made["id"], "--yes") == 0
    assert "as a member" not in capsys.readouterr().err
