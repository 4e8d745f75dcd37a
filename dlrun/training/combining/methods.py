"""How a combination is found: `METHODS` is the list. Those that learn from rows are also measured on rows that they did
not learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlrun.errors import DataError, UsageError
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.training.combining.combination import Average, Combination, Vote
from dlrun.training.combining.opinions import Opinions
from dlrun.training.combining.stacking import fitted_layer, refuse_to_stack
from dlrun.training.objective import Objective
from dlrun.training.trivial import row_losses


@dataclass(frozen=True)
class Judged:
    """Rows that no member that counts was trained on, with what is true."""

    opinions: Opinions
    y: np.ndarray
    """(rows,) class indices, or standardised values in the unit of the opinions."""
    parts: np.ndarray
    """int (rows,): what learns from rows is measured on each part after learning from the others."""


@dataclass(frozen=True)
class Fitted:
    """A combination, and what it is worth."""

    combination: Combination
    """Learnt from all judged rows, where it learns."""
    outputs: np.ndarray
    """float64 (rows, outputs) for the judged rows; where the combination learns, each part's by one that learnt from
    the other parts."""


def combine(method: EnsembleMethod, judged: Judged, objective: Objective) -> Fitted:
    """The combination of a method.

    Raises:
        UsageError: the method does not suit the task.
        DataError: too few rows to learn from.
    """
    return METHODS[method](judged, objective)


def refuse_method(method: EnsembleMethod, objective: Objective, has_rows: bool) -> None:
    """Raises UsageError where a method does not suit a task, before anything is computed.

    Args:
        has_rows: whether there are rows that no member was trained on.
    """
    if method == "vote" and objective.task.kind == "regression":
        raise UsageError(
            f"--method vote: needs classes to vote for; {objective.task.target!r} is an amount. "
            "--method mean takes the mean of the predictions"
        )
    if method in LEARNING and not has_rows:
        raise UsageError(
            f"--method {method}: learns from rows that no member was trained on, and there are none. "
            "Train the members with data.validation_split or data.folds, or take --method mean"
        )
    if method == "stack":
        refuse_to_stack(objective)


def mean(judged: Judged, objective: Objective) -> Fitted:
    """All members alike."""
    members = len(judged.opinions.columns)
    return _unlearnt(Average(np.full(members, 1 / members)), judged)


def vote(judged: Judged, objective: Objective) -> Fitted:
    """The class that most members name."""
    return _unlearnt(Vote(objective), judged)


def weighted(judged: Judged, objective: Objective) -> Fitted:
    """Weights in inverse proportion to the losses (`inverse_losses`)."""
    outputs = np.empty((len(judged.y), objective.task.outputs))
    for part in np.unique(judged.parts):
        own = judged.parts == part
        learnt = Average(inverse_losses(judged.opinions.take(~own), judged.y[~own], objective))
        outputs[own] = learnt.answer(judged.opinions.take(own))
    return Fitted(Average(inverse_losses(judged.opinions, judged.y, objective)), outputs)


def inverse_losses(opinions: Opinions, y: np.ndarray, objective: Objective) -> np.ndarray:
    """float64 (members,), adding up to 1: in inverse proportion to the mean loss of each column; the members of
    a column share its weight.

    For squared errors that are not correlated these are the weights of the least squared error (Bates and Granger 1969,
    "The combination of forecasts"); for other losses it is the same rule by analogy.

    Raises:
        UsageError: a loss is not above 0 or not a number, so that it has no share.
    """
    said = opinions.by_column()
    losses = np.array([row_losses(objective, y, column).mean(dtype=np.float64) for column in said])
    if not (np.isfinite(losses) & (losses >= 0)).all():
        raise UsageError(
            f"--method weighted: needs losses of at least 0, whose inverse is a weight. Received: "
            f"{', '.join(f'{loss:.4g}' for loss in losses)}. Take --method mean"
        )
    inverse = (losses == 0).astype(float) if (losses == 0).any() else 1 / losses
    columns = np.asarray(opinions.columns)
    each = inverse[columns] / np.bincount(columns)[columns]
    return np.asarray(each / each.sum())


def stack(judged: Judged, objective: Objective) -> Fitted:
    """A final layer, trained on what the members say of rows that they were not trained on."""
    layer, outputs = fitted_layer(judged.opinions, judged.y, judged.parts, objective)
    return Fitted(layer, outputs)


def _unlearnt(combination: Combination, judged: Judged) -> Fitted:
    return Fitted(combination, combination.answer(judged.opinions))


METHODS: dict[EnsembleMethod, Callable[[Judged, Objective], Fitted]] = {
    "vote": vote,
    "mean": mean,
    "weighted": weighted,
    "stack": stack,
}
LEARNING: tuple[EnsembleMethod, ...] = ("weighted", "stack")
"""Methods that learn from rows."""
MOST_PARTS = 5


def parts_of_rows(labels: np.ndarray, blocks: np.ndarray, seed: int) -> np.ndarray:
    """int (rows,): up to five parts of equal size, classes spread evenly, rows of a block together.

    Raises:
        DataError: there are fewer than two blocks.
    """
    from dlrun.data.folds import fold_of

    different = len(np.unique(blocks))
    if different < 2:
        raise DataError(
            f"--method weighted and stack learn from some rows and are measured on others: {different} different "
            "validation row is too few. Take --method mean"
        )
    return fold_of(labels, blocks, np.ones(len(labels), bool), min(MOST_PARTS, different), seed)
