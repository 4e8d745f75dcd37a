"""How a gradient becomes a step: SGD, momentum, AdaGrad, RMSProp, Adam."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.optimizers_drawn import chart, table
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import paired_difference
from dlrun.insight.words import Said

SEEDS = 6
OPTIMIZERS = {
    "sgd": "{name: sgd}",
    "momentum": "{name: sgd, momentum: 0.9}",
    "adagrad": "{name: adagrad}",
    "rmsprop": "{name: rmsprop}",
    "adam": "{name: adam}",
}
RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Each optimizer is shown at the best of them, or the comparison would be one of rates."""
SLOPE_STEPS = 60
SLOPE_RATE = 0.1
"""On a slope that hardly changes, steps show the rate that is left."""


def teach(studio: Studio) -> Shown:
    nets = {
        (name, rate): studio.experiment("optimizers", f"optimizer={text}", f"optimizer.learning_rate={rate}")
        for name, text in OPTIMIZERS.items()
        for rate in RATES
    }
    runs = studio.train_seeds(nets, SEEDS)
    best = {name: min((row(name, rate, runs[name, rate]) for rate in RATES), key=worth) for name in OPTIMIZERS}
    bowl = on_bowl(studio)
    for name, path in bowl.items():
        best[name] |= {"turns": path["turns"], "bowl": path["value"][-1]}
    slope = on_slope()
    bias = without_correction()
    share = shares(best["adam"]["each"], best["sgd"]["each"])
    values = {
        "steps": len(bowl["sgd"]["x"]) - 1,
        **{f"{name}_turns": path["turns"] for name, path in bowl.items()},
        **{f"{name}_first": f"{rates[0]:.2g}" for name, rates in slope.items()},
        **{f"{name}_last": f"{rates[-1]:.2g}" for name, rates in slope.items()},
        "slope_steps": SLOPE_STEPS,
        "slope_rate": f"{SLOPE_RATE:g}",
        "power": f"{bias['adagrad_power']:.2f}",
        "first": f"{bias['first']:.1f}",
        "most": f"{bias['most']:.1f}",
        "most_at": bias["most_at"],
        "sgd_loss": f"{best['sgd']['loss']:.4f}",
        "adam_loss": f"{best['adam']['loss']:.4f}",
        "share": f"{share['mean']:.2f}",
        "share_high": f"{share['high']:.2f}",
        "seeds": SEEDS,
        "rates": len(RATES),
        "epochs": nets["adam", RATES[0]].fit.epochs,
    }
    return Shown(
        numbers={
            "optimizers": [{key: value for key, value in one.items() if key != "curves"} for one in best.values()],
            "slope": {name: rates.tolist() for name, rates in slope.items()},
            "adam": bias,
            "adam_as_share_of_sgd": share,
        },
        sentences=(
            Said("gallery_descent.optimizers_1", values),
            Said("gallery_descent.optimizers_2", values),
            Said("gallery_descent.optimizers_3", values),
        ),
        claims=(
            Claim(
                Said("gallery_descent.optimizers_claim_zigzag"),
                bowl["sgd"]["turns"] > 3 * max(bowl["momentum"]["turns"], bowl["adam"]["turns"]),
            ),
            Claim(Said("gallery_descent.optimizers_claim_dies"), slope["adagrad"][-1] < slope["adagrad"][0] / 5),
            Claim(
                Said("gallery_descent.optimizers_claim_lives"),
                bool((np.abs(slope["rmsprop"][SLOPE_STEPS // 2 :] / SLOPE_RATE - 1) < 0.2).all()),
            ),
            Claim(
                Said("gallery_descent.optimizers_claim_bias"),
                bias["furthest_from_keras"] < 1e-4 and abs(bias["keras_first"] - 1) < 1e-3 and bias["first"] > 3,
            ),
            Claim(Said("gallery_descent.optimizers_claim_adam"), share["high"] < 1),
        ),
        picture=lambda language: chart(bowl, slope, best, LESSON.title.text(language), language),
        table=lambda language: table(list(best.values()), language),
        notes=(Said("gallery_descent.optimizers_note", values),),
    )


def row(name: str, rate: float, runs: Sequence[Trained]) -> dict[str, Any]:
    """A run that diverged has no loss. Losses that differ by powers of ten have a geometric mean."""
    each = [one.metric("train_loss") for one in runs]
    logs = np.log(each)
    return {
        "optimizer": name,
        "rate": rate,
        "loss": float(np.exp(logs.mean())),
        "lowest": min(each),
        "highest": max(each),
        "each": each,
        "curves": [one.curves["train_loss"] for one in runs],
    }


def worth(found: dict[str, Any]) -> float:
    """The lower the better; no number is worst."""
    return float(found["loss"]) if np.isfinite(found["loss"]) else float("inf")


def shares(losses: list[float], others: list[float]) -> dict[str, float]:
    """How large the losses are as a share of the others, seed by seed: the geometric mean and the upper end of its 95 %
    interval."""
    found = paired_difference([math.log(one / other) for one, other in zip(losses, others, strict=True)])
    return {"mean": math.exp(found.mean), "high": math.exp(found.mean + (found.half or 0.0))}


def on_bowl(studio: Studio) -> dict[str, dict[str, Any]]:
    """Each optimizer's path down a bowl that is twenty times as steep one way as the other."""
    studio.keras()
    from dlrun.gallery.lessons.optimizer_steps import turns
    from dlrun.training.descent import paths
    from dlrun.training.surfaces import SURFACES

    return {
        path.optimizer: {"x": path.x, "y": path.y, "value": path.value, "rate": path.learning_rate,
                         "turns": turns(path.y)}
        for path in paths(SURFACES["bowl"], list(OPTIMIZERS))
    }  # fmt: skip


def on_slope() -> dict[str, np.ndarray]:
    """AdaGrad's and RMSProp's rate as it acts, step by step, where the slope hardly changes."""
    from dlrun.gallery.lessons.optimizer_steps import rates_left
    from dlrun.training.descent import paths
    from dlrun.training.surfaces import SURFACES

    found = paths(SURFACES["funnel"], ["adagrad", "rmsprop"], SLOPE_STEPS, dict.fromkeys(OPTIMIZERS, SLOPE_RATE))
    return {path.optimizer: rates_left(SURFACES["funnel"], path) for path in found}


def without_correction() -> dict[str, Any]:
    """How far Adam's first steps go in units of its rate, as Keras has it and without the correction."""
    from dlrun.gallery.lessons.optimizer_steps import adam, falls_like
    from dlrun.training.descent import paths
    from dlrun.training.surfaces import SURFACES

    funnel = SURFACES["funnel"]
    (path,) = paths(funnel, ["adam"], 30, {"adam": SLOPE_RATE})
    x = np.array(path.x)
    gradients = funnel.slope_x(x, np.array(path.y))[:-1]
    keras = -np.diff(x) / SLOPE_RATE
    bare = np.abs(adam(gradients, 1.0, corrected=False))
    return {
        "keras_first": float(abs(keras[0])),
        "furthest_from_keras": float(np.abs(keras - adam(gradients, 1.0)).max()),
        "first": float(bare[0]),
        "most": float(bare.max()),
        "most_at": int(bare.argmax()) + 1,
        "adagrad_power": falls_like(on_slope()["adagrad"]),
    }


LESSON = Lesson(10, "optimizers", Said("gallery_descent.optimizers_title"), teach)
