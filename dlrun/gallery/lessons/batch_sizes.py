"""Batch, mini-batch and online gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlrun.gallery.lesson import Claim, Lesson, Shown
from dlrun.gallery.lessons.batch_sizes_drawn import chart, table
from dlrun.gallery.studio import Studio, Trained
from dlrun.insight.statistics import mean_interval, paired_difference
from dlrun.insight.words import Said

SEEDS = 5
BATCHES: tuple[str | int, ...] = ("full", 32, 1)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
DRAWS = 10_000
"""Mini-batches drawn for each size."""


def teach(studio: Studio) -> Shown:
    nets = {str(batch): studio.experiment("batch-sizes", f"fit.batch_size={batch}") for batch in BATCHES}
    by_batch = studio.train_seeds(nets, SEEDS, weights=True)
    rows = [row(batch, trained) for batch, trained in by_batch.items()]
    whole, mini, online = rows
    spreads = [spread_of(row_losses(studio, run), run.experiment.seed) for run in by_batch["32"]]
    slope, within = fitted(spreads)
    fewer = difference(mini["each"], whole["each"])
    values = {
        "epochs": nets["32"].fit.epochs,
        "rows": by_batch["32"][0].record["rows"]["train"],
        "seeds": SEEDS,
        "rate": f"{nets['32'].optimizer.learning_rate:g}",
        **{f"{name}_steps": f"{one['steps']:,}" for name, one in zip(("whole", "mini", "online"), rows, strict=True)},
        **{f"{name}_loss": f"{one['last']:.3f}" for name, one in zip(("whole", "mini", "online"), rows, strict=True)},
        **{f"{name}_rises": f"{one['rises']:.0%}" for name, one in zip(("whole", "mini", "online"), rows, strict=True)},
        "slope": f"{slope.mean:.3f}",
        "half": f"{slope.half or 0:.3f}",
        "draws": f"{DRAWS:,}",
        "largest": SIZES[-1],
        "off": f"{within:.1%}",
    }
    return Shown(
        numbers={
            "batches": rows,
            "mini_less_than_whole": fewer,
            "slope": slope.mean,
            "slope_half": slope.half,
            "furthest_from_formula": within,
            "spreads": spreads[0],
        },
        sentences=(
            Said("gallery_descent.batch_sizes_1", values),
            Said("gallery_descent.batch_sizes_2", values),
            Said("gallery_descent.batch_sizes_3", values),
        ),
        claims=(
            Claim(Said("gallery_descent.batch_sizes_claim_further"), fewer["high"] < 0),
            Claim(Said("gallery_descent.batch_sizes_claim_never"), whole["rises"] == 0),
            Claim(Said("gallery_descent.batch_sizes_claim_more"), online["fewest"] > mini["most"] > 0),
            Claim(Said("gallery_descent.batch_sizes_claim_root"), abs(slope.mean + 0.5) < 0.02),
            Claim(Said("gallery_descent.batch_sizes_claim_formula"), within < 0.05),
        ),
        picture=lambda language: chart(by_batch, spreads[0], LESSON.title.text(language), language),
        table=lambda language: table(rows, language),
        notes=(Said("gallery_descent.batch_sizes_note", values),),
    )


def row(batch: str, runs: list[Trained]) -> dict[str, Any]:
    curves = [np.array(one.curves["train_loss"]) for one in runs]
    rises = [float((np.diff(curve) > 0).mean()) for curve in curves]
    last = [float(curve[-1]) for curve in curves]
    # the first epoch holds what loading the program takes
    seconds = float(np.mean([np.median(one.curves["seconds"][1:]) for one in runs])) * len(curves[0])
    steps = int(runs[0].record.get("steps") or 0)
    return {
        "batch": batch,
        "steps": steps,
        "seconds": seconds,
        "last": float(np.mean(last)),
        "rises": float(np.mean(rises)),
        "fewest": min(rises),
        "most": max(rises),
        "each": last,
    }


def difference(losses: Sequence[float], others: Sequence[float]) -> dict[str, float]:
    """The mean difference over seeds and the upper end of its 95 % interval."""
    found = paired_difference([one - other for one, other in zip(losses, others, strict=True)])
    return {"mean": found.mean, "high": found.mean + (found.half or 0.0)}


def row_losses(studio: Studio, run: Trained) -> np.ndarray:
    """float64 (rows,): the trained net's cross-entropy on each train row."""
    rows = studio.data(run.experiment).train
    outputs = np.asarray(studio.network(run)(rows.x), float)[:, 0]
    right = np.where(rows.y == 1, outputs, 1 - outputs)
    return np.asarray(-np.log(np.maximum(right, 1e-7)))  # Keras' epsilon


def spread_of(losses: np.ndarray, seed: int) -> list[dict[str, float]]:
    """For each batch size the spread of the mean over random mini-batches, drawn with and without putting rows back,
    and what the formulas say."""
    rng = np.random.default_rng(seed)
    whole, spread = len(losses), float(losses.std())
    shuffled = rng.permuted(np.tile(losses, (DRAWS, 1)), axis=1)
    found = []
    for size in SIZES:
        formula = spread / np.sqrt(size)
        found.append(
            {
                "size": size,
                "spread": float(losses[rng.integers(0, whole, (DRAWS, size))].mean(1).std()),
                "without": float(shuffled[:, :size].mean(1).std()),
                "formula": float(formula),
                "formula_without": float(formula * np.sqrt((whole - size) / (whole - 1))),
            }
        )
    return found


def fitted(spreads: list[list[dict[str, float]]]) -> tuple[Any, float]:
    """The mean slope of log spread over log size with its interval over seeds; and the furthest that a spread is from
    its formula, as a mean over seeds."""
    slopes = [float(np.polyfit(np.log(SIZES), np.log([one["spread"] for one in found]), 1)[0]) for found in spreads]
    off = np.array(
        [
            [(one["spread"] / one["formula"] - 1, one["without"] / one["formula_without"] - 1) for one in found]
            for found in spreads
        ]
    )
    return mean_interval(slopes), float(np.abs(off.mean(0)).max())


LESSON = Lesson(8, "batch-sizes", Said("gallery_descent.batch_sizes_title"), teach)
