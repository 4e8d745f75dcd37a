"""Train, validation and test rows of a source: by share, by fold, by time, or as the source gives them.

Copies of one row stay on one side. In a table of a few categories, though, equal rows are the rule and no leak: where
there are too few different ones to hold any out, rows are split one by one, and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlrun.data.columns import Chosen
from dlrun.data.dates import times_of
from dlrun.data.folds import fold_of
from dlrun.data.given_split import folds_from, given_split
from dlrun.data.identical import copies
from dlrun.data.splits import Split
from dlrun.data.table import Numeric, Table
from dlrun.errors import DataError
from dlrun.spec import Data

FEWEST_DIFFERENT = 100
"""Different rows below which, where most rows are copies, they are split one by one."""


@dataclass(frozen=True)
class Parts:
    """Positions of rows, int64, rising; each row is in one of the three."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    notes: tuple[str, ...] = ()


def parts_of(table: Table, labels: np.ndarray, chosen: Chosen, data: Data, fold: int | None) -> Parts:
    """The parts of a table.

    Args:
        labels: class indices (rows,), all 0 where the task is regression.
        fold: with `data.folds`, whose rows are the validation rows, from 0.

    Raises:
        DataError: a share or fold gives no rows, or no train row is left.
    """
    if (data.folds is None) != (fold is None):
        raise ValueError(f"a fold is needed with data.folds, and only then. Received: folds={data.folds}, fold={fold}")
    times = None if chosen.time is None else times_of(table, chosen.time)

    def cut(blocks: np.ndarray) -> Split:
        if fold is not None:
            return _by_fold(table, labels, blocks, data, fold)
        return given_split(table, labels, blocks, data, times)

    if chosen.group is not None:
        return _parts(cut(_groups(table, chosen.group)))
    if times is not None:
        return _parts(cut(np.arange(len(table))))
    blocks = copies((table.columns[name] for name in chosen.features), len(table))
    return _with_copies(cut, blocks, labels, _held_out_share(data))


def _parts(split: Split, notes: tuple[str, ...] = ()) -> Parts:
    return Parts(split.train, split.validation, split.test, notes)


def _by_fold(table: Table, labels: np.ndarray, blocks: np.ndarray, data: Data, fold: int) -> Split:
    """One fold for validation, the others to train on; test rows are held out first, as without folds."""
    if data.time is not None:
        raise DataError("data.folds: cannot go with data.time: the past would be validated on by what came after it")
    held = given_split(table, labels, blocks, data.model_copy(update={"validation_split": 0.0}))
    free = folds_from(table)
    free[held.test] = False
    folds = fold_of(labels, blocks, free, data.folds or 0, data.split_seed)
    return Split(np.flatnonzero(free & (folds != fold)), np.flatnonzero(folds == fold), held.test)


def _groups(table: Table, name: str) -> np.ndarray:
    """int (rows,): the group of each row; a row without one is a group of its own."""
    column = table.columns[name]
    codes = (column.as_text() if isinstance(column, Numeric) else column).codes
    return np.where(codes < 0, codes.max(initial=0) + 1 + np.arange(len(table)), codes)


def _held_out_share(data: Data) -> float:
    """The share of all rows that is asked for as validation rows."""
    if data.folds is not None:
        return (1 - data.test_split) / data.folds
    return 0.0 if data.validation_source is not None else data.validation_split


def _with_copies(cut: Callable[[np.ndarray], Split], blocks: np.ndarray, labels: np.ndarray, share: float) -> Parts:
    rows = len(blocks)
    doubled = int((blocks != np.arange(rows)).sum())
    if not doubled:
        return _parts(cut(blocks))
    different = rows - doubled
    if not (doubled > rows / 2 and different < FEWEST_DIFFERENT):
        together = _cut_or_none(cut, blocks)
        if together is not None and _is_fair(labels[together.validation], labels, share):
            return _parts(together, (_together_note(doubled),))
    note = (
        f"{doubled:,} of {rows:,} rows equal others in all inputs: the {different:,} different ones are too few to "
        "keep copies on one side of the split, so equal rows are split like all others."
    )
    return _parts(cut(np.arange(rows)), (note,))


def _is_fair(held: np.ndarray, labels: np.ndarray, share: float) -> bool:
    """Whether at least half the wanted rows are held out, and of each class some where two or more were wanted."""
    wanted = share * np.bincount(labels)
    found = np.bincount(held, minlength=len(wanted))
    return len(held) >= wanted.sum() / 2 and not ((wanted >= 2) & (found == 0)).any()


def _cut_or_none(cut: Callable[[np.ndarray], Split], blocks: np.ndarray) -> Split | None:
    try:
        return cut(blocks)
    except DataError:  # its sets of equal rows are too large to be held out; without them it may work
        return None


def _together_note(doubled: int) -> str:
    rows = "1 row equals another" if doubled == 1 else f"{doubled:,} rows equal others"
    return f"{rows} in all inputs; equal rows stay on one side of the split."
