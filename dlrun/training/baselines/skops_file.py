"""Fitted estimators on disk, without pickle: skops' format, and a fixed list of types that a file may hold.

Reading a file calls nothing but the constructors of these types. skops itself trusts scikit-learn's estimators; the
list adds what they are made of. The compiled ones among them walk over their arrays without looking at the bounds, so
indices from a file are looked at here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dlrun.errors import StoreError

TRUSTED = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
WAY_OUT = "`dlrun baselines CONFIG --force` makes it again"
LEVEL = 1
"""Of compression: higher ones take several times as long for a few per cent."""


def save_estimator(estimator: Any, path: Path) -> None:
    """Writes a `.skops` file, whatever the path ends in."""
    from skops import io

    io.dump(estimator, path, compression=zipfile.ZIP_DEFLATED, compresslevel=LEVEL)


def load_estimator(path: Path, wanted: str, features: int | None = None) -> Any:
    """The estimator in a file.

    Args:
        wanted: the name of its class, as the run's spec has it.
        features: columns of the rows that it is for; not compared where not given.

    Raises:
        StoreError: the file is damaged, holds a type that is not on the list, or another estimator than is wanted.
    """
    from skops import io

    try:
        foreign = sorted(set(io.get_untrusted_types(file=path)) - set(TRUSTED))
        if foreign:
            raise StoreError(
                f"{path}: holds what no baseline is made of, and is not opened: {', '.join(foreign)}. {WAY_OUT}"
            )
        estimator = io.load(path, trusted=list(TRUSTED))
        problem = problem_of(estimator, wanted, features)
    except StoreError:
        raise
    except Exception as error:  # skops has no error of its own: whatever a damaged file makes it stumble over
        raise StoreError(f"{path}: cannot be read as a fitted baseline ({type(error).__name__}). {WAY_OUT}") from error
    if problem:
        raise StoreError(f"{path}: is not the baseline of its spec.yaml, and is not used: {problem}. {WAY_OUT}")
    return estimator


def problem_of(estimator: Any, wanted: str, features: int | None) -> str | None:
    """What makes an estimator unfit to be asked; None where it is sound."""
    if type(estimator).__name__ != wanted:
        return f"it must be a {wanted}. Received: {type(estimator).__name__}"
    columns = getattr(estimator, "n_features_in_", None)
    if not isinstance(columns, int) or columns != (columns if features is None else features):
        return f"it must be for {features} columns. Received: {columns}"
    wrong = next((place for place, tree in enumerate(trees(estimator)) if not sound(tree, columns)), None)
    if wrong is not None:
        return f"tree {wrong + 1} has a branch that leads nowhere"
    return None if all(sound_machine(one, columns) for one in machines(estimator)) else "its support vectors do not fit"


def trees(estimator: Any) -> Iterator[np.ndarray]:
    """The nodes of each tree: a table with `left`, `right`, `feature`, and -1 where there is no branch."""
    for one in [estimator, *(getattr(estimator, "estimators_", None) or ())]:
        if hasattr(one, "tree_"):
            tree = one.tree_
            yield np.stack([tree.children_left, tree.children_right, tree.feature], axis=1)
    for group in getattr(estimator, "_predictors", ()):
        for predictor in group:
            nodes = predictor.nodes
            leaf = nodes["is_leaf"].astype(bool)
            branches = np.stack([nodes[key].astype(np.int64) for key in ("left", "right", "feature_idx")], axis=1)
            yield np.where(leaf[:, None], -1, branches)


def sound(nodes: np.ndarray, features: int) -> bool:
    """Whether every branch leads to a later node, and every question is about a column."""
    places = np.arange(len(nodes))
    inner = nodes[:, 0] >= 0
    later = (nodes[inner, :2] > places[inner, None]) & (nodes[inner, :2] < len(nodes))
    asked = (nodes[inner, 2] >= 0) & (nodes[inner, 2] < features)
    return len(nodes) > 0 and bool(later.all() and asked.all())


def machines(estimator: Any) -> Iterator[Any]:
    """The support vector machines in it."""
    for one in getattr(estimator, "calibrated_classifiers_", None) or [estimator]:
        machine = getattr(one, "estimator", one)
        if hasattr(machine, "dual_coef_"):
            yield machine


def sound_machine(machine: Any, features: int) -> bool:
    """Whether its arrays have the sizes that libsvm takes them to have."""
    vectors, counts = machine.support_vectors_, np.asarray(machine._n_support)
    classes = len(getattr(machine, "classes_", (0, 0)))
    regression = not hasattr(machine, "classes_")
    expected = vectors.shape == (len(vectors), features) and machine.dual_coef_.shape == (classes - 1, len(vectors))
    if regression:
        return bool(expected and counts[0] == len(vectors) and np.size(machine.intercept_) == 1)
    pairs = classes * (classes - 1) // 2
    return bool(
        expected
        and len(counts) == classes
        and (counts >= 0).all()
        and counts.sum() == len(vectors)
        and np.size(machine.intercept_) == pairs
    )
