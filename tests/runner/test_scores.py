from __future__ import annotations

import math
from typing import Any

import pytest

from dlrun.runner import Standings, plan
from dlrun.runner.scores import configuration_score
from dlrun.store import Record
from tests.runner.test_sweep import experiments


def record(value: float | None, status: str = "completed", metric: str = "val_loss") -> Record:
    return Record(status=status, metrics={metric: value})


@pytest.mark.parametrize(
    ("records", "runs", "mean", "whole"),
    [
        ([record(0.25), record(0.75)], 2, 0.5, 0.5),
        ([record(0.25)], 2, 0.25, None),
        ([record(0.25), record(None)], 2, 0.25, None),
        ([record(0.25), record(math.nan)], 2, 0.25, None),
        ([record(0.25), record(0.1, "diverged")], 2, 0.25, None),
        ([record(0.25), record(0.1, "failed")], 2, 0.25, None),
        ([record(0.25, "pruned"), record(0.5, "stopped_early")], 2, 0.375, 0.375),
        ([record(0.25, metric="val_accuracy")], 1, None, None),
        ([], 3, None, None),
    ],
)
def test_a_configuration_is_worth_the_mean_of_its_runs(
    records: list[Record], runs: int, mean: float | None, whole: float | None
) -> None:
    score = configuration_score(records, runs, "val_loss")
    assert (score.mean, score.whole) == (mean, whole)


@pytest.mark.parametrize(
    ("monitor", "better", "worse"),
    [
        ("val_loss", [record(0.2)], [record(0.3)]),
        ("val_accuracy", [record(0.3, metric="val_accuracy")], [record(0.2, metric="val_accuracy")]),
        ("val_loss", [record(0.3)], [record(0.2, "pruned")]),
        ("val_loss", [record(0.3), record(0.3)], [record(0.1), record(0.1, "diverged")]),
        ("val_loss", [record(0.3)], [record(None)]),
    ],
    ids=["lower loss", "higher score", "not pruned", "more runs with a number", "a number at all"],
)
def test_the_better_comes_first(monitor: str, better: list[Record], worse: list[Record]) -> None:
    scores = [configuration_score(records, len(records), monitor) for records in (better, worse)]
    assert scores[0].order < scores[1].order


def standings(**sections: Any) -> tuple[Standings, list[str]]:
    planned = plan(experiments((4, 8), 2, **sections), "jax")
    found = Standings()
    found.expect(planned)
    found.expect(planned)
    return found, [run.id for run in planned]


def test_seeds_and_folds_are_one_configuration() -> None:
    assert [len(unit.runs) for unit in standings()[0].units.values()] == [2, 2]
    assert [len(unit.runs) for unit in standings(data={"folds": 3})[0].units.values()] == [6, 6]


def test_the_leader_is_one_whose_runs_have_all_ended() -> None:
    found, ids = standings()
    found.note(ids[0], record(0.1))
    assert found.best is None
    found.note(ids[1], record(0.3))
    assert found.best is found.unit_of(ids[0])
    found.note(ids[2], record(0.1))
    found.note(ids[3], record(0.2))
    assert found.best is found.unit_of(ids[2])
    assert found.ranked() == [found.unit_of(ids[2]), found.unit_of(ids[0])]
    found.note(ids[3], record(0.9))
    assert found.best is found.unit_of(ids[0]), "trained again, it lost its lead"
