"""Rows that the source itself gives as validation or test rows: they are used as they are."""

from __future__ import annotations

import numpy as np

from dlrun.data.splits import Split, split
from dlrun.data.table import TEST, TRAIN, VALIDATION, Table
from dlrun.errors import DataError
from dlrun.spec import Data


def given_split(
    table: Table, labels: np.ndarray, blocks: np.ndarray, data: Data, times: np.ndarray | None = None
) -> Split:
    """The split of the table's rows: as given where the table has a `part`, else drawn by `splits.split`.

    Rows that are not given as validation or test rows are drawn from the train rows by the shares in `data`. The
    arguments are those of `split`. Raises DataError where other files are named for rows that the source has.
    """
    if table.part is None:
        return split(labels, blocks, data, times)
    given = {part: np.flatnonzero(table.part == part) for part in (TRAIN, VALIDATION, TEST)}
    if not len(given[TRAIN]):
        raise DataError(f"{table.name}: has no train rows")
    _one_place(table, data, given)
    train = given[TRAIN]
    drawn = split(labels[train], blocks[train], _shares(data, given), None if times is None else times[train])
    return Split(
        train[drawn.train],
        given[VALIDATION] if len(given[VALIDATION]) else train[drawn.validation],
        given[TEST] if len(given[TEST]) else train[drawn.test],
    )


def folds_from(table: Table) -> np.ndarray:
    """bool (rows,): the rows that cross-validation may use: all but given test rows."""
    return np.ones(len(table), bool) if table.part is None else np.asarray(table.part != TEST)


def given_notes(table: Table) -> tuple[str, ...]:
    """Says that rows are not drawn, as the source brings them."""
    if table.part is None:
        return ()
    counts = {use: int((table.part == part).sum()) for use, part in (("validation", VALIDATION), ("test", TEST))}
    return tuple(
        f"{table.name}: has {count:,} {use} rows of its own, which are used as they are."
        for use, count in counts.items()
        if count
    )


def _one_place(table: Table, data: Data, given: dict[int, np.ndarray]) -> None:
    for use, part, other in (
        ("validation", VALIDATION, data.validation_source),
        ("test", TEST, data.test_source),
    ):
        if other is not None and len(given[part]):
            raise DataError(
                f"data.{use}_source: {table.name} has {use} rows of its own. Leave the key out. Received: {other!r}"
            )


def _shares(data: Data, given: dict[int, np.ndarray]) -> Data:
    """The shares that are still to be drawn."""
    changed = {}
    if len(given[VALIDATION]):
        changed["validation_split"] = 0.0
    if len(given[TEST]):
        changed["test_split"] = 0.0
    return data.model_copy(update=changed)
