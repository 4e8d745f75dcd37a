"""Many runs at once: nothing is lost, nothing is trained twice."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlrun.data import prepare
from dlrun.errors import ConfigError, Interrupted, StoreNotWritable
from dlrun.runner import Budget, Planned, SweepTrainer, plan
from dlrun.runner.held_networks import Keep
from dlrun.spec import Experiment, Finding
from dlrun.spec.write import to_yaml
from dlrun.store import Store
from dlrun.training import Job, Outcome
from dlrun.training.blocks import Block, OnEpochs
from tests.runner.crews import HalvingCrew, SweepHeard, layout, loss
from tests.runner.engines import ConstantNetwork

ROOT = Path(__file__).parents[2]
SAVED = ["model.keras", "predictions.npz", "preprocessing.json"]


def experiments(widths: Sequence[int] = (4, 8), seeds: int = 3, **sections: Any) -> list[Experiment]:
    """A small grid, seeds innermost."""
    fit = {"epochs": 4} | sections.pop("fit", {})
    data = {"source": "iris"} | sections.pop("data", {})
    bases = [
        Experiment.model_validate(
            {"name": "격자 [/x]", "data": data, "model": {"units": [width]}, "fit": fit, **sections}
        )
        for width in widths
    ]
    return [base.with_seed(seed) for base in bases for seed in range(seeds)]


def runs_of(*words: Any, **sections: Any) -> list[Planned]:
    return plan(experiments(*words, **sections), "jax")


def judge(findings: list[Finding]) -> None:
    if any(finding.is_error for finding in findings):
        raise ConfigError([])


def trainer(
    store: Store, crew: HalvingCrew | None = None, **options: Any
) -> tuple[SweepTrainer, HalvingCrew, SweepHeard]:
    crew, heard = crew or HalvingCrew(), SweepHeard()
    cut = options.pop("layout", layout)
    return SweepTrainer(store, crew, cut, heard, judge, **options), crew, heard


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def saved(store: Store) -> dict[tuple[int, int], list[str]]:
    """Width and seed of each run -> the files of its net."""
    found = {}
    for folder in store.folders():
        names = [name for name, _ in folder.files() if name in SAVED]
        found[folder.spec()["model"]["units"][0], folder.record()["seed"] or 0] = names
    return found


def test_runs_are_kept_whole(store: Store) -> None:
    sweep, crew, heard = trainer(store)
    planned = runs_of()
    folders = sweep.train(planned)
    assert [folder.id for folder in folders] == [run.id for run in planned] == crew.trained
    assert heard.words[:2] == ["planned 2", "started 3"]
    assert heard.words[-1] == "finished 3"
    for folder, run in zip(folders, planned, strict=True):
        record = folder.record()
        assert (record["status"], record["engine"], record["kept_epoch"]) == ("completed", "fused", 4)
        assert record["metrics"]["val_loss"] == loss(run_job(run), 4)
        assert folder.curves()["epoch"] == [1, 2, 3, 4]
        assert folder.spec_path.read_text(encoding="utf-8") == to_yaml(run.experiment)
        assert sorted(name for name, _ in folder.files()) == ["curves.csv", "result.json", "spec.yaml"]
    assert {path.name for path in store.runs.iterdir()} == {folder.path.name for folder in folders}, "no lock is left"


def run_job(run: Planned) -> Job:
    return Job(run.id, run.experiment, prepare(run.experiment), run.fold)


def test_runs_share_their_arrays(store: Store) -> None:
    sweep, crew, _ = trainer(store)
    sweep.train(runs_of())
    assert len({id(job.data) for block in crew.blocks for job in block.jobs}) == 1


def test_what_is_done_is_skipped(store: Store) -> None:
    planned = runs_of()
    trainer(store)[0].train(planned[:4])
    sweep, crew, heard = trainer(store)
    folders = sweep.train(planned)
    assert crew.trained == [run.id for run in planned[4:]]
    assert heard.words[0] == "skipped 4"
    assert len(folders) == 6
    again, crew, heard = trainer(store)
    assert again.train(planned) == folders
    assert (crew.trained, heard.words) == ([], ["skipped 6"])


def test_one_run_planned_twice_is_trained_once(store: Store) -> None:
    planned = runs_of()
    sweep, crew, _ = trainer(store)
    assert len(sweep.train([*planned, *planned])) == 6
    assert len(crew.trained) == 6


def test_a_run_of_train_is_not_trained_again(store: Store) -> None:
    from dlrun.runner import Trainer
    from tests.runner.engines import HalvingEngine
    from tests.runner.test_train import Heard

    planned = runs_of()
    Trainer(store, HalvingEngine, "jax", Heard(), judge).train(planned[:1])
    sweep, crew, _ = trainer(store)
    sweep.train(planned)
    assert len(crew.trained) == 5


def test_force_replaces_records(store: Store) -> None:
    planned = runs_of()
    (first, *_) = trainer(store)[0].train(planned)
    before = first.result_path.stat().st_mtime_ns
    sweep, crew, _ = trainer(store, force=True)
    sweep.train(planned)
    assert len(crew.trained) == 6
    assert first.result_path.stat().st_mtime_ns != before
    sweep.train(planned)
    assert len(crew.trained) == 6, "what ended in this process is done"


def test_failed_runs_are_kept_and_repeated(store: Store) -> None:
    planned = runs_of()
    sweep, _, _ = trainer(store, HalvingCrew(fail=(1,)))
    sweep.train(planned[:5])
    failed = store.finished(planned[1].id)
    assert failed is None
    folder = store.by_id(planned[1].id)
    assert folder is not None
    assert folder.record()["reason"] == "its worker was killed by signal 9"
    only, crew, _ = trainer(store, only_failed=True)
    assert len(only.train(planned)) == 5
    assert crew.trained == [planned[1].id, planned[4].id], "the sixth never ran, so it did not fail"
    assert folder.status == "completed"


def test_rounds_of_halving(store: Store) -> None:
    planned = runs_of((4, 8), 1)
    sweep, crew, heard = trainer(store)
    sweep.train(planned, until=2)
    assert [store.folders()[0].status, store.folders()[1].status] == ["pruned", "pruned"]
    sweep.train(planned[1:])
    assert crew.trained == [planned[0].id, planned[1].id, planned[1].id]
    wider = store.by_id(planned[1].id)
    assert wider is not None
    assert (wider.status, wider.record()["epochs"]) == ("completed", 4)
    again, crew, heard = trainer(store)
    again.train(planned, until=2)
    again.train(planned[1:])
    assert (crew.trained, heard.words) == ([], ["skipped 2"])
    again.train(planned, until=3)
    assert crew.trained == [planned[0].id], "it was pruned before that epoch"


def test_folds_are_trained_side_by_side(store: Store) -> None:
    planned = runs_of((4,), 2, data={"folds": 3})
    sweep, _, _ = trainer(store, layout=partial(layout, size=6))
    folders = sweep.train(planned)
    assert [folder.record()["fold"] for folder in folders] == [0, 1, 2] * 2
    assert sum(folder.record()["rows"]["validation"] for folder in folders[:3]) == 150
    (unit,) = sweep.standings.ranked()
    assert len(unit.score().values) == 6


# --- ends ------------------------------------------------------------------------------------------------------------


def test_an_interruption_says_what_is_saved(store: Store) -> None:
    planned = runs_of()
    sweep, _, _ = trainer(store, HalvingCrew(interrupt_after=1))
    with pytest.raises(Interrupted) as interrupted:
        sweep.train(planned)
    assert str(interrupted.value) == (
        f"interrupted: 3 of 6 runs are finished and kept in {store.runs}. The curves of 3 that were under way are kept "
        "too. The same command goes on from there."
    )
    statuses = Counter(folder.status for folder in store.folders())
    assert statuses == {"completed": 3, "interrupted": 3}
    assert [folder.curves()["epoch"] for folder in store.folders() if not folder.finished] == [[1]] * 3
    assert not list(store.runs.glob(".lock*"))
    again, crew, _ = trainer(store)
    again.train(planned)
    assert len(crew.trained) == 3


def test_stopping_begins_no_block(store: Store) -> None:
    sweep, crew, _ = trainer(store, stopping=lambda: True)
    with pytest.raises(Interrupted, match=r"^interrupted: no run has finished\. The same command goes on"):
        sweep.train(runs_of())
    assert crew.trained == []


def test_a_rule_that_the_data_break_stops_before_anything_is_written(store: Store) -> None:
    sweep, _, _ = trainer(store)
    with pytest.raises(ConfigError):
        sweep.train(runs_of(fit={"loss": "binary_crossentropy"}))
    assert not store.root.exists()


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file is in the way")
    sweep, _, _ = trainer(Store(tmp_path / "results"))
    with pytest.raises(StoreNotWritable, match="--results"):
        sweep.train(runs_of())


@dataclass
class FullNetwork(ConstantNetwork):
    def save(self, path: Path) -> None:
        path.write_text("half a net")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


class FullCrew(HalvingCrew):
    """The net of the second seed finds no space."""

    def outcome(self, job: Job) -> Outcome:
        outcome = super().outcome(job)
        return replace(outcome, network=FullNetwork(3)) if job.experiment.seed == 1 else outcome


def test_a_full_disk_keeps_what_could_be_written(store: Store) -> None:
    sweep, _, _ = trainer(store, FullCrew(), keep="all")
    with pytest.raises(StoreNotWritable, match="no space left"):
        sweep.train(runs_of())
    assert Counter(folder.status for folder in store.folders()) == {"completed": 2, "interrupted": 1}
    assert not list(store.runs.glob("*/.aside*"))
    again, crew, _ = trainer(store)
    again.train(runs_of())
    assert len(crew.trained) == 4


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_budget_begins_nothing_that_would_not_end(store: Store) -> None:
    now = [0.0]
    budget = Budget(2.5, clock=lambda: now[0])

    class SecondCrew(HalvingCrew):
        def outcomes(self, block: Block, on_epochs: OnEpochs) -> list[Outcome]:
            now[0] += 1.0
            return super().outcomes(block, on_epochs)

    sweep, crew, heard = trainer(store, SecondCrew(), budget=budget, layout=partial(layout, size=1, seconds=1.0))
    folders = sweep.train(runs_of())
    assert len(folders) == len(crew.trained) == 2
    assert heard.words[-1] == "left out 4"
    assert budget.over


def test_the_start_of_the_workers_counts_for_the_budget_but_not_for_the_pace() -> None:
    now = [0.0]
    (block,) = layout([run_job(run) for run in runs_of((4,), 1)], seconds=1.0)
    assert not Budget(3, clock=lambda: now[0], start_seconds=2.5).allows(block)
    budget = Budget(4, clock=lambda: now[0], start_seconds=2.5)
    assert budget.allows(block)
    budget.begin(block)
    now[0] = 4.5
    budget.end(block.jobs[0].id)
    assert budget.pace == 2


def test_a_budget_learns_the_pace(store: Store) -> None:
    now = [0.0]
    budget = Budget(100, clock=lambda: now[0])
    (block, *_) = layout([run_job(run) for run in runs_of((4,), 1)], seconds=10.0)
    budget.begin(block)
    now[0] = 40.0
    budget.end(block.jobs[0].id)
    assert budget.pace == 4
    assert budget.allows(block)
    now[0] = 61.0
    assert not budget.allows(block), "40 s would be needed"


# --- weights ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("best", [(8, 0), (8, 1)]), (2, [(4, 0), (4, 1), (8, 0), (8, 1)]), ("none", []),
     ("all", [(2, 0), (2, 1), (4, 0), (4, 1), (8, 0), (8, 1)])],
)  # fmt: skip
@pytest.mark.parametrize("mixed", [False, True], ids=["by width", "by seed"])
def test_the_best_weights_are_kept(store: Store, keep: Keep, kept: list[tuple[int, int]], mixed: bool) -> None:
    planned = runs_of((8, 2, 4), 2)
    sweep, crew, heard = trainer(store, keep=keep, layout=partial(layout, size=1))
    sweep.train(sorted(planned, key=lambda run: run.experiment.seed) if mixed else planned)
    sweep.keep_weights()
    found = saved(store)
    assert sorted(run for run, names in found.items() if names) == kept
    assert all(sorted(names) in ([], SAVED) for names in found.values())
    assert len(crew.trained) == 6
    assert "training again" not in " ".join(heard.words)


def test_weights_that_nobody_holds_are_trained_again(store: Store) -> None:
    planned = runs_of((4, 8), 2)
    trainer(store, keep="none")[0].train(planned)
    records = {folder.id: folder.result_path.read_bytes() for folder in store.folders()}
    sweep, crew, heard = trainer(store)
    sweep.train(planned)
    sweep.keep_weights()
    assert heard.words == ["skipped 4", "training again 2"]
    assert crew.trained == [run.id for run in planned[2:]]
    assert {folder.id: folder.result_path.read_bytes() for folder in store.folders()} == records
    assert saved(store) == {(4, 0): [], (4, 1): [], (8, 0): SAVED, (8, 1): SAVED}


def test_what_comes_out_differently_is_replaced_whole(store: Store) -> None:
    planned = runs_of((8,), 1)
    trainer(store, keep="none")[0].train(planned)
    (folder,) = store.folders()
    record = json.loads(folder.result_path.read_text())
    record["metrics"]["val_loss"] *= 1.5
    folder.result_path.write_text(json.dumps(record))
    sweep, _, heard = trainer(store)
    sweep.train(planned)
    sweep.keep_weights()
    assert heard.words[-1] == "differs"
    assert folder.record()["metrics"]["val_loss"] == loss(run_job(planned[0]), 4)
    assert sorted(name for name, _ in folder.files()) == sorted([*SAVED, "curves.csv", "result.json", "spec.yaml"])
    with np.load(folder.predictions_path) as kept:
        assert kept["outputs"].shape == (30, 3)


def test_a_diverged_configuration_has_no_weights_and_comes_last(store: Store) -> None:
    planned = runs_of((4, 8), 2)
    sweep, _, heard = trainer(store, HalvingCrew(diverge=(0, 1)))
    sweep.train(planned)
    sweep.keep_weights()
    assert sweep.standings.best is None
    assert heard.leaders == []
    assert all(not names for names in saved(store).values())


def test_the_leader_is_told(store: Store) -> None:
    sweep, _, heard = trainer(store)
    sweep.train(runs_of((4, 8, 2), 2))
    assert [unit.experiment.model.units for unit in heard.leaders] == [(2,), (4,), (8,)], "blocks come by width"


# --- several processes -----------------------------------------------------------------------------------------------

PROGRAM = """
import sys, time
from functools import partial
from pathlib import Path
from dlrun.runner import SweepTrainer
from dlrun.store import Store
from tests.runner.crews import HalvingCrew, SweepHeard, layout
from tests.runner.test_sweep import judge, runs_of

class Slow(HalvingCrew):
    def outcomes(self, block, on_epochs):
        time.sleep(float(sys.argv[3]))
        found = super().outcomes(block, on_epochs)
        return found

heard = SweepHeard()
crew = Slow()
planned = runs_of(tuple(range(2, 2 + int(sys.argv[2]))), 3)
sweep = SweepTrainer(Store(Path(sys.argv[1])), crew, partial(layout, size=3), heard, judge)
print("ready", flush=True)
folders = sweep.train(planned)
print(len(folders), *crew.trained, flush=True)
"""


def start(store: Store, widths: int, pause: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", PROGRAM, str(store.root), str(widths), str(pause)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def heard_from(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return output.split("\n")[-2].split()


def test_two_processes_share_the_work(store: Store) -> None:
    both = [start(store, 8, 0.1) for _ in range(2)]
    answers = [heard_from(process) for process in both]
    assert [answer[0] for answer in answers] == ["24", "24"], "each sees all runs finished at its end"
    assert Counter(run for answer in answers for run in answer[1:]) == dict.fromkeys(
        (run.id for run in runs_of(tuple(range(2, 10)), 3)), 1
    )


def test_what_another_process_leaves_unfinished_is_trained(store: Store) -> None:
    planned = runs_of((4, 8), 3)
    holder = start(store, 7, 60)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    while not store.folders():
        time.sleep(0.02)
    first = runs_of((2,), 3)
    sweep, crew, heard = trainer(store)
    begun: list[Any] = []
    waiting = heard.waiting

    def told(runs: int) -> None:
        waiting(runs)
        begun.append(runs)
        holder.kill()
        holder.wait()

    heard.waiting = told  # type: ignore[method-assign]
    with holder:
        folders = sweep.train([*first, *planned])
    assert begun == [3]
    assert crew.trained == [run.id for run in [*planned, *first]]
    assert [folder.status for folder in folders] == ["completed"] * 9


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment_it_resumes_and_repeats_nothing(store: Store, seed: int) -> None:
    """kill -9 again and again. A run with a record is whole and is never trained a second time."""
    moments, widths = random.Random(seed), 12
    known: dict[str, int] = {}
    for _ in range(12):
        process = start(store, widths, 0.02)
        assert process.stdout is not None
        with process:
            process.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.4))
            process.send_signal(signal.SIGKILL)
        for folder in store.folders():
            if folder.finished:
                written = folder.result_path.stat().st_mtime_ns
                assert known.setdefault(folder.id, written) == written
                assert folder.record()["status"] == "completed"
                assert folder.curves()["epoch"] == [1, 2, 3, 4]
                assert folder.spec()["fit"]["epochs"] == 4
    answer = heard_from(start(store, widths, 0.0))
    assert answer[0] == str(3 * widths)
    assert not set(answer[1:]) & set(known)
    assert len(answer) - 1 + len(known) == 3 * widths
    assert len(store.folders()) == 3 * widths
