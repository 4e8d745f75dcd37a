from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from dlrun.errors import ConfigError
from tests.sweeps.asked import searched, values_of


def only_round(folder: Path, sweep: str, base: str = "data: {source: digits}"):  # type: ignore[no-untyped-def]
    search = searched(folder, sweep, base)
    chosen = search.next_round(())
    assert chosen is not None
    return chosen


def test_every_combination_in_the_order_written(tmp_path: Path) -> None:
    chosen = only_round(tmp_path, "{grid: {model.width: [16, 8], model.depth: [1, 2], optimizer.name: [sgd, adam]}}")
    keys = ("model.width", "model.depth", "optimizer.name")
    expected = [dict(zip(keys, point, strict=True)) for point in product((16, 8), (1, 2), ("sgd", "adam"))]
    assert values_of(chosen.trials) == expected
    assert [trial.experiments[0].model.units for trial in chosen.trials[::2]] == [(16,), (16, 16), (8,), (8, 8)]


@pytest.mark.parametrize(
    ("sweep", "base", "why"),
    [
        ("{grid: {model.width: [8, 16], model.depth: [1, 2, 3]}, seeds: 3}", "",
         "grid: model.width (2) x model.depth (3) = 6 configurations, each with 3 seeds: 18 runs"),
        ("{grid: {model.width: [8]}}", "", "grid: model.width (1) = 1 configuration: 1 run"),
        ("{grid: {model.width: [8, 16]}, seeds: [3, 9]}", "data: {folds: 5}",
         "grid: model.width (2) = 2 configurations, each with 2 seeds and 5 folds: 20 runs"),
        ("{grid: {model.width: [8, 8, 16], model.depth: [0, 1]}}", "",
         "grid: model.width (3) x model.depth (2) = 6 configurations, 3 of them different: 3 runs"),
        ("{grid: {data.folds: [null, 3]}, seeds: 2}", "",
         "grid: data.folds (2) = 2 configurations, each with 2 seeds: 8 runs"),
    ],
)  # fmt: skip
def test_it_says_how_many_runs_it_has(sweep: str, base: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"data: {{source: digits}}\n{base}" if "data" not in base else
                                        "data: {source: digits, folds: 5}")  # fmt: skip
    assert only_round(tmp_path, sweep, "base: base.yaml").why == why


def test_widths_and_depths_of_a_baseline_are_multiplied(tmp_path: Path) -> None:
    base = "data: {source: digits}\nmodel: {units: [8, 4], dropout: [0.1, 0.2]}"
    chosen = only_round(tmp_path, "{grid: {model.widen: [1, 2], model.deepen: [1, 2]}}", base)
    assert [trial.experiments[0].model.hidden for trial in chosen.trials] == [
        (8, 4),
        (8, 8, 4, 4),
        (16, 8),
        (16, 16, 8, 8),
    ]


def test_lists_per_layer_schedules_and_whole_optimizers(tmp_path: Path) -> None:
    grid = """{grid: {model.activation: [relu, [tanh, relu]], schedule: [cosine, {name: step, every: 3}],
      optimizer: [adam, {name: sgd, momentum: 0.9}], fit.batch_size: [8, full]}}"""
    chosen = only_round(tmp_path, grid)
    found = {
        (one.model.activation, one.schedule.name, one.optimizer.name, one.fit.batch_size)
        for one in (trial.experiments[0] for trial in chosen.trials)
    }
    assert found == set(product(("relu", ("tanh", "relu")), ("cosine", "step"), ("adam", "sgd"), (8, "full")))


def test_points_that_do_not_hold_are_named_and_nothing_is_tried(tmp_path: Path) -> None:
    grid = "{grid: {schedule.warmup_epochs: [0, 2, 4, 6], fit.epochs: [2, 3, 50]}}"
    with pytest.raises(ConfigError) as raised:
        only_round(tmp_path, grid)
    place, rule = f"{tmp_path}/sweep.yaml:2", "schedule.warmup_epochs must be below fit.epochs"
    assert str(raised.value).splitlines() == [
        f"{place}: sweep.grid: schedule.warmup_epochs=2, fit.epochs=2: {rule} 2. Received: 2.",
        f"{place}: sweep.grid: schedule.warmup_epochs=4, fit.epochs=2: {rule} 2. Received: 4.",
        f"{place}: sweep.grid: schedule.warmup_epochs=4, fit.epochs=3: {rule} 3. Received: 4. "
        "And 2 more configurations do not hold.",
    ]


def test_inline_rows_are_one_object_in_all_trials(tmp_path: Path) -> None:
    rows = ", ".join(f"[{place}, {place % 3}]" for place in range(300))
    base = f"data: {{inline: {{x: [{rows}], y: [{', '.join(str(place % 2) for place in range(300))}]}}}}"
    chosen = only_round(tmp_path, "{grid: {model.width: [4, 8], optimizer.learning_rate: [0.1, 0.2]}, seeds: 2}", base)
    assert len({id(one.data) for trial in chosen.trials for one in trial.experiments}) == 1
