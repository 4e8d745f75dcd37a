"""Four points that no line separates: a feature made by hand, and one that a hidden layer finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlrun.gallery.drawing import Groups, finished, panel, panels, plane
from dlrun.gallery.half_planes import axes, marked
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.separation import separable
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SEEDS = 5
BEST_OF_A_LINE = 0.75
MADE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x1, x2": lambda x: x,
    "x1*x2": lambda x: x[:, :1] * x[:, 1:],
    "x1^2 + x2^2": lambda x: (x**2).sum(axis=1, keepdims=True),
}
"""What one unit is given of the points: as they are, or one feature made of them by hand."""
RAW, PRODUCT, RADIUS = MADE
SQUARE, DRAWN, PIXELS = (0.0, 3.0), (-0.5, 3.5), 121


def teach(studio: Studio) -> Shown:
    hidden = studio.experiment("features")
    x, y = points_of(hidden)
    nets = {name: studio.experiment("features", "model.depth=0", inline(make(x), y)) for name, make in MADE.items()}
    nets["hidden"] = hidden
    by_net = studio.train_seeds(nets, SEEDS, weights=True)
    rows = [row(name, by_net[name], x, y) for name in nets]
    numbers = {
        "points": x.tolist(),
        "classes": y.tolist(),
        "middles": [x[y == one].mean(axis=0).tolist() for one in (0, 1)],
        "nets": rows,
        **agreement(studio, by_net),
    }
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=picture(studio, {name: found[0] for name, found in by_net.items()}, x, y),
        table=lambda language: table(rows, language),
    )


def points_of(experiment: Experiment) -> tuple[np.ndarray, np.ndarray]:
    """The points in the config, and their classes."""
    given = experiment.data.inline
    assert given is not None
    return np.array(given.x, float), np.array(given.y, int)


def inline(x: np.ndarray, y: np.ndarray) -> str:
    return f"data.inline={{x: {x.tolist()}, y: {y.tolist()}}}"


def row(name: str, runs: list[Trained], x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """What the seeds of one net reached; whether a line could do it at all, where the net is one."""
    reached = [one.metric("train_accuracy") for one in runs]
    return {
        "net": name,
        "units": runs[0].experiment.model.hidden,
        "separable": separable(MADE[name](x), y) if name in MADE else None,
        "solved": sum(one == 1 for one in reached),
        "lowest": min(reached),
        "highest": max(reached),
    }


def decided(studio: Studio, name: str, run: Trained, x: np.ndarray) -> np.ndarray:
    """The class that a net gives each of the points x (rows, 2)."""
    given = MADE[name](x) if name in MADE else x
    outputs: np.ndarray = np.asarray(studio.network(run)(given.astype("float32")))[:, 0]
    return outputs > 0.5


def grid(ends: tuple[float, float]) -> np.ndarray:
    """Points all over a square: (PIXELS squared, 2)."""
    places = np.linspace(*ends, PIXELS)
    return np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2)


def agreement(studio: Studio, by_net: dict[str, list[Trained]]) -> dict[str, Any]:
    """In which share of the square other nets decide as the first of those with x1*x2 does."""
    places = grid(SQUARE)
    by_hand = decided(studio, PRODUCT, by_net[PRODUCT][0], places)
    other = decided(studio, RADIUS, by_net[RADIUS][0], places)
    learnt = [decided(studio, "hidden", run, places) for run in by_net["hidden"]]
    return {
        "hand_made_agree": float((by_hand == other).mean()),
        "learnt_agree": [float((by_hand == one).mean()) for one in learnt],
    }


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    raw, product, radius, hidden = numbers["nets"]
    values = {
        "seeds": SEEDS,
        "middle": ", ".join(f"{one:g}" for one in numbers["middles"][0]),
        "best": f"{raw['highest']:.0%}",
        "product": product["solved"],
        "radius": radius["solved"],
        "hidden": hidden["solved"],
        "low": f"{min(numbers['learnt_agree']):.0%}",
        "high": f"{max(numbers['learnt_agree']):.0%}",
        "hand": f"{numbers['hand_made_agree']:.0%}",
    }
    return (
        Said("gallery_perceptron.features_1", values),
        Said("gallery_perceptron.features_2", values),
        Said("gallery_perceptron.features_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    raw, *made, hidden = numbers["nets"]
    impossible = not raw["separable"] and raw["highest"] <= BEST_OF_A_LINE
    by_hand = all(one["separable"] and one["solved"] == SEEDS for one in made)
    return (
        Claim(Said("gallery_perceptron.features_claim_impossible"), impossible),
        Claim(Said("gallery_perceptron.features_claim_made"), by_hand),
        Claim(Said("gallery_perceptron.features_claim_learnt"), hidden["solved"] == SEEDS),
        Claim(Said("gallery_perceptron.features_claim_differ"), min(numbers["learnt_agree"]) < 1),
    )


def text(name: str, language: str, **values: Any) -> str:
    return said(f"gallery_perceptron.features_{name}", language, **values)


def net_name(name: str, units: tuple[int, ...], language: str) -> str:
    return text("hidden", language, units=sum(units)) if units else text("unit_on", language, given=name)


def table(rows: list[dict[str, Any]], language: str) -> Table:
    words = {True: text("yes", language), False: text("no", language), None: None}
    shown = [
        {**one, "net": net_name(one["net"], one["units"], language), "line": words[one["separable"]],
         "solved": f"{one['solved']} / {SEEDS}"}
        for one in rows
    ]  # fmt: skip
    columns = (
        Column("net", text("net", language), "text", 9), Column("line", text("line", language), "text", 8),
        Column("solved", text("solved", language), "text", 7), Column("lowest", text("lowest", language), rank=6),
        Column("highest", text("highest", language), rank=5),
    )  # fmt: skip
    return Table(columns, shown)


def picture(studio: Studio, nets: dict[str, Trained], x: np.ndarray, y: np.ndarray) -> Callable[[str], Any]:
    """language -> the chart; the planes are worked out here, while the nets are at hand."""
    places = grid(DRAWN)
    planes = {
        name: decided(studio, name, run, places).astype(float).reshape(PIXELS, PIXELS) for name, run in nets.items()
    }

    def chart(language: str) -> Any:
        both, groups = axes(DRAWN, (0.0, 1.0, 2.0, 3.0)), Groups("answer", ("0", "1"), legend=None)
        frames = [
            panel(
                plane(values, *both) + marked(x, y.tolist(), groups, both),
                net_name(name, nets[name].experiment.model.hidden, language),
            )
            for name, values in planes.items()
        ]
        return finished(panels(frames, 4), LESSON.title.text(language), text("subtitle", language))

    return chart


LESSON = Lesson(5, "features", Said("gallery_perceptron.features_title"), teach)
