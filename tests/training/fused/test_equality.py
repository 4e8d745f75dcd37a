"""Fused = keras on JAX, member by member: every optimizer, schedule, initializer, activation, loss and regulariser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.fused.child import reports, selected
from tests.training.fused.crowds import CROWDS, QUICK

MODULE = "tests.training.fused.equal_checks"
CLOSE = 1e-9
"""The largest relative difference of a number in 64 bits."""


@pytest.fixture(scope="module")
def compared(request: pytest.FixtureRequest) -> dict[str, Any]:
    return reports(MODULE, selected(request, "test_fused_is_keras"))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in CROWDS]
)
def test_fused_is_keras(compared: dict[str, Any], name: str) -> None:
    found = compared[name]
    assert "failed" not in found, found["failed"]
    assert found["alone"]["largest"] <= CLOSE, found["alone"]["where"]
    assert ("together" in found) == CROWDS[name].padded
    if CROWDS[name].padded:
        assert found["together"]["largest"] <= CLOSE, found["together"]["where"]
