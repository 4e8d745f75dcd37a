"""What the configs reach: five seeds each through the command line, printed as the table of docs/results.md."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.processes import DLRUN, HERE, run, scratch

SEEDS = 5
CONFIGS = HERE.parent / "configs"


@dataclass(frozen=True)
class Claim:
    """What a config must reach."""

    config: str
    metric: str
    must: str
    holds: Callable[[dict[str, float], list[float]], bool]
    """Of the trivial predictor's metrics and the value of each seed."""


CLAIMS = (
    Claim("xor", "train_accuracy", "1.00 in every seed", lambda trivial, values: min(values) == 1.0),
    Claim("linear_xor", "train_accuracy", "<= 0.75 in every seed", lambda trivial, values: max(values) <= 0.75),
    Claim("deep_linear_xor", "train_accuracy", "<= 0.75 in every seed", lambda trivial, values: max(values) <= 0.75),
    Claim("baseline", "val_accuracy", "", lambda trivial, values: True),
    Claim("wide", "val_accuracy", ">= 0.97 on average", lambda trivial, values: statistics.mean(values) >= 0.97),
    Claim("deep", "val_accuracy", "", lambda trivial, values: True),
    Claim("wide_deep", "val_accuracy", "", lambda trivial, values: True),
    Claim(
        "diabetes",
        "val_root_mean_squared_error",
        "20 % below the mean predictor on average",
        lambda trivial, values: statistics.mean(values) <= 0.8 * trivial["val_root_mean_squared_error"],
    ),
)


def main(backend: str = "tensorflow") -> None:
    print("\n| config | measured | mean | seeds 0 to 4 | trivial predictor | must | |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with scratch() as folder:
        for claim in CLAIMS:
            print(row(claim, trained(claim.config, backend, folder)), flush=True)


def trained(config: str, backend: str, folder: str) -> list[dict[str, Any]]:
    """The JSON of each seed's run, with the trivial predictor's metrics from its record."""
    command = [DLRUN, "train", str(CONFIGS / f"{config}.yaml"), "--seeds", str(SEEDS), "--backend", backend]
    answer = json.loads(run([*command, "--results", folder, "-q", "--json"]))
    return [one | json.loads((HERE / one["path"] / "result.json").read_text()) for one in answer["runs"]]


def row(claim: Claim, runs: list[dict[str, Any]]) -> str:
    values = [one["metrics"][claim.metric] for one in runs]
    trivial = runs[0]["trivial"]
    reached = ("reached" if claim.holds(trivial, values) else "MISSED") if claim.must else ""
    each = ", ".join(f"{value:.4g}" for value in values)
    cells = [
        f"`{claim.config}.yaml`",
        claim.metric,
        f"{statistics.mean(values):.4g}",
        each,
        f"{trivial[claim.metric]:.4g}",
        claim.must,
        reached,
    ]
    return f"| {' | '.join(cells)} |"
