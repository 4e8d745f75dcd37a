"""What the runs of classical methods are called. Their names follow from the method alone, so that they are found by
the names of their folders, without reading any record."""

from __future__ import annotations

from collections.abc import Iterable

from dlrun.store.names import safe_label, split_folder_name

NAMES = {
    "trivial": ("trivial predictor", "trivial predictor"),
    "naive_bayes": ("naive Bayes", "naive Bayes"),
    "linear_model": ("logistic regression", "linear regression"),
    "nearest_neighbors": ("k nearest neighbours", "k nearest neighbours"),
    "svm": ("support vector machine", "support vector regression"),
    "decision_tree": ("decision tree", "decision tree"),
    "random_forest": ("random forest", "random forest"),
    "gradient_boosting": ("gradient boosting", "gradient boosting"),
}
"""`baseline.name` -> the name of its runs: for classes, for numbers."""
SEEDED = frozenset({"decision_tree", "random_forest"})
"""The methods that draw at random. The others give the same numbers for every seed, so they have one run."""
_LABELS = frozenset(safe_label(name) for both in NAMES.values() for name in both)


def baseline_name(method: str, regression: bool) -> str:
    """The name of the runs of a method."""
    return NAMES[method][regression]


def perhaps_baselines(folders: Iterable[str]) -> list[str]:
    """Those of these names of run folders that a baseline's run may have; its record tells for sure."""
    found = ((name, split_folder_name(name)) for name in folders if name[:-13] in _LABELS)
    return [name for name, parts in found if parts is not None]
