from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from dlrun.insight.statistics.rows import bootstrap_half, row_values

RNG = np.random.default_rng(7)
LABELS = RNG.integers(0, 4, 300)
SHARES = RNG.dirichlet(np.ones(4), 300)
BINARY, CHANCE = RNG.integers(0, 2, 300), RNG.random(300)
TARGET, OUTPUT, SPREAD = RNG.normal(size=300), RNG.normal(size=300), 12.5


@pytest.mark.parametrize(
    ("metric", "loss", "targets", "outputs", "spread", "theirs"),
    [
        ("loss", "categorical_crossentropy", LABELS, SHARES, None, metrics.log_loss(LABELS, SHARES)),
        (
            "accuracy",
            "categorical_crossentropy",
            LABELS,
            SHARES,
            None,
            metrics.accuracy_score(LABELS, SHARES.argmax(1)),
        ),
        ("loss", "binary_crossentropy", BINARY, CHANCE[:, None], None, metrics.log_loss(BINARY, CHANCE)),
        ("accuracy", "binary_crossentropy", BINARY, CHANCE[:, None], None, np.mean((CHANCE > 0.5) == BINARY)),
        (
            "loss",
            "mean_squared_error",
            TARGET,
            OUTPUT[:, None],
            SPREAD,
            metrics.mean_squared_error(TARGET * SPREAD, OUTPUT * SPREAD),
        ),
        (
            "mean_absolute_error",
            "huber",
            TARGET,
            OUTPUT[:, None],
            SPREAD,
            metrics.mean_absolute_error(TARGET * SPREAD, OUTPUT * SPREAD),
        ),
    ],
)
def test_rows_come_to_what_scikit_learn_says(
    metric: str, loss: str, targets: Any, outputs: Any, spread: float | None, theirs: float
) -> None:
    values = row_values(metric, loss, {"targets": targets, "outputs": outputs}, spread)
    assert values is not None
    assert values.mean() == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(
    ("metric", "loss", "spread"),
    [("auc", "binary_crossentropy", None), ("loss", "huber", 2.0), ("loss", "hinge", None)],
)
def test_what_is_no_mean_over_rows_has_no_values(metric: str, loss: str, spread: float | None) -> None:
    assert row_values(metric, loss, {"targets": BINARY, "outputs": CHANCE[:, None]}, spread) is None


@pytest.mark.parametrize(("root", "statistic"), [(False, np.mean), (True, lambda x, axis: np.sqrt(np.mean(x, axis)))])
def test_the_bootstrap_is_scipys(root: bool, statistic: Callable[..., Any]) -> None:
    values = RNG.exponential(size=200)
    theirs = stats.bootstrap((values,), statistic, method="percentile", n_resamples=5000, random_state=1)
    width = theirs.confidence_interval.high - theirs.confidence_interval.low
    ours = bootstrap_half(values, root)
    assert ours == pytest.approx(width / 2, rel=0.06)
    assert ours == bootstrap_half(values, root)


def test_one_row_has_no_interval() -> None:
    assert bootstrap_half(np.array([0.5])) is None
