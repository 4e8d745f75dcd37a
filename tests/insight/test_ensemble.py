"""What is said of an ensemble beside its members."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from dlrun.insight.ensemble import findings, member_lines, member_table, page, signed
from dlrun.insight.summary import summary, summary_lines
from dlrun.insight.table import Table
from dlrun.insight.verdict import diagnose
from dlrun.store import RunFolder, Store
from dlrun.store.ensemble_file import EnsembleDocument, ensembles_with, read_ensemble, write_ensemble
from tests.stored import keep_run


def member(run_id: str, column: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": run_id, "name": "wide", "kind": "mlp", "seed": column, "fold": None, "column": column, "weight": 0.5,
        "recorded": {"val_loss": 0.2}, **fields,
    }  # fmt: skip


def difference(metric: str, low: float | None, value: float | None, high: float | None) -> dict[str, Any]:
    return {"metric": metric, "value": value, "low": low, "high": high, "smaller_is_better": metric != "accuracy"}


def document(**fields: Any) -> EnsembleDocument:
    whole: dict[str, Any] = {
        "format": 1, "method": "mean",
        "members": [member("a" * 12, 0), member("b" * 12, 1)],
        "columns": [{"metrics": {"val_loss": 0.2, "val_accuracy": 0.9}}, {"metrics": {"val_loss": 0.3}}],
        "combination": {"kind": "average", "weights": [0.5, 0.5]}, "judged": "validation", "best": 0,
        "differences": [difference("loss", -0.03, -0.02, -0.01), difference("accuracy", -0.01, 0.01, 0.03)],
        "disagreement": 0.125,
    }  # fmt: skip
    return cast(EnsembleDocument, whole | fields)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Store, RunFolder]:
    store = Store(tmp_path)
    folder = keep_run(store, "mean-of-2-wide", kind="ensemble", changed={"fit.epochs": 0})
    write_ensemble(folder.path / "ensemble.json", document())
    return store, folder


@pytest.mark.parametrize(
    ("row", "begins"),
    [
        (
            difference("loss", -0.03, -0.02, -0.01),
            "Better than its best member in loss: -0.0200 (95 % interval -0.0300",
        ),
        (difference("loss", 0.01, 0.02, 0.03), "Worse than its best member in loss: +0.0200"),
        (difference("accuracy", 0.01, 0.02, 0.03), "Better than its best member in accuracy"),
        (difference("accuracy", -0.03, -0.02, -0.01), "Worse than its best member in accuracy"),
        (
            difference("accuracy", 0.0, 0.01, 0.02),
            "No difference in accuracy to its best member beyond chance: +0.0100",
        ),
        (difference("root_mean_squared_error", -2, -1, -0.5), "Better than its best member in RMSE: -1.0000"),
        (difference("loss", None, None, None), "The difference in loss to its best member is not known"),
    ],
)
def test_what_an_interval_says(row: dict[str, Any], begins: str) -> None:
    found = findings(document(differences=[row]), False)
    assert found[0].startswith(begins)
    assert "chosen by these very rows" in found[1]


def test_how_much_members_differ() -> None:
    assert findings(document(), False)[-1] == "Its members do not all name the same class for 12.5% of the rows."
    assert "changes nothing" in findings(document(disagreement=0.0), False)[-1]
    amounts = [difference("root_mean_squared_error", -2, -1, -0.5)]
    assert "spread by 3.0000 on average" in findings(document(differences=amounts, disagreement=3.0), True)[-1]
    alone = findings(document(best=None, differences=[], disagreement=23.63), True)
    assert alone == ["Its members' predictions spread by 23.63 on average (standard deviation, in the target's unit)."]


def test_where_nothing_can_be_said() -> None:
    assert findings(document(judged="nothing", best=None, differences=[]), False) == [
        "No validation rows were held out, so nothing says whether it is better than a member."
    ]
    folds = [member("a" * 12, 0, fold=0), member("b" * 12, 0, fold=1)]
    one = document(
        members=folds, columns=[{"metrics": {"val_loss": 0.2}}], best=None, differences=[], judged="out_of_fold"
    )
    assert findings(one, False)[0].startswith("Each row is judged by the one fold that was not trained on it")


def test_korean() -> None:
    found = findings(document(), False, "ko")
    assert found[0].startswith("손실에서 최고 구성원보다 낫습니다: 차이 -0.0200")
    assert len(found) == len(findings(document(), False))


def test_the_table(kept: tuple[Store, RunFolder]) -> None:
    store, folder = kept
    table = member_table(store.entry(folder), read_ensemble(folder))
    assert [row["member"] for row in table.rows] == ["wide-aaaaaaaaaaaa", "wide-bbbbbbbbbbbb", "the ensemble"]
    assert [row.get("val_loss") for row in table.rows] == [0.2, 0.3, folder.record()["metrics"]["val_loss"]]
    assert table.rows[0]["best"] == "best member"
    heading, shown, _ = page(store.entry(folder))
    assert heading.endswith(": mean of 2 runs")
    assert isinstance(shown, Table)


def test_folds_of_a_seed_are_one_line(kept: tuple[Store, RunFolder]) -> None:
    store, folder = kept
    members = [member(str(place) * 12, place // 2, fold=place % 2, weight=0.25) for place in range(4)]
    rows = member_table(store.entry(folder), document(members=members)).rows
    assert [(row["member"], row.get("folds"), row.get("weight")) for row in rows[:2]] == [("wide", 2, 0.5)] * 2


def test_show_lists_its_members(kept: tuple[Store, RunFolder]) -> None:
    store, folder = kept
    assert member_lines(store.entry(folder))[0] == (
        "wide-aaaaaaaaaaaa",
        "mlp, seed 0, weight 0.5000, the best by itself",
    )
    page_lines = [line for line, _ in summary_lines(summary(store.entry(folder)))]
    assert any("wide-bbbbbbbbbbbb" in line for line in page_lines)
    assert not any("ensemble.members" in line for line in page_lines)
    (folder.path / "ensemble.json").write_text("{", encoding="utf-8")
    assert any("cannot be read as an ensemble" in line for line, _ in summary_lines(summary(store.entry(folder))))


def test_diagnose_has_no_curves_to_judge(kept: tuple[Store, RunFolder]) -> None:
    _, folder = kept
    found = diagnose(folder.record(), {"epoch": [0.0], "train_loss": [0.1], "val_loss": [0.2]})
    assert found.verdict is None
    assert "no curves to judge" in found.findings[0].text()


def test_which_ensembles_have_a_run(kept: tuple[Store, RunFolder]) -> None:
    store, folder = kept
    keep_run(store, "other")
    assert ensembles_with(store.folders(), {"a" * 12, "c" * 12}) == {folder: ["a" * 12]}
    assert ensembles_with(store.folders(), {"c" * 12}) == {}
    (folder.path / "ensemble.json").write_text(json.dumps([]), encoding="utf-8")
    assert ensembles_with(store.folders(), {"a" * 12}) == {}


def test_signs() -> None:
    assert (signed(0.01), signed(-0.01), signed(0.0)) == ("+0.0100", "-0.0100", "+0.0000")
