"""Stacking linear layers stays linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

SEEDS = 5
DEPTHS = (0, 1, 3)
BEST_OF_A_LINE = 0.75
"""A line gets three of XOR's four corners at most."""


def teach(studio: Studio) -> Shown:
    nets = {
        **{(depth, "linear"): studio.experiment("linear-layers", f"model.depth={depth}") for depth in DEPTHS},
        (1, "tanh"): studio.experiment("linear-layers", "model.depth=1", "model.activation=tanh"),
    }
    by_net = studio.train_seeds(nets, SEEDS, weights=True)
    rows = [row(depth, activation, runs) for (depth, activation), runs in by_net.items()]
    deepest = by_net[max(DEPTHS), "linear"][0]
    difference = collapsed(studio, deepest)
    best_linear = max(one["highest"] for one in rows if one["activation"] == "linear")
    numbers = {"difference": difference, "best_linear": best_linear, "nets": rows}
    values = {
        "difference": f"{difference:.1g}",
        "best": f"{best_linear:.0%}",
        "bent": f"{rows[-1]['mean']:.0%}",
        "seeds": SEEDS,
    }
    return Shown(
        numbers=numbers,
        sentences=(
            Said("gallery_perceptron.linear_layers_1", values),
            Said("gallery_perceptron.linear_layers_2", values),
            Said("gallery_perceptron.linear_layers_3", values),
        ),
        claims=(
            Claim(Said("gallery_perceptron.linear_layers_claim_product"), difference < 1e-5),
            Claim(Said("gallery_perceptron.linear_layers_claim_line"), best_linear <= BEST_OF_A_LINE),
            Claim(Said("gallery_perceptron.linear_layers_claim_bent"), rows[-1]["lowest"] == 1),
        ),
        picture=lambda language: chart(rows, language),
        table=lambda language: table(rows, language),
    )


def row(depth: int, activation: str, runs: list[Trained]) -> dict[str, Any]:
    reached = [one.metric("train_accuracy") for one in runs]
    return {
        "net": f"{depth} x {activation}",
        "depth": depth,
        "activation": activation,
        "lowest": min(reached),
        "mean": sum(reached) / len(reached),
        "highest": max(reached),
    }


def collapsed(studio: Studio, run: Trained) -> float:
    """The largest difference between what the net gives before its sigmoid and one layer with the product of all
    matrices, over random rows."""
    network = studio.network(run)
    kernels = [layer.get_weights() for layer in network.layers if layer.get_weights()]
    product, shift = np.eye(len(kernels[0][0])), np.zeros(len(kernels[0][0]))
    for kernel, bias in kernels:
        product, shift = product @ kernel, shift @ kernel + bias
    x = np.random.default_rng(0).normal(size=(100, len(kernels[0][0]))).astype("float32")
    outputs = np.asarray(network(x), float)[:, 0]
    return float(np.abs(outputs - 1 / (1 + np.exp(-(x @ product + shift)[:, 0]))).max())


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_perceptron.linear_layers_{key}", language), kind, rank=5)

    return Table((column("net", "text"), column("lowest"), column("mean"), column("highest")), rows)


def chart(rows: list[dict[str, Any]], language: str) -> Any:
    import altair as alt

    from dlrun.insight.figures.style import FEW, inline_rows, styled

    x = alt.X("net:N", sort=None, title=said("gallery_perceptron.linear_layers_net", language),
              axis=alt.Axis(labelAngle=0))  # fmt: skip
    y = alt.Y("mean:Q", scale=alt.Scale(domain=[0, 1]),
              title=said("gallery_perceptron.linear_layers_accuracy", language))  # fmt: skip
    base = alt.Chart(inline_rows(rows)).encode(x=x)
    figure = base.mark_rule(strokeWidth=2, color=FEW[0]).encode(y="lowest:Q", y2="highest:Q")
    figure += base.mark_point(filled=True, size=90, opacity=1, color=FEW[0]).encode(y=y)
    return styled(figure.properties(width=420, height=260), LESSON.title.text(language))


LESSON = Lesson(4, "linear-layers", Said("gallery_perceptron.linear_layers_title"), teach)
