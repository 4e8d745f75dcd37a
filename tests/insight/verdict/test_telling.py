"""Verdicts of stored runs: many at once, in lines, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlrun.insight.verdict import Told, configuration_verdict, verdicts
from dlrun.insight.verdict.child import child_text
from dlrun.insight.verdict.diagnosis import NextExperiment
from dlrun.insight.verdict.stored import verdict_of_run
from dlrun.insight.verdict.telling import diagnosed, group_table, grouped, run_document, run_lines
from dlrun.insight.words import Said
from dlrun.store import Entry, Store
from tests.insight.verdict.made import added, falling, rising_from
from tests.stored import COLUMNS, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def rows_of(train: list[float], val: list[float]) -> list[dict[str, float]]:
    return [
        dict(zip(COLUMNS, (n + 1, 0.001, t, t, v, 0.5, 0.5, 0.0, 0.1), strict=True))
        for n, (t, v) in enumerate(zip(train, val, strict=True))
    ]


GOOD = rows_of(falling(40, 0.2), falling(40, 0.25))
OVER = rows_of(falling(40, 0.05), added(falling(40, 0.2), rising_from(10, 0.03)))


def keep(store: Store, name: str, seed: int, rows: list[dict[str, float]], **fields: object) -> Entry:
    own = {"kept_epoch": 40, "classes": None, **fields}
    return store.entry(keep_run(store, name, seed=seed, rows=rows, **own))  # type: ignore[arg-type]


def test_verdicts_of_many_in_their_order(store: Store) -> None:
    entries = [keep(store, "a", 0, OVER), keep(store, "a", 1, GOOD), keep(store, "b", 2, [], kept_epoch=None)]
    found = verdicts(store, entries)
    assert [one and one.verdict for one in found] == ["overfit", "good fit", None]
    assert found[0] is not None
    assert found[0].turns is not None
    assert verdicts(store, entries) == found  # from the index this time


def test_curves_that_cannot_be_read_once_are_judged_the_next_time(store: Store) -> None:
    entry = keep(store, "a", 0, OVER)
    away = entry.folder.curves_path.with_name("away")
    entry.folder.curves_path.rename(away)
    assert verdicts(store, store.entries()) == [None]
    assert verdict_of_run(entry) is None
    away.rename(entry.folder.curves_path)
    (told,) = verdicts(store, store.entries())
    assert told is not None
    assert told.verdict == "overfit"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["overfit", "overfit", "good fit"], ("overfit", 2 / 3)),
        (["good fit", "overfit"], ("good fit", 0.5)),
        (["overfit", None, None], ("overfit", 1.0)),
        ([None], None),
        ([], None),
    ],
)
def test_the_verdict_of_most_seeds(words: list[str | None], expected: tuple[str, float] | None) -> None:
    assert configuration_verdict([None if word is None else Told(word, None) for word in words]) == expected


def test_a_configuration_and_how_many_of_its_runs_agree(store: Store) -> None:
    entries = [keep(store, "a", seed, OVER if seed else GOOD) for seed in range(3)]
    groups = grouped(store, entries)
    assert [group.verdict for group in groups] == [("overfit", 2 / 3)]
    table = group_table(groups)
    assert [row["shown"] for row in table.rows] == ["overfit (2 of 3)"]
    assert table.notes == ["Configurations: 1 (overfit 1)"]


def test_the_document_of_a_run(store: Store) -> None:
    document = run_document(diagnosed(keep(store, "a", 0, OVER)))
    assert document["verdict"] == "overfit"
    assert document["evidence"]["best_epoch"] == document["turns"]
    assert document["next"]["kind"] == "keep_best"
    assert set(document["next"]["patch"]) == {"fit.keep", "fit.early_stopping"}
    json.dumps(document, allow_nan=False)


def test_lines_in_two_languages(store: Store) -> None:
    run = diagnosed(keep(store, "a", 0, OVER))
    english, korean = (list(run_lines(run, language)) for language in ("en", "ko"))
    assert english[0][0].endswith(": overfit")
    assert korean[0][0].endswith(": 과적합")
    assert len(english) == len(korean)
    assert ("    keep: best", False) in english


def test_hostile_names_reach_no_terminal(store: Store) -> None:
    lines = [line for line, _ in run_lines(diagnosed(keep(store, "\x1b[31mred\n\u202e", 0, GOOD)))]
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in "".join(lines)


def test_curves_that_cannot_be_read(store: Store) -> None:
    entry = keep(store, "a", 0, GOOD)
    entry.folder.curves_path.write_text("epoch,train_loss\n1,what\n2,0.1\n")
    run = diagnosed(entry)
    assert run.diagnosis.verdict is None
    assert run.damage is not None
    assert "curves.csv" in run.damage
    assert verdicts(store, [entry]) == [None]


def test_a_child_names_its_base_from_where_it_lies(store: Store, tmp_path: Path) -> None:
    folder = keep(store, "a", 0, GOOD).folder
    change = NextExperiment("decay", {"schedule.name": "cosine"}, Said("verdict.decay"))
    text = child_text(tmp_path / "deep" / "child.yaml", folder, change)
    assert f'base: "../results/runs/{folder.path.name}/spec.yaml"' in text
    assert text.endswith("schedule:\n  name: cosine\n")
