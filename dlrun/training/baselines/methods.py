"""The classical methods and their arguments, one table. `docs/baselines.md` shows it; a test compares the two.

Arguments are scikit-learn's defaults but for those written here, each for a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from dlrun.data import Task
from dlrun.spec.other_kinds import BaselineName

ENGINE = "sklearn"
"""The engine, and the backend, of these runs."""


@dataclass(frozen=True)
class Estimator:
    """A class of scikit-learn and the arguments that are not its defaults."""

    module: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def made(self, **more: Any) -> Any:
        """An estimator with these and more arguments; those that its class does not take are left out."""
        made = getattr(import_module(f"sklearn.{self.module}"), self.name)(**self.arguments)
        known = made.get_params(deep=False)
        return made.set_params(**{key: value for key, value in more.items() if key in known})


@dataclass(frozen=True)
class Method:
    """A classical method for classes and for numbers."""

    classes: Estimator
    numbers: Estimator | None
    """None where it is for classes alone."""
    weighted: bool = True
    """Whether it takes `fit.class_weight`."""
    calibrated: bool = False
    """Whether its probabilities are learnt in a second step (Platt 1999) on rows held out of the first, for classes."""

    def estimator(self, task: Task) -> Estimator | None:
        """For a task; None where it is not for such."""
        return self.numbers if task.kind == "regression" else self.classes


METHODS: Mapping[BaselineName, Method] = {
    "trivial": Method(
        Estimator("dummy", "DummyClassifier", {"strategy": "prior"}),
        Estimator("dummy", "DummyRegressor", {"strategy": "mean"}),
        weighted=False,  # it is the trivial predictor that stands in every record
    ),
    "naive_bayes": Method(Estimator("naive_bayes", "GaussianNB"), None),
    "linear_model": Method(
        Estimator("linear_model", "LogisticRegression", {"max_iter": 1000}),  # 100 often do not suffice
        Estimator("linear_model", "Ridge", {"alpha": 1.0}),  # the penalty that the logistic regression has
    ),
    "nearest_neighbors": Method(
        Estimator("neighbors", "KNeighborsClassifier", {"n_neighbors": 5, "algorithm": "brute"}),
        Estimator("neighbors", "KNeighborsRegressor", {"n_neighbors": 5, "algorithm": "brute"}),
        weighted=False,
    ),  # brute: the same neighbours without a search tree in the file, whose type would have to be trusted
    "svm": Method(Estimator("svm", "SVC", {"C": 1.0}), Estimator("svm", "SVR", {"C": 1.0}), calibrated=True),
    "decision_tree": Method(Estimator("tree", "DecisionTreeClassifier"), Estimator("tree", "DecisionTreeRegressor")),
    "random_forest": Method(
        Estimator("ensemble", "RandomForestClassifier", {"n_estimators": 100, "min_samples_leaf": 5}),
        Estimator("ensemble", "RandomForestRegressor", {"n_estimators": 100, "min_samples_leaf": 5}),
    ),  # leaves of 5 rows: log losses that mean something, and a quarter of the file
    "gradient_boosting": Method(
        Estimator("ensemble", "HistGradientBoostingClassifier", {"early_stopping": False}),
        Estimator("ensemble", "HistGradientBoostingRegressor", {"early_stopping": False}),
    ),  # early stopping would take a tenth of the train rows away, above 10,000 rows
}
