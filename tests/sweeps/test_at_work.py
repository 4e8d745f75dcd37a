"""Others see that a sweep is under way, also between its runs, and that it is not any more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from dlrun.errors import Interrupted
from dlrun.insight.watching import Watcher
from dlrun.runner import SweepTrainer
from dlrun.store import Store
from dlrun.store.sweep_folder import sweeps_at_work
from dlrun.sweeps.run import run_sweep
from dlrun.sweeps.trials import Round
from tests.runner.crews import HalvingCrew, SweepHeard, layout
from tests.runner.test_sweep import judge
from tests.sweeps.test_run import BASE, Doubling


@pytest.mark.parametrize("interrupted", [False, True])
def test_from_its_first_round_to_its_end(tmp_path: Path, interrupted: bool) -> None:
    store, seen = Store(tmp_path / "results"), []
    watcher = Watcher(store)

    def on_round(number: int, chosen: Round) -> None:
        found = watcher.look()
        seen.append((found.alive, [(sweep.running, sweep.done) for sweep in found.sweeps], found.runs))

    crew = HalvingCrew(interrupt_after=2) if interrupted else HalvingCrew()
    trainer = SweepTrainer(store, crew, partial(layout, size=2), SweepHeard(), judge)
    try:
        run_sweep(Doubling(), trainer, BASE, on_round)
    except Interrupted:
        assert interrupted
    assert seen == [(False, [], ()), (True, [(True, 2)], ()), (True, [(True, 4)], ())]
    assert sweeps_at_work(store.root) == set()
    found = watcher.look()
    assert (found.alive, [sweep.done for sweep in found.sweeps]) == (False, [4 if interrupted else 6])
