from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.training.batches import Batches, batch_size, epoch_order

FEW = st.integers(1, 60)


@given(rows=FEW, size=FEW, parameters=st.sampled_from([1, 10**9, 10**10]))
def test_every_row_once_per_epoch(rows: int, size: int, parameters: int) -> None:
    batches = Batches(seed=3, rows=rows, size=min(size, rows), parameters=parameters)
    for epoch in range(2):
        calls = list(itertools.islice(batches.endless(), epoch * batches.calls, (epoch + 1) * batches.calls))
        steps = [step for _, (first, last) in calls for step in range(first, last)]
        assert steps == list(range(batches.steps))
        for (order,), _ in calls:
            assert np.array_equal(order, epoch_order(3, epoch, rows))
            assert np.array_equal(np.sort(order), np.arange(rows))


def test_what_is_drawn_comes_with_the_order() -> None:
    def drawn(epoch: int) -> tuple[np.ndarray, ...]:
        return np.full((10, 2), epoch), np.arange(10)

    batches = Batches(seed=3, rows=10, size=4, parameters=10**10, drawn=drawn)
    calls = list(itertools.islice(batches.endless(), 2 * batches.calls))
    for place, ((order, whole, numbers), _) in enumerate(calls):
        assert np.array_equal(order, epoch_order(3, place // batches.calls, 10))
        assert (whole.tolist(), numbers.tolist()) == ([[place // batches.calls] * 2] * 10, list(range(10)))


def test_a_call_is_never_longer_than_about_a_second() -> None:
    assert Batches(0, 10_000_000, 1000, 10_000).calls == 7  # 1,666 steps of 60 million operations
    assert Batches(0, 40_000, 128, 269_322).calls == 1
    assert Batches(0, 1_000_000, 1, 10).calls == 100


def test_seeds_and_epochs_have_their_own_order() -> None:
    orders = [epoch_order(seed, epoch, 50).tolist() for seed in range(3) for epoch in range(3)]
    assert len({tuple(order) for order in orders}) == 9


@pytest.mark.parametrize(("given_size", "rows", "size"), [("full", 7, 7), (32, 100, 32), (32, 7, 7), (1, 7, 1)])
def test_batch_size(given_size: Any, rows: int, size: int) -> None:
    assert batch_size(given_size, rows) == size
