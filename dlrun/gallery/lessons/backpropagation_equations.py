"""Backpropagation's four equations in numpy, for sigmoid units throughout, and differences to check them by.

A net is a list of (kernel, bias) in float64, first layer first: kernel (inputs, units), bias (units,), as Keras has it.
In the words of Nielsen, Neural Networks and Deep Learning (2015), chapter 2, with rows for columns:

1. the error of the output units: how the loss depends on each output, times the slope of its sigmoid
2. the error of a layer from that of the next one: back through the kernel, times the slope of its sigmoids
3. the derivative by a bias is the error of its unit
4. the derivative by a weight is the activation it comes from, times the error of the unit it leads to
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Net = Sequence[tuple[np.ndarray, np.ndarray]]
Gradient = list[tuple[np.ndarray, np.ndarray]]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def slope(a: np.ndarray) -> np.ndarray:
    """The sigmoid's slope where it gives a: at most 1/4, close to 0 where it is saturated."""
    return np.asarray(a * (1 - a))


def activations(net: Net, x: np.ndarray) -> list[np.ndarray]:
    """The inputs (rows, features), then what each layer gives."""
    found = [x]
    for kernel, bias in net:
        found.append(sigmoid(found[-1] @ kernel + bias))
    return found


def loss(net: Net, x: np.ndarray, y: np.ndarray) -> float:
    """The mean cross-entropy of the rows; y (rows, 1) is 0 or 1."""
    outputs = activations(net, x)[-1]
    return float(-np.mean(np.log(np.where(y == 1, outputs, 1 - outputs))))


def errors(net: Net, found: Sequence[np.ndarray], y: np.ndarray) -> list[np.ndarray]:
    """The error of every unit (rows, units) of each layer: equations 1 and 2, for the sum of the rows' losses."""
    output = found[-1]
    by_output = (output - y) / slope(output)  # of the cross-entropy
    backwards = [by_output * slope(output)]
    for (kernel, _), activation in zip(reversed(net[1:]), reversed(found[1:-1]), strict=True):
        backwards.append(backwards[-1] @ kernel.T * slope(activation))
    return backwards[::-1]


def gradient(net: Net, x: np.ndarray, y: np.ndarray) -> Gradient:
    """The derivatives of the mean loss by every kernel and bias: one pass forward, one back."""
    found = activations(net, x)
    return [
        (before.T @ error / len(x), error.sum(0) / len(x))  # equations 4 and 3
        for before, error in zip(found[:-1], errors(net, found, y), strict=True)
    ]


def differences(net: Net, x: np.ndarray, y: np.ndarray, step: float, central: bool = True) -> Gradient:
    """The same derivatives from the loss alone: each weight a step up, and down where central; else it stays."""
    here = 0.0 if central else loss(net, x, y)
    moved = [(kernel.copy(), bias.copy()) for kernel, bias in net]
    found: Gradient = []
    for pair in moved:
        by_pair = (np.empty_like(pair[0]), np.empty_like(pair[1]))
        for weights, derivatives in zip(pair, by_pair, strict=True):
            for place in np.ndindex(weights.shape):
                was = weights[place]
                weights[place] = was + step
                above = loss(moved, x, y)
                if central:
                    weights[place] = was - step
                    derivatives[place] = (above - loss(moved, x, y)) / (2 * step)
                else:
                    derivatives[place] = (above - here) / step
                weights[place] = was
        found.append(by_pair)
    return found


def apart(one: Gradient, other: Gradient) -> list[float]:
    """Per layer the largest difference of two gradients, as a share of the layer's largest derivative."""
    return [
        max(float(np.abs(a - b).max()) for a, b in zip(left, right, strict=True))
        / max(float(np.abs(part).max()) for part in right)
        for left, right in zip(one, other, strict=True)
    ]
