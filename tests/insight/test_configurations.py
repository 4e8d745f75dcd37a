from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from dlrun.insight.configurations import View, best_line, by_configuration, configurations
from dlrun.insight.table import Table
from dlrun.insight.table_formats import to_csv, to_markdown, to_rows
from dlrun.insight.terminal_table import lines
from dlrun.insight.verdict import Told
from dlrun.store import Store
from tests.stored import HOSTILE, keep_run, run_id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def column(table: Table, key: str) -> list[Any]:
    return [row.get(key) for row in table.rows]


def measured(val: float | None, train: float = 0.05, accuracy: float = 0.9) -> dict[str, float | None]:
    return {"train_loss": train, "val_loss": val, "train_accuracy": accuracy, "val_accuracy": accuracy}


def keep_seeds(store: Store, width: int, losses: list[float | None], **fields: Any) -> None:
    """One configuration, one run per loss; None diverged."""
    for seed, loss in enumerate(losses):
        status = {"status": "diverged", "reason": "epoch 2: loss is nan"} if loss is None else {}
        changed = {"model.units": [width, width]}
        keep_run(store, "net", seed=seed, changed=changed, metrics=measured(loss), **(status | fields))


def test_seeds_are_one_row(store: Store) -> None:
    keep_seeds(store, 16, [0.3, 0.4, 0.5])
    keep_seeds(store, 32, [0.1, 0.2, 0.3])
    table = configurations(store.entries())
    assert column(table, "model.width") == [32, 16]
    assert column(table, "val_loss") == pytest.approx([0.2, 0.4])
    assert column(table, "gap") == pytest.approx([0.15, 0.35])
    assert column(table, "runs") == ["3 of 3", "3 of 3"]
    assert column(table, "seconds") == [10.5, 10.5]
    assert not {"seed", "fold", "name", "model.depth", "backend"} & set(keys(table))


def test_means_and_intervals_are_those_of_pandas_and_scipy(store: Store) -> None:
    losses: Mapping[int, list[float | None]] = {8: [0.31, 0.28, 0.33, 0.4], 16: [0.2, 0.25], 32: [0.5]}
    for width, values in losses.items():
        keep_seeds(store, width, values)
    table = configurations(store.entries())
    frame = pd.DataFrame([(width, loss) for width, found in losses.items() for loss in found], columns=["w", "loss"])
    for width, group in frame.groupby("w")["loss"]:
        row = next(row for row in table.rows if row["model.width"] == width)
        assert row["val_loss"] == pytest.approx(group.mean())
        if len(group) > 1:
            half = stats.t.ppf(0.975, len(group) - 1) * group.sem()
            assert row["val_loss_interval"] == pytest.approx(half)
        else:
            assert row["val_loss_interval"] is None


def test_single_runs_have_no_column_of_intervals(store: Store) -> None:
    keep_seeds(store, 8, [0.3])
    keep_seeds(store, 16, [0.2])
    assert not [key for key in keys(configurations(store.entries())) if key.endswith("_interval")]


def test_folds_are_one_row_too(store: Store) -> None:
    for fold in range(3):
        for seed in range(2):
            keep_run(store, "net", seed=seed, fold=fold, changed={"data.folds": 3}, identity=f"{fold}{seed}" + "0" * 10)
    table = configurations(store.entries())
    assert column(table, "runs") == ["6 of 6"]


def test_what_diverged_is_counted_and_comes_last(store: Store) -> None:
    keep_seeds(store, 8, [None, None])
    keep_seeds(store, 16, [0.01, None])
    keep_seeds(store, 32, [0.3, 0.4])
    table = configurations(store.entries())
    assert column(table, "model.width") == [32, 16, 8]
    assert column(table, "runs") == ["2 of 2", "1 of 2", "0 of 2"]
    assert sorted(column(table, "status")[1].split(", ")) == ["1 completed", "1 diverged"]
    assert column(table, "val_loss")[1:] == [0.01, None]
    assert column(table, "status")[2] == "diverged"


def test_missing_seeds_are_counted(store: Store) -> None:
    keep_seeds(store, 8, [0.1])
    keep_seeds(store, 16, [0.2, 0.3])
    assert column(configurations(store.entries(), seeds=2), "runs") == ["2 of 2", "1 of 2"]


def test_what_was_pruned_comes_after_what_was_trained_whole(store: Store) -> None:
    keep_seeds(store, 8, [0.1], status="pruned")
    keep_seeds(store, 16, [0.2])
    assert column(configurations(store.entries()), "model.width") == [16, 8]


@pytest.mark.parametrize(("monitor", "widths"), [("val_loss", [8, 16]), ("val_accuracy", [16, 8]), (None, [16, 8])])
def test_the_monitor_decides(store: Store, monitor: str | None, widths: list[int]) -> None:
    for width, loss, accuracy in ((8, 0.1, 0.8), (16, 0.2, 0.9)):
        changed = {"model.units": [width] * 2}
        metrics = measured(loss, accuracy=accuracy)
        keep_run(store, changed=changed, metrics=metrics, monitor="val_accuracy")
    assert column(configurations(store.entries(), monitor), "model.width") == widths


def test_a_monitor_of_its_own_has_a_column(store: Store) -> None:
    keep_run(store, metrics={**measured(0.1), "val_f1": 0.7})
    table = configurations(store.entries(), "val_f1")
    assert column(table, "val_f1") == [0.7]


def test_the_best_run_of_a_configuration_is_named(store: Store) -> None:
    keep_seeds(store, 8, [0.3, 0.1, 0.2])
    (row,) = configurations(store.entries()).rows
    best = next(entry for entry in store.entries() if entry.record["seed"] == 1)
    assert row["id"] == best.folder.id


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ({"model.units": [8, 8]}, {"model.units": [8, 8]}, True),
        ({"model.units": [4, 4], "model.widen": 2}, {"model.units": [8, 8]}, True),
        ({"model.units": [8], "model.deepen": 2}, {"model.units": [8, 8]}, True),
        ({"model.dropout": 0.0}, {}, True),
        ({"model.dropout": 0.5}, {}, False),
        ({"data.source": "/a/digits.csv"}, {"data.source": "/b/digits.csv"}, True),
        ({"optimizer.name": "sgd"}, {}, False),
    ],
)
def test_which_runs_are_one_configuration(store: Store, a: dict[str, Any], b: dict[str, Any], same: bool) -> None:
    keep_run(store, "x", seed=0, changed=a)
    keep_run(store, "y", seed=1, changed=b)
    assert len(by_configuration(store.entries())) == (1 if same else 2)


def test_other_rows_or_another_backend_are_another_configuration(store: Store) -> None:
    keep_run(store, "x", identity="0" * 12, data={"source": "digits", "fingerprint": "a"})
    keep_run(store, "x", identity="1" * 12, data={"source": "digits", "fingerprint": "b"})
    keep_run(store, "x", identity="2" * 12, data={"source": "digits", "fingerprint": "b"}, backend="jax")
    assert len(by_configuration(store.entries())) == 3


def test_failed_runs_and_damaged_records_do_not_make_it_fail(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2])
    keep_run(store, "failed", status="failed", reason="no memory", metrics={}, parameters=None, best_epoch=None)
    keep_run(store, "broken").result_path.write_text("{")
    keep_run(store, "unfinished", finish=False)
    table = configurations(store.entries())
    assert [row["status"] for row in table.rows[1:]] == ["1 interrupted, 1 failed", "damaged"]
    assert table.rows[0]["runs"] == "2 of 2"
    assert "model.dropout" not in keys(table)
    assert configurations([]).rows == []


def test_the_best_in_words(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2, 0.3])
    keep_seeds(store, 16, [0.2, 0.21, 0.22])
    keep_seeds(store, 32, [0.9, 0.91, 0.92])
    table = configurations(store.entries())
    assert best_line(table, "val_loss") == (
        "best: width 8: val_loss 0.2000 ± 0.2484 (3 of 3 runs); 1 cannot be told from it: width 16"
    )
    keep_run(Store(store.root / "other"), "alone", metrics=measured(0.5))
    alone = configurations(Store(store.root / "other").entries())
    assert best_line(alone, "val_loss") == "best: alone: val_loss 0.5000"


def test_the_best_in_words_has_what_it_was_set_to_alone(store: Store) -> None:
    cosine = {"schedule.name": "cosine", "fit.class_weight": None}
    keep_run(store, "net", changed=cosine, metrics=measured(0.1))
    stepped = {"schedule.name": "exponential", "schedule.decay_epochs": 3, "fit.class_weight": "balanced"}
    keep_run(store, "net", changed=stepped, metrics=measured(0.2))
    line = best_line(configurations(store.entries()), "val_loss")
    assert line == (
        "best: schedule cosine, class weight null: val_loss 0.1000; "
        "one run each, so nothing says what is luck: more seeds would"
    )


def test_columns_of_validation_are_left_out_where_all_rows_are_trained_on(store: Store) -> None:
    for seed in (0, 1):
        keep_run(store, "net", seed=seed, metrics={"train_loss": 0.1 + seed, "train_accuracy": 0.9})
    table = configurations(store.entries(), "train_loss")
    assert not {"val_loss", "gap", "val_accuracy"} & set(keys(table))
    assert {"train_loss", "train_loss_interval"} <= set(keys(table))


def test_where_all_diverged_there_is_no_best(store: Store) -> None:
    keep_seeds(store, 8, [None, None])
    assert best_line(configurations(store.entries()), "val_loss") == ""
    assert best_line(configurations([]), "val_loss") == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_labels(store: Store, name: str) -> None:
    keep_run(store, name, metrics=measured(0.5))
    keep_run(store, "other", changed={"model.dropout": 0.5})
    table = configurations(store.entries())
    assert set(column(table, "name")) == {name, "other"}
    assert all(line.isprintable() for line in lines(table, 80)[0])
    assert best_line(table, "val_loss").isprintable()


def test_it_can_be_written_in_every_format(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2])
    keep_seeds(store, 16, [None, 0.2])
    table = configurations(store.entries())
    written = list(csv.DictReader(io.StringIO(to_csv(table))))
    assert [row["model.width"] for row in written] == ["8", "16"]
    assert to_markdown(table).count("\n") == 4
    assert [set(row) for row in to_rows(table)] == [set(keys(table))] * 2
    assert all(not isinstance(value, (dict, set)) for row in table.rows for value in row.values())


def keep_parts(store: Store, values: Mapping[tuple[int, int | None, int], float], **changed: Any) -> None:
    """One run per (split seed, fold, seed)."""
    for (split, fold, seed), value in values.items():
        settings = {"data.split_seed": split, **({"data.folds": 3} if fold is not None else {}), **changed}
        identity = run_id(split, fold, seed, sorted(changed.items()))
        keep_run(store, "net", seed=seed, fold=fold, changed=settings, metrics=measured(value), identity=identity)


def test_split_seeds_belong_together(store: Store) -> None:
    keep_parts(store, {(split, None, seed): 0.1 + split / 10 + seed / 100 for split in range(3) for seed in range(2)})
    keep_run(store, "other", changed={"model.dropout": 0.5}, metrics=measured(0.9))
    table = configurations(store.entries())
    assert column(table, "covers")[0] == "2 seeds x 3 splits"
    assert column(table, "runs")[0] == "6 of 6"
    assert "data.split_seed" not in keys(table)
    assert "covers" in keys(table)
    assert len(by_configuration(store.entries(), splits_apart=True)) == 4


def test_intervals_over_splits_know_that_splits_share_rows(store: Store) -> None:
    keep_parts(store, {(split, None, seed): 0.1 + split / 10 + seed / 100 for split in range(3) for seed in range(2)})
    (row,) = configurations(store.entries()).rows
    means = [0.105, 0.205, 0.305]
    error = (1 / 3 + 360 / 1437) ** 0.5 * pd.Series(means).std()
    assert row["val_loss_interval"] == pytest.approx(stats.t.ppf(0.975, 2) * error)
    assert row["standard_error"] == pytest.approx(error)


def test_folds_are_the_repetitions_of_an_interval(store: Store) -> None:
    keep_parts(store, {(0, fold, seed): 0.1 + fold / 10 + seed / 100 for fold in range(3) for seed in range(2)})
    (row,) = configurations(store.entries()).rows
    error = (1 / 3 + 360 / 1437) ** 0.5 * pd.Series([0.105, 0.205, 0.305]).std()
    assert row["val_loss_interval"] == pytest.approx(stats.t.ppf(0.975, 2) * error)
    assert row["covers"] == "2 seeds x 3 folds"


def test_a_generators_rows_follow_the_split_seed(store: Store) -> None:
    for split in range(3):
        moons = {"data.source": "moons", "data.split_seed": split}
        keep_run(store, changed=moons, data={"source": "moons", "fingerprint": f"{split}" * 32}, metrics=measured(0.1))
    assert len(by_configuration(store.entries())) == 1


def test_every_value_is_kept(store: Store) -> None:
    keep_seeds(store, 8, [0.3, None, 0.1])
    (row,) = configurations(store.entries()).rows
    found = {value["seed"]: (value["val_loss"], value["status"], value["fold"]) for value in row["values"]}
    assert found == {0: (0.3, "completed", None), 1: (None, "diverged", None), 2: (0.1, "completed", None)}
    assert {value["id"] for value in row["values"]} == {entry.folder.id for entry in store.entries()}


def test_a_verdict_is_that_of_most_runs(store: Store) -> None:
    keep_seeds(store, 8, [0.3, 0.2, 0.1])
    told = [Told("overfit", 4), Told("good fit", 7), Told("overfit", 6)]
    table = configurations(store.entries(), told=told)
    (row,) = table.rows
    assert (row["verdict"], row["verdict_share"]) == ("overfit", pytest.approx(2 / 3))
    assert row["verdict_shown"] == "overfit (67%)"
    assert "verdict" in keys(table)
    assert "verdict" not in keys(configurations(store.entries()))


def test_a_good_fit_that_would_turn_names_the_epoch(store: Store) -> None:
    keep_seeds(store, 8, [0.3, 0.2, 0.1])
    told = [Told("good fit", turns) for turns in (5, 9, 7)]
    (row,) = configurations(store.entries(), told=told).rows
    assert row["verdict_shown"] == "good fit, would overfit from epoch 7"
    (row,) = configurations(store.entries(), told=told, view=View(language="ko")).rows
    assert row["verdict"] == "good fit"
    assert row["verdict_shown"] != "good fit, would overfit from epoch 7"


def test_values_of_the_last_epoch(store: Store) -> None:
    for seed, (best, last) in enumerate([(0.1, 0.5), (0.2, 0.8)]):
        keep_run(store, "net", seed=seed, metrics=measured(best), metrics_last=measured(last))
    (row,) = configurations(store.entries(), view=View(last=True)).rows
    assert row["val_loss"] == pytest.approx(0.65)
    (row,) = configurations(store.entries(), view=View(everything=True)).rows
    assert (row["val_loss"], row["val_loss_last"]) == (pytest.approx(0.15), pytest.approx(0.65))


def test_all_columns(store: Store) -> None:
    keep_seeds(store, 8, [0.3, 0.2])
    keep_seeds(store, 16, [0.1, 0.2])
    table = configurations(store.entries(), view=View(everything=True))
    assert {"name", "data.source", "model.depth", "backend", "covers", "gap_last", "train_loss_interval"} <= set(
        keys(table)
    )
    assert best_line(table, "val_loss").startswith("best: width 16: val_loss")


def test_the_smallest_net_within_one_standard_error(store: Store) -> None:
    for width, losses in (
        (8, [0.30, 0.32, 0.31]),
        (16, [0.21, 0.23, 0.2]),
        (32, [0.2, 0.23, 0.2]),
        (64, [0.2, 0.24, 0.2]),
    ):
        keep_seeds(store, width, losses, parameters=width * 100)  # type: ignore[arg-type]
    line = best_line(configurations(store.entries()), "val_loss")
    assert line.startswith("best: width 32: val_loss 0.2100 ± 0.0430 (3 of 3 runs); 2 cannot be told from it: ")
    assert line.endswith("; the smallest within one standard error: width 16 (1,600 parameters)")


def test_the_smallest_net_must_not_have_lost_more_runs(store: Store) -> None:
    for width, losses in ((8, [0.21, None, None]), (16, [0.21, 0.23, 0.2]), (32, [0.2, 0.23, 0.2])):
        keep_seeds(store, width, losses, parameters=width * 100)  # type: ignore[arg-type]
    line = best_line(configurations(store.entries()), "val_loss")
    assert line.endswith("; the smallest within one standard error: width 16 (1,600 parameters)")


def test_the_columns_in_korean(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2, None])
    table = configurations(store.entries(), view=View(language="ko"))
    (texts,) = table.texts()
    shown = {column.key: (column.title, text) for column, text in zip(table.columns, texts, strict=True)}
    assert (shown["gap"][0], shown["runs"][1]) == ("격차", "3개 중 2개")
    assert sorted(shown["status"][1].split(", ")) == ["1 발산", "2 완료"]
    assert table.rows[0]["runs"] == "2 of 3"


def test_one_seed_is_not_counted(store: Store) -> None:
    keep_seeds(store, 8, [0.1])
    assert column(configurations(store.entries()), "covers") == ["one seed, one split"]


def test_the_best_in_words_in_korean(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2, 0.3])
    keep_seeds(store, 16, [0.2, 0.21, 0.22])
    line = best_line(configurations(store.entries()), "val_loss", "ko")
    assert line == "최고: width 8: val_loss 0.2000 ± 0.2484 (실행 3개 중 3개); 이와 구별되지 않는 구성 1개: width 16"


def test_unfinished_runs_go_to_their_configuration(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2])
    keep_run(store, "net", seed=2, changed={"model.units": [8, 8]}, finish=False)
    (row,) = configurations(store.entries()).rows
    assert row["runs"] == "2 of 3"
    assert row["val_loss"] == pytest.approx(0.15)


def test_a_damaged_run_adds_no_column(store: Store) -> None:
    keep_seeds(store, 8, [0.1, 0.2])
    broken = keep_run(store, "broken")
    broken.result_path.write_text("{")
    broken.spec_path.write_text("{")
    table = configurations(store.entries())
    assert [row["status"] for row in table.rows] == ["completed", "damaged"]
    assert not [key for key in keys(table) if "." in key]
