"""Which column of a table is predicted, and from which others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dlrun.data.table import Numeric, Table, listed
from dlrun.data.understanding import Meaning, notes_of, plain, understand, wanted
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
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    """What each column is taken for, those that are left out too."""
    notes: tuple[str, ...] = ()


def choose(table: Table, data: Data) -> Chosen:
    """The columns that `target`, `features`, `exclude`, `group` and `time` choose.

    Unless `features` lists them, the group and time columns are no features, nor are ids, free text, columns without
    values and such that never change.
    Raises DataError for a column that is not there, and where no feature is left.
    """
    target = _target(table, data)
    group = None if data.group is None else table.named(data.group, "data.group")
    time = None if data.time is None else table.named(data.time, "data.time")
    used = {"data.group": group, "data.time": time}
    _not_the_target(target, used)
    meanings = understand(table)
    if data.features is not None:
        names = _listed(table, data.features, "data.features", target)
        meanings |= {name: wanted(meanings[name], table.columns[name]) for name in names}
        looked_at = [name for name in table.columns if name in names]
        notes: tuple[str, ...] = ()
    else:
        looked_at, notes = _all_but(table, data, target, used)
        meanings |= _rather_ids_than_nothing(table, looked_at, meanings)
    features = tuple(name for name in looked_at if meanings[name].used)
    notes += notes_of(meanings, looked_at)
    if not features:
        raise DataError(f"{table.name}: no column is left to predict {target!r} from. {' '.join(notes)}".rstrip())
    _refuse_infinite(table, features)
    return Chosen(target, features, group, time, meanings, notes)


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


def _not_the_target(target: str, used: Mapping[str, str | None]) -> None:
    for key, name in used.items():
        if name == target:
            raise DataError(f"{key}: must not be the column to predict. Received: {name!r}")


def _listed(table: Table, columns: Iterable[str | int], key: str, target: str) -> set[str]:
    names = {table.named(column, key) for column in columns}
    if target in names:
        raise DataError(f"{key}: must not hold the column to predict. Received: {target!r}")
    return names


def _all_but(
    table: Table, data: Data, target: str, used: Mapping[str, str | None]
) -> tuple[list[str], tuple[str, ...]]:
    """The columns to look at when no features are listed, and a note for those that only split the rows."""
    excluded = _listed(table, data.exclude or (), "data.exclude", target) | {target}
    splitting = {name: key for key, name in used.items() if name is not None and name not in excluded}
    left = [name for name in table.columns if name not in excluded and name not in splitting]
    notes = tuple(
        f"Column {name!r} only splits the rows ({key}); `features` can list it as an input too."
        for name, key in splitting.items()
    )
    return left, notes


def _rather_ids_than_nothing(table: Table, names: Iterable[str], meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Columns of numbers that look like ids, as inputs, where there is nothing else to learn from."""
    if any(meanings[name].used for name in names):
        return {}
    ids = [name for name in names if meanings[name].kind == "id" and isinstance(table.columns[name], Numeric)]
    return {name: plain(table.columns[name]) for name in ids}


def _refuse_infinite(table: Table, features: Iterable[str]) -> None:
    for name in features:
        column = table.columns[name]
        if isinstance(column, Numeric) and np.isinf(column.values).any():
            row = int(table.numbers[np.isinf(column.values)][0])
            raise DataError(
                f"{table.name}: column {name!r} is infinite in row {row + 1} (or too large for a number). "
                "Correct it, exclude the column, or give its text in data.na_values to take it as missing"
            )
