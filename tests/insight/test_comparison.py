from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import UsageError
from dlrun.insight.comparison import View, compare
from dlrun.insight.listing import listing, run_document
from dlrun.insight.metrics import greater_is_better
from dlrun.insight.table import Table
from dlrun.insight.verdict import Told
from dlrun.spec.names import CLASSIFICATION_METRICS, REGRESSION_METRICS
from dlrun.spec.names import greater_is_better as spec_says
from dlrun.store import Store
from tests.stored import curves_of, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def column(table: Table, key: str) -> list[Any]:
    return [row.get(key) for row in table.rows]


def test_only_what_differs_has_a_column(store: Store) -> None:
    keep_run(store, "a", changed={"model.dropout": 0.5, "model.l2": 0.1})
    keep_run(store, "b", changed={"model.l2": 0.1})
    table = compare(store.entries())
    assert "model.dropout" in keys(table)
    assert sorted(column(table, "model.dropout")) == [0.0, 0.5]
    assert not {"model.l2", "model.width", "model.units", "data.source", "seed"} & set(keys(table))


@pytest.mark.parametrize(("key", "values"), [("seed", [0, 1]), ("fold", [0, 1]), ("backend", ["jax", "tensorflow"])])
def test_what_tells_runs_apart_has_a_column_where_it_differs(store: Store, key: str, values: list[Any]) -> None:
    for place, value in enumerate(values):
        keep_run(store, "a", identity=f"{place:012x}", **{key: value})
    table = compare(store.entries())
    assert sorted(column(table, key)) == values
    assert {"seed", "fold", "backend"} & set(keys(table)) == {key}


def test_layers_are_shown_as_width_and_depth(store: Store) -> None:
    keep_run(store, "wide", changed={"model.units": [256, 256]})
    keep_run(store, "deep", changed={"model.units": [64] * 4})
    keep_run(store, "twice", changed={"model.widen": 2, "model.deepen": 2})
    keep_run(store, "linear", changed={"model.units": []})
    table = compare(store.entries())
    shapes = {row["name"]: (row["model.width"], row["model.depth"]) for row in table.rows}
    assert shapes == {"wide": (256, 2), "deep": (64, 4), "twice": (128, 4), "linear": (None, 0)}
    assert not {"model.units", "model.widen", "model.deepen"} & set(keys(table))


def test_units_are_shown_where_layers_differ(store: Store) -> None:
    keep_run(store, "funnel", changed={"model.units": [64, 32]})
    keep_run(store, "plain")
    table = compare(store.entries())
    assert {row["name"]: row["model.units"] for row in table.rows} == {"funnel": [64, 32], "plain": [64, 64]}
    assert "model.width" not in keys(table)
    assert "model.depth" not in keys(table)


def test_the_same_default_written_out_does_not_differ(store: Store) -> None:
    keep_run(store, "a", changed={"model.dropout": 0.0})
    keep_run(store, "b")
    assert "model.dropout" not in keys(compare(store.entries()))


def test_defaults_belong_to_the_optimizer(store: Store) -> None:
    keep_run(store, "adam")
    keep_run(store, "sgd", changed={"optimizer.name": "sgd", "optimizer.learning_rate": 0.5})
    table = compare(store.entries())
    assert {row["name"]: row["optimizer.learning_rate"] for row in table.rows} == {"adam": 0.001, "sgd": 0.5}


def test_the_gap_is_validation_minus_train(store: Store) -> None:
    keep_run(store, "x", metrics={"train_loss": 0.5, "val_loss": 0.25})
    assert column(compare(store.entries()), "gap") == [-0.25]


def test_the_best_comes_first_and_what_diverged_last(store: Store) -> None:
    for name, lowest in (("second", 0.2), ("first", 0.1), ("third", 0.3)):
        keep_run(store, name, rows=curves_of(lowest=lowest))
    keep_run(store, "boom", rows=curves_of(lowest=0.01), status="diverged")
    keep_run(store, "unfinished", finish=False)
    table = compare(store.entries())
    assert column(table, "name") == ["first", "second", "third", "unfinished", "boom"]


def test_an_accuracy_that_is_monitored_sorts_downwards(store: Store) -> None:
    for name, accuracy in (("low", 0.5), ("high", 0.9), ("none", None)):
        keep_run(store, name, monitor="val_accuracy", metrics={"val_accuracy": accuracy, "val_loss": 1.0})
    assert column(compare(store.entries()), "name") == ["high", "low", "none"]


def test_a_monitor_without_a_column_sorts_too(store: Store) -> None:
    for name, score in (("low", 0.5), ("high", 0.9)):
        keep_run(store, name, monitor="val_f1", metrics={"val_accuracy": 1.0, "val_f1": score, "val_loss": 1.0})
    assert column(compare(store.entries()), "name") == ["high", "low"]


@pytest.mark.parametrize("sort", ["parameters", "epochs", "name", "model.width", "width", "val loss", "time"])
def test_sorting_by_a_column(store: Store, sort: str) -> None:
    keep_run(store, "b", changed={"model.units": [9, 9]}, parameters=9, rows=curves_of(9, lowest=0.5))
    keep_run(store, "a", changed={"model.units": [5, 5]}, parameters=5, rows=curves_of(5), seconds={"total": 0.5})
    assert column(compare(store.entries(), sort), "name") == ["a", "b"]


def test_an_unknown_column_is_named_with_the_nearest(store: Store) -> None:
    keep_run(store, "a")
    with pytest.raises(UsageError, match=r"--sort: must be a column.*'parameter'. Did you mean `parameters`"):
        compare(store.entries(), "parameter")


def test_seeds_have_a_column_where_they_differ(store: Store) -> None:
    keep_run(store, "a", seed=0)
    keep_run(store, "a", seed=7)
    assert sorted(column(compare(store.entries()), "seed")) == [0, 7]


def test_regression_shows_the_error_in_the_targets_unit(store: Store) -> None:
    metrics = {"train_loss": 1.0, "val_loss": 1.0, "val_mean_absolute_error": 9.0, "val_root_mean_squared_error": 12.0}
    keep_run(store, "a", metrics=metrics)
    table = compare(store.entries())
    assert "val_root_mean_squared_error" in keys(table)
    assert "val RMSE" in [c.title for c in table.columns]


def test_rows_are_flat(store: Store) -> None:
    keep_run(store, "a", changed={"model.units": [4, 2]})
    keep_run(store, "b")
    for row in compare(store.entries()).rows:
        assert not any(isinstance(value, dict) for value in row.values())


def test_nothing_to_compare() -> None:
    assert compare([]).rows == []


def test_damaged_records_do_not_make_it_fail(store: Store) -> None:
    keep_run(store, "whole")
    keep_run(store, "broken").result_path.write_text("{")
    keep_run(store, "no spec").spec_path.unlink()
    table = compare(store.entries())
    assert column(table, "name")[-1] == "broken"
    assert len(listing(store.entries()).rows) == 3


def test_the_document_of_a_run_has_the_agreed_fields(store: Store) -> None:
    folder = keep_run(store, "x", metrics={"train_loss": 0.5, "val_loss": math.inf})
    document = run_document(folder, folder.record())
    assert list(document) == [
        "id", "name", "path", "kind", "status", "seed", "fold", "backend", "engine", "best_epoch", "epochs",
        "parameters", "seconds", "metrics",
    ]  # fmt: skip
    assert document["path"] == str(folder.path)
    assert document["seconds"] == 3.5
    assert document["metrics"] == {"train_loss": 0.5, "val_loss": None}


@pytest.mark.parametrize("metric", ["loss", *CLASSIFICATION_METRICS, *REGRESSION_METRICS])
def test_which_way_is_better_is_what_the_spec_says(metric: str) -> None:
    for side in ("train_", "val_"):
        assert greater_is_better(f"{side}{metric}") == spec_says(f"{side}{metric}")
    assert not greater_is_better(metric)


def test_verdicts_and_all_columns_and_the_last_epoch(store: Store) -> None:
    keep_run(store, "a", metrics_last={"train_loss": 0.25, "val_loss": 0.75}, changed={"model.l2": 0.1})
    table = compare(store.entries(), None, View(last=True, everything=True), told=[Told("overfit", 3)])
    (row,) = table.rows
    assert (row["val_loss"], row["gap"], row["verdict"]) == (0.75, 0.5, "overfit")
    assert {"model.l2", "data.source", "seed", "verdict"} <= set(keys(table))
