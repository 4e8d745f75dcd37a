"""The final decision layer: multinomial logistic regression, or ridge regression with weights that are not negative, on
what the members say of rows that they were not trained on (Wolpert 1992, "Stacked generalization"; Breiman 1996,
"Stacked regressions"; Ting and Witten 1999, "Issues in stacked generalization": probabilities, not labels)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from dlrun.data.task import NOT_NEGATIVE_LOSSES
from dlrun.errors import DataError, UsageError
from dlrun.training.combining.combination import Layer, features
from dlrun.training.combining.opinions import Opinions
from dlrun.training.objective import Objective
from dlrun.training.trivial import SMALLEST, binary_crossentropy, crossentropy

STRENGTHS = (0.1, 1.0, 10.0, 100.0)
"""scikit-learn's `C` that are tried for classes, the strongest penalty first."""
ALPHAS = (100.0, 10.0, 1.0, 0.1, 0.01)
"""scikit-learn's `alpha` that are tried for values."""
MOST_STEPS = 1000
PRECISION = 1e-6
"""Of the gradient, for scikit-learn's solver."""


def refuse_to_stack(objective: Objective) -> None:
    """Raises UsageError for losses whose outputs a linear layer may put where they have no value."""
    if objective.loss in NOT_NEGATIVE_LOSSES:
        raise UsageError(
            f"--method stack: a linear layer may give values below 0, which fit.loss {objective.loss} has no number "
            "for. Take --method mean"
        )


def fitted_layer(
    opinions: Opinions, y: np.ndarray, parts: np.ndarray, objective: Objective
) -> tuple[Layer, np.ndarray]:
    """The layer that learnt from all rows, and for each row the outputs (rows, outputs) of one that learnt from the
    other parts.

    The penalty of a part's layer is chosen without it too: the one that is best on the other parts, each answered by
    layers that learnt from neither of the two. Where there are no rows for that, it is the strongest.

    Raises:
        DataError: too few classes among the rows of some parts.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # of a few hundred numbers; several threads spend their time waiting for each other
        return _fitted_layer(opinions, y, parts, objective)


def _fitted_layer(
    opinions: Opinions, y: np.ndarray, parts: np.ndarray, objective: Objective
) -> tuple[Layer, np.ndarray]:
    x = features(opinions)
    tried = penalties(objective)
    outputs, losses = np.empty((len(y), objective.task.outputs)), np.empty((len(tried), len(y)))
    for part, place in places_without(opinions, y, parts, objective).items():
        own = parts == part
        found = [layer.answer(opinions.take(own)) for layer in layers(x[~own], y[~own], tried, objective)]
        outputs[own] = found[place]
        losses[:, own] = [chosen_by(objective, y[own], some) for some in found]
    best = tried[int(losses.mean(axis=1).argmin())]
    return layers(x, y, [best], objective)[0], outputs


def places_without(opinions: Opinions, y: np.ndarray, parts: np.ndarray, objective: Objective) -> dict[int, int]:
    """Part -> the place of its penalty, found by cross-validation over the other parts; 0, the strongest, where these
    are one, or without one of them hold a single class."""
    x, tried, names = features(opinions), penalties(objective), np.unique(parts).tolist()
    losses = {part: np.full((len(tried), len(y)), np.nan) for part in names}  # of the rows of the other parts
    unknown = set(names if len(names) < 3 else ())
    for pair in combinations(names, 2) if not unknown else ():
        rest = ~np.isin(parts, pair)
        try:
            learnt = layers(x[rest], y[rest], tried, objective)
        except DataError:
            unknown |= set(pair)
            continue
        for part, other in (pair, pair[::-1]):
            asked = parts == other
            said = [layer.answer(opinions.take(asked)) for layer in learnt]
            losses[part][:, asked] = [chosen_by(objective, y[asked], outputs) for outputs in said]
    return {part: 0 if part in unknown else int(np.nanmean(losses[part], axis=1).argmin()) for part in names}


def penalties(objective: Objective) -> tuple[float, ...]:
    return ALPHAS if objective.task.kind == "regression" else STRENGTHS


def chosen_by(objective: Objective, y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """float64 (rows,): log loss or squared error, which the layer is trained for, whatever the members were."""
    if objective.task.kind == "regression":
        return np.asarray((outputs[:, 0] - y) ** 2)
    if objective.task.kind == "binary":
        return binary_crossentropy(y, (outputs + 1) / 2 if objective.threshold == 0 else outputs)
    return crossentropy(y, np.clip(outputs, SMALLEST, 1.0))


def layers(x: np.ndarray, y: np.ndarray, tried: Sequence[float], objective: Objective) -> list[Layer]:
    """A layer per penalty, each trained from the one before."""
    return (
        _of_values(x, y, tried, objective)
        if objective.task.kind == "regression"
        else _of_classes(x, y, tried, objective)
    )


def _of_values(x: np.ndarray, y: np.ndarray, tried: Sequence[float], objective: Objective) -> list[Layer]:
    from sklearn.linear_model import Ridge

    found = []
    for alpha in tried:
        model = Ridge(alpha=alpha, positive=True).fit(x, y.astype(np.float64))
        found.append(Layer(objective, model.coef_.reshape(1, -1), np.atleast_1d(model.intercept_), (), alpha))
    return found


def _of_classes(x: np.ndarray, y: np.ndarray, tried: Sequence[float], objective: Objective) -> list[Layer]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(y)) < 2:
        raise DataError(
            f"--method stack: the {len(y):,} rows to learn from hold a single class. "
            "More validation rows are needed; or take --method mean"
        )
    model = LogisticRegression(warm_start=True, max_iter=MOST_STEPS, tol=PRECISION)
    found = []
    for strength in tried:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a layer that is nearly there serves as well
            model.set_params(C=strength).fit(x, y)
        coefficients, intercept = np.array(model.coef_), np.array(model.intercept_)
        if len(coefficients) == 1:  # two classes: scikit-learn gives the second's log-odds alone
            coefficients = np.concatenate([np.zeros_like(coefficients), coefficients])
            intercept = np.concatenate([np.zeros(1), intercept])
        found.append(Layer(objective, coefficients, intercept, tuple(map(int, model.classes_)), strength))
    return found
