"""How well outputs put one class before the rest, whatever the threshold: the ROC curve and the precision-recall curve.

Both are read off the same two counts: how many rows of the class, and how many others, lie at or above each output.
"""

from __future__ import annotations

import numpy as np


def roc_area(is_class: np.ndarray, outputs: np.ndarray, counts: np.ndarray | None = None) -> np.ndarray:
    """Area under the ROC curve: the chance that a row of the class has the larger output, ties half (Hanley and McNeil
    1982).

    Args:
        is_class: bool (rows,).
        outputs: (rows,), finite; larger means rather of the class.
        counts: (resamples, rows): how often each row is drawn; once where not given.

    Returns:
        float64 () or (resamples,); nan where rows of one side are absent.
    """
    hits, misses = at_or_above(is_class, outputs, counts)
    new_misses = np.diff(misses, axis=-1, prepend=0)
    found_before = hits - np.diff(hits, axis=-1, prepend=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((new_misses * (found_before + hits)).sum(axis=-1) / (2.0 * hits[..., -1] * misses[..., -1]))


def average_precision(is_class: np.ndarray, outputs: np.ndarray, counts: np.ndarray | None = None) -> np.ndarray:
    """The mean of the precision over the rows of the class, each at its own output: the step-wise area under the
    precision-recall curve, as scikit-learn's `average_precision_score`. Arguments and result as in `roc_area`."""
    hits, misses = at_or_above(is_class, outputs, counts)
    new_hits = np.diff(hits, axis=-1, prepend=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.nan_to_num(hits / (hits + misses))  # 0/0: nothing drawn so far, and no weight below
        return np.asarray((new_hits * precision).sum(axis=-1) / hits[..., -1])


def at_or_above(is_class: np.ndarray, outputs: np.ndarray, counts: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """For each different output, the largest first: rows of the class, and other rows, at or above it.

    int64 (outputs,) or (resamples, outputs).
    """
    order = np.argsort(-outputs, kind="stable")
    ordered = outputs[order]
    last = np.append(ordered[1:] != ordered[:-1], True)  # equal outputs count together
    in_class = is_class[order]
    drawn = None if counts is None else counts[:, order]
    sides = []
    for side in (in_class, ~in_class):
        rows = side if drawn is None else drawn * side
        sides.append(rows.cumsum(axis=-1, dtype=np.int64)[..., last])
    return sides[0], sides[1]
