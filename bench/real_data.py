"""What the configs of real data reach on rows they were not chosen by, printed as the table of docs/results.md.

Each net was chosen on validation rows; here it is trained with five seeds (or on five splits, or ten folds) and its
test rows are opened once per run. Needs the data: DLRUN_DATA names their folder.
"""

from __future__ import annotations

import json
import math
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import DLRUN, HERE, run, scratch

CONFIGS = HERE.parent / "configs"
T_95 = {5: 2.776, 10: 2.262}
"""Student's t for a 95 % interval of the mean of so many values."""


@dataclass(frozen=True)
class Claim:
    """A config and what it must reach."""

    config: str
    metric: str
    repeats: tuple[tuple[str, ...], ...]
    """The arguments of each training: another seed, another split."""
    must: str
    limit: float
    smaller_is_better: bool = False
    tested: bool = True
    """Whether test rows decide; else the validation rows of the folds, on which nothing was chosen."""


SEEDS = (("--seeds", "5"),)
SPLITS = tuple(("--set", f"data.split_seed={split}") for split in range(5))
CLAIMS = (
    Claim("fashion_mnist", "accuracy", SEEDS, ">= 0.885", 0.885),
    Claim("mnist", "accuracy", SEEDS, ">= 0.982", 0.982),
    Claim("adult", "accuracy", SEEDS, ">= 0.850", 0.850),
    Claim("california_housing", "root_mean_squared_error", SPLITS, "<= 60,000", 60_000, smaller_is_better=True),
    Claim("titanic", "accuracy", ((),), ">= 0.80", 0.80, tested=False),
    Claim("wine_quality", "root_mean_squared_error", SPLITS, "its honest figure", math.inf, smaller_is_better=True),
)


def main() -> None:
    if not os.environ.get("DLRUN_DATA"):
        skipped("real data")
        return
    print("\n| config | measured | mean | 95 % interval of the mean | each | trivial | must | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with scratch() as folder:
        for claim in CLAIMS:
            print(row(claim, measured(claim, folder)), flush=True)


def skipped(what: str) -> None:
    print(f"\n{what}: skipped, DLRUN_DATA does not name the folder of the data sets")


def measured(claim: Claim, folder: str) -> list[tuple[float, float]]:
    """The value of each run, with the trivial predictor's."""
    runs: list[dict[str, Any]] = []
    for words in claim.repeats:
        command = [DLRUN, "train", str(CONFIGS / f"{claim.config}.yaml"), *words, "--backend", "jax"]
        runs += json.loads(run([*command, "--results", folder, "-q", "--json"], DATA))["runs"]
    if claim.tested:
        return [tested(claim, one, folder) for one in runs]
    return [validated(claim, one) for one in runs]


DATA = {"DLRUN_DATA": os.environ.get("DLRUN_DATA", "")}


def tested(claim: Claim, one: dict[str, Any], folder: str) -> tuple[float, float]:
    answer = json.loads(run([DLRUN, "evaluate", one["id"], "--results", folder, "-q", "--json"], DATA))
    found = {metric["metric"]: metric for metric in answer["evaluations"][0]["metrics"]}[claim.metric]
    return found["value"], found["trivial"]


def validated(claim: Claim, one: dict[str, Any]) -> tuple[float, float]:
    trivial = json.loads((Path(one["path"]) / "result.json").read_text())["trivial"]
    return one["metrics"][f"val_{claim.metric}"], trivial[f"val_{claim.metric}"]


def row(claim: Claim, found: Sequence[tuple[float, float]]) -> str:
    values = [value for value, _ in found]
    mean = statistics.mean(values)
    holds = mean <= claim.limit if claim.smaller_is_better else mean >= claim.limit
    cells = [
        f"`{claim.config}.yaml`",
        ("test " if claim.tested else "left-out fold ") + claim.metric,
        number(mean),
        interval(values),
        ", ".join(map(number, values)),
        number(statistics.mean(trivial for _, trivial in found)),
        claim.must,
        "" if math.isinf(claim.limit) else "reached" if holds else "MISSED",
    ]
    return f"| {' | '.join(cells)} |"


def interval(values: Sequence[float]) -> str:
    """Of the mean, by Student's t."""
    mean = statistics.mean(values)
    half = T_95[len(values)] * statistics.stdev(values) / math.sqrt(len(values))
    return f"{number(mean - half)} to {number(mean + half)}"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4f}"
