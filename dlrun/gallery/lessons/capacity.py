"""Capacity: the map of width and depth, with its side of too little and its side of too much."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.over_seeds import last, paired
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.figures import capacity_map as figure
from dlrun.insight.maps import CapacityMap, capacity_map, swept
from dlrun.insight.table import Column, Table
from dlrun.insight.verdict import verdicts
from dlrun.insight.words import Said, said

SEEDS = 3
WIDTHS, DEPTHS = (1, 2, 4, 16, 64), (1, 2, 3, 4)
UNDER = ("underfit", "not converged")

Runs = dict[tuple[int, int], list[Trained]]


def teach(studio: Studio) -> Shown:
    asked = {
        (width, depth): studio.experiment("capacity", f"model.width={width}", f"model.depth={depth}")
        for depth in DEPTHS
        for width in WIDTHS
    }
    runs = studio.train_seeds(asked, SEEDS)
    entries = studio.store.entries_of([one.folder for each in runs.values() for one in each])
    drawn = capacity_map(swept(entries, verdicts(studio.store, entries)))
    numbers = {"cells": cells(drawn), **sides(drawn), **compared(runs)}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: figure.chart(drawn, language=language),
        table=lambda language: table(runs, language),
    )


def cells(found: CapacityMap) -> list[dict[str, Any]]:
    keys = ("x", "y", "train_loss", "val_loss", "gap", "verdict", "parameters", "best")
    return [{key: cell.get(key) for key in keys} for cell in found.cells]


def sides(found: CapacityMap) -> dict[str, Any]:
    """Which cells are on which side, by verdict, and the best cell."""
    best = found.best or {}
    under = [cell for cell in found.cells if cell.get("verdict") in UNDER]
    over = [cell for cell in found.cells if cell.get("verdict") == "overfit"]
    return {
        "under": len(under),
        "over": len(over),
        "widest_under": max((int(cell["x"]) for cell in under), default=0),
        "narrowest_over": min((int(cell["x"]) for cell in over), default=0),
        "narrow_under": share(found, UNDER, WIDTHS[:1]),
        "narrow_overfit": share(found, ("overfit",), WIDTHS[:1]),
        "wide_underfit": share(found, UNDER, WIDTHS[-2:]),
        "wide_over": share(found, ("overfit",), WIDTHS[-2:]),
        "best_width": int(best["x"]),
        "best_depth": int(best["y"]),
        "best_loss": best["val_loss"],
    }


def share(found: CapacityMap, verdict: tuple[str, ...], widths: tuple[int, ...]) -> float:
    """Of the cells of these widths, how many are called so."""
    them = [cell for cell in found.cells if int(cell["x"]) in widths]
    return sum(cell.get("verdict") in verdict for cell in them) / len(them)


def compared(runs: Runs) -> dict[str, Any]:
    """Means over the depths of the narrowest and the widest nets, and what the widest have more."""
    found: dict[str, Any] = {}
    values = {width: of_width(runs, width) for width in WIDTHS}
    for column in ("train_loss", "val_loss", "gap"):
        found[f"narrow_{column}"] = fmean(values[WIDTHS[0]][column])
        found[f"wide_{column}"] = fmean(values[WIDTHS[-1]][column])
        found[f"{column}_change"] = paired(values[WIDTHS[-1]][column], values[WIDTHS[0]][column])
    means = {width: fmean(one["val_loss"]) for width, one in values.items()}
    found["least_width"] = min(means, key=lambda width: means[width])
    found["too_wide"] = paired(values[WIDTHS[-1]]["val_loss"], values[found["least_width"]]["val_loss"])
    return found


def of_width(runs: Runs, width: int) -> dict[str, list[float]]:
    """At the last epoch, a value per depth and seed."""
    them = [one for depth in DEPTHS for one in runs[width, depth]]
    train, val = last(them, "train_loss"), last(them, "val_loss")
    return {"train_loss": train, "val_loss": val, "gap": [high - low for high, low in zip(val, train, strict=True)]}


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    values = {key: f"{value:.2f}" if isinstance(value, float) else value for key, value in numbers.items()}
    values |= {"narrow": WIDTHS[0], "wide": WIDTHS[-1], "all": len(WIDTHS) * len(DEPTHS), "seeds": SEEDS}
    return (
        Said("gallery_generalisation.capacity_1", values),
        Said("gallery_generalisation.capacity_2", values),
        Said("gallery_generalisation.capacity_3", values),
    )


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    narrow = numbers["narrow_under"] >= 0.5 and numbers["narrow_overfit"] == 0
    sided = narrow and numbers["wide_over"] >= 0.5 and numbers["wide_underfit"] == 0
    return (
        Claim(Said("gallery_generalisation.capacity_claim_sides"), sided),
        Claim(Said("gallery_generalisation.capacity_claim_train"), numbers["train_loss_change"]["high"] < 0),
        Claim(Said("gallery_generalisation.capacity_claim_gap"), numbers["gap_change"]["low"] > 0),
        Claim(Said("gallery_generalisation.capacity_claim_between"), numbers["too_wide"]["low"] > 0),
    )


def table(runs: Runs, language: str) -> Table:
    rows = [
        {"width": width, **{key: fmean(values) for key, values in of_width(runs, width).items()}} for width in WIDTHS
    ]
    keys = ("width", "train_loss", "val_loss", "gap")
    columns = [
        Column(key, said(f"gallery_generalisation.capacity_{key}", language), "count" if key == "width" else "number",
               rank=9 - place)
        for place, key in enumerate(keys)
    ]  # fmt: skip
    return Table(tuple(columns), rows)


LESSON = Lesson(20, "capacity", Said("gallery_generalisation.capacity_title"), teach)
