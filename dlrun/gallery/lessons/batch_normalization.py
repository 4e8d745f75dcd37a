"""Batch normalization: which starts and rates a net can take, with it and without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.batch_normalization_drawn import Runs, chart
from dlrun.gallery.over_seeds import first_below, mean_row, metrics, paired
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.table import Column, Table
from dlrun.insight.words import Said, said
from dlrun.spec import Experiment

SPREADS = (1.0, 0.3, 0.18, 0.1, 0.03, 0.01)
"""Standard deviations of the initial weights. He's for 64 inputs is 0.18."""
RATES = (0.05, 0.1, 0.2, 0.5, 1.0)
SEEDS, RATE_SEEDS = 3, 6
LEARNT = 0.9
"""Validation accuracy from which a net has learnt."""
BELOW = 0.5
"""The validation loss whose first epoch is counted."""
KINDS = ("with", "without")


def teach(studio: Studio) -> Shown:
    spreads = {(kind, spread): with_spread(studio, kind, spread) for kind in KINDS for spread in SPREADS}
    rates = {(kind, rate): with_rate(studio, kind, rate) for kind in KINDS for rate in RATES}
    asked = [*seeds(studio, spreads, SEEDS), *seeds(studio, rates, RATE_SEEDS)]
    found = studio.train(asked)
    by_spread = {key: found[at * SEEDS :][:SEEDS] for at, key in enumerate(spreads)}
    rest = found[len(spreads) * SEEDS :]
    by_rate = {key: rest[at * RATE_SEEDS :][:RATE_SEEDS] for at, key in enumerate(rates)}
    rows = [*rows_of(by_spread, "spread"), *rows_of(by_rate, "rate")]
    numbers = {"nets": rows, **compared(rows, by_rate)}
    return Shown(
        numbers=numbers,
        sentences=sentences(numbers),
        claims=claims(numbers),
        picture=lambda language: chart(rows, by_rate, numbers["rates"], LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_network.batch_normalization_note"),),
    )


def with_spread(studio: Studio, kind: str, spread: float) -> Experiment:
    start = f"model.kernel_initializer={{name: random_normal, stddev: {spread:g}}}"
    return studio.experiment("batch-normalization", switch(kind), start, "optimizer.learning_rate=0.05")


def with_rate(studio: Studio, kind: str, rate: float) -> Experiment:
    return studio.experiment("batch-normalization", switch(kind), f"optimizer.learning_rate={rate:g}")


def switch(kind: str) -> str:
    return f"model.batch_normalization={'true' if kind == 'with' else 'false'}"


def seeds(studio: Studio, experiments: dict[tuple[str, float], Experiment], count: int) -> list[Experiment]:
    return [one for experiment in experiments.values() for one in studio.seeds(experiment, count)]


def rows_of(runs: Runs, swept: str) -> list[dict[str, Any]]:
    return [{"kind": kind, "swept": swept, "value": value, **measured(them)} for (kind, value), them in runs.items()]


def measured(runs: Sequence[Trained]) -> dict[str, Any]:
    """`epochs` is None where a seed never gets below the loss."""
    epochs = [first_below(run.curves["val_loss"], BELOW) for run in runs]
    known = [epoch for epoch in epochs if epoch is not None]
    accuracies = [value if math.isfinite(value) else 0.0 for value in metrics(runs, "val_accuracy")]
    return {
        "accuracy": sum(accuracies) / len(runs),
        "lowest": min(accuracies),
        "epochs": sum(known) / len(runs) if len(known) == len(runs) else None,
    }


def compared(rows: list[dict[str, Any]], by_rate: Runs) -> dict[str, Any]:
    """How many starts and rates work, and both kinds at the rate that is best for each."""
    found: dict[str, Any] = {"rates": {}}
    for kind in KINDS:
        mine = [one for one in rows if one["kind"] == kind]
        found[f"{kind}_spreads"] = [one["value"] for one in mine if learns(one, "spread")]
        found[f"{kind}_rates"] = [one["value"] for one in mine if learns(one, "rate")]
        usable = [one["value"] for one in mine if learns(one, "rate")] or list(RATES)
        losses = {rate: mean_row(val_loss(by_rate[kind, rate]))["mean"] for rate in usable}
        found["rates"][kind] = min(losses, key=lambda rate: losses[rate])
    best = {kind: by_rate[kind, found["rates"][kind]] for kind in KINDS}
    for kind, runs in best.items():
        found[f"{kind}_loss"] = mean_row(val_loss(runs))["mean"]
        found[f"{kind}_gap"] = mean_row(gaps(runs))["mean"]
        found[f"{kind}_epochs"] = measured(runs)["epochs"]
    found["loss_saved"] = paired(val_loss(best["without"]), val_loss(best["with"]))
    found["gap_saved"] = paired(gaps(best["without"]), gaps(best["with"]))
    return found


def learns(row: dict[str, Any], swept: str) -> bool:
    return bool(row["swept"] == swept and row["lowest"] >= LEARNT)


def val_loss(runs: Sequence[Trained]) -> list[float]:
    return [value if math.isfinite(value) else 1e9 for value in metrics(runs, "val_loss")]


def gaps(runs: Sequence[Trained]) -> list[float]:
    """What validation loses against train rows, at the kept epoch."""
    return [val - train for val, train in zip(metrics(runs, "val_loss"), metrics(runs, "train_loss"), strict=True)]


def sentences(numbers: dict[str, Any]) -> tuple[Said, Said, Said]:
    at_he = {one["kind"]: one for one in numbers["nets"] if one["swept"] == "spread" and one["value"] == 0.18}
    too_small = {one["kind"]: one for one in numbers["nets"] if one["swept"] == "spread" and one["value"] == 0.1}
    values: dict[str, Any] = {"all_spreads": len(SPREADS), "all_rates": len(RATES), "below": BELOW, "seeds": RATE_SEEDS}
    for kind in KINDS:
        values |= {
            f"{kind}_spreads": len(numbers[f"{kind}_spreads"]),
            f"{kind}_rates": len(numbers[f"{kind}_rates"]),
            f"{kind}_he": epochs_text(at_he[kind]),
            f"{kind}_small": epochs_text(too_small[kind]),
            f"{kind}_rate": f"{numbers['rates'][kind]:g}",
            f"{kind}_loss": f"{numbers[f'{kind}_loss']:.3f}",
            f"{kind}_gap": f"{numbers[f'{kind}_gap']:.3f}",
        }
    return (
        Said("gallery_network.batch_normalization_1", values),
        Said("gallery_network.batch_normalization_2", values),
        Said("gallery_network.batch_normalization_3", values),
    )


def epochs_text(row: dict[str, Any]) -> str | Said:
    return Said("gallery_network.batch_normalization_never") if row["epochs"] is None else f"{row['epochs']:.1f}"


def claims(numbers: dict[str, Any]) -> tuple[Claim, ...]:
    small = {one["kind"]: one["epochs"] for one in numbers["nets"] if one["swept"] == "spread" and one["value"] == 0.1}
    faster = small["with"] is not None and (small["without"] is None or small["with"] < small["without"])
    wider = {kind: len(numbers[f"{kind}_spreads"]) for kind in KINDS}
    rates = {kind: max(numbers[f"{kind}_rates"], default=0.0) for kind in KINDS}
    return (
        Claim(Said("gallery_network.batch_normalization_claim_spreads"), wider["with"] >= wider["without"] + 2),
        Claim(Said("gallery_network.batch_normalization_claim_faster"), faster),
        Claim(Said("gallery_network.batch_normalization_claim_rates"), rates["with"] > rates["without"]),
        Claim(Said("gallery_network.batch_normalization_claim_milder"), numbers["loss_saved"]["low"] > 0),
    )


def table(rows: list[dict[str, Any]], language: str) -> Table:
    """The spreads, a row each; the rates are in the picture."""
    found = []
    for spread in SPREADS:
        both = {one["kind"]: one for one in rows if one["swept"] == "spread" and one["value"] == spread}
        found.append(
            {"spread": spread} | {f"{kind}_{key}": both[kind][key] for key in ("accuracy", "epochs") for kind in KINDS}
        )
    keys = ("spread", "without_accuracy", "with_accuracy", "without_epochs", "with_epochs")
    columns = [
        Column(key, said(f"gallery_network.batch_normalization_{key}", language), "number", rank=9 - place)
        for place, key in enumerate(keys)
    ]
    return Table(tuple(columns), found)


LESSON = Lesson(16, "batch-normalization", Said("gallery_network.batch_normalization_title"), teach)
