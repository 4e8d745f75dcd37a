"""What is predicted: classes or a number, and the targets of rows as arrays.

`task: auto` takes texts as classes; whole numbers as classes when there are two of them, or at most 20 that occur five
times each on average; all other numbers as amounts.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from dlrun.data.amount import AUTO_CLASSES, is_amount, with_amounts
from dlrun.data.prepared import Task
from dlrun.data.table import Column, Numeric, Table, Text, number, number_text
from dlrun.errors import DataError
from dlrun.spec import Experiment

OWN_UNIT_LOSSES = ("mean_absolute_percentage_error", "mean_squared_logarithmic_error", "poisson")
"""Losses that mean something only for targets in their own unit: these are not standardised."""
NOT_NEGATIVE_LOSSES = ("mean_squared_logarithmic_error", "poisson")


def with_labels(
    table: Table, target: str, label_map: Mapping[str, str] | None, task: str = "auto"
) -> tuple[Table, tuple[str, ...]]:
    """The table with labels renamed and without the rows whose target is missing; notes say how many.

    Amounts written as texts become numbers; the few rows in which there is none are left out too.
    """
    column = table.columns[target]
    if label_map is not None:
        text = column if isinstance(column, Text) else column.as_text()
        column = _numbers_again(text.renamed([label_map.get(level, level) for level in text.levels]))
        table = table.with_column(target, column)
    missing = int(column.missing.sum())
    if missing == len(table):
        raise DataError(f"{table.name}: the column to predict, {target!r}, has no values")
    if not missing:
        return with_amounts(table, target, task)
    rows = f"{missing} rows are" if missing > 1 else "1 row is"
    note = f"{table.name}: {rows} left out: no value in the column to predict, {target!r}."
    table, notes = with_amounts(table.take(~column.missing), target, task)
    return table, (note, *notes)


def _numbers_again(column: Text) -> Column:
    numbers = column.numbers()
    return column if (np.isnan(numbers) & ~column.missing).any() else Numeric(numbers)


def decide(table: Table, target: str, experiment: Experiment) -> Task:
    """The task of a column without missing values; a regression's mean and spread are not known yet.

    Raises DataError where there is only one class, or the targets do not suit the task that was given.
    """
    column = table.columns[target]
    if experiment.data.task == "regression" or (experiment.data.task == "auto" and is_amount(column)):
        amounts(table, target)
        return Task("regression", target)
    classes = _classes(column)
    if len(classes) < 2:
        raise DataError(
            f"{table.name}: the column to predict, {target!r}, has one value only, {classes[0]!r}: "
            "nothing can be learned"
        )
    if len(classes) > AUTO_CLASSES and len(classes) > len(column) / 2:
        raise DataError(
            f"{table.name}: the column to predict, {target!r}, has {len(classes)} classes in {len(column)} rows. "
            "Choose another data.target, or data.task: regression for numbers"
        )
    return with_shares(Task("binary" if len(classes) == 2 else "multiclass", target, classes), table)


def with_shares(task: Task, table: Table) -> Task:
    """The same task, with the share of each class among the table's rows."""
    counts = np.bincount(class_indices(table, task), minlength=len(task.classes))
    return replace(task, shares=tuple(float(share) for share in counts / counts.sum()))


def _classes(column: Column) -> tuple[str, ...]:
    """Labels in order: by number where all are numbers, else as text."""
    if isinstance(column, Numeric):
        return tuple(number_text(value) for value in np.unique(column.values))
    present = [level for level, count in zip(column.levels, column.counts(), strict=True) if count]
    numbers = {label: number(label) for label in present}
    all_numbers = not any(np.isnan(value) for value in numbers.values())
    return tuple(sorted(present, key=numbers.__getitem__ if all_numbers else None))


def class_indices(table: Table, task: Task) -> np.ndarray:
    """int32 (rows,): each row's place in `task.classes`. Raises DataError for a label that is none of them."""
    column = table.columns[task.target]
    text = column.as_text() if isinstance(column, Numeric) else column
    numeric = all(not np.isnan(number(label)) for label in task.classes)
    labels = [_label(level, numeric) for level in text.levels]
    known = {label: index for index, label in enumerate(task.classes)}
    indices: np.ndarray = np.array([known.get(label, -1) for label in labels])[text.codes]
    if (indices < 0).any():
        row = int(np.flatnonzero(indices < 0)[0])
        raise _unknown_label(table, task, labels[text.codes[row]], int(table.numbers[row]))
    return indices.astype(np.int32)


def unknown_labels(table: Table, task: Task) -> dict[str, int]:
    """Labels in the table that are no class of the task, with how many rows hold each; empty for regression."""
    if task.kind == "regression":
        return {}
    column = table.columns[task.target]
    text = column.as_text() if isinstance(column, Numeric) else column
    numeric = all(not np.isnan(number(label)) for label in task.classes)
    found: Counter[str] = Counter()
    for level, count in zip(text.levels, text.counts(), strict=True):
        label = _label(level, numeric)
        if count and label not in task.classes:
            found[label] += int(count)
    return dict(found.most_common())


def _label(text: str, numeric: bool) -> str:
    """Among number labels `1.0` and `01` are the class `1`."""
    value = number(text) if numeric else np.nan
    return text if np.isnan(value) else number_text(value)


def _unknown_label(table: Table, task: Task, label: str, row: int) -> DataError:
    close = difflib.get_close_matches(label, task.classes, n=1)
    hint = f" Perhaps data.label_map: {{{label!r}: {close[0]!r}}}" if close else ""
    classes = ", ".join(repr(name) for name in task.classes[:10]) + (", ..." if len(task.classes) > 10 else "")
    return DataError(
        f"{table.name}: {task.target!r} in row {row + 1} must be a class of the train file: {classes}. "
        f"Received: {label!r}.{hint}"
    )


def amounts(table: Table, target: str) -> np.ndarray:
    """float64 (rows,): a regression's targets in their own unit. Raises DataError where one is no finite number."""
    column = table.columns[target]
    values = np.asarray(column.values, float) if isinstance(column, Numeric) else column.numbers()
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        row = int(wrong[0])
        came = repr(column.levels[column.codes[row]]) if isinstance(column, Text) else str(values[row])
        raise DataError(
            f"{table.name}: {target!r} must be a number for data.task: regression. "
            f"Received: {came} in row {int(table.numbers[row]) + 1}"
        )
    return values


def standard(task: Task, train: np.ndarray, loss: str) -> Task:
    """The regression task with the mean and spread of its train targets (population standard deviation).

    They stay 0 and 1 for losses of `OWN_UNIT_LOSSES`. Raises DataError where targets never change, or the loss
    cannot take them.
    """
    if train.min() == train.max():
        raise DataError(
            f"the column to predict, {task.target!r}, is {number_text(train[0])} in every train row: "
            "nothing can be learned"
        )
    if loss in NOT_NEGATIVE_LOSSES and train.min() < 0:
        raise DataError(
            f"fit.loss: {loss} needs targets of 0 or more. Received: {number_text(train.min())} in {task.target!r}"
        )
    if loss in OWN_UNIT_LOSSES:
        return task
    with np.errstate(over="ignore"):
        mean, spread = float(train.mean()), float(train.std())
    if not np.isfinite([mean, spread]).all() or spread == 0:
        raise DataError(f"the column to predict, {task.target!r}, has values too large or too close to be standardised")
    return Task(task.kind, task.target, task.classes, mean, spread)


def targets(table: Table, task: Task) -> np.ndarray:
    """What a net is trained on: class indices int32 (rows,), or standardised amounts float32 (rows,)."""
    if task.kind != "regression":
        return class_indices(table, task)
    return ((amounts(table, task.target) - task.mean) / task.spread).astype(np.float32)
