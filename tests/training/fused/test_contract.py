"""One suite that both engines pass, on JAX: honest numbers, real callbacks, kept weights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.fused.child import reports, selected
from tests.training.fused.contract_checks import CHECKS

QUICK = "plain_keras_finds_the_same_numbers"


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    return reports("tests.training.fused.contract_checks", selected(request, "test_contract"))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name.startswith("fused:") and name.endswith(QUICK) else pytest.mark.slow)
        for name in CHECKS
    ],
)
def test_contract(found: dict[str, Any], name: str) -> None:
    assert found[name] is None, found[name]["failed"]
