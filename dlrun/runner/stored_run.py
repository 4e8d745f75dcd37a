"""A run in the store that can be used again: its experiment, its preprocessing, its net."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlrun.data import Preprocessing, Task
from dlrun.errors import StoreBusy, StoreError, UsageError
from dlrun.spec import Experiment
from dlrun.store import Record, RunFolder
from dlrun.store.run_folder import INTERRUPTED, RUNNING
from dlrun.training.restore import RestoredNetwork, restore

AGAIN = "`dlrun train CONFIG --force` trains it again and keeps its weights"


@dataclass(frozen=True)
class StoredRun:
    """A finished run with weights."""

    folder: RunFolder
    record: Record
    experiment: Experiment
    preprocessing: Preprocessing

    @property
    def task(self) -> Task:
        return self.preprocessing.task

    @property
    def name(self) -> str:
        """`<name>-<id>`, as the folder is called."""
        return self.folder.path.name

    @property
    def backend(self) -> str:
        """The Keras backend it was trained on."""
        return self.record.get("backend") or "tensorflow"

    def network(self, backend: str | None = None) -> RestoredNetwork:
        """Its net, on its own backend or another one; loads Keras.

        Raises:
            BackendError: the backend is not there, or Keras already runs on another one.
            StoreError: `model.keras` is damaged or holds another net.
        """
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


def open_run(folder: RunFolder) -> StoredRun:
    """The run in a folder.

    Raises:
        UsageError: it has no net: it failed, diverged, was interrupted, or its weights were not kept.
        StoreBusy: it is being trained.
        StoreError: its files are damaged.
    """
    record = folder.record()
    refuse_without_net(folder, record)
    preprocessing = stored_preprocessing(folder)
    if preprocessing.task.kind != "regression" and not preprocessing.task.shares:
        preprocessing = replace(preprocessing, task=with_recorded_shares(preprocessing.task, record))
    return StoredRun(folder, record, stored_experiment(folder), preprocessing)


def refuse_without_net(folder: RunFolder, record: Record) -> None:
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
    if record.get("kind", "mlp") != "mlp":
        raise UsageError(f"{name} is a run of the kind {record.get('kind')}: it has no Keras net")
    if "kept_epoch" in record and record["kept_epoch"] is None:
        raise UsageError(
            f"{name} kept no weights: {record.get('monitor')} was a number in no epoch. Choose another fit.monitor and "
            "train again"
        )
    for path in (folder.model_path, folder.preprocessing_path):
        if not path.is_file():
            raise UsageError(f"{name} has no weights: {path.name} is not in its folder. {AGAIN}")


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
