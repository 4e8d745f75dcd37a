from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.insight.difference import difference
from dlrun.insight.labels import labels, short_ids
from dlrun.insight.summary import metric_table, summary, summary_lines
from dlrun.store import Record, Store
from tests.stored import HOSTILE, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def page(store: Store, name: str) -> str:
    return "\n".join(line for line, _ in summary_lines(summary(store.entry(store.find(name)))))


def test_the_summary_of_a_finished_run(store: Store) -> None:
    keep_run(store, "wide", changed={"model.units": [256, 256], "model.dropout": 0.2}, git_commit="abc1234")
    text = page(store, "wide")
    for line in (
        "  status    completed",
        "  epochs    5, best 3 by val_loss",
        "  time      3.5 s (import 2.0 s, build 0.5 s, train 1.0 s)",
        "metrics at epoch 3",
        "  accuracy  0.8333      0.9000             0.1000",
        "  model.dropout   0.2",
        "  rows         1,437 train, 360 validation, train loss measured on 360",
        "  git commit  abc1234",
        "  model.keras  7 B",
    ):
        assert line in text.splitlines()


def test_the_trivial_predictor_under_bare_names() -> None:
    record = Record(metrics={"train_loss": 1.0, "val_loss": 2.0}, trivial={"loss": 3.0})
    assert metric_table(record).rows == [{"metric": "loss", "train": 1.0, "validation": 2.0, "trivial": 3.0}]


def test_without_validation_there_is_no_column_for_it() -> None:
    record = Record(metrics={"train_loss": 1.0}, trivial={"train_loss": 3.0})
    table = metric_table(record)
    assert [column.key for column in table.columns] == ["metric", "train", "trivial"]
    assert table.rows[0]["trivial"] == 3.0


def test_an_unfinished_run_shows_what_is_known(store: Store) -> None:
    keep_run(store, "x", finish=False)
    text = page(store, "x")
    assert "interrupted" in text
    assert "metrics at epoch 5, the last so far" in text
    assert "model.units" in text


def test_a_damaged_run_shows_why(store: Store) -> None:
    keep_run(store, "x").result_path.write_text("{")
    text = page(store, "x")
    assert "damaged: " in text
    assert "result.json" in text


def test_a_failed_run_shows_why(store: Store) -> None:
    keep_run(store, "x", status="diverged", reason="train_loss became nan in epoch 3")
    assert "diverged: train_loss became nan in epoch 3" in page(store, "x")


def test_regression(store: Store) -> None:
    keep_run(store, "x", classes=None, target={"name": "progression", "mean": 152.1, "spread": 77.0})
    assert "progression (mean 152.1, spread 77.00)" in page(store, "x")


def test_many_classes_are_counted(store: Store) -> None:
    keep_run(store, "x", classes={str(number): number for number in range(1, 101)})
    assert "100, of 1 to 100 rows" in page(store, "x")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_labels_are_only_text(store: Store, name: str) -> None:
    folder = keep_run(store, name, classes={name: 3}, reason=name, notes=[name], data={"source": name})
    found = summary_lines(summary(store.entry(folder)))
    assert all(line.isprintable() or "🙂" in line for line, _ in found)


def test_short_ids_tell_runs_apart() -> None:
    assert short_ids(["abcdef000000", "abcdef110000"]) == ["abcdef0", "abcdef1"]
    assert short_ids(["abcdef000000", "012345000000"]) == ["abcdef", "012345"]
    assert short_ids(["abcdef000000"] * 2) == ["abcdef"] * 2


def test_labels_are_short(store: Store) -> None:
    folders = [keep_run(store, name) for name in HOSTILE]
    found = labels([store.entry(folder) for folder in folders])
    assert len(set(found)) == len(HOSTILE)
    assert all(len(label) <= 36 for label in found)


def test_difference(store: Store) -> None:
    a = keep_run(store, "a", seed=1, metrics={"val_loss": 0.5}, versions={"keras": "3.15.1"}, epochs=10)
    b = keep_run(
        store, "b", seed=2, changed={"model.dropout": 0.5}, metrics={"val_loss": 0.25}, versions={"keras": "3.15.2"},
        epochs=12, backend="jax",
    )  # fmt: skip
    rows = difference(store.entry(a), store.entry(b)).rows
    found = {(row["section"], row["key"]): (row["a"], row["b"], row["difference"]) for row in rows}
    assert found["settings", "seed"] == (1, 2, None)
    assert found["settings", "model.dropout"] == (0.0, 0.5, None)
    assert found["environment", "backend"] == ("tensorflow", "jax", None)
    assert found["environment", "keras"] == ("3.15.1", "3.15.2", None)
    assert found["result", "val_loss"] == (0.5, 0.25, -0.25)
    assert found["result", "epochs"] == (10, 12, 2)
    assert ("settings", "data.source") not in found
    assert ("environment", "engine") not in found


def test_a_run_does_not_differ_from_itself(store: Store) -> None:
    entry = store.entry(keep_run(store, "a"))
    assert {row["section"] for row in difference(entry, entry).rows} == {"result"}
    assert {row["difference"] for row in difference(entry, entry).rows} <= {0, None}
