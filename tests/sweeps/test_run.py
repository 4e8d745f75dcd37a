"""The loop of a search, with searches and a crew that are known through and through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from dlrun.errors import Interrupted
from dlrun.runner import Budget, SweepTrainer
from dlrun.spec import Experiment
from dlrun.spec.write import to_yaml
from dlrun.store import Store
from dlrun.store.sweep_folder import sweep_folders
from dlrun.sweeps.run import Swept, run_sweep
from dlrun.sweeps.trials import Round, Scored, Trial
from tests.runner.crews import HalvingCrew, SweepHeard, layout
from tests.runner.test_sweep import judge

BASE = Experiment.model_validate(
    {
        "name": "넓이",
        "data": {"source": "iris"},
        "fit": {"epochs": 4},
        "sweep": {"grid": {"model.width": [4, 8, 16]}, "seeds": 2},
    }
)


def trial(width: int, seeds: int = 2) -> Trial:
    model = BASE.model.model_copy(update={"units": (width,)})
    one = BASE.model_copy(update={"model": model, "sweep": None})
    return Trial({"model.width": width}, tuple(one.with_seed(seed) for seed in range(seeds)), str(width))


@dataclass
class Doubling:
    """Tries a width, then the double of the best one, `rounds` times in all."""

    rounds: int = 3
    monitor: str = "val_loss"
    heard: list[list[float | None]] = field(default_factory=list)

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        self.heard.append([scored.score for scored in history])
        if len(history) == self.rounds:
            return None
        best = min(history, key=lambda scored: scored.score or math.inf, default=None)
        width = 4 if best is None else 2 * int(best.trial.values["model.width"])
        return Round((trial(width),), f"twice the best, {width}")


@dataclass
class Halves:
    """All widths for two epochs, the better half to the end."""

    monitor: str = "val_loss"

    def next_round(self, history: Sequence[Scored]) -> Round | None:
        if not history:
            return Round(tuple(map(trial, (4, 8, 16))), "all of them", until=2)
        if len(history) > 3:
            return None
        best = sorted(history, key=lambda scored: scored.score or math.inf)[:1]
        return Round(tuple(scored.trial for scored in best), "the best")


Search = Doubling | Halves


def sweep(store: Store, search: Search, crew: HalvingCrew, **options: object) -> tuple[Swept, list[str]]:
    words: list[str] = []
    trainer = SweepTrainer(store, crew, partial(layout, size=2), SweepHeard(), judge, **options)  # type: ignore[arg-type]
    swept = run_sweep(search, trainer, BASE, lambda number, chosen: words.append(f"{number}: {chosen.why}"))
    return swept, words


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def test_rounds_follow_from_scores(store: Store) -> None:
    search, crew = Doubling(), HalvingCrew()
    swept, words = sweep(store, search, crew)
    assert words == ["1: twice the best, 4", "2: twice the best, 8", "3: twice the best, 16"]
    expected = [(1 / (4 + width / 10) + 1 / (4.01 + width / 10)) / 2 for width in (4, 8, 16)]
    assert search.heard == [[pytest.approx(value) for value in expected[:count]] for count in range(4)]
    assert [folder.record()["seed"] for folder in swept.runs] == [0, 1] * 3
    assert [folder.model_path.is_file() for folder in swept.runs] == [False] * 4 + [True] * 2


def test_the_same_command_trains_nothing_again(store: Store) -> None:
    first, _ = sweep(store, Doubling(), HalvingCrew())
    crew = HalvingCrew()
    second, words = sweep(store, Doubling(), crew)
    assert second == first
    assert len(words) == 3
    assert crew.trained == []


def test_a_killed_sweep_goes_on(store: Store) -> None:
    with pytest.raises(Interrupted):
        sweep(store, Doubling(), HalvingCrew(interrupt_after=2))
    (folder,) = sweep_folders(store.root)
    assert len(folder.runs()) == 6, "the third round was planned"
    crew = HalvingCrew()
    swept, _ = sweep(store, Doubling(), crew)
    assert len(crew.trained) == 2
    assert swept.folder == folder


def test_the_sweep_is_written_down(store: Store) -> None:
    swept, _ = sweep(store, Doubling(), HalvingCrew())
    assert swept.folder.runs() == [folder.id for folder in swept.runs]
    assert swept.folder.spec_path.read_text(encoding="utf-8") == to_yaml(BASE)
    assert sweep_folders(store.root) == [swept.folder]


def test_other_sweeps_have_other_folders(store: Store) -> None:
    other = Experiment.model_validate(dict(BASE.to_dict()) | {"sweep": {"grid": {"model.width": [4]}, "seeds": 2}})
    trainer = SweepTrainer(store, HalvingCrew(), layout, SweepHeard(), judge)
    run_sweep(Doubling(), trainer, BASE, lambda *_: None)
    run_sweep(Doubling(), trainer, other, lambda *_: None)
    assert len(sweep_folders(store.root)) == 2


def test_halving_prunes_and_trains_the_best_to_the_end(store: Store) -> None:
    crew = HalvingCrew()
    swept, _ = sweep(store, Halves(), crew)
    assert [folder.status for folder in swept.runs] == ["pruned"] * 4 + ["completed"] * 2
    assert [folder.record()["epochs"] for folder in swept.runs] == [2] * 4 + [4] * 2
    assert len(crew.trained) == 8
    assert [folder.model_path.is_file() for folder in swept.runs] == [False] * 4 + [True] * 2
    again = HalvingCrew()
    assert sweep(store, Halves(), again)[0].runs == swept.runs
    assert again.trained == []


def test_a_seed_that_diverged_leaves_no_score(store: Store) -> None:
    search = Doubling(rounds=1)
    sweep(store, search, HalvingCrew(diverge=(1,)))
    assert search.heard[-1] == [None]


def test_the_budget_ends_the_rounds(store: Store) -> None:
    swept, words = sweep(store, Doubling(), HalvingCrew(), budget=Budget(0.5))
    assert (swept.runs, words) == ((), ["1: twice the best, 4"])


def test_only_failed_runs_are_repeated(store: Store) -> None:
    sweep(store, Doubling(rounds=1), HalvingCrew(fail=(1,)))
    crew = HalvingCrew()
    swept, _ = sweep(store, Doubling(), crew, only_failed=True)
    assert len(crew.trained) == 1
    assert [folder.status for folder in swept.runs] == ["completed"] * 2
