"""A learning rate that falls lets the loss settle."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.schedules_drawn import chart, table
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import mean_interval, paired_difference
from dlrun.insight.words import Said

SEEDS = 8
SCHEDULES = {
    "constant": "constant",
    "step": "{name: step, factor: 0.3, every: 15}",
    "cosine": "cosine",
    "plateau": "{name: reduce_lr_on_plateau, monitor: train_loss, factor: 0.3, patience: 4}",
}
FALLING = ("step", "cosine", "plateau")
TAIL = 10
"""Epochs at the end over which shaking is measured."""


def teach(studio: Studio) -> Shown:
    nets = {name: studio.experiment("schedules", f"schedule={text}") for name, text in SCHEDULES.items()}
    by_name = studio.train_seeds(nets, SEEDS)
    rows = [row(name, trained) for name, trained in by_name.items()]
    constant = rows[0]
    falling = {one["schedule"]: one for one in rows if one["schedule"] in FALLING}
    gains = {name: paired(one["each"], constant["each"]) for name, one in falling.items()}
    first = sorted(cuts(one)[0] for one in by_name["plateau"] if cuts(one))
    calmest = constant["shaking"] / max(one["shaking"] for one in falling.values())
    values = {
        "seeds": SEEDS,
        "epochs": nets["constant"].fit.epochs,
        "rate": f"{nets['constant'].optimizer.learning_rate:g}",
        "tail": TAIL,
        "calmer": f"{calmest:.0f}",
        "constant_best": f"{constant['best']:.3f}",
        **{name: f"{one['last']:.3f}" for name, one in zip(SCHEDULES, rows, strict=True)},
        "shaking": f"{constant['shaking']:.3f}",
        "cuts": f"{np.mean([len(cuts(one)) for one in by_name['plateau']]):.1f}",
        "first": first[0],
        "latest": first[-1],
    }
    return Shown(
        numbers={"schedules": rows, "less_than_constant": gains, "calmer": calmest, "first_cuts": first},
        sentences=(
            Said("gallery_descent.schedules_1", values),
            Said("gallery_descent.schedules_2", values),
            Said("gallery_descent.schedules_3", values),
        ),
        claims=(
            *(Claim(Said(f"gallery_descent.schedules_claim_{name}"), gain["high"] < 0) for name, gain in gains.items()),
            Claim(Said("gallery_descent.schedules_claim_shaking"), calmest > 3),
        ),
        picture=lambda language: chart(by_name, LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
    )


def row(name: str, runs: list[Trained]) -> dict[str, Any]:
    curves = [np.array(one.curves["train_loss"]) for one in runs]
    last = [float(curve[-1]) for curve in curves]
    interval = mean_interval(last)
    return {
        "schedule": name,
        "last": float(np.mean(last)),
        "half": None if interval is None else interval.half,
        "best": float(np.mean([curve.min() for curve in curves])),
        "shaking": float(np.mean([curve[-TAIL:].std(ddof=1) for curve in curves])),
        "rate": float(np.mean([one.curves["learning_rate"][-1] for one in runs])),
        "each": last,
    }


def paired(losses: list[float], others: list[float]) -> dict[str, float]:
    """The mean difference over seeds and the upper end of its 95 % interval."""
    found = paired_difference([one - other for one, other in zip(losses, others, strict=True)])
    return {"mean": found.mean, "high": found.mean + (found.half or 0.0)}


def cuts(run: Trained) -> list[int]:
    """The epochs that began with a lower rate than the one before."""
    return [int(place) + 2 for place in np.flatnonzero(np.diff(run.curves["learning_rate"]) < 0)]


LESSON = Lesson(11, "schedules", Said("gallery_descent.schedules_title"), teach)
