"""Health records in the store: with a new run, added to one that was trained without, and refused where it differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import Interrupted, StoreError
from dlrun.runner import Trainer, plan
from dlrun.store import RunFolder, Store
from dlrun.training import Job, OnEpoch, Outcome, Stopping, never
from tests.runner.engines import HalvingEngine
from tests.runner.test_train import Heard, experiment, judge

SEEN: dict[str, Any] = {"format": 1, "epochs": [0, 1, 2], "layers": []}


@dataclass
class WatchingEngine(HalvingEngine):
    """Also gives health records, where the job asks for them."""

    times: float = 1.0
    """Every measure so many times as large: another machine."""

    def run(self, jobs: Iterable[Job], on_epoch: OnEpoch, stopping: Stopping = never) -> Iterator[Outcome]:
        for outcome in super().run(jobs, on_epoch, stopping):
            curves = tuple(
                {key: value if key == "epoch" else value * self.times for key, value in row.items()}
                for row in outcome.curves
            )
            yield replace(outcome, curves=curves, health=SEEN if outcome.job.health else None)


def train(
    store: Store, engine: HalvingEngine, health: bool = True, force: bool = False
) -> tuple[RunFolder, Heard, list[str]]:
    heard, told = Heard(), list[str]()
    trainer = Trainer(
        store, lambda: engine, "jax", heard, judge, force, health=health, tell=told.append
    )  # fmt: skip
    (folder,) = trainer.train(plan([experiment()], "jax"))
    return folder, heard, told


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def content(folder: RunFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.iterdir()}


def test_records_are_written_with_the_run(store: Store) -> None:
    folder, heard, told = train(store, WatchingEngine())
    assert json.loads(folder.health_path.read_text(encoding="utf-8")) == SEEN
    assert heard.words[-1] == "finished"
    assert told == []
    again, heard, told = train(store, WatchingEngine())
    assert (again, heard.words, told) == (folder, ["skipped"], [])


def test_the_id_knows_nothing_of_it(store: Store) -> None:
    folder, _, _ = train(store, WatchingEngine(), health=False)
    assert not folder.health_path.exists()
    assert train(store, WatchingEngine(), force=True)[0].path == folder.path
    assert folder.health_path.exists()


def test_a_finished_run_gets_them_and_stays_as_it_was(store: Store) -> None:
    folder, _, _ = train(store, WatchingEngine(), health=False)
    before = content(folder)
    again, heard, told = train(store, WatchingEngine())
    assert told == [f"{folder.path.name} is done, but without health records; training it once more to add them"]
    assert heard.words == ["loading", "started 0", "epoch 1", "epoch 2", "finished"]
    after = content(again)
    assert json.loads(after.pop("health.json")) == SEEN
    assert after == before


def test_another_outcome_is_refused_and_nothing_changes(store: Store) -> None:
    folder, _, _ = train(store, WatchingEngine(), health=False)
    before = content(folder)
    with pytest.raises(StoreError, match=r"came out differently.*--health --force` replaces it"):
        train(store, WatchingEngine(times=1.01))
    assert content(folder) == before


def test_a_run_of_the_fused_engine_may_differ_by_rounding(store: Store) -> None:
    train(store, WatchingEngine(name="fused"), health=False)
    with pytest.raises(StoreError, match="another engine"):
        train(store, WatchingEngine(times=1.03))
    folder, heard, _ = train(store, WatchingEngine(times=1.01))
    assert heard.words[-1] == "finished"
    assert folder.health_path.is_file()


def test_one_that_is_refused_does_not_keep_the_others_from_theirs(store: Store) -> None:
    planned = plan([experiment().with_seed(seed) for seed in range(4)], "jax")
    folders = Trainer(store, lambda: WatchingEngine(), "jax", Heard(), judge).train(planned)
    for folder in (folders[0], folders[2]):
        record = folder.record()
        changed = {**record, "metrics": dict.fromkeys(record["metrics"], 0.7)}
        folder.result_path.write_text(json.dumps(changed), encoding="utf-8")
    heard = Heard()
    with pytest.raises(StoreError, match="came out differently") as caught:
        Trainer(store, lambda: WatchingEngine(), "jax", heard, judge, health=True).train(planned)
    assert len(str(caught.value).splitlines()) == 1
    assert [folder.path.name in str(caught.value) for folder in folders] == [True, False, True, False]
    assert [folder.health_path.is_file() for folder in folders] == [False, True, False, True]
    assert heard.words.count("finished") == 2


def test_an_interruption_of_the_second_training_changes_nothing(store: Store) -> None:
    folder, _, _ = train(store, WatchingEngine(), health=False)
    before = content(folder)
    with pytest.raises(Interrupted, match="nothing was changed"):
        train(store, WatchingEngine(interrupt_after=1))
    assert content(folder) == before


def test_an_interrupted_run_keeps_what_was_seen(store: Store) -> None:
    with pytest.raises(Interrupted, match="kept in"):
        train(store, WatchingEngine(interrupt_after=1))
    (folder,) = store.folders()
    assert folder.status == "interrupted"
    assert json.loads(folder.health_path.read_text(encoding="utf-8")) == SEEN


def test_a_diverged_run_has_records_without_a_net(store: Store) -> None:
    folder, _, _ = train(store, WatchingEngine(diverge=True))
    assert folder.status == "diverged"
    assert folder.health_path.is_file()
    assert not folder.model_path.exists()
