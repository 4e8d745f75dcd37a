"""What the tests of equality share; each compares one family of crowds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.fused.child import reports, selected
from tests.training.fused.crowds import CROWDS, FAMILIES, QUICK

CLOSE = 1e-9
"""The largest relative difference of a number in 64 bits."""


def crowds_of(family: str) -> Any:
    """A family's crowds as values of a parameter `name`."""
    crowds = [crowd.name for crowd in FAMILIES[family]]
    return pytest.mark.parametrize(
        "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in crowds]
    )


def both_engines(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How far both are from each other in the crowds that are tested: see `equal_checks`."""
    return reports("tests.training.fused.equal_checks", selected(request, "test_fused_is_keras"))


def assert_equal(found: dict[str, Any], name: str) -> None:
    assert "failed" not in found, found["failed"]
    assert found["alone"]["largest"] <= CLOSE, found["alone"]["where"]
    assert ("together" in found) == CROWDS[name].padded
    if CROWDS[name].padded:
        assert found["together"]["largest"] <= CLOSE, found["together"]["where"]
