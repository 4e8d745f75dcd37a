"""A member draws the dropout masks that it would draw alone, bit for bit, whatever it is padded to."""

from __future__ import annotations

from typing import Any

import pytest

from dlrun.training.fused.threefry import last_kept
from tests.training.fused.child import reports, selected
from tests.training.fused.mask_checks import CHECKS


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    return reports("tests.training.fused.mask_checks", selected(request, "test_masks"))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKS)
def test_masks(found: dict[str, Any], name: str) -> None:
    assert found[name] is None, found[name]["failed"]


@pytest.mark.parametrize(("precision", "largest"), [("float32", 2**32 - 1), ("float64", 2**64 - 1)])
def test_a_rate_of_0_keeps_every_word(precision: str, largest: int) -> None:
    assert int(last_kept(0.0, precision)) == largest
    assert int(last_kept(0.5, precision)) == largest // 2
