"""The loop of a search: choose a round, train it, score it, choose the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from dlrun.runner.scores import unit_key
from dlrun.runner.sweep import SweepTrainer
from dlrun.runner.train import Planned, plan
from dlrun.spec import Experiment
from dlrun.spec.identity import configuration, digest
from dlrun.spec.write import to_yaml
from dlrun.store import RunFolder, Store, SweepFolder
from dlrun.store.sweep_folder import at_work, write_sweep
from dlrun.sweeps.trials import Round, Scored, Search, Trial

OnRound = Callable[[int, Round], None]
"""Hears that a round begins: its number, counted from 1, and what it is."""


@dataclass(frozen=True)
class Swept:
    """What a sweep came to."""

    folder: SweepFolder
    runs: tuple[RunFolder, ...]
    """Those that are done, in the order planned, each once."""
    history: tuple[Scored, ...]
    """Of all rounds."""


def run_sweep(search: Search, trainer: SweepTrainer, base: Experiment, on_round: OnRound) -> Swept:
    """Runs a search to its end, or until its budget is used up; then keeps the weights that are to be kept.

    Runs that are done already are not trained again, so the same call goes on where it was ended.

    Args:
        base: the experiment that is varied, with its `sweep`.
        on_round: hears why each round is as it is, before it is trained.
    Raises:
        ConfigError, DataError: before a round is trained.
        StoreNotWritable: no space left, or no permission.
        Interrupted: after Ctrl-C; says what is saved.
    """
    with ExitStack() as held:
        return _run(search, trainer, base, on_round, held)


def _run(search: Search, trainer: SweepTrainer, base: Experiment, on_round: OnRound, held: ExitStack) -> Swept:
    trainer.standings.monitor = search.monitor
    fingerprints: dict[str, str] = {}
    listed = SweepList(trainer.store, base, sweep_id(base, plan([base], trainer.backend, fingerprints)[0].id), held)
    history: list[Scored] = []
    folders: dict[str, RunFolder] = {}
    number = 0
    while (chosen := search.next_round(history)) is not None:
        number += 1
        on_round(number, chosen)
        planned = plan([one for trial in chosen.trials for one in trial.experiments], trainer.backend, fingerprints)
        listed.add(planned)
        found = trainer.train(planned, chosen.until, before=listed.write)
        folders |= {folder.id: folder for folder in found}
        history += [Scored(trial, score_of(trial, trainer)) for trial in chosen.trials]
        if trainer.budget.over or (trainer.only_failed and not found):
            break
    folder = listed.write()
    trainer.keep_weights()
    return Swept(folder, tuple(folders[run_id] for run_id in listed.ids if run_id in folders), tuple(history))


@dataclass
class SweepList:
    """What a sweep is and which runs it has so far, for its folder."""

    store: Store
    base: Experiment
    id: str
    held: ExitStack
    """Shows that the sweep is under way, from its first `write` on."""
    ids: dict[str, None] = field(default_factory=dict)
    """Of its runs, in the order planned."""
    _shown: bool = False

    def add(self, planned: Sequence[Planned]) -> None:
        self.ids |= dict.fromkeys(run.id for run in planned)

    def write(self) -> SweepFolder:
        """Raises StoreNotWritable."""
        folder = write_sweep(self.store.root, self.base.name, self.id, to_yaml(self.base), list(self.ids))
        if not self._shown:
            self.held.enter_context(at_work(self.store.root, self.id))
            self._shown = True
        return folder


def sweep_id(base: Experiment, run_id: str) -> str:
    """The id of a sweep: of what is varied, data and backend included, and how.

    Args:
        run_id: of a run of the base experiment.
    """
    sweep = None if base.sweep is None else base.sweep.model_dump(mode="json")
    return digest({"base": configuration(base), "run": run_id, "sweep": sweep})


def score_of(trial: Trial, trainer: SweepTrainer) -> float | None:
    """The mean over the trial's seeds and folds; None where one of them came to no number."""
    unit = trainer.standings.units.get(unit_key(trial.experiments[0]))
    return None if unit is None else unit.score(trainer.standings.monitor).whole
