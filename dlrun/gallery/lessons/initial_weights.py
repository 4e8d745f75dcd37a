"""Initial weights: what arrives at five layers, and what is learnt from there."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.initial_weights_drawn import chart
from dlrun.gallery.over_seeds import mean_row, metrics
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SEEDS = 3
ROWS = 300
"""Train rows whose activations are looked at."""


class Start(NamedTuple):
    """A case: an initializer, as a config says it, and an activation."""

    initializer: str
    activation: str


STARTS = {
    "zeros": Start("zeros", "sigmoid"),
    "constant": Start("{name: constant, value: 0.1}", "sigmoid"),
    "std_1": Start("{name: random_normal, stddev: 1}", "sigmoid"),
    "std_001": Start("{name: random_normal, stddev: 0.01}", "sigmoid"),
    "xavier_sigmoid": Start("glorot_normal", "sigmoid"),
    "xavier_tanh": Start("glorot_normal", "tanh"),
    "xavier_relu": Start("glorot_normal", "relu"),
    "he_relu": Start("he_normal", "relu"),
}
EQUAL = ("zeros", "constant")


def teach(studio: Studio) -> Shown:
    asked = {name: experiment(studio, start) for name, start in STARTS.items()}
    equal = studio.train([asked[name] for name in EQUAL], weights=True)
    runs = studio.train_seeds(asked, SEEDS)
    looked = {name: look(studio, each) for name, each in asked.items()}
    rows = [row(name, looked[name], runs[name]) for name in STARTS]
    numbers = {"starts": rows, "apart": {name: apart(studio, run) for name, run in zip(EQUAL, equal, strict=True)}}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(looked, rows, LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
    )


def experiment(studio: Studio, start: Start) -> Experiment:
    sets = (f"model.kernel_initializer={start.initializer}", f"model.activation={start.activation}")
    return studio.experiment("initial-weights", *sets)


def look(studio: Studio, experiment: Experiment) -> list[dict[str, Any]]:
    """The activations of the hidden layers before any training, as spread, share saturated and histogram."""
    studio.keras()
    from dlrun.training.health import health_of
    from dlrun.training.network import build

    data = studio.data(experiment)
    x = data.train.x[:ROWS]
    network = build(experiment.model, x.shape[1], data.task.outputs, "softmax", experiment.seed)
    return [
        {
            "layer": number,
            "spread": layer.spread,
            "saturated": layer.saturated,
            "low": layer.histogram.low if layer.histogram else 0.0,
            "high": layer.histogram.high if layer.histogram else 0.0,
            "counts": list(layer.histogram.counts) if layer.histogram else [],
        }
        for number, layer in enumerate(health_of(network, x)[:-1], 1)
    ]


def row(name: str, layers: list[dict[str, Any]], runs: list[Trained]) -> dict[str, Any]:
    accuracies, losses = metrics(runs, "val_accuracy"), metrics(runs, "val_loss")
    return {
        "start": name,
        "spread_1": layers[0]["spread"],
        "spread_5": layers[-1]["spread"],
        "saturated": layers[-1]["saturated"],
        "accuracy": mean_row(accuracies)["mean"],
        "lowest": min(accuracies),
        "highest": max(accuracies),
        "loss": mean_row(losses)["mean"],
    }


def apart(studio: Studio, run: Trained) -> float:
    """After training, the largest difference between the incoming weights of two units of one hidden layer."""
    kernels = [layer.get_weights()[0] for layer in studio.network(run).layers if layer.get_weights()][:-1]
    return max(float((kernel.max(axis=1) - kernel.min(axis=1)).max()) for kernel in kernels)


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    values: dict[str, Any] = {name: f"{value:.1g}" for name, value in numbers["apart"].items()}
    for one in numbers["starts"]:
        name = one["start"]
        values |= {
            f"{name}_first": f"{one['spread_1']:.2g}",
            f"{name}_fifth": f"{one['spread_5']:.2g}",
            f"{name}_accuracy": f"{one['accuracy']:.0%}",
            f"{name}_saturated": f"{one['saturated'] or 0.0:.0%}",
        }
    return (
        Said("gallery_network.initial_weights_1", values),
        Said("gallery_network.initial_weights_2", values),
        Said("gallery_network.initial_weights_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    by_name = {one["start"]: one for one in numbers["starts"]}
    he, xavier, small = by_name["he_relu"], by_name["xavier_relu"], by_name["std_001"]
    kept = {name: one["spread_5"] / one["spread_1"] for name, one in by_name.items() if one["spread_1"]}
    works = min(by_name[name]["lowest"] for name in ("xavier_tanh", "xavier_relu", "he_relu"))
    fails = max(by_name[name]["highest"] for name in (*EQUAL, "std_001"))
    return (
        Claim(Said("gallery_network.initial_weights_claim_equal"), max(numbers["apart"].values()) < 1e-4),
        Claim(Said("gallery_network.initial_weights_claim_saturated"), by_name["std_1"]["saturated"] > 0.25),
        Claim(Said("gallery_network.initial_weights_claim_small"), small["spread_5"] < 0.02),
        Claim(Said("gallery_network.initial_weights_claim_he"), kept["he_relu"] > 0.6 and kept["xavier_relu"] < 0.4),
        Claim(Said("gallery_network.initial_weights_claim_learnt"), fails < 0.5 < 0.9 < works),
        Claim(Said("gallery_network.initial_weights_claim_tie"), abs(he["accuracy"] - xavier["accuracy"]) < 0.05),
    )


def table(rows: list[dict[str, Any]], language: str) -> Table:
    named = [one | {"start": said(f"gallery_network.initial_weights_{one['start']}", language)} for one in rows]
    keys = ("start", "spread_1", "spread_5", "saturated", "accuracy")
    columns = [
        Column(key, said(f"gallery_network.initial_weights_{key}", language), "text" if key == "start" else "number",
               rank=9 - place)
        for place, key in enumerate(keys)
    ]  # fmt: skip
    return Table(tuple(columns), named)


LESSON = Lesson(15, "initial-weights", Said("gallery_network.initial_weights_title"), teach)
