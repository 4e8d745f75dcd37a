"""A stored run and labelled rows -> what it is worth on them, written down once."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypedDict

import numpy as np

import dlrun
from dlrun.data import Table, fingerprint
from dlrun.data.sources import BUILT_IN, data_file
from dlrun.errors import DataError, StoreError, UsageError
from dlrun.runner.new_rows import KEY, data_for, labelled_rows
from dlrun.runner.own_rows import prepared_again
from dlrun.runner.predictors import Predictor, open_predictor
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import StoredRun, open_run
from dlrun.store import RunFolder, Store
from dlrun.store.evaluations import (
    ClassRow,
    Confusion,
    Evaluation,
    MetricRow,
    Residual,
    add_evaluation,
    opened_by,
    read_evaluations,
)
from dlrun.store.record import finite
from dlrun.training.assessment import QUANTILES, Assessment, Outputs
from dlrun.training.backend import choose
from dlrun.training.baselines import ENGINE
from dlrun.training.metrics import metric_names

MOST_CLASSES = 100
"""With more, the confusion matrix is not written down; the most frequent confusions are."""
CONFUSED = 10
LARGEST = 5
NO_NET = "tensorflow"
"""Stands for the backend where no run is a net."""


@dataclass(frozen=True)
class Evaluated:
    """A look at a run's test rows, or the one that was taken before."""

    folder: RunFolder
    evaluation: Evaluation
    again: bool
    """Whether these rows were opened before; then nothing was measured."""
    others: tuple[str, ...] = ()
    """Runs of other configurations that were tested on the same rows."""


class RunMean(TypedDict):
    """A metric over several runs."""

    metric: str
    mean: float | None
    low: float | None
    high: float | None
    """95 % interval of the mean (Student's t over runs); None for one run."""
    runs: int


def evaluate(
    store: Store, folders: Sequence[RunFolder], source: str | None = None, backend: str | None = None
) -> list[Evaluated]:
    """Tests runs on their test rows, or on those of a labelled file, and writes each look into the run's folder.

    Rows that a run was tested on before are not opened again: the earlier look is given. All runs compute on one
    backend: the one given, or that of the first run with a net. An ensemble that was made again since is measured
    again.

    Raises:
        UsageError: a run cannot answer, or has no test rows.
        NoSuchRun: a member of an ensemble is gone.
        DataError: the rows cannot be read, do not fit the run, or have changed since it was trained.
        StoreError, StoreBusy, StoreNotWritable: of the run's folder.
    """
    runs = [open_run(folder) for folder in folders]
    for run in runs:
        if source is None:
            refuse_without_test_rows(run)
    found, shared = [], backend or backend_of(runs)
    for run in runs:
        identity = rows_fingerprint(run, source)
        looks = [look for look in read_evaluations(run.folder) if look["fingerprint"] == identity]
        known = [look for look in looks if not was_another(run, look)]
        if not known:
            if any(map(has_nets, runs)):
                choose(shared)  # a baseline's loss may be computed by Keras too
            look = measure(run, source, identity, shared, seen_before(looks))
            add_evaluation(run.folder, look)
        found.append(Evaluated(run.folder, known[0] if known else look, bool(known), other_runs(store, run, identity)))
    return found


def backend_of(runs: Sequence[StoredRun]) -> str:
    """That of the first run with a net."""
    return next((run.backend for run in runs if has_nets(run)), NO_NET)


def has_nets(run: StoredRun) -> bool:
    return any(reader.kind == "mlp" for reader in run.readers)


def was_another(run: StoredRun, look: Evaluation) -> bool:
    """Whether an ensemble was made again after a look: its members may have become others. Other runs are what they
    were, as their ids say."""
    if run.kind != "ensemble":
        return False
    try:
        return datetime.fromisoformat(look["opened"]) < datetime.fromisoformat(run.record.get("finished") or "")
    except (ValueError, TypeError):  # no time, or one of them without its zone
        return False


def seen_before(looks: Sequence[Evaluation]) -> tuple[str, ...]:
    """A note for rows that an ensemble was tested on before it was made again."""
    if not looks:
        return ()
    opened = looks[-1]["opened"][:16].replace("T", " ")
    return (
        f"These rows were opened before, on {opened}, for this ensemble as it was then. It was made again since, so it "
        "is measured again; what is chosen by rows that were seen looks better on them than it is.",
    )


def refuse_without_test_rows(run: StoredRun) -> None:
    if not run.record.get("rows", {}).get("test"):
        raise UsageError(
            f"{run.name} has no test rows. Give a labelled file: `dlrun evaluate {run.name} FILE`; or set "
            "data.test_split or data.test_source in the config and train again"
        )


def other_runs(store: Store, run: StoredRun, identity: str) -> tuple[str, ...]:
    """Names of the runs that saw the same rows with another configuration: choosing among them spoils the rows."""
    seen = {folder.path.name: folder for folder, _ in opened_by(store.folders(), identity)}
    own = configuration(run.folder)
    return tuple(sorted(name for name, folder in seen.items() if configuration(folder) != own))


def configuration(folder: RunFolder) -> str:
    """The settings of a run, its seed left out; of a damaged record its name, so that it is like no other."""
    try:
        spec = folder.record().get("spec", {})
    except StoreError:
        return folder.path.name
    return json.dumps({key: value for key, value in spec.items() if key not in ("seed", "name")}, sort_keys=True)


# --- which rows ------------------------------------------------------------------------------------------------------


def rows_fingerprint(run: StoredRun, source: str | None) -> str:
    """What the rows are called in the log: equal for the same rows, whatever the run. No row is opened for it."""
    data = run.experiment.data
    if source is not None:
        return file_fingerprint(run, source, KEY)
    if data.test_source is not None:
        return file_fingerprint(run, data.test_source, "data.test_source")
    numbers = np.ascontiguousarray(run.kept_arrays("test_rows")["test_rows"], "<i8")
    content = str(run.record.get("data", {}).get("fingerprint")).encode() + numbers.tobytes()
    return hashlib.sha256(b"test" + content).hexdigest()


def file_fingerprint(run: StoredRun, source: str, key: str) -> str:
    """Of a file's bytes or a built-in set's numbers.

    Raises:
        DataError: it is not there, or the run was trained on it.
    """
    if source not in BUILT_IN:
        data_file(source, key)
    found = fingerprint(data_for(run, source))
    if found == run.record.get("data", {}).get("fingerprint") and run.experiment.data.test_source is None:
        raise DataError(
            f"{key}: {source!r} holds the rows that {run.name} was trained on, which say nothing about new ones. "
            "Without FILE its own test rows are taken, if it has any; `dlrun predict` takes any rows"
        )
    return found


@dataclass(frozen=True)
class TestRows:
    """Labelled rows with where they come from."""

    __test__ = False  # pytest: this is no test

    table: Table | None
    """Rows of a file; None for test rows out of the run's own source, which only its members' splits tell apart."""
    y: np.ndarray
    numbers: np.ndarray
    """int64 (rows,): each row's place in its source, from 1."""
    rows_from: str
    source: str
    notes: tuple[str, ...] = ()

    def outputs(self, predictor: Predictor, data: RunData) -> np.ndarray:
        """float32 (rows, outputs): what the run says of them."""
        return predictor.of_test_rows(data) if self.table is None else predictor.of_table(self.table)


def open_rows(run: StoredRun, source: str | None, data: RunData) -> TestRows:
    """The labelled rows of a file, or the run's own test rows."""
    section = run.experiment.data
    if source is not None:
        rows = labelled_rows(run, source)
        return TestRows(rows.table, rows.y, rows.numbers, "FILE", source, rows.notes)
    if section.test_source is not None:
        rows = labelled_rows(run, section.test_source, "data.test_source")
        return TestRows(rows.table, rows.y, rows.numbers, "data.test_source", section.test_source, rows.notes)
    test = prepared_again(run.readers[0], data).test
    if test is None:
        raise UsageError(f"{run.name}: its source holds no test rows any more. Give a labelled file")
    rows_from = "data.test_split" if section.test_split > 0 else "the source's own test rows"
    shown = str(run.record.get("data", {}).get("source", section.source))
    return TestRows(None, test.y, test.numbers + 1, rows_from, shown)


# --- what the run is worth on them -----------------------------------------------------------------------------------


def measure(run: StoredRun, source: str | None, identity: str, backend: str, notes: Sequence[str] = ()) -> Evaluation:
    """Opens the rows and measures; loads Keras where there are nets."""
    data = RunData()
    rows = open_rows(run, source, data)
    opened = datetime.now().astimezone().isoformat()
    predictor = open_predictor(run, backend)
    assessed = Assessment(predictor.objective, Outputs(rows.y, rows.outputs(predictor, data)))
    measured = assessed.measured(metric_names(run.experiment, run.task), kept_validation(run))
    metrics: list[MetricRow] = [finite(asdict(row)) for row in measured]
    is_regression = run.task.kind == "regression"
    return Evaluation(
        opened=opened,
        rows_from=rows.rows_from,
        source=rows.source,
        rows=len(rows.y),
        fingerprint=identity,
        backend=backend if has_nets(run) else ENGINE,
        dlrun=dlrun.__version__,
        metrics=metrics,
        classes=[] if is_regression else class_rows(run, assessed),
        confusion=None if is_regression or len(run.task.classes) > MOST_CLASSES else assessed.confusion.tolist(),
        confused=[] if is_regression else confusions(run, assessed),
        quantiles=error_quantiles(assessed) if is_regression else {},
        largest=largest_errors(run, assessed, rows.numbers) if is_regression else [],
        notes=[*notes, *rows.notes],
    )


def kept_validation(run: StoredRun) -> Outputs | None:
    """What the net gave for its validation rows; None where none were held out."""
    kept = run.kept_arrays("validation_rows", "targets", "outputs")
    return Outputs(kept["targets"], kept["outputs"]) if "outputs" in kept else None


def class_rows(run: StoredRun, assessed: Assessment) -> list[ClassRow]:
    counted = assessed.tally
    columns = zip(run.task.classes, counted.precision, counted.recall, counted.f1, counted.support, strict=True)
    return [
        ClassRow(label=label, precision=float(precision), recall=float(recall), f1=float(f1), support=int(support))
        for label, precision, recall, f1, support in columns
    ]


def confusions(run: StoredRun, assessed: Assessment) -> list[Confusion]:
    """The pairs of classes that are confused most often."""
    matrix = assessed.confusion.copy()
    support = matrix.sum(axis=1)
    np.fill_diagonal(matrix, 0)
    order = np.argsort(-matrix, axis=None, kind="stable")[:CONFUSED]
    pairs = [(int(place) // len(matrix), int(place) % len(matrix)) for place in order]
    classes = run.task.classes
    return [
        Confusion(
            true=classes[true], given=classes[given], rows=int(matrix[true, given]),
            share=float(matrix[true, given] / support[true]),
        )
        for true, given in pairs
        if matrix[true, given]
    ]  # fmt: skip


def error_quantiles(assessed: Assessment) -> dict[str, float]:
    """Of output minus target, in the target's own unit."""
    return {name: float(np.quantile(assessed.errors, share)) for name, share in QUANTILES.items()}


def largest_errors(run: StoredRun, assessed: Assessment, numbers: np.ndarray) -> list[Residual]:
    errors, task = assessed.errors, run.task
    given = task.mean + task.spread * assessed.rows.outputs[:, 0].astype(float)
    order = np.argsort(-np.abs(errors), kind="stable")[:LARGEST]
    return [
        Residual(row=int(numbers[place]), true=float(given[place] - errors[place]), given=float(given[place]),
                 error=float(errors[place]))
        for place in order
    ]  # fmt: skip


def means(found: Sequence[Evaluated]) -> list[RunMean]:
    """Each metric that all runs have, averaged over the runs: what a new seed of this configuration can expect."""
    tables = [{row["metric"]: row["value"] for row in one.evaluation["metrics"]} for one in found]
    names = [name for name in tables[0] if all(table.get(name) is not None for table in tables)]
    return [mean_of(name, np.array([table[name] for table in tables], float)) for name in names]


def mean_of(name: str, values: np.ndarray) -> RunMean:
    """The mean with Student's 95 % interval."""
    mean, runs = float(values.mean()), len(values)
    if runs < 2:
        return RunMean(metric=name, mean=mean, low=None, high=None, runs=runs)
    from scipy.special import stdtrit

    half = float(stdtrit(runs - 1, 0.975)) * float(values.std(ddof=1)) / math.sqrt(runs)
    return RunMean(metric=name, mean=mean, low=mean - half, high=mean + half, runs=runs)
