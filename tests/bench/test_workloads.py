"""The sweeps of the benchmarks: all sides do the same work."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bench.members import config_of
from bench.models_memory import small_nets
from bench.workloads import G1, G2, G3, SHAPES, Workload, members, random_pixels, rows, spread, workload
from dlrun.data import prepare
from dlrun.spec import Experiment, load
from tests.command import ROOT


def loaded(tmp_path: Path, sweep: Workload) -> Experiment:
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps(sweep.config()), encoding="utf-8")
    return load(file).experiment


@pytest.mark.parametrize(("sweep", "runs"), [(G1, 48), (G2, 500), (G3, 12)], ids=lambda value: str(value)[:14])
def test_the_config_of_dlrun_is_the_grid_of_the_other_sides(sweep: Workload, runs: int, tmp_path: Path) -> None:
    assert load(ROOT / "bench" / f"{sweep.name.lower()}.yaml").experiment == loaded(tmp_path, sweep)
    assert len(sweep.runs()) == len(set(sweep.runs())) == runs


def test_digits_are_split_into_as_many_rows_as_dlrun_has() -> None:
    data = prepare(load(ROOT / "bench" / "g1.yaml").experiment)
    x_train, y_train, x_val, y_val = rows("digits")
    assert (x_train.shape, x_val.shape) == ((1_438, 64), (359, 64))
    assert data.validation is not None
    assert (data.train.x.shape, data.validation.x.shape) == (x_train.shape, x_val.shape)
    assert (len(y_train), len(y_val)) == (SHAPES["digits"].train, SHAPES["digits"].validation)


@pytest.mark.parametrize(("sweep", "every"), [(G1, 5), (G2, 10), (G2, 20)], ids=["G1, 5", "G2, 10", "G2, 20"])
def test_a_part_of_the_grid_has_all_widths_and_depths_alike(sweep: Workload, every: int) -> None:
    part = spread(sweep.runs(), every)
    for counts in (Counter(run.width for run in part), Counter(run.depth for run in part)):
        assert max(counts.values()) <= 1.5 * min(counts.values())
    assert {run.width for run in part} == set(sweep.widths)
    assert {run.depth for run in part} == set(sweep.depths)


@pytest.mark.parametrize("count", [1, 2, 10, 100, 10_000])
def test_members_are_as_many_different_runs(count: int) -> None:
    assert len(set(members(count).runs())) == count
    assert workload(f"members:{count}") == members(count)


def test_members_that_make_no_grid_are_refused() -> None:
    with pytest.raises(ValueError, match=r"multiple of 10\. Received: 15"):
        members(15)


def test_the_members_config_and_its_pixels_load(tmp_path: Path) -> None:
    experiment = load(config_of(100, tmp_path)).experiment
    assert experiment.sweep is not None
    assert experiment.sweep.seeds == 10
    data = prepare(experiment)
    x_train, _, x_val, _ = rows("random")
    assert data.validation is not None
    assert (data.train.x.shape, data.validation.x.shape) == (x_train.shape, x_val.shape)
    assert data.train.x.max() == x_train.max() == 1.0
    assert len(data.task.classes) == 10


def test_pixels_are_the_same_each_time() -> None:
    first, second = random_pixels(), random_pixels()
    assert all((first[name] == second[name]).all() for name in first)


def test_2000_small_nets_are_2000_runs() -> None:
    assert len(small_nets(2_000).runs()) == 2_000
