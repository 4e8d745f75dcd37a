"""Overfitting made on purpose, then cured by one thing at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlrun.gallery.drawing import Axis, Groups, finished, level, lines, means, panel, panels
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import mean_interval, paired_difference
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

SEEDS = 5
NOTHING = "nothing"
CURES = {
    NOTHING: (),
    "dropout": ("model.dropout=0.1",),
    "l2": ("model.l2=0.003",),
    "l1": ("model.l1=0.001",),
    "early_stopping": ("fit.early_stopping.patience=5", "fit.keep=best"),
    "more_rows": ("data.train_fraction=1",),
    "noise": ("data.augmentation.noise=0.2",),
    "smaller_net": ("model.width=16", "model.depth=1"),
}
"""What is done against it -> what that changes in the config."""


def teach(studio: Studio) -> Shown:
    nets = {cure: studio.experiment("overfitting", *sets) for cure, sets in CURES.items()}
    by_cure = studio.train_seeds(nets, SEEDS)
    untreated = by_cure[NOTHING]
    rows = [row(cure, trained, untreated) for cure, trained in by_cure.items()]
    cured = rows[1:]
    turn = lowest_epoch(untreated)
    best, least = (choose(cured, key=lambda one: one["val_loss"]) for choose in (min, max))
    values = {
        "rows": untreated[0].record["rows"]["train"],
        "epochs": nets[NOTHING].fit.epochs,
        "seeds": SEEDS,
        "train": f"{rows[0]['train_loss']:.3f}",
        "val": f"{rows[0]['val_loss']:.3f}",
        "lowest": f"{turn['val_loss']:.3f}",
        "turn": f"{turn['epoch']:.0f}",
        "cures": len(cured),
        "helped": sum(one["high"] < 0 for one in cured),
        "best": Said(f"gallery_generalisation.overfitting_of_{best['cure']}"),
        "best_val": f"{best['val_loss']:.3f}",
        "least": Said(f"gallery_generalisation.overfitting_of_{least['cure']}"),
        "least_val": f"{least['val_loss']:.3f}",
    }
    return Shown(
        numbers={"cures": rows, "turn": turn},
        sentences=(
            Said("gallery_generalisation.overfitting_1", values),
            Said("gallery_generalisation.overfitting_2", values),
            Said("gallery_generalisation.overfitting_3", values),
        ),
        claims=(
            Claim(Said("gallery_generalisation.overfitting_claim_turn"), turn["rise"] > 0),
            *(Claim(Said(f"gallery_generalisation.overfitting_claim_{one['cure']}"), one["high"] < 0) for one in cured),
        ),
        picture=lambda language: chart(by_cure, rows, language),
        table=lambda language: table(rows, language),
    )


def row(cure: str, runs: list[Trained], untreated: list[Trained]) -> dict[str, Any]:
    """The losses of one cure, and how its validation loss differs from that of the untreated net of the same seed."""
    losses = [one.metric("val_loss") for one in runs]
    found = mean_interval(losses)
    half = 0.0 if found is None or found.half is None else found.half
    changes = [one - other.metric("val_loss") for one, other in zip(losses, untreated, strict=True)]
    change = paired_difference(changes)
    return {
        "cure": cure,
        "train_loss": float(np.mean([one.metric("train_loss") for one in runs])),
        "val_loss": float(np.mean(losses)),
        "val_low": float(np.mean(losses)) - half,
        "val_high": float(np.mean(losses)) + half,
        "gap": float(np.mean([one.metric("val_loss") - one.metric("train_loss") for one in runs])),
        "accuracy": float(np.mean([one.metric("val_accuracy") for one in runs])),
        "change": change.mean,
        "high": change.mean + (change.half or 0.0),
    }


def lowest_epoch(runs: list[Trained]) -> dict[str, float]:
    """The epoch at which the mean validation loss is lowest, and the lower end of the interval of its rise from there
    to the last one."""
    curves = np.array([one.curves["val_loss"] for one in runs])
    place = int(curves.mean(axis=0).argmin())
    rise = paired_difference((curves[:, -1] - curves[:, place]).tolist())
    return {
        "epoch": place + 1,
        "val_loss": float(curves[:, place].mean()),
        "rise": rise.mean - (rise.half or 0.0),
    }


def table(rows: list[dict[str, Any]], language: str) -> Table:
    def column(key: str, kind: Any = "number") -> Column:
        return Column(key, said(f"gallery_generalisation.overfitting_{key}", language), kind, rank=5)

    named = [{**one, "cure": name_of(one["cure"], language)} for one in rows]
    numbers = ("train_loss", "val_loss", "gap", "accuracy", "change")
    return Table((column("cure", "text"), *map(column, numbers)), named)


def name_of(cure: str, language: str) -> str:
    return said(f"gallery_generalisation.overfitting_of_{cure}", language)


def chart(by_cure: dict[str, list[Trained]], rows: list[dict[str, Any]], language: str) -> Any:
    """The curves of the untreated net, and what each cure leaves of its validation loss."""
    across = Axis(said("gallery_generalisation.overfitting_epoch", language))
    up = Axis(said("gallery_generalisation.overfitting_loss", language))
    names = {key: said(f"gallery_generalisation.overfitting_{key}", language) for key in ("train_loss", "val_loss")}
    points = [
        {"epoch": epoch, "loss": loss, "curve": name, "seed": place}
        for key, name in names.items()
        for place, run in enumerate(by_cure[NOTHING])
        for epoch, loss in zip(run.curves["epoch"], run.curves[key], strict=True)
    ]
    groups = Groups("curve", tuple(names.values()), legend="bottom")
    curves = lines(points, "epoch", "loss", across, up, groups, detail="seed", thick=1.2, opacity=0.8)
    places = [
        {"cure": name_of(one["cure"], language), "mean": one["val_loss"], "low": one["val_low"],
         "high": one["val_high"]}
        for one in rows
    ]  # fmt: skip
    beside = means(places, "cure", Axis(names["val_loss"])) + level(rows[0]["val_loss"], Axis(names["val_loss"]))
    figure = panels(
        [
            panel(curves, name_of(NOTHING, language), (300, 260)),
            panel(beside, said("gallery_generalisation.overfitting_cured", language), (760, 260)),
        ],
        columns=2,
    )
    subtitle = said("gallery_generalisation.overfitting_subtitle", language, seeds=SEEDS)
    return finished(figure, LESSON.title.text(language), subtitle)


LESSON = Lesson(19, "overfitting", Said("gallery_generalisation.overfitting_title"), teach)
