from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.sweep_progress import LiveSweep, PlainSweep, QuietSweep, sweep_listener_for
from dlrun.cli.sweep_tally import Tally
from dlrun.cli.swept_values import label
from dlrun.errors import Problem
from dlrun.runner import Planned, SweepTrainer
from dlrun.store import Store
from dlrun.sweeps.trials import Round
from tests.runner.crews import HalvingCrew, layout
from tests.runner.test_sweep import judge, run_job, runs_of


def jobs(*words: Any, **sections: Any) -> list[Any]:
    return [run_job(run) for run in runs_of(*words, **sections)]


# --- counting --------------------------------------------------------------------------------------------------------


def test_time_left_follows_the_work_that_is_done() -> None:
    now = [100.0]
    tally = Tally(lambda: now[0])
    light, heavy = layout(jobs((4,), 2)[:2], seconds=1.0) + layout(jobs((8,), 1), seconds=3.0)
    tally.plan([light, heavy])
    assert (tally.runs, tally.done, tally.share, tally.seconds_left) == (3, 0, 0, None)
    tally.start(light)
    assert tally.lines(8) == ["(4,) relu: 0 of 2 runs", "(8,) relu: 0 of 1 run"]
    now[0] = 300.0  # loading and compiling
    tally.advance([(light.jobs[0].id, 0.0)])
    assert tally.seconds_left is None
    now[0] = 310.0
    tally.advance([(job.id, 0.5) for job in light.jobs])
    assert (tally.share, tally.seconds_left) == (0.125, 70)
    tally.finish([light.jobs[0].id])
    assert not tally.block_ended
    tally.finish([light.jobs[1].id])
    assert tally.block_ended
    assert (tally.done, tally.share) == (2, 0.25)
    assert tally.lines(8) == ["(8,) relu: 0 of 1 run"]
    tally.start(heavy)
    tally.finish([heavy.jobs[0].id])
    assert (tally.share, tally.seconds_left, tally.lines(8)) == (1, None, [])


def test_programs_under_way_come_first() -> None:
    tally = Tally()
    blocks = layout(jobs((2, 4, 8, 16), 1))
    tally.plan(blocks)
    tally.start(blocks[2])
    found = tally.lines(2)
    assert len(found) == 3
    assert found[0] == f"{blocks[2].program}: 0 of 1 run"
    assert found[-1] == "and 2 more programs"


def test_what_was_planned_before_is_not_counted_twice() -> None:
    tally = Tally()
    blocks = layout(jobs((4,), 2))
    tally.plan(blocks)
    tally.plan(blocks)
    assert tally.runs == 2
    assert tally.skip([job.id for job in blocks[0].jobs] + ["another"]) == 2
    assert (tally.done, tally.skipped) == (2, 1)


def test_a_run_that_goes_on_is_not_done_any_more() -> None:
    tally = Tally()
    blocks = layout(jobs((4, 8), 1))
    tally.plan(blocks)
    for block in blocks:
        tally.start(block)
        tally.finish([job.id for job in block.jobs])
    assert (tally.done, tally.runs, tally.is_done) == (2, 2, True)
    tally.plan(blocks[:1])  # the next rung of a halving
    assert (tally.done, tally.runs, tally.is_done, tally.lines(8)) == (
        1,
        2,
        False,
        [f"{blocks[0].program}: 0 of 1 run"],
    )
    tally.start(blocks[0])
    tally.finish([job.id for job in blocks[0].jobs])
    assert (tally.done, tally.runs, tally.share) == (2, 2, 1)


def test_rounds_to_come_count() -> None:
    tally = Tally(expected=6)
    first, second = layout(jobs((4,), 2), seconds=2.0), layout(jobs((8,), 1), seconds=1.0)
    tally.skip(["one of the first round, done already"])
    tally.plan(first)
    assert tally.runs == 5
    tally.start(first[0])
    tally.finish([job.id for job in first[0].jobs])
    assert (tally.done, tally.share) == (2, 0.4)
    tally.plan(second)
    assert (tally.runs, tally.share) == (5, 0.4)


# --- showing ---------------------------------------------------------------------------------------------------------


def sweep(tmp_path: Path, listener: QuietSweep, planned: Sequence[Planned], crew: HalvingCrew | None = None) -> None:
    trainer = SweepTrainer(
        Store(tmp_path / "results"), crew or HalvingCrew(), partial(layout, size=2), listener, judge, keep="none"
    )
    trainer.train(planned)
    listener.close()


def test_a_line_per_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listener = PlainSweep(["model.width", "fit.batch_size"])
    sweep(tmp_path, listener, runs_of((4, 8), 2))
    lines = capsys.readouterr().err.splitlines()
    assert [re.split("[,;]", line)[0] for line in lines] == ["2 of 4 runs", "4 of 4 runs"]
    assert lines[-1] == "4 of 4 runs; best: width 8, batch size 32: val_loss 0.2081 (mean of 2)"
    sweep(tmp_path, PlainSweep(), runs_of((4, 8), 2))
    assert capsys.readouterr().err == "4 runs done already; --force trains again\n"


def test_a_line_every_few_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ticks: Iterator[float] = iter(range(0, 10_000, 2))
    sweep(tmp_path, PlainSweep(["model.width"], lambda: next(ticks)), runs_of((4,), 2, fit={"epochs": 12}))
    assert len(capsys.readouterr().err.splitlines()) in (4, 5, 6)


def test_failures_and_what_is_not_fused_are_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listener = PlainSweep()
    sweep(tmp_path, listener, runs_of((4, 8), 2), HalvingCrew(fail=(1,)))
    text = capsys.readouterr().err
    assert text.count("failed: its worker was killed by signal 9") == 1
    from dataclasses import replace

    (block,) = layout(jobs((16,), 2))
    listener.planned([replace(block, engine="keras", reason="optimizer lion cannot be fused")])
    assert (
        capsys.readouterr().err
        == "2 runs not fused, but trained one by one by the keras engine: optimizer lion cannot be fused\n"
    )


def test_what_users_write_cannot_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    listener = PlainSweep()
    problem = Problem("a\x1b[31m.yaml:3", "model.width: is [/x] odd\u202e")
    listener.round(1, Round((), "all \x1b[2J of them", warnings=(problem,)))
    assert capsys.readouterr().err == (
        "warning: a\\x1b[31m.yaml:3: model.width: is [/x] odd\\u202e\nall \\x1b[2J of them\n"
    )


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda listener: listener.waiting(1), "waiting for another process, which trains 1 run of this sweep"),
        (lambda listener: listener.left_out(2000), "2,000 runs not begun: no time left in --budget. The same command "
         "trains what is missing"),
        (lambda listener: listener.training_again(3), "training 3 runs once more for the weights, which were "
         "not kept"),
    ],
)  # fmt: skip
def test_other_news(call: Any, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    call(PlainSweep())
    assert capsys.readouterr().err == text + "\n"


def test_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listener = sweep_listener_for(True, [])
    sweep(tmp_path, listener, runs_of((4,), 2))
    assert capsys.readouterr().err == ""
    assert (listener.tally.done, listener.tally.skipped) == (2, 0)


def test_live(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    sweep(tmp_path, LiveSweep(["model.width"]), runs_of((4, 8), 2))
    lines = capsys.readouterr().err.splitlines()
    assert lines[-2:] == ["━" * 24 + " 4 of 4 runs", "best: width 8: val_loss 0.2081 (mean of 2)"]


@pytest.mark.parametrize(
    ("swept", "words"),
    [
        ([], "격자 [/x]"),
        (["model.width"], "width 4"),
        (["model.depth", "optimizer.name"], "depth 1, optimizer adam"),
        (["model.units", "optimizer.learning_rate", "fit.early_stopping.patience"],
         "units [4], learning rate 0.001, patience null"),
        (["schedule", "fit.class_weight"], "schedule constant, class weight null"),
    ],
)  # fmt: skip
def test_labels(swept: list[str], words: str) -> None:
    (job,) = jobs((4,), 1)
    assert label(job.experiment, swept) == words
