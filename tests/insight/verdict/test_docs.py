"""`docs/verdicts.md` says what the code does."""

from __future__ import annotations

from dataclasses import fields

import pytest

from dlrun.insight.verdict import VERDICTS
from dlrun.insight.verdict.evidence import Evidence
from dlrun.insight.verdict.thresholds import THRESHOLDS
from tests.command import ROOT

TEXT = (ROOT / "docs" / "verdicts.md").read_text()


def test_the_table_of_thresholds() -> None:
    rows = [f"| `{name}` | {limit.value:g} | {limit.of} | {limit.why} |" for name, limit in THRESHOLDS.items()]
    head = "| name | limit | of | why |\n| --- | --- | --- | --- |\n"
    assert head + "\n".join(rows) + "\n" in TEXT


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_explained(verdict: str) -> None:
    assert f"| *{verdict}* |" in TEXT


def test_every_number_of_the_evidence_is_listed() -> None:
    missing = [field.name for field in fields(Evidence) if f"`{field.name}`" not in TEXT]
    assert not missing
