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
CALIBRATED = "CalibratedClassifierCV"
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
    parts = parts_of(estimator)
    foreign = next((type(part).__name__ for part in parts if type(part).__name__ != PARTS[wanted]), None)
    if foreign is not None or wrong_count(wanted, parts):
        count = "one" if wanted == CALIBRATED else "some"
        return f"it must hold {count} {PARTS[wanted]}. Received: {foreign or len(parts)}"
    wrong = next((place for place, tree in enumerate(trees(estimator)) if not sound(tree, columns)), None)
    if wrong is not None:
        return f"tree {wrong + 1} has a branch that leads nowhere"
    if any(predictor.nodes["is_categorical"].any() for predictor in boosted(estimator)):
        return "a tree asks about categories, which no baseline is fitted to"
    if not all(sound_neighbors(one, columns) for one in (estimator, *parts) if hasattr(one, "_fit_X")):
        return "its rows do not fit"
    return None if all(sound_machine(one, columns) for one in machines(estimator)) else "its support vectors do not fit"


PARTS = {
    CALIBRATED: "SVC",
    "RandomForestClassifier": "DecisionTreeClassifier",
    "RandomForestRegressor": "DecisionTreeRegressor",
}
"""What an estimator is made of whose parts are estimators in their turn."""


def parts_of(estimator: Any) -> list[Any]:
    """The estimators within it; none where it has none."""
    name = type(estimator).__name__
    if name == CALIBRATED:
        return [one.estimator for one in estimator.calibrated_classifiers_]
    return list(estimator.estimators_) if name in PARTS else []


def wrong_count(wanted: str, parts: list[Any]) -> bool:
    """A calibrated one has been fitted once, to all rows; a forest has a tree at least."""
    return wanted in PARTS and (len(parts) != 1 if wanted == CALIBRATED else not parts)


def trees(estimator: Any) -> Iterator[np.ndarray]:
    """The nodes of each tree: a table with `left`, `right`, `feature`, and -1 where there is no branch; empty where it
    counts more nodes than it holds."""
    for one in [estimator, *parts_of(estimator)]:
        if hasattr(one, "tree_"):
            tree = one.tree_
            whole = tree.node_count <= tree.capacity
            columns = (tree.children_left, tree.children_right, tree.feature) if whole else ([], [], [])
            yield np.stack(columns, axis=1)
    for predictor in boosted(estimator):
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        branches = np.stack([nodes[key].astype(np.int64) for key in ("left", "right", "feature_idx")], axis=1)
        yield np.where(leaf[:, None], -1, branches)


def boosted(estimator: Any) -> Iterator[Any]:
    """The trees of gradient boosting."""
    for group in getattr(estimator, "_predictors", ()):
        yield from group


def sound(nodes: np.ndarray, features: int) -> bool:
    """Whether every branch leads to a later node, and every question is about a column. A walk ends at -1 alone."""
    places = np.arange(len(nodes))
    inner = nodes[:, 0] != -1
    later = (nodes[inner, :2] > places[inner, None]) & (nodes[inner, :2] < len(nodes))
    asked = (nodes[inner, 2] >= 0) & (nodes[inner, 2] < features)
    return len(nodes) > 0 and bool(later.all() and asked.all())


def sound_neighbors(estimator: Any, features: int) -> bool:
    """Whether each of the rows that are searched has a label, and each label a place."""
    rows, labels = estimator._fit_X, estimator._y
    fits = rows.shape == (len(labels), features) and 0 < estimator.n_neighbors <= len(rows)
    plain = (estimator._fit_method, estimator.metric) == ("brute", "minkowski")
    if not hasattr(estimator, "classes_"):
        return bool(fits and plain)
    known = labels.ndim == 1 and (labels >= 0).all() and (labels < len(estimator.classes_)).all()
    return bool(fits and plain and known)


LIBSVM = {"SVC": "c_svc", "SVR": "epsilon_svr"}


def machines(estimator: Any) -> Iterator[Any]:
    """The support vector machines in it."""
    for one in [estimator, *parts_of(estimator)]:
        if type(one).__name__ in LIBSVM:
            yield one


def sound_machine(machine: Any, features: int) -> bool:
    """Whether the arrays that libsvm is given have the sizes that it takes them to have."""
    vectors, counts = machine.support_vectors_, np.asarray(machine._n_support)
    regression = type(machine).__name__ == "SVR"
    classes = 2 if regression else len(machine.classes_)
    pairs = classes * (classes - 1) // 2
    held = counts[:1] if regression else counts  # of a regression the second is a repetition
    plain = (machine.kernel, machine._sparse, machine._impl) == ("rbf", False, LIBSVM[type(machine).__name__])
    return bool(
        plain
        and classes > 1
        and isinstance(vectors, np.ndarray)
        and vectors.shape == (len(vectors), features)
        and machine.n_features_in_ == features
        and machine.support_.shape == (len(vectors),)
        and machine._dual_coef_.shape == (classes - 1, len(vectors))
        and machine._intercept_.shape == (pairs,)
        and np.size(machine._probA) == np.size(machine._probB) == 0
        and counts.shape == (classes,)
        and (held >= 0).all()
        and held.sum() == len(vectors)
    )
