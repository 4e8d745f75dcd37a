"""Metrics of many members at once are those of each alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlrun.data import Prepared, Task
from dlrun.training.fused.measured import CHUNK, TOGETHER, in_chunks, sides, stacked_metric
from dlrun.training.metrics import Scored, measure
from tests.training.cases import AMOUNT, BINARY, DIGIT, digits

NUMBERS = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, -1.0, 1e30, float("nan"), float("inf")])
TASKS: list[tuple[Task, str]] = [
    (DIGIT, "accuracy"), (BINARY, "accuracy"), (BINARY, "f1"), (AMOUNT, "mean_absolute_error"),
    (AMOUNT, "root_mean_squared_error"), (AMOUNT, "r2"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "name"), TASKS)
@given(st.data())
def test_together_is_one_by_one(task: Task, name: str, data: Any) -> None:
    outputs = data.draw(arrays(np.float32, (3, 4, task.outputs), elements=NUMBERS.map(np.float32)))
    kind, most = (np.float32, 2) if task.kind == "regression" else (np.int32, max(task.outputs, 2))
    targets = np.array([0, 1, most - 1, 0], kind)
    with np.errstate(all="ignore"):
        found = stacked_metric(name, targets, outputs, task, 0.5)
        wanted = [measure(name, Scored(targets, member, task, 0.5)) for member in outputs]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_the_table_names_metrics() -> None:
    assert set(TOGETHER) <= {"accuracy", "mean_absolute_error", "root_mean_squared_error"}


@pytest.mark.parametrize("data", [digits(), digits(77, 0), digits(600, 520), digits(CHUNK, CHUNK)])
def test_equal_rows_stand_at_equal_places_of_their_chunks(data: Prepared) -> None:
    known, size = sides(data)
    assert size <= CHUNK
    assert all(side.start % size == 0 for side in known)
    chunks = in_chunks([side.rows.x for side in known], size)
    flat = chunks.reshape(-1, chunks.shape[-1])
    for side in known:
        np.testing.assert_array_equal(flat[side.span], side.rows.x)
