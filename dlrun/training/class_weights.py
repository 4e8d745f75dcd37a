"""`fit.class_weight`: how much each train row counts in the loss that is minimised."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

import numpy as np

from dlrun.data import Task
from dlrun.errors import ConfigError, Problem


def row_weights(
    class_weight: Literal["balanced"] | Mapping[str, float] | None, task: Task, y: np.ndarray
) -> np.ndarray | None:
    """float32 (rows,): the weight of each train row; None where all count alike.

    `balanced` is scikit-learn's formula: rows / (classes * rows of the class). Classes that a mapping does not name
    weigh 1.

    Args:
        class_weight: of the spec.
        task: names the classes.
        y: class indices of the train rows.

    Raises:
        ConfigError: a label that no class has, or a task without classes.
    """
    if class_weight is None:
        return None
    if task.kind == "regression":
        raise ConfigError([Problem("", "fit.class_weight is for classification; this target is a number.")])
    weights = _balanced(task, y) if class_weight == "balanced" else _named(class_weight, task)
    return np.asarray(weights.astype(np.float32)[y])


def _balanced(task: Task, y: np.ndarray) -> np.ndarray:
    counts = np.bincount(y, minlength=len(task.classes))
    return np.asarray(len(y) / (np.count_nonzero(counts) * np.maximum(counts, 1)))


def _named(given: Mapping[str, float], task: Task) -> np.ndarray:
    unknown = [label for label in given if label not in task.classes]
    if unknown:
        raise ConfigError([Problem("", _unknown_label(label, task)) for label in unknown])
    return np.array([given.get(label, 1.0) for label in task.classes])


def _unknown_label(label: str, task: Task) -> str:
    close = get_close_matches(label, task.classes, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    shown = ", ".join(repr(name) for name in task.classes[:12])
    more = ", ..." if len(task.classes) > 12 else ""
    return (
        f"fit.class_weight has a label that is no class of {task.target!r}: {shown}{more}. Received: {label!r}.{hint}"
    )
