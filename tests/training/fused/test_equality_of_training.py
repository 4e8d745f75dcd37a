"""Fused = keras on JAX, member by member: every optimizer, schedule, loss, batch size and augmentation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.fused.equality import assert_equal, both_engines, crowds_of


@pytest.fixture(scope="module")
def compared(request: pytest.FixtureRequest) -> dict[str, Any]:
    return both_engines(request)


@crowds_of("training")
def test_fused_is_keras(compared: dict[str, Any], name: str) -> None:
    assert_equal(compared[name], name)
