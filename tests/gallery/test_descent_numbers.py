"""What the lessons on descent compute by themselves, against Keras and scipy."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from dlrun.gallery.lessons import batch_sizes, learning_rates, losses, softmax
from dlrun.gallery.lessons.optimizer_steps import adam, falls_like, rates_left, turns
from dlrun.training.descent import Path
from dlrun.training.surfaces import SURFACES


@pytest.fixture(scope="module")
def keras() -> Any:
    from dlrun.training.backend import choose

    choose(os.environ.get("KERAS_BACKEND", "tensorflow"))  # as tests/training does in this process
    import keras

    return keras


def test_adam_is_keras_adam(keras: Any) -> None:
    gradients = np.random.default_rng(0).normal(size=30)
    variable = keras.Variable(np.zeros(1, "float32"))
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.build([variable])
    places = [0.0]
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(np.array([gradient], "float32"))], [variable])
        places.append(float(keras.ops.convert_to_numpy(variable)[0]))
    np.testing.assert_allclose(-np.diff(places), adam(gradients, 0.1), atol=5e-6)  # Keras has its betas in float32


def test_without_its_correction_adam_begins_with_steps_that_are_too_long() -> None:
    bare = adam(np.ones(5000), 1.0, corrected=False)
    assert bare[0] == pytest.approx(0.1 / np.sqrt(0.001), rel=1e-5)
    np.testing.assert_allclose(adam(np.ones(5000), 1.0), 1, rtol=1e-6)
    assert bare[-1] == pytest.approx(1, abs=0.01)


def test_turns_and_powers() -> None:
    assert turns([0, 1, 0, 1, 0]) == 3
    assert turns([0, 1, 1, 2]) == turns([1, 1]) == turns([3]) == 0
    assert falls_like(np.arange(1, 50) ** -0.5) == pytest.approx(-0.5)


def test_rates_left_of_plain_descent_are_its_rate() -> None:
    bowl, x, y = SURFACES["bowl"], [-7.0], [2.0]
    for _ in range(5):
        slope = bowl.gradient(np.array([[x[-1], y[-1]]]))[0]
        x.append(x[-1] - 0.3 * slope[0])
        y.append(y[-1] - 0.3 * slope[1])
    none = (0.0,) * len(x)
    np.testing.assert_allclose(rates_left(bowl, Path("bowl", "sgd", 0.3, tuple(x), tuple(y), none, none)), 0.3)


def test_softmax_is_that_of_scipy() -> None:
    z = np.random.default_rng(1).normal(0, 10, (50, 7))
    np.testing.assert_allclose(softmax.shifted(z), scipy_softmax(z, axis=-1), rtol=1e-12)
    np.testing.assert_allclose(softmax.shifted(z[:, :2])[:, 1], expit(z[:, 1] - z[:, 0]), rtol=1e-12)
    np.testing.assert_allclose(softmax.shifted(z + 1e4), scipy_softmax(z + 1e4, axis=-1), rtol=1e-12)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_plain_softmax_fails_where_the_format_ends(kind: str) -> None:
    assert softmax.fails_from(kind) == int(np.log(np.finfo(kind).max)) + 1


def test_spread_of_a_mini_batch_is_the_formula() -> None:
    found = batch_sizes.spread_of(np.random.default_rng(2).exponential(size=400), 0)
    assert [one["size"] for one in found] == list(batch_sizes.SIZES)
    for one in found:
        assert one["spread"] == pytest.approx(one["formula"], rel=0.06)
        assert one["without"] == pytest.approx(one["formula_without"], rel=0.06)
        assert one["without"] <= one["spread"] * 1.05


def test_stairs_know_flat_steps() -> None:
    y = np.array([0, 1, 1])
    outputs = np.array([[0.1, 0.6, 0.4], [0.1, 0.61, 0.4], [0.1, 0.62, 0.51], [0.1, 0.62, 0.51]])
    found = losses.stairs(outputs, y)
    np.testing.assert_allclose(found["accuracy"], [2 / 3, 2 / 3, 1, 1])
    assert found["flat"] == pytest.approx(2 / 3)
    assert found["moves"] == pytest.approx(2 / 3)
    assert losses.stairs(np.array([[1.0, 0.0, 0.0]] * 2), y)["loss"][0] == pytest.approx(-np.log(1e-7))


def test_what_never_gets_there_counts_as_one_more_epoch() -> None:
    assert losses.reached([0.5, 0.9, 0.95]) == 2
    assert losses.reached([0.5, 0.6]) == 3


def test_rates_are_written_short() -> None:
    assert learning_rates.rounded(0.011056) == 0.011
    assert learning_rates.written(8.1e-05) == "0.000081"
    assert learning_rates.written(1.3) == "1.3"


def test_a_share_is_above_a_limit_only_beyond_its_interval() -> None:
    assert learning_rates.above(0.5, 0.45)
    assert not learning_rates.above(0.5, 0.48)
