"""Very deep nets: how many layers learn, with and without the remedies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, lines, means, panel
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import mean_row, metrics
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SEEDS = 3
DEPTHS = (5, 10, 20, 50)
PLAIN = "model.batch_normalization=false"
REMEDIES = {
    "xavier": (PLAIN, "model.kernel_initializer=glorot_normal"),
    "he": (PLAIN,),
    "slow": (PLAIN, "optimizer.learning_rate=0.01"),
    "normalized": (),
}
COMPILED = 20
"""Hidden layers that a net with batch normalization has at most here: 50 such layers take XLA long to compile."""
ROWS = 300
"""Train rows on which the spread is measured."""

Runs = dict[tuple[str, int], list[Trained]]


def teach(studio: Studio) -> Shown:
    asked = {
        (name, depth): studio.experiment("very-deep", *sets, f"model.depth={depth}")
        for name, sets in REMEDIES.items()
        for depth in depths_of(name)
    }
    runs = studio.train_seeds(asked, SEEDS)
    rows = [row(name, depth, them) for (name, depth), them in runs.items()]
    numbers = {
        "nets": rows,
        "spreads": {name: spreads(studio, asked[name, DEPTHS[-1]]) for name in ("xavier", "he")},
    }
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(rows, language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_network.very_deep_note", {"depth": COMPILED}),),
    )


def depths_of(remedy: str) -> tuple[int, ...]:
    return tuple(depth for depth in DEPTHS if remedy != "normalized" or depth <= COMPILED)


def row(name: str, depth: int, runs: Sequence[Trained]) -> dict[str, Any]:
    shares = metrics(runs, "val_accuracy")
    return {
        "remedy": name,
        "depth": depth,
        "mean": mean_row(shares)["mean"],
        "low": min(shares),
        "high": max(shares),
    }


def spreads(studio: Studio, experiment: Experiment) -> list[float]:
    """The standard deviation of what leaves each hidden layer before training, over rows and units."""
    from dlrun.training.initial_weights import initial_weights
    from dlrun.training.network import dense_shapes

    data = studio.data(experiment)
    x = data.train.x[:ROWS].astype(float)
    shapes = dense_shapes(experiment.model, x.shape[1], data.task.outputs)
    found = []
    for layer in initial_weights(experiment.model, shapes, experiment.seed)[:-1]:
        x = np.maximum(x @ layer.kernel, 0)
        found.append(float(x.std()))
    return found


def at(rows: Sequence[dict[str, Any]], name: str, depth: int) -> dict[str, Any]:
    return next(one for one in rows if (one["remedy"], one["depth"]) == (name, depth))


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    values: dict[str, Any] = {f"{one['remedy']}_{one['depth']}": f"{one['mean']:.0%}" for one in numbers["nets"]}
    for name, found in numbers["spreads"].items():
        values |= {f"{name}_first": f"{found[0]:.2g}", f"{name}_last": f"{found[-1]:.1g}"}
    best = max(numbers["nets"], key=lambda one: float(one["mean"]))
    values |= {"best": f"{best['mean']:.1%}", "best_depth": best["depth"]}
    return (
        Said("gallery_network.very_deep_1", values),
        Said("gallery_network.very_deep_2", values),
        Said("gallery_network.very_deep_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    rows, spread = numbers["nets"], {name: found[-1] / found[0] for name, found in numbers["spreads"].items()}
    xavier, he, slow = ({depth: at(rows, name, depth) for depth in DEPTHS} for name in ("xavier", "he", "slow"))
    normalized = {depth: at(rows, "normalized", depth) for depth in depths_of("normalized")}
    learns = xavier[5]["low"] > 0.85 and xavier[50]["high"] < 0.25
    return (
        Claim(Said("gallery_network.very_deep_claim_xavier"), learns),
        Claim(Said("gallery_network.very_deep_claim_spread"), spread["xavier"] < 1e-4 < 0.01 < spread["he"]),
        Claim(Said("gallery_network.very_deep_claim_he"), he[20]["low"] > xavier[20]["mean"] + 0.2),
        Claim(Said("gallery_network.very_deep_claim_slow"), slow[50]["mean"] > he[50]["mean"] + 0.03),
        Claim(Said("gallery_network.very_deep_claim_normalized"), normalized[20]["low"] > he[20]["mean"]),
    )


def table(rows: Sequence[dict[str, Any]], language: str) -> Table:
    def title(key: str) -> str:
        return said(f"gallery_network.very_deep_{key}", language)

    found = [
        {"remedy": title(name), **{f"at_{depth}": at(rows, name, depth)["mean"] for depth in depths_of(name)}}
        for name in REMEDIES
    ]
    layers = [
        Column(f"at_{depth}", said("gallery_network.very_deep_layers", language, count=depth), rank=5)
        for depth in DEPTHS
    ]
    return Table((Column("remedy", title("remedy"), "text", rank=9), *layers), found)


def chart(rows: Sequence[dict[str, Any]], language: str) -> Any:
    def title(key: str) -> str:
        return said(f"gallery_network.very_deep_{key}", language)

    named = {name: title(name) for name in REMEDIES}
    shown = [one | {"remedy": named[one["remedy"]]} for one in rows]
    groups = Groups("remedy", tuple(named.values()))
    across = Axis(title("depth"), log=True, domain=(4.5, 56), values=tuple(map(float, DEPTHS)), format="d")
    up = Axis(title("accuracy"), percent=True, domain=(0, 1.03), values=(0, 0.25, 0.5, 0.75, 1))
    figure = lines(shown, "depth", "mean", across, up, groups) + means(shown, "depth", up, across, groups)
    return finished(panel(figure, "", (460, 280)), LESSON.title.text(language))


LESSON = Lesson(18, "very-deep", Said("gallery_network.very_deep_title"), teach)
