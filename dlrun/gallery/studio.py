"""Where lessons are run: a store, workers that stay, and the configs of the gallery."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dlrun.data import Prepared
from dlrun.errors import ConfigError, DlrunError
from dlrun.gallery.quiet import Counting
from dlrun.runner import SweepTrainer, plan
from dlrun.runner.run_data import RunData
from dlrun.spec import Experiment, Finding, load
from dlrun.store import Record, RunFolder, Store
from dlrun.store.files import writing
from dlrun.training import Stopping, never

if TYPE_CHECKING:
    from dlrun.training.crew import LocalCrew

Key = TypeVar("Key", bound=Hashable)

BACKEND = "jax"
"""What lessons compute with."""


def config_folder() -> Path:
    """Where the lessons' configs are: in the package as it is installed, or in the repository."""
    packaged = Path(__file__).parent / "configs"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "configs" / "gallery"


@dataclass(frozen=True)
class Trained:
    """A run that a lesson asked for."""

    experiment: Experiment
    folder: RunFolder
    record: Record
    curves: dict[str, list[float]]
    """Column -> one value per epoch."""

    def metric(self, name: str) -> float:
        """A number at the kept epoch, such as `val_loss`; NaN where there is none: it diverged."""
        value = self.record.get("metrics", {}).get(name)
        return float("nan") if value is None else float(value)


@dataclass
class Studio:
    """Trains for lessons. Use it in a `with` statement, which ends its workers.

    Args:
        store: where the runs are kept; what is in it already is not trained again.
        tell: hears, in words, what is being trained.
        stopping: whether to end.
        force: train again what is in the store.
    """

    store: Store
    tell: Callable[[str], None] = print
    stopping: Stopping = never
    force: bool = False
    _data: RunData = field(default_factory=lambda: RunData(all_folds=True))
    _fingerprints: dict[str, str] = field(default_factory=dict)
    _crew: LocalCrew | None = None

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        if self._crew is not None:
            self._crew.close()
            self._crew = None

    def experiment(self, name: str, *sets: str) -> Experiment:
        """A lesson's config with `key.path=value` texts laid over it, as `--set` does.

        Raises:
            ConfigError: it does not hold.
        """
        return load(config_folder() / f"{name}.yaml", sets).experiment

    def seeds(self, experiment: Experiment, count: int) -> list[Experiment]:
        """The experiment with its own seed and those that follow."""
        return [experiment.with_seed(experiment.seed + step) for step in range(count)]

    def train(self, experiments: Sequence[Experiment], weights: bool = False) -> list[Trained]:
        """Trains them side by side, as few programs; gives the runs in the same order (with `data.folds` one per fold).

        Args:
            weights: keep the nets, for `network`.
        Raises:
            DlrunError: data that cannot be trained on, a run that failed.
            Interrupted: after Ctrl-C.
        """
        planned = plan(experiments, BACKEND, self._fingerprints)
        trainer = SweepTrainer(
            self.store, self.crew, self._layout, Counting(self.tell), refuse, backend=BACKEND, force=self.force,
            keep="all" if weights else "none", stopping=self.stopping, _data=self._data,
        )  # fmt: skip
        folders = {folder.id: folder for folder in trainer.train(planned)}
        trainer.keep_weights()
        found = [Trained(run.experiment, folders[run.id], *_read(folders[run.id])) for run in planned]
        for one in found:
            if one.record["status"] == "failed":
                raise DlrunError(f"{one.folder.path}: failed: {one.record.get('reason')}")
        return found

    def train_seeds(
        self, nets: Mapping[Key, Experiment], count: int, weights: bool = False
    ) -> dict[Key, list[Trained]]:
        """Trains so many seeds of each net, all side by side as in `train`; in the nets' order."""
        found = iter(self.train([one for net in nets.values() for one in self.seeds(net, count)], weights))
        return {key: list(islice(found, count)) for key in nets}

    def data(self, experiment: Experiment, fold: int | None = None) -> Prepared:
        """The rows of an experiment, as its run sees them."""
        return self._data.of(experiment, fold)

    def network(self, run: Trained) -> Any:
        """The Keras `Sequential` of a run that was trained with `weights=True`, on JAX."""
        from dlrun.runner.stored_run import open_run

        return open_run(run.folder).network(BACKEND).model

    def make_folder(self, path: Path) -> None:
        """Raises StoreNotWritable."""
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)

    def keras(self) -> Any:
        """Keras itself, on JAX, in this process."""
        from dlrun.training.backend import choose

        choose(BACKEND)
        import keras

        return keras

    @cached_property
    def crew(self) -> LocalCrew:
        """The workers; they start when they are first asked for."""
        from dlrun.training.crew import LocalCrew

        self._crew = LocalCrew()
        self._crew.start()
        return self._crew

    @property
    def _layout(self) -> Any:
        from dlrun.training.layout import layout

        crew = self.crew
        return partial(layout, workers=crew.size, memory=crew.free_memory(), accelerator=crew.accelerated)


def refuse(findings: list[Finding]) -> None:
    """Raises ConfigError for what a lesson's config and data do not fit."""
    errors = [finding for finding in findings if finding.is_error]
    if errors:
        from dlrun.errors import Problem

        raise ConfigError([Problem("the gallery", f"{one.path} {one.text}") for one in errors])


def _read(folder: RunFolder) -> tuple[Record, dict[str, list[float]]]:
    return folder.record(), folder.curves()
