"""A run in the store that can be used again: its experiment, its preprocessing, its net, or its members."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Preprocessing, Task
from dlrun.errors import NoSuchRun, StoreBusy, StoreError, UsageError
from dlrun.runner.weights import alike
from dlrun.spec import Experiment
from dlrun.store import Record, RunFolder, Store
from dlrun.store.ensemble_file import MemberRow, ensemble_path, read_ensemble
from dlrun.store.run_folder import INTERRUPTED, RUNNING
from dlrun.training.restore import RestoredNetwork, restore

AGAIN = "`dlrun train CONFIG --force` trains it again and keeps its weights"


@dataclass(frozen=True)
class StoredRun:
    """A finished run with all it takes to answer: weights, or members that have them."""

    folder: RunFolder
    record: Record
    experiment: Experiment
    preprocessing: Preprocessing
    """Of an ensemble that of its first member, whose unit its answers have."""
    members: tuple[StoredRun, ...] = ()
    """Of an ensemble."""

    @property
    def readers(self) -> tuple[StoredRun, ...]:
        """Those that look at the columns of new rows, each in its own way: its members, or the run itself."""
        return self.members or (self,)

    @property
    def task(self) -> Task:
        return self.preprocessing.task

    @property
    def name(self) -> str:
        """`<name>-<id>`, as the folder is called."""
        return self.folder.path.name

    @property
    def kind(self) -> str:
        """mlp, baseline or ensemble."""
        return kind_of(self.record)

    @property
    def backend(self) -> str:
        """The Keras backend it was trained on; of an ensemble that of its first net."""
        nets = [reader.record.get("backend") for reader in self.readers if reader.kind == "mlp"]
        return next((backend for backend in nets if backend), "tensorflow")

    def network(self, backend: str | None = None) -> RestoredNetwork:
        """Its net, on its own backend or another one; loads Keras.

        Raises:
            UsageError: the run is of another kind.
            BackendError: the backend is not there, or Keras already runs on another one.
            StoreError: `model.keras` is damaged or holds another net.
        """
        if self.kind != "mlp":
            what = "an ensemble" if self.kind == "ensemble" else f"a {self.kind}"
            raise UsageError(
                f"{self.name} is no net but {what}: it has no layers and no weights of its own. Name a net"
            )
        features = len(self.preprocessing.inputs)
        return restore(self.folder.model_path, self.experiment, self.task, features, backend or self.backend)

    def kept_arrays(self, first: str, *others: str) -> dict[str, np.ndarray]:
        """Arrays of `predictions.npz` by name; those that are not in it are left out, but for the first.

        Raises:
            StoreError: the file is damaged.
        """
        path = self.folder.predictions_path
        try:
            with np.load(path, allow_pickle=False) as kept:
                return {name: kept[name] for name in (first, *others) if name == first or name in kept}
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            raise StoreError(f"{path}: cannot be read. {AGAIN}") from error


def kind_of(record: Record) -> str:
    return record.get("kind") or "mlp"


def open_run(folder: RunFolder) -> StoredRun:
    """The run in a folder; of an ensemble its members too.

    Raises:
        UsageError: it cannot answer: it failed, diverged, was interrupted, or its weights were not kept.
        NoSuchRun: a member is not in the store.
        StoreBusy: it is being trained.
        StoreError: its files are damaged, or a member is not the one that it was.
    """
    record = folder.record()
    refuse_unusable(folder, record)
    refuse_without_files(folder, record)
    preprocessing = stored_preprocessing(folder)
    if preprocessing.task.kind != "regression" and not preprocessing.task.shares:
        preprocessing = replace(preprocessing, task=with_recorded_shares(preprocessing.task, record))
    return StoredRun(folder, record, stored_experiment(folder), preprocessing, stored_members(folder, record))


def refuse_unusable(folder: RunFolder, record: Record) -> None:
    """Raises UsageError or StoreBusy where a run came to no end that could answer."""
    name, status = folder.path.name, record["status"]
    reason = f" ({record['reason']})" if record.get("reason") else ""
    if status == RUNNING:
        raise StoreBusy(f"{name} is being trained now. Wait for its end")
    if status == INTERRUPTED:
        raise UsageError(f"{name} was interrupted before its end: it has no net. `dlrun train CONFIG` trains it again")
    if status == "diverged":
        raise UsageError(f"{name} diverged{reason}: it has no usable net. Try a lower optimizer.learning_rate")
    if status == "failed":
        raise UsageError(f"{name} failed{reason}: it has no net. `dlrun train CONFIG` tries it again")
    if "kept_epoch" in record and record["kept_epoch"] is None:
        raise UsageError(
            f"{name} kept no weights: {record.get('monitor')} was a number in no epoch. Choose another fit.monitor and "
            "train again"
        )


FILES: dict[str, Callable[[RunFolder], tuple[Path, ...]]] = {
    "mlp": lambda folder: (folder.model_path, folder.preprocessing_path),
    "baseline": lambda folder: (folder.path / "model.skops", folder.preprocessing_path),
    "ensemble": lambda folder: (ensemble_path(folder), folder.preprocessing_path),
}
"""Kind of run -> the files without which it cannot answer."""
MADE_AGAIN = {"mlp": AGAIN, "baseline": "`dlrun baselines CONFIG --force` makes it again",
              "ensemble": "`dlrun ensemble RUN... --force` makes it again"}  # fmt: skip


def refuse_without_files(folder: RunFolder, record: Record) -> None:
    """Raises UsageError where files that it takes are not there, or this dlrun does not know such runs."""
    name, kind = folder.path.name, kind_of(record)
    if kind not in FILES:
        raise UsageError(f"{name} is a run of the kind {kind!r}, which this dlrun does not know. A newer one made it")
    for path in FILES[kind](folder):
        if not path.is_file():
            what = "weights" if kind == "mlp" else "parts"
            raise UsageError(f"{name} has no {what}: {path.name} is not in its folder. {MADE_AGAIN[kind]}")


def stored_members(folder: RunFolder, record: Record) -> tuple[StoredRun, ...]:
    """The members of an ensemble; none of another run. Raises as `open_run`."""
    if kind_of(record) != "ensemble":
        return ()
    store = Store(folder.path.parents[1])
    return tuple(member_of(store, folder, row) for row in read_ensemble(folder)["members"])


def member_of(store: Store, ensemble: RunFolder, row: MemberRow) -> StoredRun:
    """One member of an ensemble, if it is there and still the same."""
    return open_run(unchanged_member(store, ensemble, row))


def unchanged_member(store: Store, ensemble: RunFolder, row: MemberRow) -> RunFolder:
    """Where a member of an ensemble lies. Raises NoSuchRun where it is gone, StoreError where it is another now."""
    folder = member_folder(store, ensemble, row)
    record = folder.record()
    recorded = record.get("metrics", {})
    if kind_of(record) != row["kind"]:
        raise StoreError(
            f"{ensemble_path(ensemble)}: calls its member {folder.path.name} a run of the kind {row['kind']}. It is of "
            f"the kind {kind_of(record)}. {MADE_AGAIN['ensemble']}"
        )
    changed = [key for key, value in row["recorded"].items() if not alike(recorded.get(key), value)]
    if changed:
        raise StoreError(
            f"{ensemble.path.name}: its member {folder.path.name} was trained again since and came out differently "
            f"({changed[0]} {recorded.get(changed[0])}, was {row['recorded'][changed[0]]}). "
            "`dlrun ensemble RUN... --force` makes the ensemble again"
        )
    return folder


def member_folder(store: Store, ensemble: RunFolder, row: MemberRow) -> RunFolder:
    """Where a member of an ensemble lies. Raises NoSuchRun where it is gone."""
    folder = store.by_id(row["id"])
    if folder is not None and folder.finished:
        return folder
    seed = "" if row["seed"] is None else f", seed {row['seed']}"
    fold = "" if row["fold"] is None else f", fold {row['fold']}"
    what = "net" if row["kind"] == "mlp" else row["kind"]
    again = {"mlp": "`dlrun train` (or `dlrun sweep`)", "baseline": "`dlrun baselines`"}.get(row["kind"], "`dlrun`")
    raise NoSuchRun(
        f"{ensemble.path.name}: its member {row['name']}-{row['id']} (a {what}{seed}{fold}) is not in "
        f"{store.runs}. {again} with the config it came from makes it again, under the same id"
    )


def stored_preprocessing(folder: RunFolder) -> Preprocessing:
    """What was fitted on the run's train rows.

    Raises:
        StoreError: `preprocessing.json` is damaged.
    """
    path = folder.preprocessing_path
    try:
        stored: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Preprocessing.from_json(stored)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"{path}: cannot be read as a run's preprocessing. {AGAIN}") from error


def stored_experiment(folder: RunFolder) -> Experiment:
    """The experiment of the run; files it names need not be there.

    Raises:
        StoreError: `spec.yaml` is damaged.
    """
    try:
        return Experiment.model_validate(folder.spec())
    except ValueError as error:  # pydantic's ValidationError is one
        raise StoreError(f"{folder.spec_path}: does not hold an experiment that this dlrun knows. {AGAIN}") from error


def with_recorded_shares(task: Task, record: Record) -> Task:
    """The task with the class shares of the record, for runs whose preprocessing does not know them."""
    counts = record.get("classes") or {}
    rows = sum(counts.values())
    known = rows > 0 and set(counts) == set(task.classes)
    return replace(task, shares=tuple(counts[label] / rows for label in task.classes)) if known else task
