"""Operations of a dense net's training, counted while numpy does it by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bench.arithmetic import operations, row_operations
from bench.workloads import Workload


class Counted:
    """Matrix products that count themselves: 2 m n k each."""

    def __init__(self) -> None:
        self.operations = 0

    def product(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        self.operations += 2 * left.shape[0] * left.shape[1] * right.shape[1]
        product: np.ndarray = left @ right
        return product


def gradients(kernels: list[np.ndarray], x: np.ndarray, target: np.ndarray, counted: Counted) -> list[np.ndarray]:
    """Of half the squared error of a tanh net with a linear output, by backpropagation."""
    inputs = [x]
    for kernel in kernels[:-1]:
        inputs.append(np.tanh(counted.product(inputs[-1], kernel)))
    error = counted.product(inputs[-1], kernels[-1]) - target
    found: list[np.ndarray] = []
    for layer in reversed(range(len(kernels))):
        found.insert(0, counted.product(inputs[layer].T, error))
        if layer:
            error = counted.product(error, kernels[layer].T) * (1 - inputs[layer] ** 2)
    return found


@pytest.mark.parametrize("sizes", [(5, 3), (5, 4, 3), (7, 4, 6, 2), (3, 2, 2, 2, 2)])
def test_operations_are_those_of_backpropagation(sizes: tuple[int, ...]) -> None:
    rng, counted, batch = np.random.default_rng(0), Counted(), 8
    kernels = [rng.standard_normal(shape) for shape in itertools.pairwise(sizes)]
    x, target = rng.standard_normal((batch, sizes[0])), rng.standard_normal((batch, sizes[-1]))
    found = gradients(kernels, x, target, counted)
    assert counted.operations == batch * row_operations(sizes)
    assert found[0][1, 0] == pytest.approx(slope(kernels, x, target), rel=1e-5)  # it is backpropagation


def slope(kernels: list[np.ndarray], x: np.ndarray, target: np.ndarray, step: float = 1e-6) -> float:
    """The derivative by one weight of the first kernel, from two losses."""
    losses = []
    for sign in (1, -1):
        first = kernels[0].copy()
        first[1, 0] += sign * step
        outputs = x
        for kernel in [first, *kernels[1:-1]][: len(kernels) - 1]:
            outputs = np.tanh(outputs @ kernel)
        last = kernels[-1] if len(kernels) > 1 else first
        losses.append(0.5 * np.sum((outputs @ last - target) ** 2))
    return float(losses[0] - losses[1]) / (2 * step)


def test_a_workload_adds_up_its_runs() -> None:
    sweep = Workload("tiny", "digits", (3,), (1, 2), seeds=2, epochs=5)
    one, two = row_operations((64, 3, 10)), row_operations((64, 3, 3, 10))
    assert operations(sweep) == 2 * (one + two) * 1_438 * 5
