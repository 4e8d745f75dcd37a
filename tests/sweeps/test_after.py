from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import UsageError
from dlrun.runner import Planned, SweepTrainer, plan
from dlrun.spec import Experiment
from dlrun.spec.rules import rules_of_spec
from dlrun.store import RunFolder, Store
from dlrun.sweeps.after import continued, refitted
from dlrun.training.schedules import rate_of
from tests.runner.crews import HalvingCrew, SweepHeard, layout
from tests.runner.test_sweep import judge
from tests.stored import COLUMNS, curves_of, record_of, spec_text

Runs = list[tuple[Planned, RunFolder]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def experiment(**sections: Any) -> Experiment:
    data = {"source": "iris"} | sections.pop("data", {})
    fit = {"epochs": 10, "early_stopping": {"patience": 3}} | sections.pop("fit", {})
    return Experiment.model_validate({"name": "iris", "data": data, "fit": fit, **sections})


def runs_of(store: Store, one: Experiment, kept: list[int], rates: list[float] | None = None, **fields: Any) -> Runs:
    """Finished runs of seeds 0, 1, ... (and of all folds) with these kept epochs."""
    seeds = len(kept) // (one.data.folds or 1)
    planned = plan([one.with_seed(seed) for seed in range(seeds)], "jax")
    given = rates or [0.001] * 10
    found = []
    for run, epoch in zip(planned, kept, strict=True):
        rows = curves_of(len(given))
        for row, rate in zip(rows, given, strict=True):
            row["learning_rate"] = rate
        with store.writer(run.id, "iris") as writer:
            writer.begin(spec_text("iris", 0, {}), COLUMNS)
            for row in rows:
                writer.append(row)
            folder = writer.finish(record_of(run.id, "iris", rows, kept_epoch=epoch, **fields))
        found.append((run, folder))
    return found


@pytest.mark.parametrize(
    ("kept", "epochs"), [([4], 4), ([4, 9], 7), ([2, 3, 9], 3), ([1, 2], 2)], ids=["one", "even", "odd", "half up"]
)
def test_a_refit_trains_the_median_of_the_best_epochs(store: Store, kept: list[int], epochs: int) -> None:
    found = refitted(runs_of(store, experiment(), kept))
    assert [one.seed for one in found] == list(range(len(kept)))
    for one in found:
        assert (one.fit.epochs, one.fit.early_stopping, one.fit.keep) == (epochs, None, "last")
        assert (one.data.validation_split, one.monitor, one.name) == (0, "train_loss", "iris-refit")
        assert [finding for finding in rules_of_spec(one) if finding.is_error] == []


def test_a_refit_of_folds_has_one_run_per_seed(store: Store) -> None:
    found = refitted(runs_of(store, experiment(data={"folds": 2}), [3, 4, 5, 6]))
    assert [(one.seed, one.data.folds, one.fit.epochs) for one in found] == [(0, None, 5), (1, None, 5)]


def test_a_refit_monitors_what_there_is(store: Store) -> None:
    (one,) = refitted(runs_of(store, experiment(fit={"monitor": "val_accuracy"}), [3]))
    assert one.monitor == "train_loss"


@pytest.mark.parametrize(
    "schedule",
    [{"name": "step", "every": 2}, {"name": "exponential"}, {"name": "cosine_restarts"}, {"name": "inverse_time"}],
    ids=lambda schedule: str(schedule["name"]),
)
def test_a_refit_keeps_a_schedule_that_counts_from_the_start(store: Store, schedule: dict[str, Any]) -> None:
    one = experiment(schedule=schedule)
    (refit,) = refitted(runs_of(store, one, [5]))
    assert refit.schedule == one.schedule


@pytest.mark.parametrize(
    "schedule",
    [{"name": "cosine", "warmup_epochs": 2}, {"name": "polynomial"}, {"name": "one_cycle"}],
    ids=lambda schedule: str(schedule["name"]),
)
def test_a_refit_keeps_the_rates_of_a_schedule_over_all_epochs(store: Store, schedule: dict[str, Any]) -> None:
    one = experiment(schedule=schedule)
    rate = rate_of(one)
    assert rate is not None
    rates = [rate(epoch) for epoch in range(10)]
    (refit,) = refitted(runs_of(store, one, [6], rates))
    again = rate_of(refit)
    assert again is not None
    assert [again(epoch) for epoch in range(6)] == rates[:6]


@pytest.mark.parametrize(
    ("rates", "epochs", "schedule", "learning_rate"),
    [
        ([0.1] * 4 + [0.01] * 6, 6, {"boundaries": (4,), "values": (0.1, 0.01)}, 0.1),
        ([0.1] * 4 + [0.01] * 6, 4, None, 0.1),
        ([0.1, 0.05, 0.05], 5, {"boundaries": (1,), "values": (0.1, 0.05)}, 0.1),
    ],
    ids=["falls", "before it falls", "longer than the curve"],
)
def test_a_refit_keeps_the_rates_of_a_plateau(
    store: Store, rates: list[float], epochs: int, schedule: dict[str, Any] | None, learning_rate: float
) -> None:
    one = experiment(schedule="reduce_lr_on_plateau", optimizer={"name": "sgd", "learning_rate": 0.1})
    (refit,) = refitted(runs_of(store, one, [epochs], rates))
    assert refit.schedule.name == ("constant" if schedule is None else "piecewise")
    assert schedule is None or refit.schedule.model_dump().items() >= schedule.items()
    assert refit.optimizer.learning_rate == learning_rate


@pytest.mark.parametrize(
    ("sections", "fields", "message"),
    [
        ({"data": {"validation_split": 0.0}}, {}, "there are no validation rows"),
        ({}, {"kept_epoch": None}, "has no best epoch: it failed or diverged"),
        ({}, {"kept_epoch": 0}, "There is nothing to train"),
    ],
)
def test_what_cannot_be_refitted(store: Store, sections: dict[str, Any], fields: dict[str, Any], message: str) -> None:
    runs = runs_of(store, experiment(**sections), [3])
    ((planned, folder),) = runs
    record = folder.record() | fields
    with store.writer(planned.id, "iris") as writer:
        writer.begin(spec_text("iris", 0, {}), COLUMNS)
        writer.finish(record)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=message):
        refitted(runs)


def test_rows_of_two_files_are_not_refitted(store: Store, tmp_path: Path) -> None:
    for name in ("train", "val"):
        (tmp_path / f"{name}.csv").write_text("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(20)))
    data = {"source": str(tmp_path / "train.csv"), "validation_source": str(tmp_path / "val.csv"), "target": "y"}
    with pytest.raises(UsageError, match="rows of two files are not put together"):
        refitted(runs_of(store, experiment(data=data), [3]))


def test_a_refit_is_trained_and_keeps_its_weights(store: Store) -> None:
    found = refitted(runs_of(store, experiment(), [3, 5]))
    trainer = SweepTrainer(store, HalvingCrew(), partial(layout, size=2), SweepHeard(), judge, keep="all")
    folders = trainer.train(plan(found, "jax"))
    assert [folder.record()["rows"]["train"] for folder in folders] == [150, 150]
    assert [folder.record()["epochs"] for folder in folders] == [4, 4]
    assert all(folder.model_path.is_file() for folder in folders)


@pytest.mark.parametrize(("epochs", "expected"), [(None, 20), (25, 25)])
def test_the_best_are_continued(store: Store, epochs: int | None, expected: int) -> None:
    runs = [runs_of(store, experiment(model={"units": [width]}), [3, 4]) for width in (4, 8)]
    found = continued(runs, epochs)
    assert [(one.model.units, one.seed, one.fit.epochs) for one in found.experiments] == [
        ((4,), 0, expected), ((4,), 1, expected), ((8,), 0, expected), ((8,), 1, expected),
    ]  # fmt: skip
    assert found.notes == ()


def test_folds_are_continued_once_per_seed(store: Store) -> None:
    found = continued([runs_of(store, experiment(data={"folds": 2}), [3, 4, 5, 6])])
    assert [one.seed for one in found.experiments] == [0, 1]


@pytest.mark.parametrize(
    ("sections", "epochs", "status", "message"),
    [
        ({}, 10, "completed", "has 10 epochs already; --epochs must be more. Received: 10"),
        ({}, None, "stopped_early", r"early stopping ended each of its runs"),
        ({"fit": {"epochs": 0}}, None, "completed", "has 0 epochs; give --epochs"),
    ],
)
def test_what_cannot_be_continued(
    store: Store, sections: dict[str, Any], epochs: int | None, status: str, message: str
) -> None:
    runs = runs_of(store, experiment(**sections), [3], status=status)
    with pytest.raises(UsageError, match=message):
        continued([runs], epochs)
    other = runs_of(store, experiment(model={"units": [4]}, fit={"epochs": 9}), [3])
    found = continued([runs, other], epochs)
    assert len(found.experiments) == len(found.notes) == 1


def test_a_cosine_that_stopped_early_is_continued(store: Store) -> None:
    one = experiment(schedule={"name": "cosine"})
    assert continued([runs_of(store, one, [3], status="stopped_early")]).experiments[0].fit.epochs == 20
