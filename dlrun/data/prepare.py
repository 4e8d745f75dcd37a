"""An experiment's data section -> arrays ready for training. Depends on `data` and the loss, never on `seed`."""

from __future__ import annotations

import numpy as np

from dlrun.data.columns import Chosen, choose
from dlrun.data.dates import times_of
from dlrun.data.fingerprint import fingerprint
from dlrun.data.identical import copies
from dlrun.data.prepared import Prepared, Rows, Task
from dlrun.data.preprocessing import Preprocessing, fit
from dlrun.data.sources import load, load_source
from dlrun.data.splits import split, train_subset
from dlrun.data.table import Numeric, Table
from dlrun.data.task import amounts, class_indices, decide, standard, targets, with_labels
from dlrun.errors import NotAvailable
from dlrun.spec import Data, Experiment


def prepare(experiment: Experiment) -> Prepared:
    """The rows of an experiment: read, split, scaled and encoded, everything fitted on train rows only.

    Raises DataError for data that cannot be trained on, NotAvailable for keys that are not built yet.
    """
    data = experiment.data
    _refuse_unbuilt(data)
    source = load(data)
    chosen = choose(source, data)
    table, label_notes = with_labels(source, chosen.target, data.label_map)
    task = decide(table, chosen.target, experiment)
    train, validation, test, split_notes = _split(table, chosen, task, data)
    if task.kind == "regression":
        task = standard(task, amounts(train, chosen.target), experiment.fit.loss)
    preprocessing, fit_notes = fit(train, chosen.features, data.scaling, task, data.label_map)
    other_validation, validation_notes = _other_rows(data.validation_source, "validation", preprocessing, data)
    other_test, test_notes = _other_rows(data.test_source, "test", preprocessing, data)
    return Prepared(
        train=_rows(train, preprocessing),
        validation=_rows_or_none(validation, preprocessing) if other_validation is None else other_validation,
        test=_rows_or_none(test, preprocessing) if other_test is None else other_test,
        task=task,
        feature_names=preprocessing.inputs,
        preprocessing=preprocessing.to_json(),
        fingerprint=fingerprint(data),
        split_seed=data.split_seed,
        notes=(
            *source.notes, *chosen.notes, *label_notes, *_task_notes(table, task, data), *split_notes, *fit_notes,
            *validation_notes, *test_notes,
        ),
        source_rows=len(source),
    )  # fmt: skip


def _refuse_unbuilt(data: Data) -> None:
    if data.folds is not None:
        raise NotAvailable(
            f"data.folds: cross-validation arrives with `dlrun evaluate` in a later version; "
            f"use data.validation_split until then. Received: {data.folds}"
        )
    if data.augmentation is not None:
        raise NotAvailable(
            "data.augmentation: is not built yet; it arrives in a later version. Leave it out until then"
        )


def _split(table: Table, chosen: Chosen, task: Task, data: Data) -> tuple[Table, Table, Table, tuple[str, ...]]:
    """The train, validation and test rows of the main source."""
    labels = np.zeros(len(table), np.int32) if task.kind == "regression" else class_indices(table, task)
    blocks, notes = _blocks(table, chosen)
    times = None if chosen.time is None else times_of(table, chosen.time)
    parts = split(labels, blocks, data, times)
    train = parts.train
    if data.train_fraction < 1:
        train = train[train_subset(labels[train], data.train_fraction, data.split_seed)]
    lone = [name for name, count in zip(task.classes, np.bincount(labels), strict=False) if count == 1]
    if lone:
        notes += (f"Class {lone[0]!r} has a single row, which cannot be split.",)
    return table.take(train), table.take(parts.validation), table.take(parts.test), notes


def _blocks(table: Table, chosen: Chosen) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which rows stay on one side: those of a group, else copies of one row."""
    if chosen.group is not None:
        column = table.columns[chosen.group]
        codes = (column.as_text() if isinstance(column, Numeric) else column).codes
        # a row without a group is a group of its own
        return np.where(codes < 0, codes.max(initial=0) + 1 + np.arange(len(table)), codes), ()
    blocks = copies((table.columns[name] for name in chosen.features), len(table))
    doubled = int((blocks != np.arange(len(table))).sum())
    if not doubled or chosen.time is not None:
        return blocks, ()
    rows = "1 row is a copy of another" if doubled == 1 else f"{doubled} rows are copies of others"
    return blocks, (f"{rows}; equal rows stay on one side of the split.",)


def _task_notes(table: Table, task: Task, data: Data) -> tuple[str, ...]:
    """Says when whole numbers were taken as classes, which a user may not want."""
    numbers = isinstance(table.columns[task.target], Numeric)
    if data.task != "auto" or task.kind != "multiclass" or not numbers:
        return ()
    return (
        f"{task.target!r} has {len(task.classes)} different whole numbers, taken as classes "
        "(data.task: regression for amounts).",
    )


def _other_rows(
    source: str | None, use: str, preprocessing: Preprocessing, data: Data
) -> tuple[Rows | None, tuple[str, ...]]:
    """The rows of `validation_source` or `test_source`, prepared like the train rows."""
    if source is None:
        return None, ()
    key = f"data.{use}_source"
    table = load_source(source, data.model_copy(update={"target": preprocessing.task.target}), key)
    table.named(preprocessing.task.target, key)
    table, notes = with_labels(table, preprocessing.task.target, preprocessing.label_map)
    return _rows(table, preprocessing), (*table.notes, *notes)


def _rows_or_none(table: Table, preprocessing: Preprocessing) -> Rows | None:
    return _rows(table, preprocessing) if len(table) else None


def _rows(table: Table, preprocessing: Preprocessing) -> Rows:
    return Rows(preprocessing.apply(table), targets(table, preprocessing.task), table.numbers)
