"""Workers: they train what the engines would, die without harm, end at once when told, and write nets for others."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlrun.errors import DlrunError
from dlrun.spec import Experiment
from dlrun.training import EpochRow, Job, Outcome, never
from dlrun.training.blocks import Block
from dlrun.training.crew import LocalCrew, cores_of, death, free_memory, usable_cores
from dlrun.training.layout import layout
from tests.training.cases import digits, experiment, without_seconds


@pytest.fixture(scope="module")
def crew() -> Iterator[LocalCrew]:
    """Two workers."""
    found = LocalCrew(2, "cpu")
    found.start()
    yield found
    found.close()


def jobs_of(*specs: Experiment) -> list[Job]:
    return [Job(f"{place:012x}", spec, digits()) for place, spec in enumerate(specs)]


def trained(crew: LocalCrew, blocks: Sequence[Block], told: list[tuple[str, EpochRow]] | None = None) -> list[Outcome]:
    def hear(rows: Sequence[tuple[Job, EpochRow]]) -> None:
        if told is not None:
            told.extend((job.id, row) for job, row in rows)

    return [outcome for outcomes in crew.run(blocks, lambda block: block, hear, never) for outcome in outcomes]


def test_fused_and_refused_jobs(crew: LocalCrew) -> None:
    jobs = jobs_of(*(experiment(seed=seed) for seed in range(3)), experiment(fit={"epochs": 0}))
    blocks = layout(jobs, 2)
    assert {block.engine for block in blocks} == {"fused", "keras"}
    told: list[tuple[str, EpochRow]] = []
    outcomes = {outcome.job.id: outcome for outcome in trained(crew, blocks, told)}
    assert sorted(outcomes) == [job.id for job in jobs]
    for job in jobs:
        assert outcomes[job.id].job is job
        assert outcomes[job.id].status == "completed"
        assert repr(list(outcomes[job.id].curves)) == repr([row for name, row in told if name == job.id])  # with nan


def test_a_net_is_written_and_applied_by_a_worker(crew: LocalCrew, tmp_path: Path) -> None:
    import keras

    (job,) = jobs_of(experiment(model={"units": [9], "dropout": 0.2, "batch_normalization": True}, seed=7))
    (outcome,) = trained(crew, layout([job], 2))
    assert outcome.network is not None
    assert outcome.network.parameters == outcome.parameters == 64 * 9 + 9 + 18 + 9 * 10 + 10
    outcome.network.save(tmp_path / "model.keras")
    rows = digits().validation
    assert rows is not None
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        outcome.network.outputs(rows.x), loaded.predict(rows.x, verbose=0, batch_size=1000), atol=1e-6
    )
    loaded.compile(loss="sparse_categorical_crossentropy")
    kept = outcome.curves[(outcome.kept_epoch or 0) - 1]
    assert loaded.evaluate(rows.x, rows.y, verbose=0, batch_size=1000) == pytest.approx(kept["val_loss"], abs=1e-6)


def test_a_block_may_shrink_or_vanish_when_it_is_begun(crew: LocalCrew) -> None:
    jobs = jobs_of(*(experiment(seed=seed) for seed in range(4)))
    blocks = layout(jobs, 2)

    def begin(block: Block) -> Block | None:
        left = tuple(job for job in block.jobs if job is jobs[1])
        return replace(block, jobs=left) if left else None

    outcomes = [outcome for found in crew.run(blocks, begin, lambda rows: None, never) for outcome in found]
    assert [outcome.job for outcome in outcomes] == [jobs[1]]


def test_who_trains_beside_changes_nothing(crew: LocalCrew) -> None:
    jobs = jobs_of(*(experiment(seed=seed, model={"units": [8 + 4 * seed]}) for seed in range(4)))
    together = {outcome.job.id: outcome for outcome in trained(crew, layout(jobs, 2))}
    for job in jobs:
        (alone,) = trained(crew, layout([job], 1))
        for one, other in zip(without_seconds(alone.curves), without_seconds(together[job.id].curves), strict=True):
            assert one == pytest.approx(other, rel=1e-4)


def test_a_worker_that_dies_fails_its_jobs_alone(crew: LocalCrew) -> None:
    long = experiment(fit={"epochs": 100_000})
    jobs = [Job("a" * 12, long, digits()), *jobs_of(*(experiment(model={"units": [4]}, seed=s) for s in range(2)))]
    blocks = [*layout(jobs[:1], 1), *layout(jobs[1:], 1)]

    def hear(rows: Sequence[tuple[Job, EpochRow]]) -> None:
        busy = [hand for hand in crew._hands if jobs[0].id in hand.left]
        if any(job is jobs[0] for job, _ in rows) and busy:
            os.kill(busy[0].process.pid, signal.SIGKILL)

    found = {outcome.job.id: outcome for many in crew.run(blocks, lambda b: b, hear, never) for outcome in many}
    assert found[jobs[0].id].status == "failed"
    assert found[jobs[0].id].reason == "its worker was killed by signal 9, probably for want of memory"
    assert len(found[jobs[0].id].curves) > 0
    assert [found[job.id].status for job in jobs[1:]] == ["completed", "completed"]
    assert len(trained(crew, layout(jobs[1:], 2))) == 2


def test_a_net_is_applied_while_all_workers_train(crew: LocalCrew) -> None:
    """The nets are larger than what a pipe holds: neither side may wait for the other to listen."""
    wide = {"units": [300, 300], "dropout": 0.1}
    jobs = jobs_of(*(experiment(model=wide, seed=seed, fit={"epochs": 1 + seed}) for seed in range(6)))
    rows = digits().validation
    assert rows is not None
    blocks = [replace(block, jobs=(job,), slots=1) for job in jobs for block in layout([job], 1)]
    outputs = []
    for outcomes in crew.run(blocks, lambda block: block, lambda rows: None, never):
        for outcome in outcomes:
            assert outcome.network is not None
            outputs.append(outcome.network.outputs(rows.x))
    assert len(outputs) == len(jobs)
    assert all(found.shape == (len(rows), 10) for found in outputs)


def test_stopping_ends_at_once_and_names_what_was_under_way() -> None:
    crew = LocalCrew(1, "cpu")
    (job,) = jobs_of(experiment(fit={"epochs": 1_000_000}))
    seen: list[EpochRow] = []
    asked = time.perf_counter()
    outcomes = crew.run(
        layout([job], 1), lambda block: block, lambda rows: seen.extend(row for _, row in rows), lambda: len(seen) > 2
    )
    ((outcome,),) = outcomes
    assert outcome.status == "interrupted"
    assert outcome.curves == tuple(seen)
    assert asked > 0
    assert not crew._hands


def test_a_device_that_is_not_there() -> None:
    crew = LocalCrew(1, "gpu")
    with pytest.raises(DlrunError, match=r"--device gpu: JAX sees no GPU here\. There is: cpu"):
        trained(crew, layout(jobs_of(experiment()), 1))
    crew.close()


def test_how_a_worker_ended() -> None:
    assert death(3) == "ended with exit code 3"
    assert death(-11) == "was killed by signal 11"
    assert death(-9) == "was killed by signal 9, probably for want of memory"


def test_cores_are_shared_out() -> None:
    cores = usable_cores()
    for size in range(1, len(cores) + 1):
        shares = [cores_of(place, size, "cpu") for place in range(size)]
        assert sorted(core for share in shares for core in share) == cores
        assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert cores_of(0, len(cores) + 1, "cpu") == ()
    assert free_memory() > 0
