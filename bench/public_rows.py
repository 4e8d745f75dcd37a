"""Published test accuracies of MLPs, each beside ours of the same net: five seeds, the 10,000 test images opened once
per run. No validation rows: as in the sources, all 60,000 train images are trained on and the last epoch is kept. Needs
the data: DLRUN_DATA names their folder.
"""

from __future__ import annotations

import os
import statistics

from bench.processes import scratch
from bench.real_data import SEEDS, Claim, interval, measured, number, skipped

ROUNDING = 0.0005
"""The sources give three digits: a mean that rounds to their figure has reached it."""
CLAIMS = tuple(
    Claim(f"public/{config}", "accuracy", SEEDS, f"{figure:.3f}", figure)
    for config, figure in (
        ("mnist_512_512", 0.984),
        ("mnist_800", 0.984),
        ("fashion_256_128_64", 0.900),
        ("mnist_100_10", 0.972),
        ("fashion_100_10", 0.870),
    )
)


def main() -> None:
    if not os.environ.get("DLRUN_DATA"):
        skipped("public rows")
        return
    print("\n| config | published | measured mean | 95 % interval of the mean | each | |")
    print("| --- | --- | --- | --- | --- | --- |")
    with scratch() as folder:
        for claim in CLAIMS:
            print(row(claim, [value for value, _ in measured(claim, folder)]), flush=True)


def row(claim: Claim, values: list[float]) -> str:
    mean = statistics.mean(values)
    cells = [
        f"`{claim.config}.yaml`",
        claim.must,
        number(mean),
        interval(values),
        ", ".join(map(number, values)),
        "reached" if mean >= claim.limit - ROUNDING else "below",
    ]
    return f"| {' | '.join(cells)} |"
