"""Nets beside classical methods: which are on the same rows, who wins, and how sure that is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from dlrun.errors import UsageError
from dlrun.insight.against import against
from dlrun.insight.beside_baselines import beside_baseline
from dlrun.insight.beside_nets import beside_nets
from dlrun.insight.best_line import best_line
from dlrun.insight.comparison import compare
from dlrun.insight.configuration import Configuration
from dlrun.insight.configurations import compared
from dlrun.insight.curve_rows import curve_rows
from dlrun.insight.listing import listing
from dlrun.insight.rows_difference import BETTER, CANNOT_TELL, TIE, WORSE, rows_difference
from dlrun.insight.same_rows import baselines_on, is_net, nets_on, same_rows
from dlrun.insight.summary import summary, summary_lines
from dlrun.insight.terminal_plot import terminal_plot
from dlrun.insight.verdict import verdicts
from dlrun.insight.verdict.telling import diagnosed, run_document, run_lines
from dlrun.insight.words import LANGUAGES, messages
from dlrun.spec.other_kinds import BaselineName
from dlrun.store import Entry, RunFolder, Store
from dlrun.store.baseline_names import NAMES, baseline_name, perhaps_baselines
from dlrun.store.names import folder_name
from dlrun.training.baselines import METHODS
from tests.insight.beside import ROWS, TARGETS, keep, outputs_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def entry(store: Store, folder: RunFolder) -> Entry:
    return store.entry(folder)


def group(store: Store, *folders: RunFolder) -> Configuration:
    return Configuration(tuple(store.entry(folder) for folder in folders), "val_loss", len(folders))


# --- names -----------------------------------------------------------------------------------------------------------


def test_every_method_has_a_name_in_every_language() -> None:
    assert tuple(NAMES) == get_args(BaselineName) == tuple(METHODS)
    for language in LANGUAGES:
        words = messages(language, "baselines")
        for method, (classes, numbers) in NAMES.items():
            known = [words[f"name_{method}"], words[f"name_{method}_numbers"] if classes != numbers else None]
            if language == "en":
                assert known == [classes, numbers if classes != numbers else None]


@given(some.text(min_size=1), some.sampled_from(list(NAMES)), some.booleans())
def test_baselines_are_found_by_their_folders(other: str, method: str, regression: bool) -> None:
    mine = folder_name(baseline_name(method, regression), "0123456789ab")
    assert perhaps_baselines([mine, "wide-0123456789ab", ".hidden", "", other])[0] == mine
    assert "wide-0123456789ab" not in perhaps_baselines([mine, "wide-0123456789ab"])


# --- the same rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"model.dropout": 0.5, "fit.epochs": 9, "optimizer.learning_rate": 0.1}, True),
        ({"data.source": "/elsewhere/digits.csv"}, True),
        ({"data.augmentation.shift": 0.1}, True),
        ({"fit.loss": "categorical_crossentropy"}, True),
        ({"fit.loss": "kl_divergence"}, False),
        ({"data.train_fraction": 0.5}, False),
        ({"data.split_seed": 1}, False),
        ({"data.scaling": "robust"}, False),
        ({"data.exclude": ["a"]}, False),
        ({"data.folds": 5}, False),
    ],
)
def test_which_runs_are_on_the_same_rows(store: Store, changed: dict[str, Any], same: bool) -> None:
    net, forest = keep(store, 0.6, changed=changed), keep(store, 0.5, "random_forest")
    assert (same_rows(net.record()) == same_rows(forest.record())) == same
    assert [one.folder.id for one in baselines_on(store, net.record())] == ([forest.id] if same else [])
    assert [one.folder.id for one in nets_on(store, forest.record())] == ([net.id] if same else [])


def test_other_rows_and_unfinished_runs_are_not_beside(store: Store) -> None:
    net = keep(store, 0.6)
    keep(store, 0.5, "svm", data={"source": "digits", "fingerprint": "cd" * 16})
    keep(store, 0.5, "naive_bayes", status="failed")
    assert baselines_on(store, net.record()) == []
    assert same_rows({"name": "x", "status": "running"}) is None


def test_a_net_that_is_called_like_a_baseline_is_none(store: Store) -> None:
    net = keep(store, 0.6)
    folder = keep(store, 0.5, "svm", kind="mlp")
    assert folder.label == "support_vector_machine"
    assert baselines_on(store, net.record()) == []


# --- how sure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("right", "outcome"), [(0.8, BETTER), (0.3, WORSE), (0.501, TIE)])
def test_the_difference_over_rows(store: Store, right: float, outcome: str) -> None:
    net, forest = keep(store, right, spread=0.1, seed=1), keep(store, 0.5, "random_forest", seed=2, spread=0.1)
    found = rows_difference(group(store, net), group(store, forest))
    assert found is not None
    assert found.outcome == outcome
    assert found.rows == ROWS
    assert not found.with_seeds
    row = np.log(outputs_of(0.5, 2, 0.1)[np.arange(ROWS), TARGETS]) - np.log(
        outputs_of(right, 1, 0.1)[np.arange(ROWS), TARGETS]
    )
    assert found.mean == pytest.approx(row.mean(), rel=1e-4)
    assert found.half == pytest.approx(1.96 * row.std() / np.sqrt(ROWS), rel=0.15)


def test_seeds_widen_the_interval(store: Store) -> None:
    forest = keep(store, 0.5, "random_forest")
    nets = [keep(store, 0.5 + 0.1 * seed, seed=seed) for seed in range(3)]
    one = rows_difference(group(store, nets[1]), group(store, forest))
    three = rows_difference(group(store, *nets), group(store, forest))
    assert one is not None
    assert three is not None
    assert three.with_seeds
    assert not one.with_seeds
    assert (one.half or 0) < (three.half or 0)
    assert (one.outcome, three.outcome) == (BETTER, TIE)


def test_folds_are_put_together(store: Store) -> None:
    nets = [keep(store, 0.7, fold=fold, seed=0, changed={"data.folds": 3}) for fold in range(3)]
    trees = [keep(store, 0.5, "decision_tree", fold=fold, changed={"data.folds": 3}) for fold in range(3)]
    found = rows_difference(group(store, *nets), group(store, *trees))
    assert found is not None
    assert (found.rows, found.outcome, found.with_seeds) == (3 * ROWS, BETTER, False)
    uneven = rows_difference(group(store, *nets), group(store, *trees[:2]))
    assert uneven is not None
    assert uneven.outcome == CANNOT_TELL


def test_rows_in_groups_are_no_independent_draws(store: Store) -> None:
    changed = {"data.group": "patient"}
    net, forest = keep(store, 0.8, changed=changed), keep(store, 0.5, "random_forest", changed=changed)
    found = rows_difference(group(store, net), group(store, forest))
    assert found is not None
    assert (found.half, found.outcome, found.why) == (None, CANNOT_TELL, "grouped")
    for language, words in (("en", "the rows belong to groups (data.group)"), ("ko", "묶음(data.group)")):
        assert words in beside_nets(store, [store.entry(forest)], language).lines[0]
    assert "data.group" not in "\n".join(line for line, _ in run_lines(diagnosed(store.entry(net))))
    worse = keep(store, 0.2, changed=changed | {"model.dropout": 0.5})
    assert "the rows belong to groups" in "\n".join(line for line, _ in run_lines(diagnosed(store.entry(worse))))


def lost(store: Store, *args: Any, **fields: Any) -> RunFolder:
    gone: dict[str, Any] = {"status": "diverged", "metrics": {}, "metrics_last": {}, "kept_epoch": None}
    return keep(store, *args, **fields | gone)


def test_seeds_that_diverged_flatter_those_that_are_left(store: Store) -> None:
    nets = [keep(store, 0.9, seed=0), *[lost(store, 0.9, seed=seed) for seed in range(1, 5)]]
    forest = keep(store, 0.5, "random_forest")
    found = rows_difference(group(store, *nets), group(store, forest))
    mirrored = rows_difference(group(store, forest), group(store, *nets))
    assert found is not None
    assert mirrored is not None
    assert (found.outcome, found.why, found.half) == (CANNOT_TELL, "diverged", None)
    assert (mirrored.outcome, mirrored.why) == (CANNOT_TELL, "diverged")
    both = rows_difference(group(store, *nets[:2]), group(store, forest, lost(store, 0.5, "random_forest", seed=1)))
    assert both is not None
    assert (both.outcome, both.why) == (BETTER, None)
    worse = rows_difference(group(store, keep(store, 0.2), *nets[1:]), group(store, forest))
    assert worse is not None
    assert worse.outcome == WORSE  # flattered, and behind all the same

    shown = beside_nets(store, [store.entry(forest)])
    assert [row["runs"] for row in shown.table.rows if row["kind"] == "mlp"] == ["2 of 6"]


def test_the_best_net_is_not_the_survivor_of_many(store: Store) -> None:
    """A configuration of which most seeds diverged comes after a sound one."""
    bold = {"optimizer.learning_rate": 0.5}
    survivor = keep(store, 0.9, seed=0, changed=bold)
    for seed in range(1, 5):
        lost(store, 0.9, seed=seed, changed=bold)
    forest = store.entry(keep(store, 0.5, "random_forest"))
    alone = beside_nets(store, [forest])
    assert alone.document["best_net"] == survivor.id
    assert (alone.document["outcome"], alone.document["why"]) == (CANNOT_TELL, "diverged")
    assert "seeds of the one that is ahead diverged" in alone.lines[0]
    assert "발산" in beside_nets(store, [forest], "ko").lines[0]
    sound = [keep(store, 0.8, seed=seed) for seed in range(2)]
    found = beside_nets(store, [forest])
    assert found.document["best_net"] in [folder.id for folder in sound]
    assert [row["runs"] for row in found.table.rows if row["kind"] == "mlp"] == ["2 of 2", "1 of 5"]


def test_a_configuration_that_diverged_altogether_is_no_best_net(store: Store) -> None:
    lost(store, 0.9)
    found = beside_nets(store, [store.entry(keep(store, 0.5, "random_forest"))])
    assert found.document["best_net"] is None
    assert found.lines[0].startswith("The best baseline is random forest")


@pytest.mark.parametrize(("backend", "net"), [(None, False), ("jax", True)])
def test_an_ensemble_of_baselines_alone_is_no_net(store: Store, backend: str | None, net: bool) -> None:
    folder = keep(store, 0.9, kind="ensemble", backend=backend)
    forest = keep(store, 0.5, "random_forest")
    assert is_net(folder.record()) == net
    assert not is_net(forest.record())
    assert [one.folder.id for one in nets_on(store, forest.record())] == ([folder.id] if net else [])
    assert beside_nets(store, [store.entry(forest)]).document["best_net"] == (folder.id if net else None)
    assert (beside_baseline(store.entry(folder)) is not None) == net


def test_an_ensemble_of_all_folds_is_one_run(store: Store) -> None:
    changed = {"data.folds": 3}
    ensemble = keep(store, 0.9, kind="ensemble", changed=changed)
    for fold in range(3):
        keep(store, 0.5, "svm", fold=fold, changed=changed)
    rows = compared(store.entries()).table.rows
    assert [(row["id"] == ensemble.id, row["runs"]) for row in rows] == [(True, "1 of 1"), (False, "3 of 3")]


def test_without_predictions_nothing_is_sure(store: Store) -> None:
    net, forest = keep(store, 0.9, predictions=False), keep(store, 0.3, "random_forest")
    found = rows_difference(group(store, net), group(store, forest))
    assert found is not None
    assert (found.half, found.outcome) == (None, CANNOT_TELL)


# --- what `dlrun baselines` shows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "words"), [(0.8, "beats the best baseline"), (0.2, "loses to"), (0.5, "Nothing tells the best net")]
)
def test_who_wins_in_words(store: Store, right: float, words: str) -> None:
    keep(store, right, seed=3)
    baselines = [keep(store, 0.5, "random_forest"), keep(store, 0.4, "trivial")]
    found = beside_nets(store, [store.entry(folder) for folder in baselines])
    assert len(found.lines) == 1
    assert words in found.lines[0]
    assert "random forest" in found.lines[0]
    assert "over 200 validation rows" in found.lines[0]
    kinds = [row["kind"] for row in found.table.rows]
    assert sorted(kinds) == ["baseline", "baseline", "mlp"]
    json.dumps(found.document, allow_nan=False)
    korean = beside_nets(store, [store.entry(folder) for folder in baselines], "ko")
    assert "랜덤 포레스트" in korean.lines[0]


def test_without_a_net_the_best_baseline_is_named(store: Store) -> None:
    found = beside_nets(store, [store.entry(keep(store, 0.5, "svm"))])
    assert found.lines[0].startswith("The best baseline is support vector machine: val_loss 0.")
    assert beside_nets(store, []).lines == []


def test_what_failed_wins_nothing(store: Store) -> None:
    folder = keep(store, 0.5, "svm", status="failed", metrics={}, metrics_last={}, kept_epoch=None)
    assert beside_nets(store, [store.entry(folder)]).lines == ["No baseline came to a number."]


def test_the_best_nets_alone_are_shown(store: Store) -> None:
    for place in range(8):
        keep(store, 0.3 + 0.05 * place, changed={"model.dropout": place / 10})
    found = beside_nets(store, [store.entry(keep(store, 0.9, "random_forest"))])
    assert [row["kind"] for row in found.table.rows] == ["baseline", *["mlp"] * 5]
    assert any("3 more are left out" in note for note in found.table.notes)


def test_on_train_rows_alone_nobody_wins(store: Store) -> None:
    fields: dict[str, Any] = {"monitor": "train_loss"}
    keep(store, 0.5, **fields)
    found = beside_nets(store, [store.entry(keep(store, 0.9, "decision_tree", **fields))])
    assert found.lines[0].startswith("No rows are held out")


# --- the tables of nets ----------------------------------------------------------------------------------------------


def test_a_baseline_has_no_settings_of_nets(store: Store) -> None:
    net = keep(store, 0.6, changed={"model.dropout": 0.2, "fit.epochs": 9})
    forest = keep(store, 0.5, "random_forest")
    entries = [store.entry(folder) for folder in (net, forest)]
    for table in (compared(entries, told=verdicts(store, entries)).table, compare(entries)):
        keys = [column.key for column in table.columns]
        assert "kind" in keys
        assert not {"model.dropout", "fit.epochs", "baseline.name", "backend", "model.width"} & set(keys)
        (row,) = [row for row in table.rows if row["kind"] == "baseline"]
        assert (row["best_epoch"], row["parameters"]) == (None, None)


def test_settings_that_differ_between_nets_are_empty_for_baselines(store: Store) -> None:
    folders = [
        keep(store, 0.6, changed={"model.dropout": 0.2}),
        keep(store, 0.6, changed={"model.dropout": 0.4, "model.units": [8, 8]}),
        keep(store, 0.5, "random_forest"),
    ]
    table = compared([store.entry(folder) for folder in folders]).table
    keys = [column.key for column in table.columns]
    assert {"model.dropout", "model.width"} <= set(keys)
    (row,) = [row for row in table.rows if row["kind"] == "baseline"]
    assert (row["model.dropout"], row["model.width"]) == (None, None)


@pytest.mark.parametrize(("method", "outcome"), [("linear_model", "better"), ("decision_tree", "cannot tell")])
def test_a_method_that_draws_nothing_is_compared_with_each_seed(store: Store, method: str, outcome: str) -> None:
    nets = group(store, *(keep(store, 0.7, seed=seed, spread=0.1) for seed in range(3)))
    one = group(store, keep(store, 0.6, method))
    (_, found) = against([one.sample("val_loss"), nets.sample("val_loss")], 0)
    assert found.outcome == outcome


def test_the_best_line_names_the_method(store: Store) -> None:
    keep(store, 0.6, changed={"model.dropout": 0.2})
    keep(store, 0.6, changed={"model.dropout": 0.4})
    keep(store, 0.9, "random_forest")
    table = compared(store.entries()).table
    assert best_line(table, "val_loss").startswith("best: random forest: val_loss 0.1")


def test_a_list_without_baselines_has_no_column_of_kinds(store: Store) -> None:
    keep(store, 0.6)
    assert "kind" not in [column.key for column in listing(store.entries()).columns]
    keep(store, 0.6, "svm")
    table = listing(store.entries())
    assert "kind" in [column.key for column in table.columns]
    (row,) = [row for row in table.rows if row["kind"] == "baseline"]
    assert (row["epochs"], row["best_epoch"]) == (None, None)


def test_show_says_what_there_is(store: Store) -> None:
    text = "\n".join(line for line, _ in summary_lines(summary(store.entry(keep(store, 0.6, "svm")))))
    assert "baseline.name  svm" in text
    assert "epoch" not in text
    assert "optimizer" not in text


def test_an_unfinished_baseline_is_one(store: Store) -> None:
    from tests.stored import keep_run

    folder = keep_run(store, "svm", changed={"baseline.name": "svm"}, finish=False, rows=[])
    assert folder.record()["kind"] == "baseline"


# --- curves ----------------------------------------------------------------------------------------------------------


def test_a_baseline_is_a_level_line_beside_nets(store: Store) -> None:
    net, tree = keep(store, 0.6), keep(store, 0.5, "decision_tree")
    rows = curve_rows([store.entry(net), store.entry(tree)])
    assert rows.flat == ("decision tree",)
    level = [(point["epoch"], point["value"]) for point in rows.points if point["line"] == "decision tree"]
    value = tree.record()["metrics"]["val_loss"]
    assert level == [(1, value), (5, value)]
    assert [point["line"] for point in rows.best] != ["decision tree"]
    assert any("decision tree  validation 0." in line for line in terminal_plot(rows, 100, False))


def test_baselines_alone_have_no_curves(store: Store) -> None:
    with pytest.raises(UsageError, match="no epochs, so there are no curves"):
        curve_rows([store.entry(keep(store, 0.5, "decision_tree"))])


# --- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (0.8, "beats the best baseline on the same rows, logistic regression"),
        (0.2, "loses to logistic regression on the same rows: val_loss 1."),
        (0.499, "no better than logistic regression"),
        (0.501, "the best baseline on the same rows, logistic regression"),
    ],
)
def test_a_diagnosis_names_the_baseline(store: Store, right: float, words: str) -> None:
    net = keep(store, right, spread=0.2, seed=5)
    assert not any("baseline" in line for line, _ in run_lines(diagnosed(store.entry(net))))
    keep(store, 0.5, "linear_model", spread=0.2, seed=5 if right in (0.499, 0.501) else 0)
    if right in (0.499, 0.501):  # too near to be told apart
        net = keep(store, right, spread=0.2, seed=6, changed={"model.dropout": 0.5})
    run = diagnosed(store.entry(net))
    if right in (0.499, 0.501):
        assert run.beside is not None
        assert run.beside.change.outcome == TIE
    else:
        assert words in "\n".join(line for line, _ in run_lines(run))
    document = run_document(run)
    assert document["baseline"]["name"] == "logistic regression"
    assert document["evidence"]["reference_val_loss"] == pytest.approx(document["baseline"]["value"])
    assert not any("reference run" in text for text in document["findings"])
    json.dumps(document, allow_nan=False)


def test_the_verdict_itself_stays(store: Store) -> None:
    net = keep(store, 0.2)
    before = diagnosed(store.entry(net)).diagnosis.verdict
    told = verdicts(store, store.entries())
    keep(store, 0.9, "svm")
    assert diagnosed(store.entry(net)).diagnosis.verdict == before
    assert verdicts(store, [store.entry(net)]) == told


def test_a_baseline_has_no_verdict_and_says_why(store: Store) -> None:
    run = diagnosed(store.entry(keep(store, 0.5, "svm")))
    assert run.diagnosis.verdict is None
    assert run.beside is None
    assert "has no epochs" in list(run_lines(run))[1][0]


def test_folds_are_compared_with_their_own(store: Store) -> None:
    changed = {"data.folds": 2}
    net = keep(store, 0.6, fold=1, changed=changed)
    for fold, right in ((0, 0.9), (1, 0.5)):
        keep(store, right, "svm", fold=fold, changed=changed)
    found = beside_baseline(store.entry(net))
    assert found is not None
    assert found.change.outcome == BETTER


def test_without_predictions_a_diagnosis_claims_nothing(store: Store) -> None:
    net = keep(store, 0.2, predictions=False)
    keep(store, 0.9, "svm")
    text = "\n".join(line for line, _ in run_lines(diagnosed(store.entry(net))))
    assert "support vector machine is better on the same rows" in text
    assert "cannot be told" in text
