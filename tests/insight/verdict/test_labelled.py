"""Verdicts against curves labelled by how they were made."""

from __future__ import annotations

import pytest

from bench.verdict_curves import generated
from bench.verdicts import HALVES, labelled, recorded, scores, share_right

LEAST = 0.95
COUNTED = ("underfit", "not converged", "good fit", "overfit", "learning rate too high", "diverged")


@pytest.mark.parametrize("half", HALVES)
def test_clear_curves_are_told_as_they_were_made(half: str) -> None:
    counts = scores(curve for curve in labelled(half) if curve.clear)
    assert sum(counts.values()) >= 200
    assert share_right(counts) >= LEAST


@pytest.mark.parametrize("half", HALVES)
def test_each_verdict_is_told(half: str) -> None:
    for label in COUNTED:
        counts = scores(curve for curve in labelled(half) if curve.clear and curve.label == label)
        assert sum(counts.values()) >= 20
        assert share_right(counts) >= 0.9, (label, counts)


@pytest.mark.parametrize("half", HALVES)
def test_where_noise_hides_the_answer_none_is_given(half: str) -> None:
    counts = scores(curve for curve in labelled(half) if curve.clear and curve.label == "too noisy to tell")
    assert sum(counts.values()) >= 20
    assert share_right(counts) >= LEAST


def test_halves_share_no_curve() -> None:
    names = [{curve.name for curve in labelled(half)} for half in HALVES]
    assert not names[0] & names[1]
    assert all(len(found) >= 280 for found in names)


def test_generated_curves_are_the_same_again() -> None:
    first, again = (next(iter(generated("a"))) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("half", HALVES)
def test_the_record_names_no_machine(half: str) -> None:
    assert all(not str(curve.record["spec"]["data"]["source"]).startswith("/") for curve in recorded(half))
