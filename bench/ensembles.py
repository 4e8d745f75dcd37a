"""What joining five seeds brings on rows that had no part in it: test accuracy of the ensemble less that of the best
member, which validation rows chose.

Digits: ten splits, each with five seeds; the mean difference with Student's interval over splits. Splits share rows, so
the interval as `dlrun compare` widens it (Nadeau and Bengio 2003) stands beside it. Fashion-MNIST, where DLRUN_DATA
names the folder of the data sets: one split, with a bootstrap interval over its 10,000 test rows, both sides on the
same draws. Every figure is printed as it comes out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.processes import DLRUN, HERE, run, scratch
from bench.row_scores import on_test_rows, right
from dlrun.insight.statistics.interval import Interval, mean_interval
from dlrun.runner.ensemble.candidates import choose
from dlrun.runner.ensemble.making import EnsembleMaker
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import open_run
from dlrun.spec.other_kinds import EnsembleMethod
from dlrun.store import RunFolder, Store

SEEDS, SPLITS, BACKEND = 5, 10, "jax"
METHODS: tuple[EnsembleMethod, ...] = ("mean",)
RESAMPLES = 2000
DIGITS = ("digits", "--set", "data.test_split=0.2", "--set", "fit.epochs=20")
FASHION = (str(HERE.parent / "configs" / "fashion_mnist.yaml"), "--set", "model.units=[256, 128, 64]",
           "--set", "fit.epochs=10")  # fmt: skip


def main(names: Sequence[str] = ("digits", "fashion")) -> None:
    with scratch() as folder:
        for name in names:
            if name == "digits" or os.environ.get("DLRUN_DATA"):
                PARTS[name](Path(folder) / name)
            else:
                print("\nFashion-MNIST: skipped, DLRUN_DATA does not name the folder of the data sets")


def digits(root: Path) -> None:
    print(f"\ndigits, {SPLITS} splits, {SEEDS} seeds each: test accuracy of the ensemble less that of the best member")
    found: dict[str, list[float]] = {method: [] for method in METHODS}
    single, members = [], []
    for split in range(SPLITS):
        correct = measured(root / str(split), (*DIGITS, "--set", f"data.split_seed={split}"))
        print(f"  split {split}: best member {correct['best member'].mean():.4f}, "
              f"{', '.join(f'{method} {correct[method].mean():.4f}' for method in METHODS)}", flush=True)  # fmt: skip
        single.append(correct["best member"].mean())
        members.append(correct["members"].mean())
        for method in METHODS:
            found[method].append(float(correct[method].mean() - single[-1]))
    print(f"  best member by validation rows {np.mean(single):.4f}; all members {np.mean(members):.4f}")
    rows = {"test": 359, "train": 1079}
    for method, values in found.items():
        plain, wide = mean_interval(values), mean_interval(values, rows["test"] / rows["train"])
        each = " ".join(f"{100 * value:+.2f}" for value in values)
        print(f"  {method:<9} {points(plain)} (widened {points(wide)}); each {each}")


def points(interval: Interval | None) -> str:
    """`+0.25 points, 95 % -0.10 to +0.60`."""
    if interval is None or interval.low is None or interval.high is None:
        return "unknown"
    return f"{100 * interval.mean:+.2f} points, 95 % {100 * interval.low:+.2f} to {100 * interval.high:+.2f}"


def fashion(root: Path, share: float = 1.0) -> None:
    print(
        f"\nFashion-MNIST, 784-256-128-64-10, 10 epochs, {SEEDS} seeds, {share:.0%} of the train rows: 10,000 test rows"
    )
    correct = measured(root, (*FASHION, "--set", f"data.train_fraction={share}"))
    best = correct["best member"]
    print(f"  best member by validation rows {best.mean():.4f}; all members {correct['members'].mean():.4f}")
    for method in METHODS:
        low, high = bootstrap(correct[method] - best)
        print(f"  {method:<9} {correct[method].mean():.4f}: {100 * (correct[method] - best).mean():+.2f} points, "
              f"95 % {100 * low:+.2f} to {100 * high:+.2f}")  # fmt: skip


def measured(root: Path, words: Sequence[str]) -> dict[str, np.ndarray]:
    """Trains the seeds and joins them; float64 (test rows,): 1 where an answer is right. `members` has all of them."""
    data = {"DLRUN_DATA": os.environ.get("DLRUN_DATA", "")}
    words = ["train", *words, "--seeds", str(SEEDS), "--backend", BACKEND, "--results", str(root), "-q", "--json"]
    runs: list[dict[str, Any]] = json.loads(run([DLRUN, *words], data))["runs"]
    folders = [RunFolder(Path(one["path"])) for one in runs]
    best = max(range(SEEDS), key=lambda place: runs[place]["metrics"]["val_accuracy"])
    rows = RunData()
    each = [right(on_test_rows(open_run(folder), rows, BACKEND)) for folder in folders]
    found = {"best member": each[best], "members": np.concatenate(each)}
    maker = EnsembleMaker(Store(root), lambda text: None, BACKEND)
    for method in METHODS:
        made = maker.make(choose([folders]), method)
        found[method] = right(on_test_rows(open_run(made.folder), rows, BACKEND))
    return found


def bootstrap(differences: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of the mean over draws of the rows."""
    draws = np.random.default_rng(0)
    means = [draws.choice(differences, len(differences)).mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


PARTS: dict[str, Callable[[Path], None]] = {
    "digits": digits,
    "fashion": fashion,
    "fashion_fifth": lambda root: fashion(root, 0.2),
}
"""What `python -m bench.ensembles NAME...` takes; the last is for a busy machine."""


if __name__ == "__main__":
    main(sys.argv[1:] or ("digits", "fashion"))
