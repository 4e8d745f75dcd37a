"""Why a method is not tried on some rows."""

from __future__ import annotations

import numpy as np

from dlrun.data import Prepared
from dlrun.spec.other_kinds import BaselineName
from dlrun.training.baselines.methods import METHODS

SVM_ROWS = 10_000
"""Train rows above which a support vector machine is left out: its time grows with their square, to minutes."""


def left_out(name: BaselineName, data: Prepared, asked_for: bool = False) -> str | None:
    """The reason, as the end of a sentence; None where the method is tried.

    Args:
        data: the rows; of folds the first.
        asked_for: whether the user named the method.
    """
    rows, task = len(data.train), data.task
    if METHODS[name].estimator(task) is None:
        return "is for classes, and this target is a number"
    if name == "trivial":
        return None
    if not data.train.x.shape[1]:
        return "needs a column to predict from"
    if task.kind != "regression":
        counts = np.bincount(data.train.y, minlength=len(task.classes))
        if np.count_nonzero(counts) < 2:
            return "needs train rows of two classes"
        if METHODS[name].calibrated and counts[counts > 0].min() < 2:
            label = task.classes[int(np.flatnonzero(counts == 1)[0])]
            return f"needs two train rows of each class to learn probabilities. Class {label!r} has one"
    if name == "svm" and rows > SVM_ROWS and not asked_for:
        return (
            f"takes minutes or more with {rows:,} train rows (limit {SVM_ROWS:,}); `--only svm` tries it all the same"
        )
    return None
