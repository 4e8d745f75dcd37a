"""What is drawn on the host: its distribution, that each epoch has its own, that one key leaves the others alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from dlrun.spec.augmentation import Augmentation
from dlrun.training.augmentation_draws import Draws, corners, flips, noise_seed, partners, shares, transforms
from tests.training.cases import amounts, digits, experiment


def draws(rows: int = 4000, batch: int = 32, seed: int = 3, **keys: Any) -> Draws:
    return Draws(Augmentation(**keys), seed, rows, batch, (9, 7, 1))


def test_nothing_is_drawn_where_nothing_is_augmented() -> None:
    for augmentation in (None, {}, {"noise": 0.0, "mixup": 0.0, "rotation": 0.0}):
        assert Draws.of(experiment(data={"augmentation": augmentation}), digits()) is None


def test_only_what_is_needed_is_drawn() -> None:
    assert draws(noise=0.1).names == ()
    assert draws(noise=0.1).epoch(0) == ()
    assert draws(zoom=0.1, mixup=0.2).names == ("transform", "partner", "share")
    every = draws(flip="vertical", rotation=0.1, cutout=0.2, mixup=1.0)
    assert every.names == ("flips", "transform", "corner", "partner", "share")
    for name, array in zip(every.names, every.epoch(2), strict=True):
        shape, kind = every.shape(name)
        assert (array.shape, array.dtype) == ((4000, *shape), np.dtype(kind))


def test_the_facts_of_a_run() -> None:
    spec = experiment(data={"augmentation": {"mixup": 0.3}}, fit={"batch_size": "full", "precision": "float64"}, seed=5)
    found = Draws.of(spec, amounts())
    assert found == Draws(Augmentation(mixup=0.3), 5, 60, 60, None, "float64")


def test_epochs_and_seeds_differ_and_come_again() -> None:
    keys: dict[str, Any] = {"flip": "horizontal", "shift": 0.2, "cutout": 0.3, "mixup": 1.0}
    first = draws(**keys).epoch(0)
    for other in (draws(**keys).epoch(1), draws(seed=4, **keys).epoch(0)):
        assert all((one != two).any() for one, two in zip(first, other, strict=True))
    for again in (draws(**keys).epoch(0), draws(**keys).epoch(0)):
        assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert noise_seed(3) != noise_seed(4)
    assert 0 <= noise_seed(3) < 2**31


def test_a_key_draws_the_same_beside_others() -> None:
    alone = draws(mixup=0.5)
    beside = draws(mixup=0.5, flip="vertical", cutout=0.2, rotation=0.1)
    assert np.array_equal(partners(alone, 1), partners(beside, 1))
    assert np.array_equal(shares(alone, 1), shares(beside, 1))
    turned, both = transforms(draws(rotation=0.1), 0), transforms(draws(rotation=0.1, shift=0.2), 0)
    np.testing.assert_array_equal(turned[:, [0, 1, 3, 4]], both[:, [0, 1, 3, 4]])


@pytest.mark.parametrize(
    ("kind", "mean"),
    [("horizontal", (0, 0.5)), ("vertical", (0.5, 0)), ("horizontal_and_vertical", (0.5, 0.5))],
)
def test_half_of_the_images_are_mirrored(kind: str, mean: tuple[float, float]) -> None:
    found = flips(draws(flip=kind), 0)
    np.testing.assert_allclose(found.mean(axis=0), mean, atol=0.04)
    assert set(np.unique(found)) == {0, 1}


def test_no_change_is_the_identity() -> None:
    np.testing.assert_allclose(transforms(draws(rows=3, zoom=0.0), 0), [[1, 0, 0, 0, 1, 0]] * 3, atol=1e-6)


def test_amounts_are_uniform_between_their_limits() -> None:
    turned = transforms(draws(rotation=0.1), 0)
    angle = np.arctan2(turned[:, 3], turned[:, 0]) / (2 * np.pi)
    moved = transforms(draws(shift=0.25), 0)[:, [2, 5]] / (7, 9)
    smaller = transforms(draws(zoom=0.4), 0)[:, 0] - 1
    for values, limit in ((angle, 0.1), (moved[:, 0], 0.25), (moved[:, 1], 0.25), (smaller, 0.4)):
        assert stats.kstest(values, stats.uniform(-limit, 2 * limit).cdf).pvalue > 0.001
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.05


def test_the_centre_of_an_image_stays_where_it_is() -> None:
    found = transforms(draws(rotation=0.5, zoom=0.5), 0).reshape(-1, 2, 3)
    np.testing.assert_allclose(found @ [3, 4, 1], [[3, 4]] * 4000, atol=1e-5)


@pytest.mark.parametrize(("cutout", "side"), [(0.3, 2), (0.01, 1), (1.0, 7)])
def test_erased_squares_lie_inside_and_everywhere(cutout: float, side: int) -> None:
    wanted = draws(cutout=cutout)
    assert wanted.erased == side
    found = corners(wanted, 0)
    assert found.min() == 0
    assert found.max(axis=0).tolist() == [9 - side, 7 - side]


@pytest.mark.parametrize(("rows", "batch"), [(100, 32), (96, 32), (5, 5), (7, 1)])
def test_partners_are_permutations_inside_each_batch(rows: int, batch: int) -> None:
    found = partners(draws(rows=rows, batch=batch, mixup=1.0), 0)
    for start in range(0, rows, batch):
        size = min(batch, rows - start)
        assert sorted(found[start : start + size].tolist()) == list(range(size))


@pytest.mark.parametrize("alpha", [0.2, 1.0, 5.0])
def test_shares_come_from_the_beta_distribution_one_for_each_batch(alpha: float) -> None:
    found = shares(draws(rows=20_010, batch=10, mixup=alpha), 0).reshape(-1, 10)
    assert (found == found[:, :1]).all()
    assert stats.kstest(found[:, 0], stats.beta(alpha, alpha).cdf).pvalue > 0.001
