"""How an ensemble stands beside its best member."""

from __future__ import annotations

import numpy as np
import pytest

from dlrun.data import Rows, Task
from dlrun.runner.ensemble.worth import Measure
from dlrun.training.objective import Objective

AMOUNT = Objective("mean_squared_error", Task("regression", "price", mean=5.0, spread=2.0), "linear", 0.0, "float32")
NAMES = ("root_mean_squared_error",)


def test_copies_of_a_row_in_one_group_are_one_row() -> None:
    """Ten copies of each row in a group of its own tell no more than the rows: the interval stays as wide."""
    generator = np.random.default_rng(0)
    y, said, other = (generator.normal(size=30).astype(np.float32) for _ in range(3))
    few = Rows(np.zeros((30, 0), np.float32), y, np.arange(30))
    many = Rows(np.zeros((300, 0), np.float32), np.repeat(y, 10), np.arange(300))
    once = Measure(AMOUNT, NAMES).differences(few, said[:, None], other[:, None])
    outputs = np.repeat(said, 10)[:, None], np.repeat(other, 10)[:, None]
    grouped = Measure(AMOUNT, NAMES, np.repeat(np.arange(30), 10)).differences(many, *outputs)
    alone = Measure(AMOUNT, NAMES).differences(many, *outputs)
    for one, two, three in zip(once, grouped, alone, strict=True):
        assert [two[key] for key in ("low", "value", "high")] == pytest.approx(
            [one[key] for key in ("low", "value", "high")], rel=1e-5
        )
        assert (three["high"] or 0) - (three["low"] or 0) < 0.5 * ((two["high"] or 0) - (two["low"] or 0))
