"""Which rows are trained on, which are validation rows and which are kept for the test.

Rows are held out in blocks: a group's rows, or copies of one row, stay together. Test rows are drawn first, so that
they do not change with `validation_split`. Every draw comes from `data.split_seed`: all seeds of a configuration share
the split.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlrun.data.streams import stream
from dlrun.errors import DataError
from dlrun.spec import Data


@dataclass(frozen=True)
class Split:
    """Positions of rows, int64, rising; each row is in one of the three."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split(labels: np.ndarray, blocks: np.ndarray, data: Data, times: np.ndarray | None = None) -> Split:
    """The split of rows by the shares in `data`, rounded to whole rows.

    Args:
        labels: class indices (rows,), all 0 where the task is regression. Each class is held out in proportion, to
            within one row, and keeps at least one train row.
        blocks: int (rows,): rows with the same number stay on one side.
        times: (rows,): the latest rows are the test rows, those before them the validation rows; blocks and classes are
            then not looked at.

    A share whose rows come from another file (`validation_source`, `test_source`) is not held out.
    Raises DataError where a share gives no rows, or no train row is left.
    """
    test_share = 0.0 if data.test_source is not None else data.test_split
    validation_share = 0.0 if data.validation_source is not None else data.validation_split
    if times is not None:
        return _by_time(times, test_share, validation_share)
    free = np.ones(len(labels), bool)
    test = _share(labels, blocks, test_share, free, "data.test_split", data.split_seed, 0)
    free &= ~test
    validation = _share(labels, blocks, validation_share, free, "data.validation_split", data.split_seed, 1)
    return Split(*(np.flatnonzero(rows) for rows in (free & ~validation, validation, test)))


def train_subset(labels: np.ndarray, fraction: float, split_seed: int) -> np.ndarray:
    """Rising positions of a share of the train rows: at least one, of all classes alike.

    Subsets are nested: those of a smaller fraction are part of those of a larger one.
    """
    rng = stream(split_seed, "fraction")
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        place[members] = np.arange(len(members)) / len(members)
    order = np.lexsort((rng.permutation(len(labels)), place))
    return np.sort(order[: max(1, _rounded(fraction, len(labels)))])


def _rounded(share: float, rows: int) -> int:
    return int(share * rows + 0.5)


def _by_time(times: np.ndarray, test_share: float, validation_share: float) -> Split:
    order = np.argsort(times, kind="stable")
    rows = len(times)
    test, validation = _rounded(test_share, rows), _rounded(validation_share, rows)
    for key, share, size in (
        ("data.test_split", test_share, test),
        ("data.validation_split", validation_share, validation),
    ):
        if share and not size:
            raise _no_rows(key, share, rows, "")
    if rows - test - validation < 1:
        raise DataError(f"data: the splits leave no train rows of {rows}: give smaller shares")
    parts = np.split(order, [rows - test - validation, rows - test])
    return Split(*(np.sort(part) for part in parts))


def _share(
    labels: np.ndarray, blocks: np.ndarray, share: float, free: np.ndarray, key: str, seed: int, draw: int
) -> np.ndarray:
    """bool (rows,): the rows held out for one share of all rows, among the free ones."""
    if not share:
        return np.zeros(len(labels), bool)
    taken = held_out(labels, blocks, share, free, stream(seed, "split", draw))
    if not taken.any():
        large = "its groups or sets of equal rows are too large to be held out, or " if _blocked(blocks) else ""
        raise _no_rows(key, share, len(labels), large)
    return taken


def _blocked(blocks: np.ndarray) -> bool:
    return len(np.unique(blocks)) < len(blocks)


def _no_rows(key: str, share: float, rows: int, why: str) -> DataError:
    return DataError(
        f"{key}: {share:g} of {rows} rows gives no row: {why}there are too few. Give a larger share, or 0 for none"
    )


def held_out(
    labels: np.ndarray, blocks: np.ndarray, share: float, free: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """bool (rows,): a random share of all rows, taken from the free ones in whole blocks, classes in proportion."""
    totals = np.bincount(labels)
    available = np.bincount(labels[free], minlength=len(totals))
    limits = np.maximum(available - 1, 0)
    wanted = apportion(totals, _rounded(share, len(labels)), limits)
    block_of = np.unique(blocks[free], return_inverse=True)[1].reshape(-1)
    lowest, highest = _label_range(labels[free], block_of)
    order = rng.permutation(len(lowest))
    mixed = order[lowest[order] != highest[order]]
    taken = np.zeros(len(lowest), bool)
    if len(mixed):
        _take_mixed(taken, mixed, labels[free], block_of, wanted / np.maximum(available, 1), limits)
        wanted = wanted - np.bincount(labels[free][taken[block_of]], minlength=len(totals))
        limits = limits - np.bincount(labels[free][taken[block_of]], minlength=len(totals))
    sizes = np.bincount(block_of)
    pure = order[lowest[order] == highest[order]]
    for label in np.flatnonzero(wanted > 0):
        own = pure[lowest[pure] == label]
        taken[own[fill(sizes[own], int(wanted[label]), int(limits[label]))]] = True
    rows = np.zeros(len(labels), bool)
    rows[np.flatnonzero(free)[taken[block_of]]] = True
    return rows


def apportion(totals: np.ndarray, size: int, limits: np.ndarray) -> np.ndarray:
    """int (classes,): `size` rows shared out in proportion to the totals, by largest remainder, within the limits.

    Classes of two rows come before all remainders: one of their rows is held out wherever there is room.
    """
    quotas = totals * size / max(totals.sum(), 1)
    wanted: np.ndarray = np.minimum(np.floor(quotas).astype(np.int64), limits)
    for label in np.lexsort((wanted - quotas, totals != 2)):
        if wanted.sum() >= size:
            break
        wanted[label] += wanted[label] < limits[label]
    return wanted


def fill(sizes: np.ndarray, wanted: int, limit: int) -> np.ndarray:
    """Positions of blocks, in their order, whose sizes add up to `wanted` or come near it, never above `limit`."""
    prefix = int(np.searchsorted(np.cumsum(sizes), wanted, side="right"))
    chosen = list(range(prefix))
    left = wanted - int(sizes[:prefix].sum())
    begin = prefix
    while left > 0:
        fitting = np.flatnonzero(sizes[begin:] <= left)
        if not len(fitting):
            break
        chosen.append(begin + int(fitting[0]))
        left -= int(sizes[chosen[-1]])
        begin = chosen[-1] + 1
    rest = np.setdiff1d(np.arange(prefix, len(sizes)), chosen)
    if left > 0 and len(rest):  # a little too many rows can be nearer than too few
        smallest = rest[np.argmin(sizes[rest])]
        if sizes[smallest] - left < left and wanted - left + sizes[smallest] <= limit:
            chosen.append(int(smallest))
    return np.array(chosen, np.int64)


def _label_range(labels: np.ndarray, block_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest label of each block: equal where it holds one class."""
    blocks = int(block_of.max()) + 1 if len(block_of) else 0
    lowest = np.full(blocks, np.iinfo(np.int64).max)
    highest = np.full(blocks, -1)
    np.minimum.at(lowest, block_of, labels)
    np.maximum.at(highest, block_of, labels)
    return lowest, highest


def _take_mixed(
    taken: np.ndarray,
    mixed: np.ndarray,
    labels: np.ndarray,
    block_of: np.ndarray,
    shares: np.ndarray,
    limits: np.ndarray,
) -> None:
    """Takes blocks of several classes, in the given order, where they bring the class counts nearer to the shares."""
    contents = _contents(mixed, labels, block_of)
    wanted: dict[int, float] = {}
    for counts in contents.values():
        for label, count in counts.items():
            wanted[label] = wanted.get(label, 0.0) + count * float(shares[label])
    room = dict(enumerate(limits.tolist()))
    for block in mixed.tolist():
        counts = contents[block]
        nearer = sum(abs(wanted[label]) - abs(wanted[label] - count) for label, count in counts.items())
        if nearer > 0 and all(count <= room[label] for label, count in counts.items()):
            taken[block] = True
            for label, count in counts.items():
                wanted[label] -= count
                room[label] -= count


def _contents(mixed: np.ndarray, labels: np.ndarray, block_of: np.ndarray) -> dict[int, dict[int, int]]:
    """block -> {label: rows} of the mixed blocks."""
    inside = np.isin(block_of, mixed)
    pairs, counts = np.unique(np.stack([block_of[inside], labels[inside]]), axis=1, return_counts=True)
    contents: dict[int, dict[int, int]] = {}
    for block, label, count in zip(*pairs.tolist(), counts.tolist(), strict=True):
        contents.setdefault(block, {})[label] = count
    return contents
