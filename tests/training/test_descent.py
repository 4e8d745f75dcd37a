"""Paths on surfaces: Keras' optimizers against their formulas in numpy, exact gradients, many starts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from dlrun.errors import UsageError
from dlrun.training.descent import OPTIMIZERS, RATES, STEPS, many_starts, paths, relief, walk
from dlrun.training.surfaces import BOWL, HIMMELBLAU, PLATEAU, SURFACES, TWO_WELLS, Surface

START = np.array([[-7.0, 2.0]])
STEEP = np.array([0.1, 2.0])
"""The bowl's gradient is this times the place."""


def sgd(rate: float, momentum: float, nesterov: bool, steps: int) -> np.ndarray:
    """Keras' formula: v = m v - r g; the place moves by v, with Nesterov by m v - r g."""
    place, speed, found = START[0].copy(), np.zeros(2), [START[0].copy()]
    for _ in range(steps):
        gradient = STEEP * place
        speed = momentum * speed - rate * gradient
        place = place + (momentum * speed - rate * gradient if nesterov else speed)
        found.append(place)
    return np.array(found)


def test_the_ends_alone_are_those_of_the_whole_walk() -> None:
    starts = np.random.default_rng(0).normal(size=(5, 2))
    for steps in (0, 1, 7):
        whole = walk(HIMMELBLAU, "adam", 0.1, starts, steps)
        np.testing.assert_array_equal(walk(HIMMELBLAU, "adam", 0.1, starts, steps, keep_all=False), whole[[0, -1]])


def test_plain_descent_has_a_closed_form_on_the_bowl() -> None:
    steps = np.arange(31)[:, None]
    expected = START * (1 - 0.95 * STEEP) ** steps
    np.testing.assert_allclose(walk(BOWL, "sgd", 0.95, START, 30)[:, 0], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("name", "nesterov"), [("momentum", False), ("nesterov", True)])
def test_momentum_is_its_formula(name: str, nesterov: bool) -> None:
    expected = sgd(0.1, 0.9, nesterov, 30)
    np.testing.assert_allclose(walk(BOWL, name, 0.1, START, 30)[:, 0], expected, rtol=1e-3, atol=1e-4)


def test_the_others_are_their_formulas() -> None:
    """Duchi 2011 with Keras' start of 0.1, Hinton's RMSProp with rho 0.9, Kingma and Ba 2015."""
    ada = rms = adam = START[0]
    total, square, first, second = np.full(2, 0.1), np.zeros(2), np.zeros(2), np.zeros(2)
    found: dict[str, list[np.ndarray]] = {"adagrad": [], "rmsprop": [], "adam": []}
    for step in range(1, 21):
        slope = STEEP * ada
        total = total + slope**2
        ada = ada - 1.5 * slope / np.sqrt(total + 1e-7)
        slope = STEEP * rms
        square = 0.9 * square + 0.1 * slope**2
        rms = rms - 0.1 * slope / np.sqrt(square + 1e-7)
        slope = STEEP * adam
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        adam = adam - 0.3 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-7)
        for name, place in (("adagrad", ada), ("rmsprop", rms), ("adam", adam)):
            found[name].append(place)
    for name, rate in (("adagrad", 1.5), ("rmsprop", 0.1), ("adam", 0.3)):
        np.testing.assert_allclose(walk(BOWL, name, rate, START, 20)[1:, 0], found[name], rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_gradients_are_exact_and_minima_are_minima(surface: Surface) -> None:
    corners = np.array([surface.x, surface.y])
    places = np.random.default_rng(0).uniform(corners[:, 0], corners[:, 1], (20, 2))

    def value(place: np.ndarray) -> float:
        return float(surface.values(place[None])[0])

    for place, slope in zip(places, surface.gradient(places), strict=True):
        np.testing.assert_allclose(slope, approx_fprime(place, value, 1e-7), rtol=1e-4, atol=1e-4)
    assert surface.minimum_values == tuple(sorted(surface.minimum_values)) or surface is HIMMELBLAU
    for minimum in surface.minima:
        found = minimize(value, minimum, method="BFGS", options={"gtol": 1e-8})
        np.testing.assert_allclose(found.x, minimum, atol=1e-4)
        assert corners[0, 0] < minimum[0] < corners[0, 1]
        assert corners[1, 0] < minimum[1] < corners[1, 1]


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_rates_and_steps(surface: str) -> None:
    assert set(RATES[surface]) == set(OPTIMIZERS)
    assert STEPS[surface] > 0


def test_paths_hold_what_they_say() -> None:
    (one,) = paths(BOWL, ["momentum"], steps=5, rates={"momentum": 0.2}, start=(1.0, 1.0))
    assert (one.surface, one.optimizer, one.learning_rate, len(one.x)) == ("bowl", "momentum", 0.2, 6)
    places = np.stack([one.x, one.y], axis=1)
    assert places[0].tolist() == [1.0, 1.0]
    np.testing.assert_allclose(one.value, BOWL.values(places))
    np.testing.assert_allclose(one.slope, np.linalg.norm(BOWL.gradient(places), axis=1))


def test_many_starts_are_many_single_descents() -> None:
    ends = many_starts(HIMMELBLAU, "adam", starts=6, steps=30)
    for end in ends:
        (one,) = paths(HIMMELBLAU, ["adam"], 30, start=end.start)
        np.testing.assert_allclose((one.x[-1], one.y[-1]), end.end, rtol=1e-4, atol=1e-4)


def test_small_steps_find_the_valley_they_start_in() -> None:
    for end in many_starts(TWO_WELLS, "sgd", starts=50, steps=300):
        assert end.minimum == (0 if end.start[0] < 0.0628 else 1)
    far = many_starts(PLATEAU, "sgd", starts=20, steps=2)
    assert {end.minimum for end in far} <= {0, None}


def test_a_descent_that_diverges_ends_in_no_minimum() -> None:
    (path,) = paths(HIMMELBLAU, ["sgd"], steps=20, rates={"sgd": 1.0})
    assert not np.isfinite(path.value[-1])
    assert many_starts(HIMMELBLAU, "sgd", starts=5, steps=20, rate=1.0)[0].minimum is None


def test_the_relief_is_the_surface() -> None:
    grid = relief(BOWL, 5)
    assert grid["values"][0][0] == BOWL.value(np.array(-8.0), np.array(-4.0))
    assert grid["values"][4][2] == BOWL.value(np.array(0.0), np.array(4.0))


def test_an_unknown_optimizer_is_named() -> None:
    with pytest.raises(UsageError, match=r"one of sgd, momentum, .*Received: 'ftrl'"):
        paths(BOWL, ["ftrl"])
