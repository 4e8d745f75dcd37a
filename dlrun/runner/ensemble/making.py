"""Finished runs -> one run of the kind `ensemble` in the store."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.data import Rows
from dlrun.errors import Interrupted
from dlrun.runner.ensemble.asking import ask_all
from dlrun.runner.ensemble.candidates import Candidate, Choice
from dlrun.runner.ensemble.splits import SharedRows, blocks_of, groups_of, shared_rows
from dlrun.runner.ensemble.worth import Measure, best_column, disagreement
from dlrun.runner.records import Background, record_of
from dlrun.runner.retrain import bring_weights
from dlrun.runner.run_data import RunData
from dlrun.runner.spec_texts import SpecTexts
from dlrun.runner.stored_run import StoredRun, kind_of, open_run, unchanged_member
from dlrun.spec import Experiment, Fit, Model, run_id
from dlrun.spec.other_kinds import Ensemble, EnsembleMethod
from dlrun.store import FORMAT, Record, RunFolder, Store
from dlrun.store.ensemble_file import (
    FILE_NAME,
    ColumnRow,
    DifferenceRow,
    EnsembleDocument,
    MemberRow,
    read_ensemble,
    write_ensemble,
)
from dlrun.training.combining.combination import Average, Layer
from dlrun.training.combining.methods import LEARNING, Fitted, Judged, combine, parts_of_rows, refuse_method
from dlrun.training.combining.opinions import Opinions
from dlrun.training.curves import curve_columns
from dlrun.training.job import EpochRow, Job, Outcome, Stopping, never
from dlrun.training.metrics import metric_names
from dlrun.training.objective import Objective, objective_of

ENGINE = "ensemble"
NO_NET = "tensorflow"
"""Stands for the backend in the id, and in the versions, where no member is a net."""


@dataclass(frozen=True)
class Made:
    """The ensemble's run."""

    folder: RunFolder
    again: bool
    """Whether it was there before; then nothing was done."""
    notes: tuple[str, ...] = ()
    """What a user should know of how its members were chosen now, and its record does not say."""


@dataclass
class EnsembleMaker:
    """Joins runs, measures what they are worth together, and keeps it.

    Args:
        store: where members lie and the ensemble will.
        tell: hears what takes a while.
        backend: that the nets of members compute on; the first net's own when None.
        force: makes an ensemble again that is there.
        stopping: whether to end.
    """

    store: Store
    tell: Callable[[str], None]
    backend: str | None = None
    force: bool = False
    stopping: Stopping = never

    def make(self, choice: Choice, method: EnsembleMethod, name: str | None = None) -> Made:
        """The run that joins these members.

        Raises:
            UsageError: members that cannot be joined, or a method that does not suit them.
            StoreError: it is there, but a member was trained again since and came out differently.
            DataError: their data are gone or have changed; too few rows to learn from.
            BackendError, StoreBusy, StoreNotWritable: as for any run.
            Interrupted: after Ctrl-C; nothing is written then.
        """
        began, started = time.perf_counter(), datetime.now().astimezone()
        members = choice.members
        experiment = experiment_of(members, method, name)
        identity = run_id(experiment, members[0].record["data"]["fingerprint"], backend_of(members))
        known = None if self.force else self.store.finished(identity)
        if known is not None:
            refuse_stale(self.store, known)
            recorded = known.record().get("notes", [])
            return Made(known, True, tuple(note for note in choice.notes if note not in recorded))
        data = RunData()
        shared = shared_rows(members, data)
        objective = objective_of(experiment, shared.task)
        refuse_method(method, objective, shared.prepared.validation is not None)
        bring_weights(self.store, [member.folder for member in members], self.tell, self.stopping)
        runs = [open_run(member.folder) for member in members]
        self.tell(f"asking {len(runs)} members")
        said = ask_all(runs, columns_of(members), shared, self.backend or backend_of(members), data, self.stopping)
        fitted = self._fitted(method, members, shared, said, objective, data)
        drawn = drawn_together(members[0].experiment, shared)
        whole = Whole(experiment, identity, members, shared, said, objective, fitted, choice.notes, drawn)
        if self.stopping():
            raise Interrupted("interrupted: nothing was changed")
        return Made(self._keep(whole, runs[0], started, time.perf_counter() - began), False)

    def _fitted(
        self, method: EnsembleMethod, members: Sequence[Candidate], shared: SharedRows, said: dict[str, Opinions],
        objective: Objective, data: RunData,
    ) -> Fitted:  # fmt: skip
        rows = shared.prepared.validation
        if rows is None:  # neither a vote nor a mean learns from rows
            nobody = said["train"].take(np.zeros(0, np.int64))
            return combine(method, Judged(nobody, np.zeros(0, np.int32), np.zeros(0, np.int64)), objective)
        parts = parts_for(members, shared, rows, data) if method in LEARNING else np.zeros(len(rows), np.int64)
        return combine(method, Judged(said["validation"], rows.y, parts), objective)

    def _keep(self, whole: Whole, first: StoredRun, started: datetime, seconds: float) -> RunFolder:
        row = whole.row(seconds)
        record = whole.record(row, started, seconds)
        files: dict[str, Callable[[Path], None]] = {
            FILE_NAME: partial(write_ensemble, document=whole.document()),
            "preprocessing.json": partial(copy_of, first.folder.preprocessing_path),
            "predictions.npz": whole.write_predictions,
        }
        with self.store.writer(whole.identity, whole.experiment.name) as writer:
            columns = curve_columns(whole.experiment, whole.shared.task)
            writer.begin(SpecTexts().of(whole.experiment), columns)
            writer.append({column: row.get(column, float("nan")) for column in columns})
            return writer.finish(record, files)


@dataclass(frozen=True)
class Whole:
    """An ensemble with all that is known of it."""

    experiment: Experiment
    identity: str
    members: tuple[Candidate, ...]
    shared: SharedRows
    said: dict[str, Opinions]
    objective: Objective
    fitted: Fitted
    notes: tuple[str, ...]
    drawn: Drawn

    @property
    def measure(self) -> Measure:
        return Measure(self.objective, metric_names(self.experiment, self.shared.task), self.drawn.blocks)

    @property
    def judged(self) -> Rows | None:
        return self.shared.prepared.validation

    def row(self, seconds: float) -> EpochRow:
        """The one row of its curves: epoch 0, as nothing was trained."""
        train = self.shared.sides["train"]
        outputs = self.fitted.combination.answer(self.said["train"])
        found: EpochRow = {"epoch": 0, "learning_rate": 0.0, "loss": float("nan")}
        found |= self.measure.of(train, outputs.astype(np.float32), "train")
        if self.judged is not None:
            found |= self.measure.of(self.judged, self.fitted.outputs.astype(np.float32), "val")
        return found | {"penalty": 0.0, "seconds": seconds}

    def record(self, row: EpochRow, started: datetime, seconds: float) -> Record:
        backend = backend_of(self.members)
        job = Job(self.identity, self.experiment, self.shared.prepared)
        outcome = Outcome(
            job=job, status="completed", curves=(row,), best_epoch=0, kept_epoch=0, network=None, parameters=0,
            steps_per_epoch=0, seconds={"measure": seconds},
        )  # fmt: skip
        record = record_of(outcome, ENGINE, Background(backend), started)
        counts = [count for member in self.members if (count := member.record.get("parameters"))]
        nets = any(kind_of(member.record) == "mlp" for member in self.members)
        return {
            **record,
            "backend": backend if nets else None,
            "parameters": sum(counts) if counts else None,
            "steps_per_epoch": None,
            "steps": None,
            "rows": self.shared.counts(),
            "classes": self.members[0].record.get("classes"),
            "notes": [*record["notes"], *self.notes, *notes_of(self), *self.drawn.notes],
        }

    def document(self) -> EnsembleDocument:
        combination = self.fitted.combination
        weights = combination.weights.tolist() if isinstance(combination, Average) else [None] * len(self.members)
        columns = columns_of(self.members)
        worth = self._worth_of_columns()
        best = None if self.judged is None else best_column(worth, self.experiment.monitor)
        judged = self.said.get("validation")
        return EnsembleDocument(
            format=FORMAT,
            method=self.method,
            members=[
                member_row(member, column, weight)
                for member, column, weight in zip(self.members, columns, weights, strict=True)
            ],
            columns=[ColumnRow(metrics=dict(one)) for one in worth],
            combination=combination.to_json(),
            judged="nothing" if self.judged is None else "out_of_fold" if self.shared.out_of_fold else "validation",
            best=best,
            differences=[] if best is None else self._against(best),
            disagreement=None if judged is None else disagreement(judged, self.objective),
        )

    @property
    def method(self) -> EnsembleMethod:
        if self.experiment.ensemble is None:
            raise ValueError("an ensemble's experiment names its method")
        return self.experiment.ensemble.method

    def _worth_of_columns(self) -> list[dict[str, float]]:
        if self.judged is None:
            return [{} for _ in range(max(columns_of(self.members)) + 1)]
        said = self.said["validation"].by_column().astype(np.float32)
        return [self.measure.of(self.judged, one, "val") for one in said]

    def _against(self, best: int) -> list[DifferenceRow]:
        if self.judged is None:
            return []
        other = self.said["validation"].by_column()[best].astype(np.float32)
        return self.measure.differences(self.judged, self.fitted.outputs.astype(np.float32), other)

    def write_predictions(self, path: Path) -> None:
        """As for a net: rows by number, targets, and what the ensemble gives for its validation rows; what learns from
        them cross-fitted."""
        none = np.zeros(0, np.int64)
        numbers = self.shared.splits[0].numbers
        arrays: dict[str, Any] = {
            "train_rows": np.sort(numbers["train"]),
            "measured_train_rows": self.shared.sides["train"].numbers,
            "validation_rows": none if self.judged is None else self.judged.numbers,
            "test_rows": numbers["test"],
        }
        if self.judged is not None:
            arrays |= {"targets": self.judged.y, "outputs": self.fitted.outputs.astype(np.float32)}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)


@dataclass(frozen=True)
class Drawn:
    """How rows are drawn for the intervals."""

    blocks: np.ndarray | None = None
    """int (rows,): validation rows with the same number are drawn together; None where each row is drawn by itself."""
    notes: tuple[str, ...] = ()


def drawn_together(experiment: Experiment, shared: SharedRows) -> Drawn:
    """Whole groups of `data.group`, as rows of one group are much alike; else row by row."""
    group, rows = experiment.data.group, shared.prepared.validation
    if group is None or rows is None:
        return Drawn()
    alone = f"Rows of one group of data.group {group!r} are much alike, but intervals take them as independent"
    if experiment.data.validation_source is not None:
        return Drawn(None, (f"{alone}. The groups of data.validation_source are not known.",))
    blocks = groups_of(experiment, rows.numbers)
    groups = len(np.unique(blocks))
    if groups < 2:
        return Drawn(None, (f"{alone}. All validation rows are of one group.",))
    return Drawn(blocks, (f"Intervals draw whole groups of data.group {group!r}, of which there are {groups:,}.",))


def refuse_stale(store: Store, ensemble: RunFolder) -> None:
    """Raises StoreError where the record of an ensemble is not that of its members any more."""
    for row in read_ensemble(ensemble)["members"]:
        unchanged_member(store, ensemble, row)


# --- its parts -------------------------------------------------------------------------------------------------------


def experiment_of(members: Sequence[Candidate], method: EnsembleMethod, name: str | None) -> Experiment:
    """What stands for the ensemble: the first member's data, what most members are measured by, no net."""
    first, ids = members[0].experiment, tuple(member.folder.id for member in members)
    losses = Counter(member.experiment.fit.loss for member in members)
    like = max((member.experiment for member in members), key=lambda one: losses[one.fit.loss])  # the first of equals
    given = like.fit
    return Experiment(
        name=name or f"{method}-of-{len(members)}-{members[0].record['name']}",
        data=first.data.model_copy(update={"augmentation": None}),
        model=Model(output_activation=like.model.output_activation),
        fit=Fit(epochs=0, loss=given.loss, metrics=given.metrics, monitor=given.monitor),
        ensemble=Ensemble(method=method, members=ids),
    )


def backend_of(members: Sequence[Candidate]) -> str:
    """The backend of the first net among them."""
    nets = (member.record.get("backend") for member in members if kind_of(member.record) == "mlp")
    return next((backend for backend in nets if backend), NO_NET)


def columns_of(members: Sequence[Candidate]) -> tuple[int, ...]:
    """Per member the place of its column, in the order in which columns come."""
    places: dict[str, int] = {}
    return tuple(places.setdefault(member.column, len(places)) for member in members)


def parts_for(members: Sequence[Candidate], shared: SharedRows, rows: Rows, data: RunData) -> np.ndarray:
    """int (rows,): the folds of the members, or parts of the validation rows."""
    if shared.out_of_fold:
        parts = np.zeros(len(rows), np.int64)
        for member, split in zip(members, shared.splits, strict=True):
            parts[np.isin(rows.numbers, split.numbers["validation"])] = member.fold or 0
        return parts
    first = members[0].experiment
    blocks = blocks_of(first, data.of(first, None), rows.numbers)
    labels = np.zeros(len(rows), np.int32) if shared.task.kind == "regression" else rows.y
    return parts_of_rows(labels, blocks, first.data.split_seed)


def member_row(member: Candidate, column: int, weight: float | None) -> MemberRow:
    record = member.record
    return MemberRow(
        id=member.folder.id, name=record["name"], kind=kind_of(record), seed=record.get("seed"), fold=member.fold,
        column=column, weight=weight,
        recorded={key: value for key, value in record.get("metrics", {}).items() if key.endswith("_loss")},
    )  # fmt: skip


def notes_of(whole: Whole) -> list[str]:
    """What a reader of its numbers should know."""
    found, held_out = [], whole.judged is not None
    if held_out and whole.shared.out_of_fold:
        found.append(
            "Validation values are out of fold: a row is judged by those members alone that were not trained on it. "
            "New rows are judged by all members."
        )
    if held_out and whole.method in LEARNING:
        what = "The final layer" if whole.method == "stack" else "The weights"
        found.append(
            f"{what} learnt from validation rows. Validation values are cross-fitted: each part of the rows is "
            "answered with what the other parts taught."
        )
    if whole.method == "vote":
        found.append("Outputs are shares of votes; a class without votes counts as the probability 1e-7 in the loss.")
    layer = whole.fitted.combination
    if isinstance(layer, Layer) and layer.seen:
        absent = [label for place, label in enumerate(whole.shared.task.classes) if place not in layer.seen]
        if absent:
            found.append(
                f"No validation row is of {', '.join(map(repr, absent))}, so the final layer never names "
                f"{'it' if len(absent) == 1 else 'them'}."
            )
    return found


def copy_of(source: Path, path: Path) -> None:
    path.write_bytes(source.read_bytes())
