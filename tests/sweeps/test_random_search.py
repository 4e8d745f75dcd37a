from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.errors import ConfigError
from tests.sweeps.asked import driven, searched, values_of

SPACE = "space: {optimizer.learning_rate: {low: 1e-4, high: 1e-1, log: true}, model.activation: [relu, tanh]}"


def drawn(folder: Path, sweep: str) -> tuple[list[dict[str, object]], str]:
    rounds, _ = driven(searched(folder, sweep), lambda values: 1.0)
    (only,) = rounds
    return values_of(only.trials), only.why


def test_more_trials_begin_with_the_same_ones(tmp_path: Path) -> None:
    few, _ = drawn(tmp_path, f"{{search: {{name: random, n_trials: 5}}, {SPACE}}}")
    many, why = drawn(tmp_path, f"{{search: {{name: random, n_trials: 20}}, {SPACE}}}")
    assert (len(few), len(many)) == (5, 20)
    assert many[:5] == few
    assert why == "random: 20 configurations drawn over optimizer.learning_rate, model.activation"


def test_a_small_space_is_tried_whole(tmp_path: Path) -> None:
    text = "{search: {name: random}, space: {model.depth: {low: 1, high: 3}, model.activation: [relu, tanh]}}"
    found, why = drawn(tmp_path, text)
    assert len(found) == 6
    assert why.endswith("; 64 were asked for, but only 6 differ")


def test_a_space_with_a_few_more_points_than_trials_is_found(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, "{search: {name: random, n_trials: 11}, space: {model.width: {low: 1, high: 12}}}")
    assert len({point["model.width"] for point in found}) == 11


def test_draws_that_cannot_be_trained_are_left_out_and_said(tmp_path: Path) -> None:
    space = "space: {schedule.warmup_epochs: {low: 0, high: 9}, fit.epochs: {low: 5, high: 12}}"
    found, why = drawn(tmp_path, f"{{search: {{name: random, n_trials: 20}}, {space}}}")
    assert len(found) == 20
    assert all(point["schedule.warmup_epochs"] < point["fit.epochs"] for point in found)  # type: ignore[operator]
    assert "that were drawn too do not hold and are left out, such as sweep.space: schedule.warmup_epochs=" in why
    assert "must be below fit.epochs" in why


def test_a_space_in_which_nothing_holds_is_an_error(tmp_path: Path) -> None:
    space = "space: {schedule.warmup_epochs: [8, 9], fit.epochs: {low: 1, high: 5}}"
    with pytest.raises(ConfigError, match=r"schedule.warmup_epochs must be below fit.epochs .*more configurations do"):
        drawn(tmp_path, f"{{search: {{name: random, n_trials: 20}}, {space}}}")
