"""Fused = keras on JAX, member by member: every initializer, activation and regulariser, batch normalization, and nets
with everything drawn at random."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.fused.equality import assert_equal, both_engines, crowds_of


@pytest.fixture(scope="module")
def compared(request: pytest.FixtureRequest) -> dict[str, Any]:
    return both_engines(request)


@crowds_of("nets")
def test_fused_is_keras(compared: dict[str, Any], name: str) -> None:
    assert_equal(compared[name], name)
