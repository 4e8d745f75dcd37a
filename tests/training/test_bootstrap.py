"""Against scipy's bootstrap, draw for draw."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as oracle

from dlrun.data import Task, stream
from dlrun.training import bootstrap
from dlrun.training.bootstrap import draws, interval, resampled
from dlrun.training.metrics import METRICS, Scored
from tests.training.cases import AMOUNT, BINARY

GENERATOR = np.random.default_rng(3)
Y = GENERATOR.integers(0, 2, 80)
OUTPUTS = np.clip(0.3 * Y[:, None] + 0.7 * GENERATOR.random((80, 1)), 0, 1).astype(np.float32)
CHOSEN = OUTPUTS[:, 0] > 0.5


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("accuracy", lambda y, chosen, output: np.mean(y == chosen)),
        ("auc", lambda y, chosen, output: oracle.roc_auc_score(y, output)),
        ("f1", lambda y, chosen, output: oracle.f1_score(y, chosen)),
    ],
)
def test_scipy_gives_the_same_interval(name, statistic):
    found = interval(resampled([name], Scored(Y, OUTPUTS, BINARY), {}, seed=5, resamples=300)[name])
    wanted = stats.bootstrap(
        (Y, CHOSEN, OUTPUTS[:, 0]), statistic, paired=True, vectorized=False, n_resamples=300, method="percentile",
        rng=stream(5, "bootstrap"),
    ).confidence_interval  # fmt: skip
    assert found == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_scipy_gives_the_same_interval_of_a_mean():
    values = GENERATOR.normal(size=50)
    scored = Scored(np.zeros(50), np.zeros((50, 1)), AMOUNT)
    found = interval(resampled([], scored, {"loss": values}, seed=1)["loss"])
    wanted = stats.bootstrap((values,), np.mean, n_resamples=2000, method="percentile", rng=stream(1, "bootstrap"))
    assert found == pytest.approx(tuple(wanted.confidence_interval), abs=1e-12)


def test_scipy_gives_the_same_interval_of_blocks():
    """Blocks of equal size: the mean of drawn rows is that of the drawn blocks' means."""
    values, order = GENERATOR.normal(size=(12, 5)), GENERATOR.permutation(60)
    blocks = np.repeat(np.arange(100, 112), 5)
    scored = Scored(np.zeros(60), np.zeros((60, 1)), AMOUNT)
    found = interval(resampled([], scored, {"loss": values.ravel()[order]}, seed=1, blocks=blocks[order])["loss"])
    wanted = stats.bootstrap(
        (values.mean(axis=1),), np.mean, n_resamples=2000, method="percentile", rng=stream(1, "bootstrap")
    )
    assert found == pytest.approx(tuple(wanted.confidence_interval), abs=1e-12)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_is_that_of_the_drawn_rows(name):
    task = (
        AMOUNT
        if name in ("mean_absolute_error", "root_mean_squared_error", "r2")
        else Task("multiclass", "k", ("a", "b", "c"))
    )
    many = task.kind == "multiclass"
    y = GENERATOR.integers(0, 3, 30) if many else GENERATOR.normal(size=30).astype(np.float32)
    outputs = GENERATOR.random((30, 3 if many else 1)).astype(np.float32)
    drawn = np.random.default_rng(0).integers(0, 30, (20, 30))
    counts = np.stack([np.bincount(one, minlength=30) for one in drawn]).astype(np.uint8)
    wanted = [float(METRICS[name](Scored(y[one], outputs[one], task))) for one in drawn]
    np.testing.assert_allclose(METRICS[name](Scored(y, outputs, task, counts=counts)), wanted, atol=1e-12)


def test_pieces_make_no_difference(monkeypatch):
    scored = Scored(Y, OUTPUTS, BINARY)
    whole = resampled(["accuracy", "auc"], scored, {}, seed=2, resamples=50)
    monkeypatch.setattr(bootstrap, "CELLS_AT_ONCE", 333)
    pieces = resampled(["accuracy", "auc"], scored, {}, seed=2, resamples=50)
    assert all((whole[name] == pieces[name]).all() for name in whole)


@pytest.mark.parametrize("rows", [1, 2, 300])
def test_draws_are_as_many_as_there_are_rows(rows):
    counts = np.concatenate(list(draws(rows, np.random.default_rng(0), 7)))
    assert counts.shape == (7, rows)
    assert (counts.sum(axis=1) == rows).all()


def test_what_is_never_defined_has_no_interval():
    assert np.isnan(interval(np.full(3, np.nan))).all()
    assert interval(np.array([1.0, np.nan, 1.0])) == (1, 1)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(8)
    hits = 0
    for seed in range(200):
        right = generator.random(150) < 0.8
        outputs = np.where(right, 0.9, 0.1)[:, None]
        low, high = interval(
            resampled(["accuracy"], Scored(np.ones(150, int), outputs, BINARY), {}, seed, 400)["accuracy"]
        )
        hits += low <= 0.8 <= high
    assert 0.90 <= hits / 200 <= 0.985
