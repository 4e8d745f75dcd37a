"""Activations: the functions, their slopes, and what nets learn with them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, level, lines, panel, panels
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import curve_rows, mean_row, metrics
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SEEDS = 3
ACTIVATIONS = ("step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu")
SATURATING = ("step", "sigmoid", "tanh")
"""They start with Glorot's weights, the others with He's: each with those that were made for it."""
OPEN = ACTIVATIONS[3:]
"""Those whose slope stays near 1 on one side."""
SHALLOW, DEEP = 1, 5
FAR, REACH, POINTS = 6.0, 8.0, 81
TRIVIAL = math.log(10)
"""The loss of ten equal shares."""


def teach(studio: Studio) -> Shown:
    asked = {(name, DEEP): experiment(studio, name, DEEP) for name in ACTIVATIONS}
    asked["sigmoid", SHALLOW] = experiment(studio, "sigmoid", SHALLOW)
    runs = studio.train_seeds(asked, SEEDS)
    drawn = functions(studio)
    rows = [row(name, runs[name, DEEP], drawn) for name in ACTIVATIONS]
    numbers = {
        "activations": rows,
        "shallow_sigmoid": row("sigmoid", runs["sigmoid", SHALLOW], drawn),
        "moved": moved(studio, asked["step", DEEP]),
        "trivial": TRIVIAL,
    }
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(runs, drawn, language),
        table=lambda language: table(rows, language),
    )


def experiment(studio: Studio, name: str, depth: int) -> Experiment:
    start = "glorot_normal" if name in SATURATING else "he_normal"
    sets = (f"model.activation={name}", f"model.depth={depth}", f"model.kernel_initializer={start}")
    return studio.experiment("activations", *sets)


def functions(studio: Studio) -> list[dict[str, Any]]:
    """Value and slope of each at points from -8 to 8, as Keras and JAX work them out."""
    keras = studio.keras()
    import jax

    from dlrun.training.activation_step import step_activation

    points = np.linspace(-REACH, REACH, POINTS, dtype="float32")
    rows = []
    for name in ACTIVATIONS:
        function = step_activation() if name == "step" else keras.activations.get(name)
        values, slopes = function(points), jax.vmap(jax.grad(lambda x, f=function: f(x)))(points)
        rows += [
            {"activation": name, "x": float(x), "value": float(value), "slope": float(slope)}
            for x, value, slope in zip(points, values, slopes, strict=True)
        ]
    return rows


def row(name: str, runs: list[Trained], drawn: list[dict[str, Any]]) -> dict[str, Any]:
    slopes = {one["x"]: one["slope"] for one in drawn if one["activation"] == name}
    losses = metrics(runs, "val_loss")
    return {
        "activation": name,
        "steepest": max(slopes.values()),
        "far": slopes[FAR],
        "lowest": min(losses),
        "loss": mean_row(losses)["mean"],
        "highest": max(losses),
        "accuracy": mean_row(metrics(runs, "val_accuracy"))["mean"],
    }


def moved(studio: Studio, experiment: Experiment) -> float:
    """How far any weight of the hidden layers is from where it started."""
    from dlrun.training.initial_weights import initial_weights

    (run,) = studio.train([experiment], weights=True)
    kernels = [layer.get_weights()[0] for layer in studio.network(run).layers if layer.get_weights()][:-1]
    start = initial_weights(run.experiment.model, [kernel.shape for kernel in kernels], run.experiment.seed)
    return max(
        float(np.abs(kernel - drawn.kernel.astype("float32")).max())
        for kernel, drawn in zip(kernels, start, strict=True)
    )


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    by_name = {one["activation"]: one for one in numbers["activations"]}
    shares = [by_name[name]["accuracy"] for name in ("tanh", *OPEN)]
    values = {
        "steepest": f"{by_name['sigmoid']['steepest']:.2f}",
        "far": f"{by_name['sigmoid']['far']:.4f}",
        "tanh_far": f"{by_name['tanh']['far']:.5f}",
        "depth": DEEP,
        "left": f"{by_name['sigmoid']['steepest'] ** DEEP:.4f}",
        "sigmoid": f"{by_name['sigmoid']['loss']:.2f}",
        "trivial": f"{TRIVIAL:.2f}",
        "relu": f"{by_name['relu']['loss']:.2f}",
        "shallow": f"{numbers['shallow_sigmoid']['accuracy']:.0%}",
        "moved": f"{numbers['moved']:g}",
        "lowest": f"{min(shares):.1%}",
        "highest": f"{max(shares):.1%}",
    }
    return (
        Said("gallery_network.activations_1", values),
        Said("gallery_network.activations_2", values),
        Said("gallery_network.activations_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    by_name = {one["activation"]: one for one in numbers["activations"]}
    sigmoid, relu, shallow = by_name["sigmoid"], by_name["relu"], numbers["shallow_sigmoid"]
    flat = sigmoid["steepest"] <= 0.25 + 1e-6 and sigmoid["far"] < 0.0025 and relu["far"] == 1
    shares = [by_name[name]["accuracy"] for name in ("tanh", *OPEN)]
    return (
        Claim(Said("gallery_network.activations_claim_flat"), flat),
        Claim(Said("gallery_network.activations_claim_deep"), sigmoid["lowest"] > 0.9 * TRIVIAL),
        Claim(Said("gallery_network.activations_claim_shallow"), shallow["highest"] < 0.6 * TRIVIAL),
        Claim(Said("gallery_network.activations_claim_relu"), relu["highest"] < 0.2 * TRIVIAL),
        Claim(Said("gallery_network.activations_claim_step"), numbers["moved"] == 0),
        Claim(Said("gallery_network.activations_claim_alike"), max(shares) - min(shares) < 0.05),
    )


def table(rows: list[dict[str, Any]], language: str) -> Table:
    keys = ("activation", "steepest", "far", "loss", "accuracy")
    kinds: tuple[Any, ...] = ("text", "number", "number", "number", "number")
    columns = [
        Column(key, said(f"gallery_network.activations_{key}", language), kind, rank=9 - place)
        for place, (key, kind) in enumerate(zip(keys, kinds, strict=True))
    ]
    return Table(tuple(columns), rows)


def chart(runs: dict[tuple[str, int], list[Trained]], drawn: list[dict[str, Any]], language: str) -> Any:
    def title(key: str, **values: Any) -> str:
        return said(f"gallery_network.activations_{key}", language, **values)

    quiet, named = Groups("activation", ACTIVATIONS, legend=None), Groups("activation", ACTIVATIONS)
    x = Axis(title("input"), domain=(-REACH, REACH))
    curves = [one for name in ACTIVATIONS for one in curve_rows(runs[name, DEEP], "val_loss", activation=name)]
    loss = Axis(title("loss"), domain=(0, 2.5))
    epoch = Axis(title("epoch"), domain=(1, max(one["epoch"] for one in curves)))
    frames = [
        panel(lines(drawn, "x", "value", x, Axis("", domain=(-1.5, 4)), quiet), title("functions")),
        panel(lines(drawn, "x", "slope", x, Axis("", domain=(-0.2, 1.2)), quiet), title("slopes")),
        panel(
            lines(curves, "epoch", "value", epoch, loss, named) + level(TRIVIAL, loss, "#777777"),
            title("curves", depth=DEEP),
        ),
    ]
    return finished(panels(frames), LESSON.title.text(language))


LESSON = Lesson(14, "activations", Said("gallery_network.activations_title"), teach)
