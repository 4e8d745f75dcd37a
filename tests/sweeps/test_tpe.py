from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dlrun.spec.limits import Limits
from dlrun.sweeps.space import Choice, Range
from dlrun.sweeps.tpe import distribution, place_of
from tests.sweeps.asked import driven, searched


def test_ranges_are_those_of_optuna() -> None:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    real, whole = Limits(whole=False), Limits(whole=True)
    assert distribution(Range(1e-4, 0.1, real, log=True)) == FloatDistribution(1e-4, 0.1, log=True)
    assert distribution(Range(0, 0.5, real, step=0.1)) == FloatDistribution(0, 0.5, step=0.1)
    assert distribution(Range(8, 30, whole, step=8)) == IntDistribution(8, 24, step=8)
    assert distribution(Range(1, 100, whole, log=True)) == IntDistribution(1, 100, log=True)
    assert distribution(Choice(("a", [1], {"name": "b"}))) == CategoricalDistribution((0, 1, 2))


def test_values_that_only_look_alike_are_told_apart() -> None:
    assert [place_of(value, (1, True, 1.0, "1")) for value in (1, True, 1.0, "1")] == [0, 1, 2, 3]


@pytest.mark.parametrize(("trials", "rounds", "sizes"), [(20, "", [10, 2, 2, 2, 1, 1, 1, 1]), (5, "", [5]),
                                                         (10, ", rounds: 3", [4, 3, 3])])  # fmt: skip
def test_rounds(trials: int, rounds: str, sizes: list[int], tmp_path: Path) -> None:
    text = f"{{search: {{name: tpe, n_trials: {trials}{rounds}}}, space: {{model.dropout: {{low: 0, high: 0.5}}}}}}"
    found, _ = driven(searched(tmp_path, text), lambda values: float(values["model.dropout"]))
    assert [len(chosen.trials) for chosen in found] == sizes


def test_a_small_space_is_tried_whole_though_the_best_is_known(tmp_path: Path) -> None:
    text = (
        "{search: {name: tpe, n_trials: 40}, space: {model.width: {low: 1, high: 10}, model.activation: [relu, tanh]}}"
    )
    _, history = driven(searched(tmp_path, text), lambda values: float(values["model.width"]))
    assert len({scored.trial.identity for scored in history}) == len(history) == 20


def test_what_diverges_is_avoided(tmp_path: Path) -> None:
    def worth(values: Mapping[str, Any]) -> float | None:
        rate = values["optimizer.learning_rate"]
        return None if rate > 1e-2 else 1.0

    text = "{search: {name: tpe, n_trials: 80}, space: {optimizer.learning_rate: {low: 1e-4, high: 1, log: true}}}"
    _, history = driven(searched(tmp_path, text), worth)
    diverged = [scored.score is None for scored in history]
    assert sum(diverged[-40:]) <= sum(diverged[:40])


def test_arguments_of_one_optimizer_alone_are_learnt_from_too(tmp_path: Path) -> None:
    space = "{optimizer.name: [adam, sgd], optimizer.momentum: {low: 0, high: 0.9}, fit.class_weight: [null, balanced]}"
    text = f"{{search: {{name: tpe, n_trials: 30}}, space: {space}}}"
    _, history = driven(searched(tmp_path, text), lambda values: float(values.get("optimizer.momentum", 1.0)))
    assert {"optimizer.momentum" in scored.trial.values for scored in history} == {True, False}
    assert len(history) == 30


def test_optunas_log_is_left_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import optuna

    level = optuna.logging.get_verbosity()
    search = searched(tmp_path, "{search: {name: tpe, n_trials: 3}, space: {model.dropout: {low: 0, high: 0.5}}}")
    search.next_round(())
    assert optuna.logging.get_verbosity() == level
    assert capsys.readouterr() == ("", "")
