"""What the sweeps' benchmarks say about their measurements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.models_memory import Trace, memory_lines
from bench.sides import Measured, PlainLoop, Side, in_rounds
from bench.stored import checked, mean_accuracy, phase_seconds
from bench.sweep_report import COLD, SKLEARN, TORCH, Claim, claim_lines, phase_lines
from bench.workloads import Workload

SWEEP = Workload("tiny", "digits", (3,), (1, 2), seeds=1, epochs=5)


def measured(*seconds: float) -> list[Measured]:
    return [Measured(value, 1_000_000, 0.9) for value in seconds]


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (measured(9, 5, 2), "2.00 times as fast as scikit-learn, 2 processes; must 1.5x: reached, aim 2x: reached"),
        (measured(6.25), "1.60 times as fast as scikit-learn, 2 processes; must 1.5x: reached, aim 2x: not yet"),
        (measured(10), "1.00 times as fast as scikit-learn, 2 processes; must 1.5x: MISSED, aim 2x: not yet"),
    ],
)
def test_a_claim_is_held_against_the_fastest_side(ours: list[Measured], expected: str) -> None:
    found = {COLD: ours, SKLEARN: measured(10), TORCH: measured(11)}
    assert claim_lines(found, [Claim(COLD, (SKLEARN, TORCH), 1.5, 2)]) == [f"{COLD}: {expected}"]


def test_a_claim_without_its_sides_says_nothing() -> None:
    assert claim_lines({COLD: measured(1)}, [Claim(COLD, (TORCH,), 1.5)]) == []


def test_slow_sides_and_absent_ones_are_measured_once() -> None:
    calls: list[str] = []

    def side(name: str, answer: Measured | None) -> Side:
        def measure() -> Measured | None:
            calls.append(name)
            return answer

        return Side(measure, once=name == "slow")

    one = Measured(1.0, 0, 0.5)
    found = in_rounds({"quick": side("quick", one), "slow": side("slow", one), "absent": side("absent", None)}, 3)
    assert calls == ["quick", "slow", "absent", "quick", "quick"]
    assert {name: len(rounds) for name, rounds in found.items()} == {"quick": 3, "slow": 1}


def test_a_loop_is_scaled_from_its_parts() -> None:
    loop = PlainLoop(runs=5, start=4.0, first=3.0, each=2.0, peak=0, val_accuracy=0.9)
    assert [loop.whole(runs) for runs in (1, 5, 500)] == [7.0, 15.0, 1005.0]


def store(folder: Path, *changes: dict[str, Any]) -> Path:
    """A results folder with the records of so many runs."""
    for number, change in enumerate(changes):
        record = {
            "status": "completed",
            "epochs": 5,
            "rows": {"train": 1_438},
            "metrics_last": {"val_accuracy": 0.5},
            "seconds": {"compile": 1.0, "train": 2.0, "total": 3.0},
        }
        (folder / "runs" / f"run-{number}").mkdir(parents=True)
        (folder / "runs" / f"run-{number}" / "result.json").write_text(json.dumps(record | change))
    return folder


def test_phases_are_added_over_the_runs(tmp_path: Path) -> None:
    records = checked(store(tmp_path, {}, {"metrics_last": {"val_accuracy": 1.0}}), SWEEP)
    assert phase_seconds(records) == {"compile": 2.0, "train": 4.0}
    assert mean_accuracy(records) == 0.75
    lines = phase_lines({COLD: [Measured(3.5, 0, 0.75, phases=phase_seconds(records))]})
    assert lines == [f"{COLD}, seconds summed over the runs (whole process 3.50): compile 2.00, train 4.00"]


@pytest.mark.parametrize(
    "changes", [[{}], [{}, {"status": "diverged"}], [{}, {"epochs": 4}], [{}, {"rows": {"train": 9}}], [{}, {}, {}]]
)
def test_a_sweep_that_did_other_work_is_no_measurement(changes: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"^tiny: \(status, epochs, train rows\) -> runs must be "):
        checked(store(tmp_path, *changes), SWEEP)


def test_memory_is_compared_between_the_second_and_the_last_quarter() -> None:
    flat = [(0, 100_000_000), (30, 500_000_000), (60, 500_000_000), (80, 505_000_000), (100, 505_000_000)]
    assert memory_lines(flat, 100)[-1] == "gained +1.0%, +100.0 kB per model; must be <= 2%: reached"
    grown = [(30, 500_000_000), (90, 600_000_000)]
    assert memory_lines(grown, 100)[-1].endswith("must be <= 2%: MISSED")
    assert "too few samples" in memory_lines([(0, 1), (100, 1)], 100)[-1]


def test_a_trace_counts_finished_runs(tmp_path: Path) -> None:
    trace = Trace(tmp_path)
    trace.look(7)
    store(tmp_path, {}, {})
    (tmp_path / "runs" / "unfinished").mkdir()
    trace.look(8)
    assert trace.samples == [(0, 7), (2, 8)]
