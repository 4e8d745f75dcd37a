"""Cross-validation: every row that is not a test row is in exactly one of k folds, each the validation rows of one run.

Classes are spread evenly, to within one row where no rows must stay together; so are rows as a whole. Rows of a block
(a group, or copies of one row) are in one fold. The draw comes from `data.split_seed`.
"""

from __future__ import annotations

import numpy as np

from dlrun.data.streams import stream
from dlrun.errors import DataError


def fold_of(labels: np.ndarray, blocks: np.ndarray, free: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """int64 (rows,): the fold of each row, from 0; -1 for rows that are not free.

    Args:
        labels: class indices (rows,), all 0 where the task is regression.
        blocks: int (rows,): rows with the same number are in one fold.
        free: bool (rows,): the rows to share out.

    Raises:
        DataError: there are fewer blocks than folds.
    """
    rows = np.flatnonzero(free)
    block_of = np.unique(blocks[rows], return_inverse=True)[1].reshape(-1)
    sizes = np.bincount(block_of)
    if len(sizes) < folds:
        raise DataError(_too_few(folds, len(sizes), len(rows)))
    rng = stream(seed, "folds")
    counts = np.zeros((folds, int(labels.max(initial=0)) + 1), np.int64)
    order = rng.permutation(len(sizes))
    fold = np.full(len(sizes), -1)
    fold[order[sizes[order] > 1]] = _place_blocks(order[sizes[order] > 1], block_of, labels[rows], counts)
    row_of_single = np.empty(len(sizes), np.int64)
    row_of_single[block_of] = np.arange(len(rows))
    singles = order[sizes[order] == 1]
    label_of = labels[rows][row_of_single[singles]]
    for label in np.unique(label_of):
        own = singles[label_of == label]
        fold[own] = rng.permutation(_level(counts, int(label), len(own)))
    found = np.full(len(labels), -1, np.int64)
    found[rows] = fold[block_of]
    return found


def _place_blocks(order: np.ndarray, block_of: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The fold of each block of several rows, the largest first, each where its classes are scarce; adds to counts."""
    contents = np.zeros((int(block_of.max(initial=-1)) + 1, counts.shape[1]), np.int64)
    np.add.at(contents, (block_of, labels), 1)
    by_size = np.argsort(-contents[order].sum(axis=1), kind="stable")
    placed = np.empty(len(order), np.int64)
    for place in by_size.tolist():
        inside = contents[order[place]]
        crowd = counts[:, inside > 0].sum(axis=1)
        placed[place] = np.lexsort((counts.sum(axis=1), crowd))[0]
        counts[placed[place]] += inside
    return placed


def _level(counts: np.ndarray, label: int, rows: int) -> np.ndarray:
    """int64 (rows,): folds that bring the counts of one class to a level, the smallest folds first; adds to counts."""
    own = counts[:, label]
    rising = np.sort(own)
    filled = np.arange(1, len(own) + 1) * rising - np.cumsum(rising)  # rows that lift the lower ones to each count
    lifted = int(np.searchsorted(filled, rows, side="right"))  # how many folds get rows
    level = (rows + int(rising[:lifted].sum())) // lifted
    given = np.maximum(level - own, 0)
    left = rows - int(given.sum())
    at_level = own + given == level
    smallest = np.lexsort((counts.sum(axis=1) + given, ~at_level))
    given[smallest[:left]] += 1
    counts[:, label] += given
    return np.repeat(np.arange(len(own)), given)


def _too_few(folds: int, blocks: int, rows: int) -> str:
    if blocks == rows:
        return f"data.folds: needs as many rows as folds. Received: {folds} folds for {rows} rows"
    return (
        f"data.folds: needs as many groups, or different rows, as folds: those that belong together stay together. "
        f"Received: {folds} folds for {blocks}"
    )
