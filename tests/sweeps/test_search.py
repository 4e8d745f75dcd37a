"""What every search must do; and how a search is counted without being begun."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import ConfigError
from dlrun.sweeps import Scored, how_many, how_many_runs, search_of
from tests.sweeps.asked import asked, driven, searched, values_of

SPACE = """space: {optimizer.learning_rate: {low: 1e-4, high: 1e-1, log: true},
  model.width: {low: 8, high: 64, step: 8}, model.depth: {low: 0, high: 3}, model.dropout: {low: 0, high: 0.5},
  model.activation: [relu, tanh], optimizer.name: [adam, sgd], optimizer.momentum: [0, 0.9],
  data.train_fraction: [0.5, 1]}, seeds: 2"""
KINDS = {
    "grid": "{grid: {model.width: [8, 16, 32], optimizer.name: [adam, sgd], optimizer.momentum: [0, 0.9]}, seeds: 2}",
    "random": f"{{search: {{name: random, n_trials: 40}}, {SPACE}}}",
    "zoom": f"{{search: {{name: zoom, n_trials: 40}}, {SPACE}}}",
    "tpe": f"{{search: {{name: tpe, n_trials: 40}}, {SPACE}}}",
    "halving": f"{{search: {{name: halving, n_trials: 40}}, {SPACE}}}",
}
kinds = pytest.mark.parametrize("kind", KINDS)


def worth(values: Mapping[str, Any]) -> float | None:
    """The smaller the width the better; a tenth of the trials comes to nothing."""
    rate = values.get("optimizer.learning_rate", 0.001)
    return None if rate > 0.05 else values["model.width"] + math.log10(rate)


@kinds
def test_the_same_history_gives_the_same_rounds(kind: str, tmp_path: Path) -> None:
    rounds, history = driven(searched(tmp_path, KINDS[kind]), worth)
    begins = [sum(len(chosen.trials) for chosen in rounds[:place]) for place in range(len(rounds))]
    for begin, chosen in zip(begins, rounds, strict=True):
        again = searched(tmp_path, KINDS[kind]).next_round(history[:begin])
        assert again is not None
        assert (values_of(again.trials), again.why, again.until) == (values_of(chosen.trials), chosen.why, chosen.until)
    assert searched(tmp_path, KINDS[kind]).next_round(history) is None


@kinds
def test_no_configuration_is_trained_whole_twice(kind: str, tmp_path: Path) -> None:
    rounds, _ = driven(searched(tmp_path, KINDS[kind]), worth)
    for until in {chosen.until for chosen in rounds}:
        whole = [trial for chosen in rounds if chosen.until == until for trial in chosen.trials]
        assert len({trial.identity for trial in whole}) == len(whole)
        assert len({repr(trial.experiments[0]) for trial in whole}) == len(whole)


@kinds
def test_trials_hold_one_experiment_per_seed_with_their_values(kind: str, tmp_path: Path) -> None:
    rounds, _ = driven(searched(tmp_path, KINDS[kind], "seed: 5\ndata: {source: digits}"), worth)
    for trial in (trial for chosen in rounds for trial in chosen.trials):
        assert [experiment.seed for experiment in trial.experiments] == [5, 6]
        first = trial.experiments[0]
        assert first.sweep is None
        assert trial.experiments[1] == first.with_seed(6)
        assert first.optimizer.name == trial.values["optimizer.name"]
        assert set(first.model.units) <= {trial.values["model.width"]}
        for key in ("optimizer.learning_rate", "model.dropout", "data.train_fraction", "optimizer.momentum"):
            section, _, argument = key.partition(".")
            if key in trial.values:
                assert getattr(getattr(first, section), argument) == trial.values[key]


@kinds
def test_equal_data_are_one_object(kind: str, tmp_path: Path) -> None:
    rounds, _ = driven(searched(tmp_path, KINDS[kind]), worth)
    data = [one.data for chosen in rounds for trial in chosen.trials for one in trial.experiments]
    assert len({id(one) for one in data}) == len({one.model_dump_json() for one in data}) <= 2


@kinds
def test_each_round_says_why_on_one_line(kind: str, tmp_path: Path) -> None:
    rounds, _ = driven(searched(tmp_path, KINDS[kind]), worth)
    assert all(chosen.why.startswith(kind) and chosen.why.isprintable() for chosen in rounds)


@kinds
def test_a_search_in_which_nothing_comes_to_a_number_ends(kind: str, tmp_path: Path) -> None:
    rounds, history = driven(searched(tmp_path, KINDS[kind]), lambda values: None)
    assert rounds
    assert all(scored.score is None for scored in history)


@kinds
@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "train_loss"])
def test_the_monitor_decides(kind: str, monitor: str, tmp_path: Path) -> None:
    search = searched(tmp_path, KINDS[kind], f"data: {{source: digits}}\nfit: {{monitor: {monitor}}}")
    assert search.monitor == monitor


def test_a_search_may_have_a_monitor_of_its_own(tmp_path: Path) -> None:
    text = "{search: {name: random, monitor: val_accuracy}, space: {model.width: [1, 2]}}"
    assert searched(tmp_path, text).monitor == "val_accuracy"


@pytest.mark.parametrize("kind", ["zoom", "tpe"])
@pytest.mark.parametrize(("monitor", "sign"), [("val_loss", 1), ("val_accuracy", -1)])
def test_what_is_learnt_from_follows_the_monitor(kind: str, monitor: str, sign: int, tmp_path: Path) -> None:
    space = "{optimizer.learning_rate: {low: 1e-5, high: 1, log: true}}"
    text = f"{{search: {{name: {kind}, n_trials: 60}}, space: {space}}}"
    search = searched(tmp_path, text, f"data: {{source: digits}}\nfit: {{monitor: {monitor}}}")
    rounds, history = driven(search, lambda values: sign * abs(math.log10(values["optimizer.learning_rate"]) + 2))
    off = [abs(sign * scored.score) for scored in history if scored.score is not None]
    last = len(rounds[-1].trials)
    assert sum(off[-last:]) / last < 0.6 * sum(off[:last]) / last
    assert min(off) < 0.05


def test_the_seed_decides_what_is_drawn(tmp_path: Path) -> None:
    first, same, other = (
        values_of(
            driven(searched(tmp_path, KINDS["random"], f"seed: {seed}\ndata: {{source: digits}}"), worth)[0][0].trials
        )
        for seed in (0, 0, 1)
    )
    assert first == same != other


def test_warnings_are_said_once(tmp_path: Path) -> None:
    grid = "{grid: {model.activation: [linear, relu], model.width: [4, 8], model.depth: [1, 2]}}"
    search = searched(tmp_path, grid)
    chosen = search.next_round(())
    assert chosen is not None
    (warning,) = chosen.warnings
    assert warning.where == f"{tmp_path}/sweep.yaml:2"
    assert warning.text == (
        "model.activation linear layers stacked are one linear layer. Use relu or tanh to gain from depth. "
        "So at model.activation=linear, model.width=4, model.depth=1."
    )


def test_what_the_config_itself_warns_of_is_not_said_again(tmp_path: Path) -> None:
    base = "data: {source: digits}\nmodel: {activation: linear}"
    chosen = searched(tmp_path, "{grid: {model.width: [4, 8]}}", base).next_round(())
    assert chosen is not None
    assert chosen.warnings == ()


@pytest.mark.parametrize(
    ("sweep", "configurations", "runs"),
    [
        ("{grid: {model.width: [8, 16, 32], model.depth: [1, 2]}}", 6, 6),
        ("{grid: {model.width: [8, 16, 32], model.depth: [1, 2]}, seeds: 3}", 6, 18),
        ("{grid: {model.width: [8, 16], data.folds: [null, 5]}, seeds: [1, 7]}", 4, 40),
        ("{search: {name: random}, space: {model.dropout: {low: 0, high: 0.5}}}", 64, 64),
        ("{search: {name: tpe, n_trials: 9}, space: {model.dropout: {low: 0, high: 0.5}}, seeds: 2}", 9, 18),
        ("{search: {name: zoom}, space: {model.depth: {low: 1, high: 4}, model.activation: [relu, tanh]}}", 8, 8),
        ("{search: {name: random}, space: {model.depth: {low: 1, high: 4}, data.folds: {low: 2, high: 3}}}", 8, 24),
        ("{search: {name: random}, space: {model.width: {low: 8, high: 20, step: 5}}}", 3, 3),
    ],
)
def test_a_sweep_is_counted_without_being_built(sweep: str, configurations: int, runs: int, tmp_path: Path) -> None:
    loaded = asked(tmp_path, sweep)
    assert (how_many(loaded), how_many_runs(loaded)) == (configurations, runs)


def test_ten_million_configurations_are_counted_at_once(tmp_path: Path) -> None:
    keys = ("optimizer.beta_1", "model.dropout", "model.l1", "model.l2", "fit.label_smoothing", "data.train_fraction")
    values = ", ".join(f"{place / 100}" for place in range(1, 16))
    loaded = asked(tmp_path, f"{{grid: {{{', '.join(f'{key}: [{values}]' for key in keys)}}}}}")
    assert how_many(loaded) == 15**6 > 10**7


def test_a_config_without_a_sweep_has_no_search(tmp_path: Path) -> None:
    loaded = asked(tmp_path, "null")
    assert how_many(loaded) == 0
    with pytest.raises(ConfigError, match="sweep is required"):
        search_of(loaded)


def test_a_search_loads_no_library_that_it_does_not_need(tmp_path: Path) -> None:
    asked(tmp_path, KINDS["zoom"])
    program = (
        "import sys; from pathlib import Path; from dlrun.spec import load; from dlrun.sweeps import search_of\n"
        "search_of(load(Path('sweep.yaml'))).next_round(())\n"
        "print(*sys.modules.keys() & {'keras', 'tensorflow', 'jax', 'torch', 'pandas', 'sklearn', 'scipy', 'optuna'})"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_history_that_fits_no_round_ends_the_search(tmp_path: Path) -> None:
    search = searched(tmp_path, KINDS["zoom"])
    chosen = search.next_round(())
    assert chosen is not None
    history = [Scored(trial, 1.0) for trial in chosen.trials]
    assert search.next_round(history[:-1]) is None
