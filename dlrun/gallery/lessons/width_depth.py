"""Twice the width, twice the depth, both: what it costs, and where it pays."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from dlrun.gallery.drawing import Axis, Groups, finished, means, panel, panels
from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import last, mean_row, metrics, paired
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said

SEEDS, PARITY_SEEDS = 10, 30
NETS = {
    "base": ("model.units=[8, 4]",),
    "wide": ("model.units=[8, 4]", "model.widen=2"),
    "deep": ("model.units=[4, 8, 8, 4]",),
    "both": ("model.units=[4, 8, 8, 4]", "model.widen=2"),
}
"""As the notes draw them; 4 inputs before them, 1 output after them."""
WORTHWHILE = 0.05
"""A gain below this share of the loss is none."""


def teach(studio: Studio) -> Shown:
    tumours = [one for sets in NETS.values() for one in studio.seeds(studio.experiment("width-depth", *sets), SEEDS)]
    parity = [
        one
        for sets in NETS.values()
        for one in studio.seeds(studio.experiment("width-depth.parity", *sets), PARITY_SEEDS)
    ]
    found = studio.train([*tumours, *parity])
    by_net = {
        name: (found[at * SEEDS :][:SEEDS], found[len(tumours) + at * PARITY_SEEDS :][:PARITY_SEEDS])
        for at, name in enumerate(NETS)
    }
    rows = [row(name, *runs, base=by_net["base"][0]) for name, runs in by_net.items()]
    numbers = {"nets": rows, "deepened": deepened(studio)}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(rows, language),
        table=lambda language: table(rows, language),
    )


def row(name: str, tumours: list[Trained], parity: list[Trained], base: list[Trained]) -> dict[str, Any]:
    hidden = tumours[0].experiment.model.hidden
    solved = [float(share == 1) for share in last(parity, "train_accuracy")]
    return {
        "net": "-".join(map(str, (4, *hidden, 1))),
        "name": name,
        "parameters": tumours[0].record["parameters"],
        "counted": sum((inputs + 1) * units for inputs, units in pairwise((4, *hidden, 1))),
        "solved": mean_row(solved),
        "share_solved": sum(solved) / len(solved),
        "train_loss": mean_row(last(tumours, "train_loss")),
        "val_loss": mean_row(metrics(tumours, "val_loss")),
        "last_val_loss": mean_row(last(tumours, "val_loss")),
        "mean_train": mean_row(last(tumours, "train_loss"))["mean"],
        "mean_val": mean_row(metrics(tumours, "val_loss"))["mean"],
        "fitted": paired(last(tumours, "train_loss"), last(base, "train_loss")),
        "gained": paired(metrics(base, "val_loss"), metrics(tumours, "val_loss")),
    }


def deepened(studio: Studio) -> str:
    """What `deepen: 2` makes of the base."""
    model = studio.experiment("width-depth", *NETS["base"], "model.deepen=2").model
    return "-".join(map(str, (4, *model.hidden, 1)))


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    rows = {one["name"]: one for one in numbers["nets"]}
    values: dict[str, Any] = {"seeds": SEEDS, "parity_seeds": PARITY_SEEDS, "deepened": numbers["deepened"]}
    for name, one in rows.items():
        values |= {
            f"{name}_net": one["net"],
            f"{name}_parameters": one["parameters"],
            f"{name}_solved": f"{one['share_solved']:.0%}",
            f"{name}_train": f"{one['mean_train']:.2f}",
            f"{name}_val": f"{one['mean_val']:.3f}",
        }
    return (
        Said("gallery_network.width_depth_1", values),
        Said("gallery_network.width_depth_2", values),
        Said("gallery_network.width_depth_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    rows = {one["name"]: one for one in numbers["nets"]}
    base, wide, both = (rows[name] for name in ("base", "wide", "both"))
    counted = all(one["parameters"] == one["counted"] for one in rows.values())
    gains = [one["gained"]["mean"] for name, one in rows.items() if name != "base"]
    return (
        Claim(Said("gallery_network.width_depth_claim_counted"), counted),
        Claim(Said("gallery_network.width_depth_claim_parity"), wide["solved"]["low"] > base["solved"]["high"]),
        Claim(Said("gallery_network.width_depth_claim_both"), both["share_solved"] >= rows["deep"]["share_solved"]),
        Claim(Said("gallery_network.width_depth_claim_fit"), max(wide["fitted"]["high"], both["fitted"]["high"]) < 0),
        Claim(Said("gallery_network.width_depth_claim_no_gain"), max(gains) < WORTHWHILE * base["mean_val"]),
    )


def table(rows: list[dict[str, Any]], language: str) -> Table:
    kinds: dict[str, Any] = {"net": "text", "parameters": "count"}
    keys = ("net", "parameters", "share_solved", "mean_train", "mean_val")
    columns = [
        Column(key, said(f"gallery_network.width_depth_{key}", language), kinds.get(key, "number"), rank=9 - place)
        for place, key in enumerate(keys)
    ]
    return Table(tuple(columns), rows)


def chart(rows: list[dict[str, Any]], language: str) -> Any:
    def title(key: str) -> str:
        return said(f"gallery_network.width_depth_{key}", language)

    order = (title("train_curve"), title("val_curve"))
    losses = [
        {"net": one["net"], "curve": curve, **one[key]}
        for one in rows
        for key, curve in zip(("train_loss", "val_loss"), order, strict=True)
    ]
    solved = [{"net": one["net"], **one["solved"], "low": max(0.0, one["solved"]["low"]),
               "high": min(1.0, one["solved"]["high"])} for one in rows]  # fmt: skip
    share, loss = Axis(percent=True, domain=(0, 1.05), values=(0, 0.25, 0.5, 0.75, 1)), Axis(domain=(0, 0.5))
    groups = Groups("curve", order)
    frames = [
        panel(means(solved, "net", share, title("net")), title("parity"), (340, 240)),
        panel(means(losses, "net", loss, title("net"), groups), title("tumours"), (380, 240)),
    ]
    return finished(panels(frames), LESSON.title.text(language))


LESSON = Lesson(17, "width-depth", Said("gallery_network.width_depth_title"), teach)
