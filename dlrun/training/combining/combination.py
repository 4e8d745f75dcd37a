"""A fitted rule that makes one answer out of several: a mean with weights, a vote, a final layer. Plain numbers alone,
so that JSON holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dlrun.training.combining.opinions import Opinions
from dlrun.training.metrics import Scored
from dlrun.training.objective import Objective

TIE = 1e-6
"""So much more than the other classes of a tie has the one that wins it, so that the largest share is the answer."""


class Combination(Protocol):
    """One answer out of several."""

    def answer(self, opinions: Opinions) -> np.ndarray:
        """float64 (rows, outputs), with the meaning of the output layer."""

    def to_json(self) -> dict[str, Any]:
        """Plain values; `combination_from_json` is the inverse."""


@dataclass(frozen=True)
class Average:
    """The mean, or with unequal weights the weighted mean, of probabilities or values.

    Where a row is judged by some members only, their weights are scaled to add up to 1.
    """

    weights: np.ndarray
    """float64 (members,), adding up to 1."""

    def answer(self, opinions: Opinions) -> np.ndarray:
        return opinions.mean(self.weights)

    def to_json(self) -> dict[str, Any]:
        return {"kind": "average", "weights": self.weights.tolist()}


@dataclass(frozen=True)
class Vote:
    """The share of votes of each class. A tie goes to that of its classes with the largest sum of outputs, then to the
    first of them."""

    objective: Objective

    def answer(self, opinions: Opinions) -> np.ndarray:
        votes, support = self._votes(opinions), self._support(opinions)
        best = votes == votes.max(axis=1, keepdims=True)
        winner = np.where(best, support, -np.inf).argmax(axis=1)
        tied = best.sum(axis=1)
        shares = votes / votes.sum(axis=1, keepdims=True)
        shares -= np.where((tied > 1)[:, None] & best, (TIE / np.maximum(tied - 1, 1))[:, None], 0.0)
        rows = np.arange(len(shares))
        shares[rows, winner] += np.where(tied > 1, TIE + TIE / np.maximum(tied - 1, 1), 0.0)
        return in_range(self.objective, shares)

    def _votes(self, opinions: Opinions) -> np.ndarray:
        """float64 (rows, classes): how many members that count name each class."""
        task = self.objective.task
        votes = np.zeros((opinions.rows, len(task.classes)))
        rows = np.arange(opinions.rows)
        for outputs, counted in zip(opinions.outputs, opinions.counted, strict=True):
            named = Scored(rows, outputs, task, self.objective.threshold).classes
            votes[rows, named] += counted
        return votes

    def _support(self, opinions: Opinions) -> np.ndarray:
        """float64 (rows, classes): what the outputs of the members that count add up to."""
        summed = np.einsum("mr,mro->ro", opinions.counted.astype(float), opinions.outputs)
        if self.objective.task.kind != "binary":
            return np.asarray(summed)
        above = summed - self.objective.threshold * opinions.counted.sum(axis=0)[:, None]
        return np.concatenate([np.zeros_like(above), above], axis=1)

    def to_json(self) -> dict[str, Any]:
        return {"kind": "vote"}


@dataclass(frozen=True)
class Layer:
    """A final decision layer: softmax(W f + b) for classes, W f + b for values, f being what the columns say, one
    after the other: all their probabilities, or their values."""

    objective: Objective
    coefficients: np.ndarray
    """float64 (classes seen, features); (1, columns) for values."""
    intercept: np.ndarray
    """float64 (classes seen,)."""
    seen: tuple[int, ...]
    """Indices of the classes among the rows it was trained on: no other is ever named. Empty for values."""
    penalty: float
    """Of the L2 term, as scikit-learn counts it: `C` for classes, `alpha` for values."""

    def answer(self, opinions: Opinions) -> np.ndarray:
        raw = features(opinions) @ self.coefficients.T + self.intercept
        if not self.seen:
            return np.asarray(raw)
        shares = np.zeros((len(raw), len(self.objective.task.classes)))
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares[:, list(self.seen)] = powers / powers.sum(axis=1, keepdims=True)
        return in_range(self.objective, shares)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "layer",
            "coefficients": self.coefficients.tolist(),
            "intercept": self.intercept.tolist(),
            "seen": list(self.seen),
            "penalty": self.penalty,
        }


def combination_from_json(stored: Mapping[str, Any], objective: Objective, columns: Sequence[int]) -> Combination:
    """What `to_json` gave, for members of these columns.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: anything else; a ValueError says what must hold.
    """
    if stored["kind"] == "average":
        return Average(weights_from(stored["weights"], len(columns)))
    if stored["kind"] == "layer":
        return layer_from(stored, objective, max(columns) + 1)
    if stored["kind"] != "vote":
        raise ValueError(f"`kind` must be average, vote or layer. Received: {stored['kind']!r}")
    if objective.task.kind == "regression":
        raise ValueError("`kind` cannot be vote, as members give amounts")
    return Vote(objective)


def weights_from(stored: Any, members: int) -> np.ndarray:
    """float64 (members,). Raises as `combination_from_json`."""
    weights = np.array(stored, np.float64)
    if weights.shape != (members,) or not np.isfinite(weights).all() or not (weights >= 0).all() or not weights.any():
        raise ValueError(f"`weights` must be {members} numbers of at least 0, a weight per member, not all of them 0")
    return weights


def layer_from(stored: Mapping[str, Any], objective: Objective, columns: int) -> Layer:
    """A final layer over so many columns. Raises as `combination_from_json`."""
    task, seen = objective.task, tuple(map(int, stored["seen"]))
    coefficients = np.array(stored["coefficients"], np.float64)
    intercept = np.array(stored["intercept"], np.float64)
    classes, width = len(task.classes), columns * task.outputs
    if len(set(seen)) != len(seen) or not all(0 <= place < classes for place in seen):
        raise ValueError(f"`seen` must hold places of different classes, from 0 to {classes - 1}. Received: {seen}")
    if (task.kind == "regression") == bool(seen):
        raise ValueError("`seen` must hold classes, and none for amounts")
    rows = len(seen) or 1
    if coefficients.shape != (rows, width) or intercept.shape != (rows,):
        raise ValueError(f"`coefficients` must be {rows} x {width} numbers, and `intercept` {rows}")
    if not (np.isfinite(coefficients).all() and np.isfinite(intercept).all()):
        raise ValueError("`coefficients` and `intercept` must be finite")
    return Layer(objective, coefficients, intercept, seen, float(stored["penalty"]))


def features(opinions: Opinions) -> np.ndarray:
    """float64 (rows, columns x outputs): what the final layer looks at."""
    said = opinions.by_column()
    return np.asarray(said.transpose(1, 0, 2).reshape(said.shape[1], -1))


def in_range(objective: Objective, shares: np.ndarray) -> np.ndarray:
    """Shares of classes (rows, classes) as the output layer would give them: for two classes the second's, between -1
    and 1 where the loss wants both signs."""
    if objective.task.kind != "binary":
        return shares
    second = shares[:, 1:]
    return np.asarray(2 * second - 1) if objective.threshold == 0 else np.asarray(second)
