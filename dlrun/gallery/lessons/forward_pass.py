"""A forward pass by hand: shapes, dot products, broadcasting, reshape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.data import Rows
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.forward_pass_drawn import chart, table
from dlrun.gallery.studio import Studio
from dlrun.insight.words import Said

SEEDS = 3
NEAR = 1e-5
"""float32 keeps seven digits; a sum of 64 products may lose one."""


def teach(studio: Studio) -> Shown:
    experiment = studio.experiment("forward-pass")
    networks = [studio.network(run) for run in studio.train(studio.seeds(experiment, SEEDS), weights=True)]
    rows = studio.data(experiment).validation
    assert rows is not None
    weights = [network.get_weights() for network in networks]
    by_hand = [forward(rows.x, *one) for one in weights]
    keras = [network.predict(rows.x, batch_size=len(rows), verbose=0) for network in networks]
    numbers = {
        "difference": max(apart(mine, theirs) for (_, mine), theirs in zip(by_hand, keras, strict=True)),
        "layers": [int(one) for one in (rows.x.shape[1], *(len(bias) for bias in weights[0][1::2]))],
        "rows": len(rows),
        "dot": dot_by_hand(rows.x[0], weights[0][0][:, 0]),
        "broadcast_difference": broadcast_difference(rows.x @ weights[0][0], weights[0][1]),
        **reshaped(rows),
        **trap(by_hand[0][1].argmax(axis=1), rows.y),
        "steps": steps(rows.x, *weights[0]),
    }
    one = {"hidden": by_hand[0][0][0].tolist(), "by_hand": by_hand[0][1][0].tolist(), "keras": keras[0][0].tolist()}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(rows.x[0], one, LESSON.title.text(language), language),
        table=lambda language: table(numbers["steps"], language),
        notes=(Said("gallery_perceptron.forward_pass_note", values_of(numbers)),),
    )


def forward(x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray) -> tuple[Any, Any]:
    """What the hidden layer and the output layer give for rows x: the whole net."""
    hidden = np.maximum(0, x @ w1 + b1)
    exponents = np.exp(hidden @ w2 + b2)
    return hidden, exponents / exponents.sum(axis=1, keepdims=True)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference."""
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).max())


def dot_by_hand(row: np.ndarray, column: np.ndarray) -> dict[str, float]:
    """The sum of products of a row and a column, number after number, and numpy's dot product."""
    total = 0.0
    for one, other in zip(row.tolist(), column.tolist(), strict=True):
        total += one * other
    return {"products": len(row), "by_hand": total, "numpy": float(row @ column)}


def broadcast_difference(sums: np.ndarray, bias: np.ndarray) -> float:
    """Between `sums + bias` and the bias added to each row in turn."""
    return apart(sums + bias, np.stack([row + bias for row in sums]))


def reshaped(rows: Rows) -> dict[str, Any]:
    """Whether the images, laid out as rows, are what the net is given; and shapes of images."""
    from sklearn.datasets import load_digits, load_sample_images

    images = load_digits().images
    flat = images.reshape(len(images), -1)
    photographs = np.stack(load_sample_images().images)
    return {
        "images": list(images.shape),
        "photographs": list(photographs.shape),
        "reshape_difference": apart(flat[rows.numbers] / flat.max(), rows.x),
        "reshaped_back": bool((flat.reshape(images.shape) == images).all()),
    }


def trap(predicted: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """The accuracy, and what becomes of it where the targets are a column."""
    compared = predicted == y[:, None]
    return {
        "accuracy": float((predicted == y).mean()),
        "trap_shape": list(compared.shape),
        "trap_accuracy": float(compared.mean()),
    }


def steps(x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray) -> list[dict[str, Any]]:
    """The tensors on the way from images to probabilities: what is written in numpy, and the shape."""
    from sklearn.datasets import load_digits

    images = load_digits().images
    hidden, outputs = forward(x, w1, b1, w2, b2)
    found: Sequence[tuple[str, str, np.ndarray]] = (
        ("number", "x[0, 0]", x[0, 0]),
        ("bias", "b1", b1),
        ("image", "images[0]", images[0]),
        ("images", "images", images),
        ("table", "images.reshape(len(images), 64)", images.reshape(len(images), -1)),
        ("batch", "x", x),
        ("kernel", "W1", w1),
        ("product", "x @ W1", x @ w1),
        ("sum", "x @ W1 + b1", x @ w1 + b1),
        ("hidden", "h = maximum(0, x @ W1 + b1)", hidden),
        ("logits", "h @ W2 + b2", hidden @ w2 + b2),
        ("outputs", "softmax(h @ W2 + b2)", outputs),
    )
    return [
        {"what": what, "numpy": code, "shape": list(np.shape(one)), "rank": np.ndim(one)} for what, code, one in found
    ]


def values_of(numbers: dict[str, Any]) -> dict[str, Any]:
    rows, inputs = numbers["rows"], numbers["dot"]["products"]
    height, width = numbers["images"][1:]
    return {
        "layers": "-".join(map(str, numbers["layers"])),
        "rows": rows,
        "seeds": SEEDS,
        "difference": f"{numbers['difference']:.1g}",
        "products": inputs,
        "dot": f"{numbers['dot']['by_hand']:.4f}",
        "numpy": f"{numbers['dot']['numpy']:.4f}",
        "units": numbers["layers"][1],
        "image": f"{height} x {width}",
        "photographs": shape_text(numbers["photographs"]),
        "rank": len(numbers["photographs"]),
        "square": shape_text(numbers["trap_shape"]),
        "right": f"{numbers['accuracy']:.1%}",
        "wrong": f"{numbers['trap_accuracy']:.1%}",
    }


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    values = values_of(numbers)
    return (
        Said("gallery_perceptron.forward_pass_1", values),
        Said("gallery_perceptron.forward_pass_2", values),
        Said("gallery_perceptron.forward_pass_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    dot, square = numbers["dot"], [numbers["rows"]] * 2
    same_rows = numbers["reshaped_back"] and numbers["reshape_difference"] < NEAR
    return (
        Claim(Said("gallery_perceptron.forward_pass_claim_predict"), numbers["difference"] < NEAR),
        Claim(Said("gallery_perceptron.forward_pass_claim_dot"), abs(dot["by_hand"] - dot["numpy"]) < NEAR),
        Claim(Said("gallery_perceptron.forward_pass_claim_broadcast"), numbers["broadcast_difference"] == 0),
        Claim(Said("gallery_perceptron.forward_pass_claim_reshape"), same_rows),
        Claim(Said("gallery_perceptron.forward_pass_claim_trap"), numbers["trap_shape"] == square),
    )


def shape_text(shape: Sequence[int]) -> str:
    """`(360, 64)`, as numpy writes it."""
    return str(tuple(shape))


LESSON = Lesson(3, "forward-pass", Said("gallery_perceptron.forward_pass_title"), teach)
