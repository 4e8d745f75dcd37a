"""The numbers of a net as it is: Keras, numpy and autodiff say the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dlrun.training.backend import current
from dlrun.training.health import MEASURES, LayerHealth, health_of
from dlrun.training.health.histogram import histogram_of
from dlrun.training.health.layer_health import alike, moments, norm, relative_change
from dlrun.training.network import build
from tests.training.cases import digits, experiment

ROWS = 50


def network(**model: Any) -> Any:
    return build(experiment(model=model).model, 64, 10, "softmax", seed=1)


def rows() -> tuple[np.ndarray, np.ndarray]:
    return digits().train.x[:ROWS], digits().train.y[:ROWS]


def loss() -> Any:
    import keras

    return keras.losses.SparseCategoricalCrossentropy()


def gradients(net: Any, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Of the loss with its penalties by each kernel, as plain Keras on this backend gives them."""
    kernels = [layer.kernel for layer in net.layers if hasattr(layer, "kernel")]
    if current() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            total = loss()(y, net(x, training=False)) + sum(net.losses)
        return [np.asarray(one) for one in tape.gradient(total, [kernel.value for kernel in kernels])]
    import jax

    trained = [variable.value for variable in net.trainable_variables]
    fixed = [variable.value for variable in net.non_trainable_variables]

    def total_of(values: Any) -> Any:
        outputs, _, penalties = net.stateless_call(values, fixed, x, training=False, return_losses=True)
        return loss()(y, outputs) + sum(penalties)

    found = jax.grad(total_of)(trained)
    places = [[v is kernel for v in net.trainable_variables].index(True) for kernel in kernels]
    return [np.asarray(found[place]) for place in places]


def outputs_of(net: Any, name: str, x: np.ndarray) -> np.ndarray:
    import keras

    return np.asarray(keras.Model(net.inputs, net.get_layer(name).output).predict(x, verbose=0))


def test_one_net_against_plain_keras() -> None:
    net = network(units=[12, 8], activation=["tanh", "relu"], l2=0.01)
    x, y = rows()
    found = health_of(net, x, y, loss())
    assert [one.name for one in found] == ["hidden_1", "hidden_2", "output"]
    assert [(one.inputs, one.units, one.activation) for one in found] == [
        (64, 12, "tanh"), (12, 8, "relu"), (8, 10, "softmax"),
    ]  # fmt: skip
    for one, gradient in zip(found, gradients(net, x, y), strict=True):
        after, before = outputs_of(net, f"{one.name}_activation", x), outputs_of(net, one.name, x)
        kernel = np.asarray(net.get_layer(one.name).kernel)
        assert one.mean == pytest.approx(after.mean(), rel=1e-4, abs=1e-6)
        assert one.spread == pytest.approx(after.std(), rel=1e-4)
        assert one.mean_before == pytest.approx(before.mean(), rel=1e-4, abs=1e-6)
        assert one.spread_before == pytest.approx(before.std(), rel=1e-4)
        assert one.gradient == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
        assert one.weight == pytest.approx(np.linalg.norm(kernel), rel=1e-5)
        assert one.histogram is not None
        assert sum(one.histogram.counts) == after.size
    tanh, relu, output = found
    assert tanh.saturated == pytest.approx(np.mean(1 - outputs_of(net, "hidden_1_activation", x) ** 2 < 0.05), abs=1e-6)
    assert relu.dead == pytest.approx(np.mean((outputs_of(net, "hidden_2_activation", x) == 0).all(axis=0)))
    assert (relu.saturated, output.dead, output.saturated, output.update) == (None, None, None, None)


def test_what_comes_back_is_the_gradient_by_what_enters_the_activation() -> None:
    """Of softmax with cross-entropy that is (probabilities - one-hot) / rows, a formula of every textbook."""
    net = network(units=[12])
    x, y = rows()
    found = health_of(net, x, y, loss())
    probabilities = outputs_of(net, "output_activation", x)
    by_hand = probabilities - np.eye(10)[y]
    assert found[1].signal == pytest.approx(np.sqrt(np.mean(by_hand**2)), rel=1e-4)
    back = (by_hand @ np.asarray(net.get_layer("output").kernel).T) * (outputs_of(net, "hidden_1", x) > 0)
    assert found[0].signal == pytest.approx(np.sqrt(np.mean(back**2)), rel=1e-4)


def test_nothing_changes() -> None:
    net = network(units=[12], batch_normalization=True, dropout=0.5)
    before = [np.array(value) for value in net.get_weights()]
    x, y = rows()
    once, again = health_of(net, x, y, loss()), health_of(net, x, y, loss())
    assert once == again
    for one, other in zip(before, net.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_batch_normalization_by_these_rows_or_as_in_prediction() -> None:
    net = network(units=[12], batch_normalization=True)
    x, _ = rows()
    trained, predicted = health_of(net, x)[0], health_of(net, x, batch_statistics=False)[0]
    assert trained.spread_before == pytest.approx(1, abs=0.05)
    assert trained.mean_before == pytest.approx(0, abs=1e-5)
    assert predicted.spread_before == pytest.approx(outputs_of(net, "hidden_1_batch_normalization", x).std(), rel=1e-4)


def test_without_a_loss_there_are_no_gradients() -> None:
    (hidden, _) = health_of(network(units=[5]), rows()[0])
    assert (hidden.gradient, hidden.signal, hidden.update) == (None, None, None)
    assert hidden.spread is not None


def test_a_dense_layer_may_carry_its_activation_itself() -> None:
    import keras

    plain = keras.Sequential([keras.Input((64,)), keras.layers.Dense(6, activation="sigmoid"), keras.layers.Dense(2)])
    hidden, output = health_of(plain, rows()[0])
    assert (hidden.activation, output.activation) == ("sigmoid", "linear")
    assert hidden.spread == pytest.approx(np.asarray(plain.layers[0](rows()[0])).std(), rel=1e-4)


def test_other_layers_are_refused_by_name() -> None:
    import keras

    net = keras.Sequential([keras.Input((64,)), keras.layers.Dense(6), keras.layers.LayerNormalization()])
    with pytest.raises(ValueError, match=r"knows nets of Dense layers.*Received: LayerNormalization"):
        health_of(net, rows()[0])
    after = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(6, activation="relu"), keras.layers.BatchNormalization()]
    )
    with pytest.raises(ValueError, match="BatchNormalization after the activation"):
        health_of(after, rows()[0])


@pytest.mark.parametrize("depth", [0, 50])
def test_any_depth(depth: int) -> None:
    found = health_of(network(units=[4] * depth), *rows(), loss())
    assert len(found) == depth + 1
    assert all(one.gradient is not None for one in found)


def test_no_rows_and_half_a_loss_are_refused() -> None:
    net = network(units=[3])
    with pytest.raises(ValueError, match="x must have rows"):
        health_of(net, np.zeros((0, 64), np.float32))
    with pytest.raises(ValueError, match="y and loss come together"):
        health_of(net, rows()[0], rows()[1])


def test_numbers_that_are_not_finite_are_none() -> None:
    net = network(units=[3])
    net.layers[0].kernel.assign(np.full((64, 3), np.nan, np.float32))
    for one in health_of(net, *rows(), loss()):
        assert one.spread is None
        assert one.histogram is None
        assert one.gradient is None


# --- formulas --------------------------------------------------------------------------------------------------------


def test_the_norm_of_numbers_too_small_to_square() -> None:
    assert norm(np.full((2, 2), 1e-30, np.float32)) == pytest.approx(2e-30)
    assert norm(np.zeros(3)) == 0
    assert norm(np.zeros((0, 3))) == 0


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ([[0, 0], [0, 0]], 1.0),
        ([[1, 1], [2, 2]], 1.0),
        ([[1, -2], [2, -4]], 1.0),
        ([[1, 0], [0, 1]], 0.0),
        ([[0, 1], [0, 1]], 0.0),
        ([[1], [1]], None),
    ],
    ids=["zeros", "equal", "opposite", "at right angles", "one is zero", "a single unit"],
)
def test_how_alike_units_are(columns: list[list[float]], wanted: float | None) -> None:
    found = alike([np.array(columns, float)])
    assert found == (None if wanted is None else pytest.approx(wanted))


def test_how_alike_units_are_is_scikit_learns_cosine() -> None:
    from sklearn.metrics.pairwise import cosine_similarity

    kernel, bias = np.random.default_rng(0).normal(size=(7, 9)), np.arange(9.0)
    cosines = np.abs(cosine_similarity(np.vstack([kernel, bias]).T))
    assert alike([kernel, bias]) == pytest.approx(cosines[~np.eye(9, dtype=bool)].mean())


def test_a_histogram_holds_every_value() -> None:
    values = np.random.default_rng(0).standard_cauchy((100, 30))  # with outliers
    found = histogram_of(values, float(values.mean()), float(values.std()))
    assert found is not None
    assert sum(found.counts) == values.size
    one = histogram_of(np.zeros((4, 2)), 0.0, 0.0)
    assert one is not None
    assert max(one.counts) == 8
    assert one.low < 0 < one.high


def test_a_narrow_histogram_keeps_two_ends() -> None:
    values = np.float32(1.0) + np.float32(1e-6) * np.arange(4, dtype=np.float32)[:, None]
    found = histogram_of(values, float(values.mean(dtype=np.float64)), float(values.std(dtype=np.float64)))
    assert found is not None
    written = found.to_json()
    assert written["low"] < written["high"]
    assert sum(written["counts"]) == 4


def test_numbers_near_the_end_of_their_format_are_told_without_a_warning() -> None:
    huge = np.array([[-3e38, 3e38], [1.0, 2.0]], np.float32)
    found = histogram_of(huge, *moments(huge))
    assert found is not None
    assert sum(found.counts) == 4
    assert relative_change(huge, -huge) is None
    assert relative_change(np.full((2, 2), 1e-30, np.float32), huge) == pytest.approx(3e38 * math.sqrt(2) / 2e-30)


def test_measures_are_the_numbers_of_a_layer() -> None:
    assert set(MEASURES) <= set(LayerHealth.__annotations__)
    assert {"dead", "saturated", "gradient", "signal", "update", "weight", "alike", "spread"} <= set(MEASURES)
