"""What a report says, before it is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.errors import UsageError
from dlrun.insight.report.document import Report, report_document
from dlrun.insight.report.tried import shared
from dlrun.insight.words import LANGUAGES
from dlrun.store import Store
from tests.insight.report.stores import DEPTHS, SEEDS, WIDTHS, keep_attacks, keep_sweep, store_at
from tests.stored import curves_of, keep_run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = store_at(tmp_path_factory.mktemp("document"))
    keep_sweep(found)
    return found


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    return report_document(store, store.entries(), store.sweeps(), made=0.0)


def test_the_best_is_named_first_with_its_interval(report: Report) -> None:
    first = report.headlines[0]
    assert "width 32, depth 2" in first
    assert "Best of 6 configurations" in first
    assert "0.0166 ± 0.0025" in first  # 1/64 + (0, 1, 2) / 1000: mean 0.016625, t(2) 4.3027 x 0.001 / sqrt(3)
    assert report.rows[0].label == "width 32, depth 2"
    assert report.title.startswith("grid-")
    assert "6 configurations, 18 runs" in report.subtitle


def test_every_value_of_every_seed_is_there(report: Report) -> None:
    assert sum(len(row.values) for row in report.rows) == len(WIDTHS) * len(DEPTHS) * len(SEEDS)
    best = sorted(report.rows[0].values, key=lambda run: run.name)
    assert [run.name for run in best] == ["seed 0", "seed 1", "seed 2"]
    assert [run.value for run in best] == pytest.approx([1 / 64, 1 / 64 + 0.001, 1 / 64 + 0.002])


def test_a_diverged_run_is_listed_with_its_reason(report: Report) -> None:
    assert [(run.status, run.reason) for run in report.lost] == [("diverged", "val_loss is not a number at epoch 12")]
    assert any("One run came to no number" in line for line in report.headlines)
    worst = next(row for row in report.rows if row.label == "width 8, depth 1")
    assert sorted(run.text for run in worst.values)[-1] == "diverged"


def test_what_was_tried(report: Report) -> None:
    tried = dict(report.tried)
    assert tried["width"] == ["8", "16", "32"]
    assert tried["depth"] == ["1", "2"]
    assert tried["seeds"] == ["0", "1", "2"]
    assert tried["runs"] == ["completed (17)", "diverged (1)"]
    data = dict(report.data)
    assert data["rows"] == ["1,437 train, 360 validation"]
    assert data["fingerprint"] == ["ab" * 16]
    assert ("fit.epochs", "12") in report.shared


def test_the_map_and_the_effects_are_there(report: Report) -> None:
    assert report.map is not None
    assert (report.map.x, report.map.y) == ("width", "depth")
    loss = report.map.grids[0]
    assert [label for label, _ in loss.rows] == ["2", "1"]  # the deepest on top
    assert loss.rows[0][1][2].marks[0] == "best"
    assert report.effects is not None
    assert {key.title for key in report.effects.keys} == {"width", "depth"}
    assert report.learning is None


def test_settings_as_changes_from_the_best(report: Report) -> None:
    assert report.changes[0] == []
    place = [row.label for row in report.rows].index("width 8, depth 2")
    assert report.changes[place] == ["width 32 → 8"]


def test_how_to_make_it_again(report: Report) -> None:
    data, *steps = report.reproduction.steps
    assert "ab" * 16 in data.words
    commands = [step.command for step in steps]
    assert commands[:2] == ["dlrun sweep sweep.yaml", "dlrun train best.yaml"]
    assert [config.name for config in report.reproduction.configs] == ["sweep.yaml", "best.yaml"]
    assert '"units": [32, 32]' in report.reproduction.configs[1].text


def test_curves_are_as_stored(store: Store, report: Report) -> None:
    place = report.rows[0].runs[0]
    run = report.curves.runs[place]
    stored = next(entry for entry in store.entries() if entry.folder.id == run.id).folder.curves()
    assert run.epochs == list(range(1, 13))
    assert run.values["loss"][0] == pytest.approx(stored["train_loss"], rel=1e-4)
    assert run.values["loss"][1] == pytest.approx(stored["val_loss"], rel=1e-4)
    assert run.best == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language(store: Store, language: str) -> None:
    found = report_document(store, store.entries(), language=language)
    assert found.headlines[0]
    assert found.language == language


def test_one_run_is_a_report_too(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "한글 이름")
    found = report_document(store, store.entries())
    assert found.title == "한글 이름"
    assert "한글 이름" in found.headlines[0]
    assert (found.map, found.effects, found.learning) == (None, None, None)


def test_damaged_and_unfinished_runs_do_not_make_it_fail(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "whole")
    keep_run(store, "half", changed={"model.l2": 0.1}, finish=False)
    keep_run(store, "hurt", changed={"model.l2": 0.2}).result_path.write_text("{")
    keep_run(store, "torn", changed={"model.l2": 0.3}).curves_path.write_text("epoch,train_loss\nx,y\n1,2\n")
    keep_run(store, "none", changed={"model.l2": 0.4}, rows=[], status="failed", reason="out of memory")
    found = report_document(store, store.entries())
    assert {run.status for run in found.lost} == {"interrupted", "damaged", "failed"}
    assert len(found.curves.damaged) == 1
    assert "torn" in found.curves.damaged[0]


def test_what_runs_share_is_not_taken_from_a_damaged_one(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    hurt = keep_run(store, "hurt", changed={"model.l2": 0.1})
    for path in (hurt.result_path, hurt.spec_path):
        path.write_text("{")
    for seed in range(2):
        keep_run(store, "whole", seed=seed, changed={"model.l2": 0.1})
    entries = sorted(store.entries(), key=lambda entry: entry.folder.id != hurt.id)
    assert entries[0].folder.id == hurt.id
    assert ("model.l2", "0.1") in shared(entries)


def test_an_unknown_status_is_said_as_it_is(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "whole")
    keep_run(store, "odd", changed={"model.l2": 0.1}, status="abandoned")
    tried = dict(report_document(store, store.entries()).tried)
    assert sorted(tried["runs"]) == ["abandoned (1)", "completed (1)"]


def test_runs_that_came_to_nothing(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "none", rows=[], status="failed", reason="out of memory")
    assert report_document(store, store.entries()).headlines == ["No run came to a number."]


def test_different_data_are_refused_or_said(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "a")
    keep_run(store, "b", data={"source": "moons.csv", "fingerprint": "cd" * 16})
    with pytest.raises(UsageError, match="--anyway"):
        report_document(store, store.entries())
    found = report_document(store, store.entries(), anyway=True)
    assert "do not compare" in found.warnings[0]


def test_no_runs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are no runs in"):
        report_document(store_at(tmp_path), [])


def test_no_text_of_a_user_reaches_a_terminal_unseen(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_attacks(store)
    found = report_document(store, store.entries(), anyway=True)
    assert not any("\x1b" in text or "\u202e" in text for row in found.rows for text in [row.label, found.title])


def test_long_curves_are_thinned_but_keep_the_best_and_the_last(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    keep_run(store, "long", rows=curves_of(5000, best=1234))
    curves = report_document(store, store.entries()).curves
    assert curves.every > 1
    assert len(curves.runs[0].epochs) <= 602
    assert {1, 1234, 5000} <= set(curves.runs[0].epochs)
