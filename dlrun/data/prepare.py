"""An experiment's data section -> arrays ready for training. Depends on `data` and the loss, never on `seed`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlrun.data.columns import Chosen, choose
from dlrun.data.fingerprint import fingerprint
from dlrun.data.giveaway import giveaways
from dlrun.data.given_split import given_notes
from dlrun.data.parts import Parts, parts_of
from dlrun.data.prepared import Prepared, Rows, Task
from dlrun.data.preprocessing import Preprocessing, fit
from dlrun.data.sources import load, load_source
from dlrun.data.splits import train_subset
from dlrun.data.table import Numeric, Table, Text, image_size
from dlrun.data.task import amounts, class_indices, decide, standard, targets, with_labels
from dlrun.data.understanding import values_of
from dlrun.spec import Data, Experiment

WARNING = "Warning: "
"""How a note begins that says more than what was done."""


@dataclass(frozen=True)
class Source:
    """An experiment's rows, read and understood, before they are split."""

    table: Table
    """Without the rows whose target cannot be used."""
    chosen: Chosen
    task: Task
    """A regression's mean and spread are not known yet."""
    labels: np.ndarray
    """int32 (rows,): class indices; all 0 for regression."""
    fingerprint: str
    rows: int
    """How many the source has."""
    notes: tuple[str, ...] = ()


def read(experiment: Experiment, raw: Table | None = None) -> Source:
    """The rows of an experiment, from its source or from the table that was loaded from it.

    Raises:
        DataError: data that cannot be trained on.
    """
    data = experiment.data
    raw = raw or load(data)
    chosen = choose(raw, data)
    table, label_notes = with_labels(raw, chosen.target, data.label_map, data.task)
    table = _with_numbers(table, chosen)
    task = decide(table, chosen.target, experiment)
    labels = np.zeros(len(table), np.int32) if task.kind == "regression" else class_indices(table, task)
    notes = (*raw.notes, *given_notes(table), *chosen.notes, *label_notes, *_task_notes(table, task, labels, data))
    return Source(table, chosen, task, labels, fingerprint(data), len(raw), notes)


def _with_numbers(table: Table, chosen: Chosen) -> Table:
    """The table with features that spell numbers as numbers, so that they are read once."""
    for name in chosen.features:
        column, meaning = table.columns[name], chosen.meanings[name]
        if isinstance(column, Text) and meaning.spelling is not None:
            table = table.with_column(name, Numeric(values_of(column, meaning)))
    return table


def prepare(experiment: Experiment, fold: int | None = None, source: Source | None = None) -> Prepared:
    """The rows of an experiment: read, split, scaled and encoded, everything fitted on train rows only.

    Args:
        experiment: what is to be trained.
        fold: with `data.folds`, which fold is validated on, from 0.
        source: what `read` gave for the same `data`, so that several folds read it once.

    Raises:
        DataError: data that cannot be trained on.
    """
    data = experiment.data
    source = source or read(experiment)
    chosen, task = source.chosen, source.task
    parts = parts_of(source.table, source.labels, chosen, data, fold)
    train = source.table.take(_fraction(parts, source.labels, data))
    if task.kind == "regression":
        task = standard(task, amounts(train, chosen.target), experiment.fit.loss)
    preprocessing, fit_notes = fit(train, chosen.features, data.scaling, task, data.label_map, chosen.meanings)
    other_validation, validation_notes = _other_rows(data.validation_source, "validation", preprocessing, data)
    other_test, test_notes = _other_rows(data.test_source, "test", preprocessing, data)
    validation, test = source.table.take(parts.validation), source.table.take(parts.test)
    return Prepared(
        train=_rows(train, preprocessing),
        validation=_rows_or_none(validation, preprocessing) if other_validation is None else other_validation,
        test=_rows_or_none(test, preprocessing) if other_test is None else other_test,
        task=task,
        feature_names=preprocessing.inputs,
        preprocessing=preprocessing.to_json(),
        fingerprint=source.fingerprint,
        split_seed=data.split_seed,
        notes=(
            *source.notes, *parts.notes, *fit_notes, *_giveaway_notes(train, chosen, task),
            *validation_notes, *test_notes,
        ),
        source_rows=source.rows,
        image=preprocessing.image,
        numeric=preprocessing.numeric,
    )  # fmt: skip


def _fraction(parts: Parts, labels: np.ndarray, data: Data) -> np.ndarray:
    """Positions of the train rows that `data.train_fraction` leaves."""
    if data.train_fraction == 1:
        return parts.train
    chosen: np.ndarray = parts.train[train_subset(labels[parts.train], data.train_fraction, data.split_seed)]
    return chosen


def _giveaway_notes(train: Table, chosen: Chosen, task: Task) -> tuple[str, ...]:
    found = giveaways(train, chosen.features, chosen.meanings, task, answers(train, task))
    return tuple(f"{WARNING}{one}" for one in found)


def answers(table: Table, task: Task) -> np.ndarray:
    """(rows,): class indices, or amounts in their own unit."""
    return amounts(table, task.target) if task.kind == "regression" else class_indices(table, task)


def _task_notes(table: Table, task: Task, labels: np.ndarray, data: Data) -> tuple[str, ...]:
    """Says when whole numbers were taken as classes, which a user may not want, and which classes are odd."""
    if task.kind == "regression":
        return ()
    numbers = isinstance(table.columns[task.target], Numeric)
    as_classes = (
        f"{task.target!r} has {len(task.classes)} different whole numbers, taken as classes "
        "(data.task: regression for amounts).",
    )
    told = as_classes if data.task == "auto" and task.kind == "multiclass" and numbers else ()
    return (*told, *_rare_notes(task, labels), *_alike_notes(task))


def _rare_notes(task: Task, labels: np.ndarray) -> tuple[str, ...]:
    """Says which classes have too few rows to be split."""
    counts = np.bincount(labels, minlength=len(task.classes))
    notes = []
    for rows, tell in ((1, ("a single row", ", which cannot be split")), (2, ("2 rows", ": too few to measure by"))):
        names = [name for name, count in zip(task.classes, counts.tolist(), strict=True) if count == rows]
        if len(names) == 1:
            notes.append(f"Class {names[0]!r} has {''.join(tell)}.")
        elif names:
            shown = ", ".join(repr(name) for name in names[:5]) + (f" and {len(names) - 5} more" * (len(names) > 5))
            notes.append(f"Classes {shown} have {' each'.join(tell)}.")
    return tuple(notes)


def _alike_notes(task: Task) -> tuple[str, ...]:
    """Says which labels differ in case or blanks alone."""
    first: dict[str, str] = {}
    notes = []
    for label in task.classes:
        other = first.setdefault(" ".join(label.lower().split()), label)
        if other != label:
            notes.append(
                f"Classes {other!r} and {label!r} look alike; data.label_map: {{{label!r}: {other!r}}} joins them."
            )
    return tuple(notes)


def _other_rows(
    source: str | None, use: str, preprocessing: Preprocessing, data: Data
) -> tuple[Rows | None, tuple[str, ...]]:
    """The rows of `validation_source` or `test_source`, prepared like the train rows."""
    if source is None:
        return None, ()
    key = f"data.{use}_source"
    table = load_source(
        source, data.model_copy(update={"target": preprocessing.task.target}), key, image_size(preprocessing.inputs)
    )
    table.named(preprocessing.task.target, key)
    table, notes = with_labels(table, preprocessing.task.target, preprocessing.label_map, _known_task(preprocessing))
    return _rows(table, preprocessing), (*table.notes, *notes, *preprocessing.unreadable(table))


def _known_task(preprocessing: Preprocessing) -> str:
    return "regression" if preprocessing.task.kind == "regression" else "classification"


def _rows_or_none(table: Table, preprocessing: Preprocessing) -> Rows | None:
    return _rows(table, preprocessing) if len(table) else None


def _rows(table: Table, preprocessing: Preprocessing) -> Rows:
    return Rows(preprocessing.apply(table), targets(table, preprocessing.task), table.numbers)
