from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import ConfigError
from tests.sweeps.asked import driven, searched, values_of

SPACE = "space: {optimizer.learning_rate: {low: 1e-4, high: 1e-1, log: true}}"


def by_rate(values: Mapping[str, Any]) -> float:
    return float(values["optimizer.learning_rate"])


def halving(folder: Path, epochs: int, words: str):  # type: ignore[no-untyped-def]
    base = f"data: {{source: digits}}\nfit: {{epochs: {epochs}}}"
    return searched(folder, f"{{search: {{name: halving, {words}}}, {SPACE}}}", base)


@pytest.mark.parametrize(
    ("epochs", "words", "rungs"),
    [
        (50, "n_trials: 64", [(64, 6), (21, 17), (7, None)]),
        (50, "n_trials: 64, min_epochs: 1", [(64, 2), (21, 6), (7, 17), (2, None)]),
        (81, "n_trials: 81, min_epochs: 1", [(81, 1), (27, 3), (9, 9), (3, 27), (1, None)]),
        (40, "n_trials: 16, factor: 2", [(16, 3), (8, 5), (4, 10), (2, 20), (1, None)]),
        (50, "n_trials: 2", [(2, None)]),
        (2, "n_trials: 9", [(9, None)]),
        (0, "n_trials: 9", [(9, None)]),
        (9, "n_trials: 9, min_epochs: 9", [(9, None)]),
        (3, "n_trials: 9, min_epochs: 1", [(9, 1), (3, None)]),
    ],
)
def test_rungs(epochs: int, words: str, rungs: list[tuple[int, int | None]], tmp_path: Path) -> None:
    found, _ = driven(halving(tmp_path, epochs, words), by_rate)
    assert [(len(chosen.trials), chosen.until) for chosen in found] == rungs


def test_the_best_of_each_rung_go_on(tmp_path: Path) -> None:
    rounds, _ = driven(halving(tmp_path, 50, "n_trials: 30"), by_rate)
    for before, after in pairwise(rounds):
        best = sorted(values_of(before.trials), key=by_rate)[: len(after.trials)]
        assert values_of(after.trials) == best
        assert all(any(trial is other for other in before.trials) for trial in after.trials)
    assert [chosen.why for chosen in rounds] == [
        "halving: 30 configurations drawn over optimizer.learning_rate; rung 1 of 3, to epoch 6 of 50",
        "halving: the best 10 of 30 configurations go on; rung 2 of 3, to epoch 17 of 50",
        "halving: the best 3 of 10 configurations go on; rung 3 of 3, all 50 epochs",
    ]


def test_those_that_diverge_do_not_go_on(tmp_path: Path) -> None:
    search = halving(tmp_path, 50, "n_trials: 30")
    first = search.next_round(())
    assert first is not None
    good = sorted(by_rate(trial.values) for trial in first.trials)[:2]
    rounds, _ = driven(search, lambda values: by_rate(values) if by_rate(values) in good else None)
    assert [len(chosen.trials) for chosen in rounds] == [30, 2, 2]
    assert rounds[-1].until is None


def test_epochs_cannot_be_swept_by_halving(tmp_path: Path) -> None:
    text = "{search: {name: halving}, space: {fit.epochs: {low: 5, high: 50}}}"
    with pytest.raises(ConfigError) as raised:
        searched(tmp_path, text)
    assert str(raised.value) == (
        f"{tmp_path}/sweep.yaml:2: sweep.space: fit.epochs cannot be swept by halving, which itself chooses how long "
        "runs train. Use another search."
    )
