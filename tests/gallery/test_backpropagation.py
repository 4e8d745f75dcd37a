"""The four equations against automatic differentiation, differences against scipy's."""

from __future__ import annotations

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import approx_fprime

from dlrun.gallery.lessons import backpropagation as lesson
from dlrun.gallery.lessons import backpropagation_equations as equations
from dlrun.gallery.lessons.backpropagation_equations import Gradient, Net


def net_of(units: tuple[int, ...], seed: int, spread: float = 1.0) -> Net:
    rng = np.random.default_rng(seed)
    pairs = pairwise(units)
    return [(rng.normal(0, spread, (wide, narrow)), rng.normal(0, spread, narrow)) for wide, narrow in pairs]


def rows_of(features: int, rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, features)), rng.integers(0, 2, (rows, 1)).astype(float)


def by_jax(net: Net, x: np.ndarray, y: np.ndarray) -> Gradient:
    def loss(weights: list[tuple[jax.Array, jax.Array]]) -> jax.Array:
        found = jnp.asarray(x)
        for kernel, bias in weights:
            found = jax.nn.sigmoid(found @ kernel + bias)
        return -jnp.mean(y * jnp.log(found) + (1 - y) * jnp.log(1 - found))

    with jax.enable_x64(True):
        found = jax.grad(loss)([(jnp.asarray(kernel), jnp.asarray(bias)) for kernel, bias in net])
        return [(np.array(kernel), np.array(bias)) for kernel, bias in found]


@pytest.mark.parametrize("units", [(3, 1), (3, 4, 1), (5, 4, 3, 1), (2, 2, 2, 2, 1)])
@pytest.mark.parametrize("rows", [1, 7])
def test_equations_equal_automatic_differentiation(units: tuple[int, ...], rows: int) -> None:
    net, (x, y) = net_of(units, 0), rows_of(units[0], rows, 1)
    assert max(equations.apart(equations.gradient(net, x, y), by_jax(net, x, y))) < 1e-12


@pytest.mark.parametrize("central", [True, False])
def test_differences_are_those_of_scipy(central: bool) -> None:
    net, (x, y) = net_of((3, 4, 1), 2), rows_of(3, 6, 3)
    flat = np.concatenate([part.ravel() for pair in net for part in pair])
    ours = np.concatenate([part.ravel() for pair in equations.differences(net, x, y, 1e-4, central) for part in pair])

    def loss(weights: np.ndarray) -> float:
        places = np.cumsum([part.size for pair in net for part in pair])[:-1]
        parts = [part.reshape(old.shape) for part, old in zip(
            np.split(weights, places), [part for pair in net for part in pair], strict=True)]  # fmt: skip
        return equations.loss(list(zip(parts[::2], parts[1::2], strict=True)), x, y)

    above = approx_fprime(flat, loss, 1e-4)
    expected = (above + approx_fprime(flat, loss, -1e-4)) / 2 if central else above
    np.testing.assert_allclose(ours, expected, rtol=1e-7, atol=1e-10)


def test_differences_leave_the_net_as_it_was() -> None:
    net, (x, y) = net_of((3, 2, 1), 4), rows_of(3, 5, 5)
    before = [(kernel.copy(), bias.copy()) for kernel, bias in net]
    equations.differences(net, x, y, 1e-4)
    for (kernel, bias), (old_kernel, old_bias) in zip(net, before, strict=True):
        np.testing.assert_array_equal(kernel, old_kernel)
        np.testing.assert_array_equal(bias, old_bias)


def test_a_weight_from_a_silent_unit_has_no_derivative() -> None:
    net = net_of((2, 3, 2, 1), 6)
    net[0][1][0] = -60  # the first unit of the first layer gives 0, whatever comes
    x, y = rows_of(2, 20, 7)
    assert np.abs(equations.gradient(net, x, y)[1][0][0]).max() < 1e-12


def test_learning_counts_each_weight_once() -> None:
    x, y = rows_of(6, 50, 8)
    found = lesson.learning(net_of((6, 5, 4, 1), 9, 2.0), x, y)
    assert len(found["from"]) == len(found["to"]) == len(lesson.EDGES) - 1
    assert found["weak"] < 0.2


def test_binned_says_where_nothing_is() -> None:
    activation, shares = np.array([0.0, 0.05, 0.95, 1.0]), np.array([1.0, 3.0, 5.0, 7.0])
    assert lesson.binned(activation, shares) == [2.0, None, None, None, None, 6.0]
