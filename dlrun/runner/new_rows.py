"""Rows of a file that a stored run has not seen, checked for its preprocessing; and what was odd about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlrun.data import Table
from dlrun.data.features import Category, Feature, Moment, Number, Pixels, seconds_in, texts_of
from dlrun.data.sources import load_source
from dlrun.data.table import TEST, Text, image_size, listed
from dlrun.data.task import targets, unknown_labels, with_labels
from dlrun.errors import DataError
from dlrun.runner.stored_run import StoredRun
from dlrun.spec import Data

KEY = "FILE"
SHOWN = 5
"""Unseen categories that a note names."""


@dataclass(frozen=True)
class NewRows:
    """Rows of a file."""

    table: Table
    """With every column that the run, or a member of it, looks at."""
    notes: tuple[str, ...]
    """What a user should know: columns not looked at, values that were missing or not seen in training."""

    def __len__(self) -> int:
        return len(self.table)

    @property
    def numbers(self) -> np.ndarray:
        """int64 (rows,): each row's place in the file, from 1."""
        return self.table.numbers + 1


@dataclass(frozen=True)
class LabelledRows(NewRows):
    """Rows of a file with what is true."""

    y: np.ndarray
    """Class indices, or standardised values (rows,)."""


def new_rows(run: StoredRun, source: str) -> NewRows:
    """The rows of a file (or built-in set) for a run. The column that is predicted is not looked at, and need not
    be there; a single image and arrays without answers will do.

    Raises:
        DataError: the file cannot be read, lacks columns that the run was trained on, or holds what is no number where
            numbers are needed; names row and column.
    """
    table = load_source(source, data_for(run, source), KEY, image_size(run.preprocessing.inputs), labelled=False)
    notes = list(table.notes)
    if run.task.target in table.columns:
        notes.append(f"Column {run.task.target!r} is what is predicted; its values are not looked at.")
    refuse_other_columns(run, table)
    return NewRows(table, (*notes, *oddities(run, table)))


def labelled_rows(run: StoredRun, source: str, key: str = KEY) -> LabelledRows:
    """The rows of a file with what is true; of a source that holds train rows too only its test rows.

    Args:
        key: what the source is called in messages.

    Raises:
        DataError: as `new_rows`, and where labels are absent or unknown to the run.
    """
    task = run.task
    table = load_source(source, data_for(run, source), key, image_size(run.preprocessing.inputs))
    if task.target not in table.columns:
        raise DataError(
            f"{table.name}: has no column {task.target!r}, which holds what is true. `dlrun predict` needs none. "
            f"It has: {listed(list(table.columns))}"
        )
    notes = list(table.notes)
    if table.part is not None and (table.part == TEST).any():
        table = table.take(table.part == TEST)
        notes.append(f"{table.name}: holds train rows too; only its {len(table):,} test rows are taken.")
    refuse_other_columns(run, table)
    known = "regression" if task.kind == "regression" else "classification"
    table, label_notes = with_labels(table, task.target, run.preprocessing.label_map, known)
    refuse_unknown_labels(run, table)
    return LabelledRows(table, (*notes, *label_notes, *oddities(run, table)), targets(table, task))


def data_for(run: StoredRun, source: str) -> Data:
    """How the file is read: as the run's own (separator, encoding, missing values), found where that was found. Where
    the run knows its columns by name, the file has a header. Images take the size of the run's."""
    data = run.experiment.data
    header = True if data.header is None and not unnamed(run) else data.header
    others = dict.fromkeys(("inline", "validation_source", "test_source", "target", "image_size"))
    return data.model_copy(update={**others, "source": source, "header": header})


def unnamed(run: StoredRun) -> bool:
    """Whether the train file had no header, so that its columns are called column_1, column_2, ..."""
    return all(re.fullmatch(r"column_\d+", name) for name in columns_of(run))


def features_of(run: StoredRun) -> list[Feature]:
    """What the run looks at; of an ensemble what all of its members do, each in its own way."""
    return [feature for reader in run.readers for feature in reader.preprocessing.features]


def columns_of(run: StoredRun) -> list[str]:
    """The columns that the run looks at."""
    groups = (feature.names if isinstance(feature, Pixels) else (feature.name,) for feature in features_of(run))
    return list(dict.fromkeys(name for group in groups for name in group))


def refuse_other_columns(run: StoredRun, table: Table) -> None:
    """Raises DataError where columns are absent, or pixels are of another size or brightness."""
    images = [feature for feature in features_of(run) if isinstance(feature, Pixels)]
    for feature in images:
        refuse_other_images(feature, table)
    if table.white is not None and columns_of(run)[:1] == ["x1"]:  # arrays of floats
        raise DataError(
            f"{table.name}: holds images of bytes; the run was trained on numbers. Write them as those were, "
            "as floats in their scale"
        )
    if table.white is None and images and table.keep_constant:
        raise DataError(
            f"{table.name}: holds numbers; the run was trained on images of bytes. Write them as uint8, from 0 to "
            f"{images[0].white:g}"
        )
    missing = [name for name in columns_of(run) if name not in table.columns]
    if not missing:
        return
    what = f"column {missing[0]!r}" if len(missing) == 1 else f"columns {listed(missing)}"
    raise DataError(f"{table.name}: lacks the {what}, which the run was trained on.{way_out(run, table)}")


def way_out(run: StoredRun, table: Table) -> str:
    if unnamed(run):
        return (
            f" It has {len(table.columns)} columns and no names: keep all columns of the train file in their places, "
            f"also {run.task.target!r}, whose values are not looked at"
        )
    return f" It has: {listed(list(table.columns))}"


def refuse_other_images(feature: Pixels, table: Table) -> None:
    if table.white is None:
        return  # a table of pixel columns
    if any(name not in table.columns for name in feature.names):
        pixels = len(table.columns) - (table.target in table.columns)
        raise DataError(
            f"{table.name}: its images have {pixels:,} pixels; the run was trained on images of {len(feature.names):,}"
        )
    if table.white != feature.white:
        raise DataError(
            f"{table.name}: its pixels go up to {table.white:g}; those that the run was trained on up to "
            f"{feature.white:g}"
        )


def refuse_unknown_labels(run: StoredRun, table: Table) -> None:
    unknown = unknown_labels(table, run.task)
    if not unknown:
        return
    came = ", ".join(f"{label!r} ({in_rows(count)})" for label, count in list(unknown.items())[:SHOWN])
    more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
    raise DataError(
        f"{table.name}: {run.task.target!r} must hold classes of the run: {listed(run.task.classes)}. "
        f"Received: {came}{more}"
    )


# --- what is odd, but can be used ------------------------------------------------------------------------------------


def oddities(run: StoredRun, table: Table) -> list[str]:
    """A note for the columns that are not looked at, and one per column with missing or unseen values."""
    used = {*columns_of(run), run.task.target}
    others = [name for name in table.columns if name not in used]
    notes = [f"Not looked at, as in training: {listed(others)}."] if others else []
    columns: dict[str, Number | Moment | Category] = {}
    for feature in features_of(run):
        if not isinstance(feature, Pixels):
            columns.setdefault(feature.name, feature)  # members of an ensemble say nearly the same of it
    for feature in columns.values():
        notes += missing_values(feature, table)
        notes += unseen_values(feature, table) if isinstance(feature, Category) else []
    return notes


def missing_values(feature: Number | Moment | Category, table: Table) -> list[str]:
    """How missing values are treated, and those that cannot be read: as in training."""
    if isinstance(feature, Category):
        missing, unreadable = table.columns[feature.name].missing, np.zeros(len(table), bool)
    else:
        missing = np.isnan(values_of(feature, table))
        unreadable = missing & ~table.columns[feature.name].missing
    count = int(missing.sum())
    if not count:
        return []
    first = first_unreadable(feature.name, table, unreadable)
    return [f"Column {feature.name!r} has no value in {in_rows(count)}{first}: taken as {stands_for_missing(feature)}."]


def values_of(feature: Number | Moment, table: Table) -> np.ndarray:
    """float64 (rows,): the column as the net's preprocessing reads it; NaN where there is no value."""
    return feature.values(table) if isinstance(feature, Number) else seconds_in(table, feature.name, feature.format)


def first_unreadable(name: str, table: Table, unreadable: np.ndarray) -> str:
    """Names the first value that is there but cannot be read."""
    column = table.columns[name]
    if not unreadable.any() or not isinstance(column, Text):
        return ""
    row = int(np.flatnonzero(unreadable)[0])
    came = column.levels[column.codes[row]]
    return f" ({int(unreadable.sum()):,} cannot be read; the first is {came!r} in row {int(table.numbers[row]) + 1})"


def stands_for_missing(feature: Number | Moment | Category) -> str:
    if isinstance(feature, Category):
        return "a category of their own" if feature.missing else "no category (none was missing in the train rows)"
    middle = f"the median of the train rows, {feature.fill:g}" if type(feature) is Number else "that of the median row"
    return f"{middle}, and marked as missing" if feature.indicator else f"{middle} (none was missing in the train rows)"


def unseen_values(feature: Category, table: Table) -> Sequence[str]:
    text = texts_of(table, feature.name)
    known = set(feature.categories)
    counts = {level: int(n) for level, n in zip(text.levels, text.counts(), strict=True) if n and level not in known}
    if not counts or feature.others:
        return [pooled(feature, counts)] if counts else []
    named = ", ".join(f"{level!r} ({count:,})" for level, count in sorted(counts.items(), key=most)[:SHOWN])
    more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    rows = in_rows(sum(counts.values()))
    return [f"Column {feature.name!r} holds categories that no train row had, taken as none, in {rows}: {named}{more}."]


def pooled(feature: Category, counts: dict[str, int]) -> str:
    return (
        f"Column {feature.name!r}: {in_rows(sum(counts.values()))} with a rare or new category share one input, "
        "as in training."
    )


def most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def in_rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
