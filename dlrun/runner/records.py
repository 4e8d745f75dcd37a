"""An outcome -> what the store keeps of it: the record and the files beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.runner.environment import git_commit, versions
from dlrun.spec import Experiment, changed, flat
from dlrun.spec.identity import configuration_id
from dlrun.store import FORMAT, Record, RowCounts, TargetScale
from dlrun.training import EpochRow, Outcome, metric_notes, trivial_metrics

NOT_METRICS = ("epoch", "learning_rate", "seconds", "loss", "penalty")


@dataclass
class Background:
    """What the records of one command have in common, each found once: a sweep has thousands of them."""

    backend: str
    """tensorflow, jax or torch."""
    _of_data: dict[tuple[int, str], tuple[Prepared, Record]] = field(default_factory=dict)

    @cached_property
    def versions(self) -> dict[str, str]:
        return versions(self.backend)

    @cached_property
    def git_commit(self) -> str | None:
        return git_commit()

    def of_data(self, experiment: Experiment, data: Prepared) -> Record:
        """What follows from the data and from how runs are measured."""
        key = (id(data), f"{experiment.fit.loss} {experiment.fit.metrics} {experiment.model.output_activation}")
        if key not in self._of_data:
            self._of_data[key] = (data, data_part(experiment, data))  # the data are held, so their id stays theirs
        return self._of_data[key][1]


def data_part(experiment: Experiment, data: Prepared) -> Record:
    """The part of a record that runs on the same rows share."""
    return {
        "trivial": dict(trivial_metrics(experiment, data)),
        "rows": row_counts(data),
        "classes": class_counts(data),
        "target": target_scale(data),
        "features": len(data.feature_names),
        "data": {"source": source_of(experiment), "fingerprint": data.fingerprint},
        "notes": [*data.notes, *metric_notes(experiment, data.task)],
    }


def record_of(outcome: Outcome, engine: str, background: Background, started: datetime) -> Record:
    """The `result.json` of a run."""
    shared = background.of_data(outcome.job.experiment, outcome.job.data)
    experiment = outcome.job.experiment
    finished = datetime.now().astimezone()
    trained = len([row for row in outcome.curves if row["epoch"] > 0])
    return {
        "format": FORMAT,
        "id": outcome.job.id,
        "name": experiment.name,
        "kind": experiment.kind,
        "status": outcome.status,
        "reason": outcome.reason,
        "seed": experiment.seed,
        "fold": outcome.job.fold,
        "configuration": configuration_id(experiment, outcome.job.data.fingerprint, background.backend),
        "backend": background.backend,
        "engine": engine,
        "device": outcome.device,
        "monitor": experiment.monitor,
        "best_epoch": outcome.best_epoch,
        "kept_epoch": outcome.kept_epoch,
        "epochs": trained,
        "parameters": outcome.parameters,
        "steps_per_epoch": outcome.steps_per_epoch,
        "steps": None if outcome.steps_per_epoch is None else trained * outcome.steps_per_epoch,
        "seconds": {**outcome.seconds, "total": sum(outcome.seconds.values())},
        "metrics": metrics_at(outcome.curves, outcome.kept_epoch),
        "metrics_last": metrics_at(outcome.curves, outcome.curves[-1]["epoch"] if outcome.curves else None),
        "trivial": shared["trivial"],
        "rows": shared["rows"],
        "classes": shared["classes"],
        "target": shared["target"],
        "features": shared["features"],
        "versions": background.versions,
        "data": shared["data"],
        "git_commit": background.git_commit,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="microseconds"),  # tells which of two in one second is newer
        "notes": [*shared["notes"], *kept_notes(outcome), *outcome.notes],
        "spec": flat(changed(experiment)),
    }


def kept_notes(outcome: Outcome) -> tuple[str, ...]:
    """Says why a finished run has no weights."""
    if outcome.kept_epoch is not None or outcome.status not in ("completed", "stopped_early"):
        return ()
    monitor = outcome.job.experiment.monitor
    return (
        f"{monitor} was a number in no epoch, so none is best and no weights are kept; choose another fit.monitor.",
    )


def metrics_at(curves: tuple[EpochRow, ...], epoch: float | None) -> dict[str, float | None]:
    """The measured columns of one epoch; empty where there is no such epoch."""
    for row in curves:
        if row["epoch"] == epoch:
            return {key: value for key, value in row.items() if key not in NOT_METRICS}
    return {}


def row_counts(data: Prepared) -> RowCounts:
    return {
        "train": len(data.train),
        "measured_train": len(data.measured_train),
        "validation": len(data.validation) if data.validation else 0,
        "test": len(data.test) if data.test else 0,
    }


def class_counts(data: Prepared) -> dict[str, int] | None:
    """Label -> rows, over all parts; None for regression."""
    if data.task.kind == "regression":
        return None
    parts = [part.y for part in (data.train, data.validation, data.test) if part is not None]
    counts = np.bincount(np.concatenate(parts), minlength=len(data.task.classes))
    return {label: int(count) for label, count in zip(data.task.classes, counts, strict=True)}


def target_scale(data: Prepared) -> TargetScale | None:
    if data.task.kind != "regression":
        return None
    return {"name": data.task.target, "mean": data.task.mean, "spread": data.task.spread}


def source_of(experiment: Experiment) -> str:
    return experiment.data.source or "inline"


def files_of(outcome: Outcome) -> Mapping[str, Callable[[Path], None]]:
    """File name -> what writes it. Nothing where no usable weights came out."""
    network, data = outcome.network, outcome.job.data
    if network is None:
        return {}
    return {
        network.file_name: network.save,
        "preprocessing.json": lambda path: write_json(path, data),
        "predictions.npz": lambda path: write_predictions(path, outcome),
    }


def write_json(path: Path, data: Prepared) -> None:
    text = json.dumps(data.preprocessing, ensure_ascii=False, allow_nan=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_predictions(path: Path, outcome: Outcome) -> None:
    """The split as row numbers of the source, and what the kept net gives for the validation rows.

    Arrays: `train_rows, measured_train_rows, validation_rows, test_rows` int64; `targets` (rows,) class indices or
    standardised values; `outputs` (rows, outputs) float32, of the output layer.
    """
    data, network = outcome.job.data, outcome.network
    none = np.zeros(0, np.int64)
    arrays: dict[str, Any] = {
        "train_rows": data.train.numbers,
        "measured_train_rows": data.measured_train.numbers,
        "validation_rows": data.validation.numbers if data.validation else none,
        "test_rows": data.test.numbers if data.test else none,
    }
    if network is not None and data.validation is not None:
        arrays |= {"targets": data.validation.y, "outputs": network.outputs(data.validation.x)}
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
