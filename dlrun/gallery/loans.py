"""Made-up loans, granted by a rule of thresholds: the kind of table on which trees do well."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from dlrun.store.files import write_whole

ROWS = 1200
TURNED = 0.05
"""Share of the answers that are turned round."""
NAMES = ("income", "debt", "years", "age", "other_1", "other_2", "other_3", "other_4")


def write_loans(path: Path) -> None:
    """A table of 1,200 rows, always the same: `loan` is yes where income > 45 and debt < 0.5, or years > 12 and
    age < 50 and debt < 0.75; one answer in twenty is turned round. `other_1` to `other_4` have nothing to do with it.

    Raises:
        StoreNotWritable: no space left, or no permission.
    """
    draw = np.random.default_rng(0)
    low, high = np.array([20, 0, 0, 20, 0, 0, 0, 0]), np.array([80, 1, 25, 70, 1, 1, 1, 1])
    x = np.round(draw.uniform(low, high, (ROWS, len(NAMES))), 2)
    income, debt, years, age = x.T[:4]
    granted = ((income > 45) & (debt < 0.5)) | ((years > 12) & (age < 50) & (debt < 0.75))
    granted ^= draw.random(ROWS) < TURNED

    def write(aside: Path) -> None:
        with aside.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow([*NAMES, "loan"])
            lines.writerows([*row, "yes" if yes else "no"] for row, yes in zip(x.tolist(), granted, strict=True))

    write_whole(path, write)
