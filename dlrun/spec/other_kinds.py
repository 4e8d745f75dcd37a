"""What a run may be besides a net that was trained: a classical method on the same rows, or several runs together.

Commands make these sections (`dlrun baselines`, `dlrun ensemble`); a config file has none.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from dlrun.spec.section import Section

Kind = Literal["mlp", "baseline", "ensemble"]

BaselineName = Literal[
    "trivial",
    "naive_bayes",
    "linear_model",
    "nearest_neighbors",
    "svm",
    "decision_tree",
    "random_forest",
    "gradient_boosting",
]
EnsembleMethod = Literal["vote", "mean", "weighted", "stack"]

MADE_BY = {"baseline": "dlrun baselines CONFIG", "ensemble": "dlrun ensemble RUN..."}
"""Section -> the command that makes it."""


class Baseline(Section):
    """A classical method."""

    name: BaselineName
    """Which one; its arguments follow from the name and the task."""


class Ensemble(Section):
    """Several runs as one predictor."""

    method: EnsembleMethod
    """How what the members say becomes one answer."""
    members: Annotated[tuple[str, ...], Strict(False), Field(min_length=1)]
    """Ids of the runs, in their order."""
