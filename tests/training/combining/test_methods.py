"""Ways to make one answer out of several, against scikit-learn and numpy on the same probabilities."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from dlrun.data import Task
from dlrun.errors import DataError, UsageError
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.training.combining import stacking
from dlrun.training.combining.combination import TIE, Average, Layer, Vote, combination_from_json
from dlrun.training.combining.methods import METHODS, Judged, combine, parts_of_rows, refuse_method
from dlrun.training.combining.opinions import Opinions
from dlrun.training.objective import Objective

THREE = Objective("sparse_categorical_crossentropy", Task("multiclass", "kind", ("a", "b", "c")), "softmax", 0.0, "f")
TWO = Objective("binary_crossentropy", Task("binary", "ill", ("no", "yes")), "sigmoid", 0.0, "float32")
SIGNS = Objective("hinge", Task("binary", "ill", ("no", "yes")), "tanh", 0.0, "float32")
AMOUNT = Objective("mean_squared_error", Task("regression", "price", mean=5.0, spread=2.0), "linear", 0.0, "float32")


def opinions(outputs: Any, columns: tuple[int, ...] | None = None, counted: Any = None) -> Opinions:
    values = np.asarray(outputs, np.float64)
    asked = np.ones(values.shape[:2], bool) if counted is None else np.asarray(counted, bool)
    return Opinions(values, asked, columns or tuple(range(len(values))))


def judged(said: Opinions, y: Any, parts: int = 5) -> Judged:
    return Judged(said, np.asarray(y), np.arange(said.rows) % parts)


def flowers(members: int = 3) -> tuple[VotingClassifier, np.ndarray, np.ndarray, np.ndarray]:
    """Fitted scikit-learn members, their probabilities (members, rows, 3) for rows they did not see, these rows, y."""
    x, y = load_iris(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    x, y = x[order][:, :2], y[order]
    kinds = [GaussianNB(), DecisionTreeClassifier(max_depth=2, random_state=0), LogisticRegression(C=0.01)]
    voting = VotingClassifier([(str(place), kind) for place, kind in enumerate(kinds[:members])]).fit(x[:80], y[:80])
    return voting, np.stack([one.predict_proba(x[80:]) for one in voting.estimators_]), x[80:], y[80:]


def test_the_mean_is_scikit_learns_soft_vote() -> None:
    voting, outputs, x, y = flowers()
    found = combine("mean", judged(opinions(outputs), y), THREE).outputs
    voting.voting = "soft"
    np.testing.assert_allclose(found, voting.predict_proba(x), rtol=1e-12)


def test_votes_are_scikit_learns_hard_vote_but_for_ties() -> None:
    voting, outputs, x, y = flowers()
    found = combine("vote", judged(opinions(outputs), y), THREE).outputs
    named = outputs.argmax(axis=2)
    settled = np.array([np.bincount(row).max() > 1 for row in named.T])
    assert settled.sum() > 60
    assert (found.argmax(axis=1)[settled] == voting.predict(x)[settled]).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("said", "winner"),
    [
        ([[0.6, 0.4, 0.0], [0.1, 0.9, 0.0]], 1),  # one vote each: the second has more probability
        ([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]], 0),
        ([[0.6, 0.4, 0.0], [0.4, 0.6, 0.0]], 0),  # equal in both: the first
        ([[0.0, 0.4, 0.6], [0.0, 0.6, 0.4]], 1),
        ([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.0, 0.1, 0.9]], 2),  # three ways
        ([[0.51, 0.49, 0.0], [0.51, 0.49, 0.0], [0.0, 1.0, 0.0]], 0),  # no tie: two votes win
    ],
)
def test_ties_go_to_the_larger_sum_then_to_the_first(said: list[list[float]], winner: int) -> None:
    rows = opinions(np.array(said)[:, None])
    found = Vote(THREE).answer(rows)
    assert found.astype(np.float32).argmax() == winner
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


@pytest.mark.parametrize(("said", "second"), [([0.9, 0.3], True), ([0.6, 0.1], False), ([0.6, 0.4], False)])
def test_ties_of_two_classes(said: list[float], second: bool) -> None:
    found = Vote(TWO).answer(opinions(np.array(said)[:, None, None])).astype(np.float32)
    assert bool(found[0, 0] > TWO.threshold) == second
    assert found[0, 0] == pytest.approx(0.5, abs=3 * TIE)


def test_votes_where_outputs_have_both_signs() -> None:
    found = Vote(SIGNS).answer(opinions(np.array([[[0.9], [-0.9]], [[0.1], [-0.2]], [[-0.8], [0.3]]])))
    np.testing.assert_allclose(found, [[1 / 3], [-1 / 3]])


def test_only_those_who_count_are_asked() -> None:
    """Out of fold: the first row by the first member, the second by the second."""
    said = opinions([[[0.9, 0.1, 0.0]] * 2, [[0.2, 0.8, 0.0]] * 2], columns=(0, 0), counted=np.eye(2))
    for combination in (Average(np.array([0.5, 0.5])), Average(np.array([0.1, 0.9]))):
        np.testing.assert_allclose(combination.answer(said), [[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]])
    np.testing.assert_allclose(Vote(THREE).answer(said), [[1, 0, 0], [0, 1, 0]])


def test_weights_are_in_inverse_proportion_to_losses() -> None:
    _, outputs, _, y = flowers()
    found = combine("weighted", judged(opinions(outputs), y), THREE)
    clipped = np.clip(outputs, 1e-7, 1)
    losses = np.array([log_loss(y, one / one.sum(axis=1, keepdims=True)) for one in clipped])
    wanted = (1 / losses) / (1 / losses).sum()
    assert isinstance(found.combination, Average)
    np.testing.assert_allclose(found.combination.weights, wanted, rtol=1e-5)
    np.testing.assert_allclose(found.combination.answer(opinions(outputs)), np.einsum("m,mro->ro", wanted, outputs))


def test_weights_of_amounts_are_those_of_bates_and_granger() -> None:
    random = np.random.default_rng(0)
    y = random.normal(size=4000)
    said = np.stack([y + sigma * random.normal(size=len(y)) for sigma in (0.5, 1.0, 2.0)])[:, :, None]
    found = combine("weighted", judged(opinions(said), y), AMOUNT)
    assert isinstance(found.combination, Average)
    np.testing.assert_allclose(found.combination.weights, np.array([16, 4, 1]) / 21, atol=0.02)
    alone = [mean_squared_error(y, one) for one in said]
    assert mean_squared_error(y, found.outputs) < min(alone)


def test_folds_of_one_run_share_its_weight() -> None:
    y = np.array([0, 1, 0, 1])
    good, bad = [[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]], [[0.6, 0.4, 0.0], [0.4, 0.6, 0.0]]
    halves = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 2)
    said = opinions([good * 2, good * 2, bad * 2, bad * 2], columns=(0, 0, 1, 1), counted=halves)
    weights = combine("weighted", Judged(said, y, np.array([0, 0, 1, 1])), THREE).combination
    assert isinstance(weights, Average)
    assert weights.weights[0] == weights.weights[1] > weights.weights[2] == weights.weights[3]
    assert weights.weights.sum() == pytest.approx(1)


def test_a_perfect_member_has_all_the_weight() -> None:
    y = np.array([0.0, 1.0, 2.0])
    found = combine("weighted", judged(opinions([y[:, None], y[:, None] + 1]), y, 3), AMOUNT)
    assert isinstance(found.combination, Average)
    assert found.combination.weights.tolist() == [1, 0]


def test_the_layer_is_scikit_learns() -> None:
    _, outputs, _, y = flowers()
    layer = combine("stack", judged(opinions(outputs), y), THREE).combination
    assert isinstance(layer, Layer)
    x = np.concatenate(list(outputs), axis=1)
    wanted = LogisticRegression(C=layer.penalty, max_iter=5000, tol=1e-8).fit(x, y).predict_proba(x)
    np.testing.assert_allclose(layer.answer(opinions(outputs)), wanted, atol=2e-3)


def test_the_layer_of_two_classes_is_scikit_learns() -> None:
    _, outputs, _, y = flowers()
    said, ill = outputs[:, :, 1:2], (y == 1).astype(np.int32)
    layer = combine("stack", judged(opinions(said), ill), TWO).combination
    assert isinstance(layer, Layer)
    x = said[:, :, 0].T
    wanted = LogisticRegression(C=layer.penalty, max_iter=5000, tol=1e-8).fit(x, ill).predict_proba(x)[:, 1:]
    np.testing.assert_allclose(layer.answer(opinions(said)), wanted, atol=2e-3)
    signs = combine("stack", judged(opinions(2 * said - 1), ill), SIGNS).combination.answer(opinions(2 * said - 1))
    assert ((signs >= -1) & (signs <= 1)).all()
    assert ((signs > 0) == (ill[:, None] == 1)).mean() > 0.6


def test_the_layer_of_amounts_is_scikit_learns() -> None:
    x, y = load_diabetes(return_X_y=True)
    y = (y - y.mean()) / y.std()
    said = np.stack([Ridge(alpha).fit(x[:200], y[:200]).predict(x[200:]) for alpha in (0.01, 1, 100)])[:, :, None]
    found = combine("stack", judged(opinions(said), y[200:]), AMOUNT)
    assert isinstance(found.combination, Layer)
    wanted = Ridge(found.combination.penalty, positive=True).fit(said[:, :, 0].T, y[200:])
    np.testing.assert_allclose(found.combination.answer(opinions(said))[:, 0], wanted.predict(said[:, :, 0].T))
    assert (found.combination.coefficients >= 0).all()


@pytest.mark.parametrize("method", ["weighted", "stack"])
@pytest.mark.parametrize("parts", [2, 3, 5])
def test_no_row_is_answered_by_what_its_own_part_taught(method: EnsembleMethod, parts: int) -> None:
    """Another truth for the rows of a part changes nothing in that part's outputs, and much in the others'."""
    _, outputs, _, y = flowers()
    rows = judged(opinions(outputs), y, parts)
    before = combine(method, rows, THREE).outputs
    for part in (0, parts - 1):
        own = rows.parts == part
        other = np.where(own, (y + 1) % 3, y)
        after = combine(method, Judged(rows.opinions, other, rows.parts), THREE).outputs
        np.testing.assert_array_equal(before[own], after[own])
        assert (before[~own] != after[~own]).any()


def test_a_part_is_answered_as_scikit_learns_nested_search_answers_it() -> None:
    """The penalty by GridSearchCV over the other parts, then a layer that learnt from all of these."""
    x, y = load_diabetes(return_X_y=True)
    y = (y - y.mean()) / y.std()
    said = np.stack([Ridge(alpha).fit(x[:200], y[:200]).predict(x[200:]) for alpha in (0.01, 1, 100)])[:, :, None]
    rows = judged(opinions(said), y[200:])
    found, x = combine("stack", rows, AMOUNT).outputs[:, 0], said[:, :, 0].T
    for part in range(5):
        own = rows.parts == part
        search = GridSearchCV(
            Ridge(positive=True), {"alpha": stacking.ALPHAS}, scoring="neg_mean_squared_error",
            cv=PredefinedSplit(rows.parts[~own]),
        )  # fmt: skip
        wanted = search.fit(x[~own], rows.y[~own]).predict(x[own])
        np.testing.assert_allclose(found[own], wanted, rtol=1e-6)


def test_parts_that_hold_all_of_a_class_take_the_strongest_penalty() -> None:
    """Without two of the parts a single class is left, so nothing can be chosen there."""
    _, outputs, _, y = flowers()
    ill, parts = (y == 1).astype(np.int32), np.where(y == 1, np.arange(len(y)) % 2, 2 + np.arange(len(y)) % 2)
    said = opinions(outputs[:, :, 1:2])
    assert stacking.places_without(said, ill, parts, TWO) == dict.fromkeys(range(4), 0)
    assert np.isfinite(combine("stack", Judged(said, ill, parts), TWO).outputs).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_combination_comes_back_from_json(method: EnsembleMethod) -> None:
    _, outputs, _, y = flowers()
    found = combine(method, judged(opinions(outputs), y), THREE).combination
    again = combination_from_json(json.loads(json.dumps(found.to_json())), THREE, range(3))
    np.testing.assert_array_equal(again.answer(opinions(outputs)), found.answer(opinions(outputs)))


LAYER = {"kind": "layer", "coefficients": [[0.0] * 6] * 3, "intercept": [0.0] * 3, "seen": [0, 1, 2], "penalty": 1.0}


@pytest.mark.parametrize(
    ("stored", "objective", "message"),
    [
        ({"kind": "median"}, THREE, "`kind` must be average, vote or layer. Received: 'median'"),
        ({"kind": "vote"}, AMOUNT, "`kind` cannot be vote"),
        ({"kind": "average", "weights": [1.0]}, THREE, "`weights` must be 2 numbers"),
        ({"kind": "average", "weights": [0.5, float("nan")]}, THREE, "`weights` must be 2 numbers"),
        ({"kind": "average", "weights": [0.0, 0.0]}, THREE, "`weights` must be 2 numbers"),
        ({"kind": "average", "weights": [[0.5, 0.5]]}, THREE, "`weights` must be 2 numbers"),
        (LAYER | {"coefficients": [[0.0] * 5] * 3}, THREE, "`coefficients` must be 3 x 6 numbers, and `intercept` 3"),
        (LAYER | {"intercept": [0.0] * 2}, THREE, "`coefficients` must be 3 x 6 numbers, and `intercept` 3"),
        (LAYER | {"intercept": [0.0, 0.0, float("inf")]}, THREE, "must be finite"),
        (LAYER | {"seen": [0, 1, 3]}, THREE, "`seen` must hold places of different classes, from 0 to 2"),
        (LAYER | {"seen": [0, 1, 1]}, THREE, "`seen` must hold places of different classes"),
        (LAYER | {"seen": []}, THREE, "`seen` must hold classes"),
        (LAYER | {"seen": []}, AMOUNT, "`coefficients` must be 1 x 2 numbers, and `intercept` 1"),
    ],
)
def test_what_is_no_combination(stored: dict[str, Any], objective: Objective, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        combination_from_json(stored, objective, (0, 1))


def test_a_class_without_rows_is_never_named() -> None:
    _, outputs, _, y = flowers()
    two = y != 2
    layer = combine("stack", judged(opinions(outputs[:, two]), y[two]), THREE).combination
    assert isinstance(layer, Layer)
    assert layer.seen == (0, 1)
    found = layer.answer(opinions(outputs))
    assert (found[:, 2] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("method", "objective", "rows", "message"),
    [
        ("vote", AMOUNT, True, "--method vote: needs classes to vote for; 'price' is an amount"),
        ("weighted", THREE, False, "--method weighted: learns from rows that no member was trained on"),
        ("stack", THREE, False, "--method stack: learns from rows that no member was trained on"),
        ("stack", Objective("poisson", AMOUNT.task, "softplus", 0.0, "f"), True, "--method stack: a linear layer may"),
    ],
)  # fmt: skip
def test_what_a_method_cannot_do(method: EnsembleMethod, objective: Objective, rows: bool, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        refuse_method(method, objective, rows)


def test_a_single_class_teaches_nothing() -> None:
    _, outputs, _, y = flowers()
    with pytest.raises(DataError, match="hold a single class"):
        combine("stack", judged(opinions(outputs), np.zeros_like(y)), THREE)


def test_losses_without_a_share_have_no_weight() -> None:
    said = opinions(np.full((2, 4, 1), np.nan))
    with pytest.raises(UsageError, match="needs losses of at least 0"):
        combine("weighted", judged(said, np.zeros(4), 2), AMOUNT)


def test_parts_keep_copies_together_and_spread_classes() -> None:
    labels, blocks = np.array([0, 1] * 20), np.repeat(np.arange(20), 2)
    parts = parts_of_rows(labels, blocks, 0)
    assert all(parts[one] == parts[two] for one, two in pairwise(range(40)) if blocks[one] == blocks[two])
    assert sorted(np.bincount(parts).tolist()) == [8] * 5
    with pytest.raises(DataError, match="1 different validation row is too few"):
        parts_of_rows(np.zeros(3, np.int32), np.zeros(3, np.int64), 0)
