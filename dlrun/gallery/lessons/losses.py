"""Why accuracy cannot be the loss, what mean squared error does to a saturated net, and what softmax is."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.losses_drawn import chart, table
from dlrun.gallery.lessons.softmax import compared
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import mean_interval, paired_difference
from dlrun.insight.words import Said

SEEDS = 12
LINES = 4
"""Nets through whose weights a line is laid."""
NETS = {
    "cross": ("binary_crossentropy", 0.1),
    "squared": ("mean_squared_error", 0.1),
    "faster": ("mean_squared_error", 0.3),
}
STEP = 1e-4
"""Along a line through the weights, as a share of their length."""
HALF = 2000
"""Steps of the line to each side of the net."""
WRONG = -6.0
"""Before the sigmoid, of an output that is wrong and saturated."""
GOOD = 0.9
"""How soon this accuracy is reached is what losses are compared by."""


def teach(studio: Studio) -> Shown:
    nets = {
        name: studio.experiment("losses", f"fit.loss={loss}", f"optimizer.learning_rate={rate}")
        for name, (loss, rate) in NETS.items()
    }
    by_name = studio.train_seeds(nets, SEEDS, weights=True)
    rows = [row(name, trained) for name, trained in by_name.items()]
    cross, squared, faster = rows
    lines = along(studio, by_name["cross"][:LINES])
    flat = float(np.mean([one["flat"] for one in lines]))
    moves = float(np.mean([one["moves"] for one in lines]))
    output = 1 / (1 + np.exp(-WRONG))
    pull = {"cross": 1 - output, "squared": 2 * (1 - output) * output * (1 - output)}
    soft = compared()
    later = {one["net"]: delay(one, cross) for one in (squared, faster)}
    values = {
        "seeds": SEEDS,
        "epochs": nets["cross"].fit.epochs,
        "flat": f"{flat:.1%}",
        "moves": f"{moves:.0%}",
        "step": f"{STEP:.0e}",
        "lines": LINES,
        "good": f"{GOOD:.0%}",
        **{name: f"{one['epochs']:.1f}" for name, one in zip(NETS, rows, strict=True)},
        "never": sum(one > nets["cross"].fit.epochs for one in squared["each"]),
        "cross_pull": f"{pull['cross']:.4f}",
        "squared_pull": f"{pull['squared']:.4f}",
        "wrong": f"{WRONG:g}",
        "rows": "10,000",
        "shift": f"{soft['shift']:.0e}",
        "sigmoid": f"{soft['sigmoid']:.0e}",
        "largest": f"{soft['same_largest']:.0%}",
        "float32": soft["float32"],
        "float64": soft["float64"],
    }
    return Shown(
        numbers={
            "flat": flat, "moves": moves, "nets": rows, "pull": pull, "softmax": soft, "later_than_cross": later,
        },
        sentences=(
            Said("gallery_descent.losses_1", values),
            Said("gallery_descent.losses_2", values),
            Said("gallery_descent.losses_3", values),
        ),
        claims=(
            Claim(Said("gallery_descent.losses_claim_flat"), flat > 0.9 and moves == 1),
            Claim(Said("gallery_descent.losses_claim_cross"), min(one["low"] for one in later.values()) > 0),
            Claim(Said("gallery_descent.losses_claim_pull"), pull["cross"] > 100 * pull["squared"]),
            Claim(
                Said("gallery_descent.losses_claim_shift"),
                soft["shift"] < 1e-12 and soft["plain_at_1000"] == 0 and soft["shifted_at_1000"] == 1,
            ),
            Claim(Said("gallery_descent.losses_claim_sigmoid"), soft["sigmoid"] < 1e-12),
            Claim(Said("gallery_descent.losses_claim_largest"), soft["same_largest"] == 1),
        ),
        picture=lambda language: chart(lines[0], by_name, LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
    )  # fmt: skip


def row(name: str, runs: list[Trained]) -> dict[str, Any]:
    last = [one.curves["train_accuracy"][-1] for one in runs]
    each = [reached(one.curves["train_accuracy"]) for one in runs]
    interval = mean_interval(last)
    loss, rate = NETS[name]
    return {
        "net": name,
        "loss": loss,
        "rate": rate,
        "epochs": float(np.mean(each)),
        "accuracy": float(np.mean(last)),
        "half": None if interval is None else interval.half,
        "each": each,
    }


def reached(curve: list[float]) -> int:
    """The first epoch with a good accuracy; one more than there are where none has it."""
    return next((epoch for epoch, value in enumerate(curve, 1) if value >= GOOD), len(curve) + 1)


def delay(one: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    """How many epochs later the first gets there: the mean over seeds and the lower end of its 95 % interval."""
    found = paired_difference([a - b for a, b in zip(one["each"], other["each"], strict=True)])
    return {"mean": found.mean, "low": found.mean - (found.half or 0.0)}


def along(studio: Studio, runs: list[Trained]) -> list[dict[str, Any]]:
    """For each net accuracy and cross-entropy on a line through its weights, in a random direction; the share of the
    line's small steps in which the accuracy does not change at all, and that in which the loss does."""
    import jax

    rows = studio.data(runs[0].experiment).train
    networks = [studio.network(run) for run in runs]
    places = STEP * np.arange(-HALF, HALF + 1)

    def outputs(place: Any, weights: list[Any], way: list[Any]) -> Any:
        moved = [one + place * towards for one, towards in zip(weights, way, strict=True)]
        return networks[0].stateless_call(moved, [], rows.x)[0][:, 0]

    many = jax.jit(jax.vmap(outputs, (0, None, None)))
    found = []
    for run, network in zip(runs, networks, strict=True):
        weights = [np.array(one.value) for one in network.trainable_variables]
        way = direction(weights, run.experiment.seed)
        found.append(
            {"places": places, **stairs(np.asarray(many(places.astype("float32"), weights, way), float), rows.y)}
        )
    return found


def direction(weights: list[np.ndarray], seed: int) -> list[np.ndarray]:
    """A random direction, as long as the weights."""
    rng = np.random.default_rng(seed)
    way = [rng.normal(size=one.shape) for one in weights]
    length = np.sqrt(sum((one**2).sum() for one in weights)) / np.sqrt(sum((one**2).sum() for one in way))
    return [(length * one).astype("float32") for one in way]


def stairs(outputs: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """Accuracy and cross-entropy at each place of a line, from the outputs (places, rows)."""
    accuracy = ((outputs > 0.5) == y).mean(1)
    loss = -np.log(np.maximum(np.where(y == 1, outputs, 1 - outputs), 1e-7)).mean(1)  # Keras' epsilon
    return {
        "accuracy": accuracy,
        "loss": loss,
        "flat": float((np.diff(accuracy) == 0).mean()),
        "moves": float((np.diff(loss) != 0).mean()),
    }


LESSON = Lesson(13, "losses", Said("gallery_descent.losses_title"), teach)
