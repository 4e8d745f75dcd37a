"""A member's numbers do not depend on its neighbours; 32 bits; memory over thousands of models."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from dlrun.training.fused.engine import HELD_PROGRAMS
from tests.training.fused.child import reports, selected
from tests.training.fused.crowd_checks import CHECKS

CLOSE = 1e-9
CLOSE_IN_32_BITS = 1e-3
NAMES = {
    "neighbours": ["neighbours", "slots"],
    "spread": [name for name in CHECKS if name.startswith("spread ")],
    "memory": ["two thousand models", "many programs"],
}
COMPANY = (
    "all together", "backwards", "two slots", "one slot", "more slots than members", "a plan",
    "a plan with little memory", "half of them",
)  # fmt: skip


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    kinds = {
        "test_neighbours_change_nothing": NAMES["neighbours"],
        "test_in_32_bits": NAMES["spread"],
        "test_memory": NAMES["memory"],
    }
    wanted = [name for test, names in kinds.items() if selected(request, test) for name in names]
    return reports("tests.training.fused.crowd_checks", wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*COMPANY, "other members in the same slots"])
def test_neighbours_change_nothing(found: dict[str, Any], name: str) -> None:
    assert found["slots"] is None, found["slots"]
    assert "failed" not in found["neighbours"], found["neighbours"]["failed"]
    if name in COMPANY:
        difference = found["neighbours"][name]
        assert difference["largest"] <= CLOSE, difference["where"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES["spread"])
def test_in_32_bits(found: dict[str, Any], name: str) -> None:
    spread = found[name]
    assert "failed" not in spread, spread["failed"]
    assert spread["loss"] <= CLOSE_IN_32_BITS
    assert spread["rows"] <= 1.5  # a row of 120 on the border between two classes may change sides
    fused, keras = spread["ends"]
    for one, other in combinations(range(len(keras)), 2):
        if abs(keras[one] - keras[other]) > 2 * CLOSE_IN_32_BITS * keras[one]:
            assert (fused[one] < fused[other]) == (keras[one] < keras[other])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES["memory"])
def test_memory(found: dict[str, Any], name: str) -> None:
    figures = found[name]
    megabytes = figures if isinstance(figures, list) else figures["MB"]
    if name == "many programs":
        assert figures["held"] == HELD_PROGRAMS
    assert megabytes[-1] - megabytes[1] <= 60, megabytes
