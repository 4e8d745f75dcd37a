"""Which column of a table is predicted, and from which others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dlrun.data.table import Numeric, Table, Text, listed
from dlrun.errors import DataError
from dlrun.spec import Data

LIKELY_TARGETS = ("target", "label", "class", "y", "outcome")


@dataclass(frozen=True)
class Chosen:
    """The columns in use."""

    target: str
    features: tuple[str, ...]
    """In the order of the table."""
    group: str | None = None
    time: str | None = None
    notes: tuple[str, ...] = ()


def choose(table: Table, data: Data) -> Chosen:
    """The columns that `target`, `features`, `exclude`, `group` and `time` choose.

    The group and time columns are no features, nor are texts of which no two are equal, unless `features` lists them.
    Raises DataError for a column that is not there, and where no feature is left.
    """
    target = _target(table, data)
    group = None if data.group is None else table.named(data.group, "data.group")
    time = None if data.time is None else table.named(data.time, "data.time")
    _not_the_target(target, {"data.group": group, "data.time": time})
    if data.features is not None:
        wanted = _listed(table, data.features, "data.features", target)
        features, notes = [name for name in table.columns if name in wanted], list[str]()
    else:
        features, notes = _all_but(table, data, target, {"data.group": group, "data.time": time})
    if not features:
        raise DataError(f"{table.name}: no column is left to predict {target!r} from. {' '.join(notes)}".rstrip())
    _refuse_infinite(table, features)
    return Chosen(target, tuple(features), group, time, tuple(notes))


def _target(table: Table, data: Data) -> str:
    if data.target is not None:
        return table.named(data.target, "data.target")
    if table.target is not None:
        return table.target
    names = list(table.columns)
    likely = next((name for name in names if name.lower() in LIKELY_TARGETS), names[-1])
    raise DataError(
        f"data.target: is needed, the column to predict. {table.name} has: {listed(names)}. Perhaps target: {likely!r}"
    )


def _not_the_target(target: str, used: dict[str, str | None]) -> None:
    for key, name in used.items():
        if name == target:
            raise DataError(f"{key}: must not be the column to predict. Received: {name!r}")


def _listed(table: Table, columns: Iterable[str | int], key: str, target: str) -> set[str]:
    names = {table.named(column, key) for column in columns}
    if target in names:
        raise DataError(f"{key}: must not hold the column to predict. Received: {target!r}")
    return names


def _all_but(table: Table, data: Data, target: str, used: dict[str, str | None]) -> tuple[list[str], list[str]]:
    """Features when none are listed, and a note for each column that the user did not leave out."""
    excluded = _listed(table, data.exclude or (), "data.exclude", target) | {target}
    features, notes = [], []
    for name, column in table.columns.items():
        key = next((key for key, used_name in used.items() if used_name == name), None)
        if name in excluded:
            continue
        if key is not None:
            notes.append(f"Column {name!r} only splits the rows ({key}); `features` can list it as an input too.")
        elif isinstance(column, Text) and _all_different(column):
            notes.append(f"Column {name!r} is left out: no two of its {len(column.levels)} texts are equal.")
        else:
            features.append(name)
    return features, notes


def _all_different(column: Text) -> bool:
    counts = column.counts()
    return bool(len(counts) > 1 and counts.max() == 1)


def _refuse_infinite(table: Table, features: Iterable[str]) -> None:
    for name in features:
        column = table.columns[name]
        if isinstance(column, Numeric) and np.isinf(column.values).any():
            row = int(table.numbers[np.isinf(column.values)][0])
            raise DataError(
                f"{table.name}: column {name!r} is infinite in row {row + 1} (or too large for a number). "
                "Correct it, exclude the column, or give its text in data.na_values to take it as missing"
            )
