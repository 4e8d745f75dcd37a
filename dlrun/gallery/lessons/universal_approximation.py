"""One hidden layer comes as close to a curve as its units allow."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from dlrun.data import Prepared
from dlrun.gallery.evidence import higher
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.universal_approximation_drawn import chart, table
from dlrun.gallery.over_seeds import mean_row
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.words import Said

SEEDS = 5
WIDTHS = (2, 8, 32, 128)
PLACES = 1001
"""Where nets are compared with the curve: all along it, also between the train rows."""


def curve(x: np.ndarray) -> np.ndarray:
    """What the rows of the config are of."""
    return np.sin(np.pi * x)


def teach(studio: Studio) -> Shown:
    experiments = {width: studio.experiment("universal-approximation", f"model.width={width}") for width in WIDTHS}
    by_width = studio.train_seeds(experiments, SEEDS, weights=True)
    data = studio.data(experiments[WIDTHS[0]])
    x = np.linspace(data.train.x.min(), data.train.x.max(), PLACES)
    fits = np.array([[fitted(studio, run, data, x) for run in runs] for runs in by_width.values()])
    rows = [row(width, runs, fit - curve(x)) for (width, runs), fit in zip(by_width.items(), fits, strict=True)]
    numbers = {"rows": len(data.train), "nets": rows, "zero": root_mean_square(curve(x))}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(rows),
        picture=lambda language: chart(x, curve(x), fits, rows, LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
    )


def fitted(studio: Studio, run: Trained, data: Prepared, x: np.ndarray) -> np.ndarray:
    """What the net says at each x, in the unit of the curve (targets are standardised for training)."""
    w1, b1, w2, b2 = (one.astype(float) for one in studio.network(run).get_weights())
    outputs: np.ndarray = np.maximum(0, x[:, None] @ w1 + b1) @ w2 + b2
    return data.task.mean + data.task.spread * outputs[:, 0]


def root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).mean()))


def row(width: int, runs: list[Trained], errors: np.ndarray) -> dict[str, Any]:
    """How far nets of one width are off: errors are (seeds, places)."""
    typical = [root_mean_square(one) for one in errors]
    return {
        "width": width,
        "parameters": runs[0].record["parameters"],
        "train": [one.metric("train_loss") ** 0.5 for one in runs],
        "errors": typical,
        **mean_row(typical),
        "best": min(typical),
        "worst": max(typical),
        "farthest": float(np.abs(errors).max(axis=1).mean()),
    }


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    rows = numbers["nets"]
    worst_of_largest, best_of_smallest = rows[-1]["worst"], rows[0]["best"]
    values = {
        "rows": numbers["rows"],
        "seeds": SEEDS,
        "widths": ", ".join(str(one["width"]) for one in rows),
        "errors": ", ".join(f"{one['mean']:.2g}" for one in rows),
        "smallest": rows[0]["width"],
        "smallest_error": f"{rows[0]['mean']:.2f}",
        "zero": f"{numbers['zero']:.2f}",
        "largest": rows[-1]["width"],
        "largest_farthest": f"{rows[-1]['farthest']:.1g}",
        "low": f"{rows[0]['best']:.2g}",
        "high": f"{rows[0]['worst']:.2g}",
        "times": f"{best_of_smallest / worst_of_largest:,.0f}",
    }
    return (
        Said("gallery_perceptron.universal_approximation_1", values),
        Said("gallery_perceptron.universal_approximation_2", values),
        Said("gallery_perceptron.universal_approximation_3", values),
    )


def claims(rows: list[dict[str, Any]]) -> tuple[Claim, ...]:
    """On logarithms: errors of several sizes are compared by their ratios."""
    logs = [np.log(one["errors"]).tolist() for one in rows]
    falls = all(higher(one, wider, paired=False) for one, wider in pairwise(logs))
    return (
        Claim(Said("gallery_perceptron.universal_approximation_claim_falls"), falls),
        Claim(Said("gallery_perceptron.universal_approximation_claim_close"), rows[-1]["worst"] < CLOSE),
    )


CLOSE = 0.01
"""Of a wave that goes from -1 to 1."""

LESSON = Lesson(7, "universal-approximation", Said("gallery_perceptron.universal_approximation_title"), teach)
