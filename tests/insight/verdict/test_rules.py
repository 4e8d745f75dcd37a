"""Each verdict, precedence, and what an unusual curve may not do."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.insight.verdict import VERDICTS, diagnose
from dlrun.insight.verdict.rules import RULES
from tests.insight.verdict.made import TRIVIAL, added, falling, rising_from, told, wave


def test_a_plateau_near_the_trivial_loss_is_underfit() -> None:
    assert told(falling(40, 1.8), falling(40, 1.81)).verdict == "underfit"


def test_a_loss_that_still_falls_is_not_converged() -> None:
    found = told(falling(20, 0.2, ends=0.4), falling(20, 0.25, ends=0.4))
    assert found.verdict == "not converged"
    assert found.evidence["slope_end"] < 0  # type: ignore[operator]


def test_a_small_gap_on_a_plateau_is_a_good_fit() -> None:
    found = told(falling(40, 0.2), falling(40, 0.3))
    assert found.verdict == "good fit"
    assert found.turns is None


def test_weights_kept_before_the_turn_are_a_good_fit_that_would_overfit() -> None:
    found = told(falling(60, 0.05), added(falling(60, 0.2), rising_from(30, 0.02)))
    assert found.verdict == "good fit"
    assert found.turns == found.evidence["best_epoch"]
    assert "would_overfit" in found.findings[0].key


def test_the_same_curves_are_overfit_where_the_last_weights_are_kept() -> None:
    found = told(falling(60, 0.05), added(falling(60, 0.2), rising_from(30, 0.02)), kept_epoch=60)
    assert found.verdict == "overfit"
    assert found.evidence["wasted_epochs"] == 60 - found.evidence["best_epoch"]  # type: ignore[operator]


def test_a_gap_of_half_of_what_was_learnt_is_overfit_at_the_best_epoch() -> None:
    found = told(falling(60, 0.0), falling(60, 1.1))
    assert found.verdict == "overfit"
    assert found.evidence["lost"] == pytest.approx(1.1 / 2, abs=0.01)


@pytest.mark.parametrize(
    "train",
    [
        [1.0 + 0.6 * (n % 2) for n in range(30)],
        [14.9] * 30,
        [2.5 + 0.3 * math.sin(5 * n) for n in range(30)],
        added([TRIVIAL] * 30, wave(0.1)),
    ],
    ids=["swings", "thrown out", "above trivial", "wanders around trivial"],
)
def test_a_rate_that_is_too_high(train: list[float]) -> None:
    assert told(train, train).verdict == "learning rate too high"


@pytest.mark.parametrize("last", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_diverged_and_judged_before(last: float) -> None:
    found = told([1.5, 3.0, 90.0, last], [1.5, 3.0, 90.0, 95.0])
    assert found.verdict == "diverged"
    assert found.evidence["epochs"] == 3


def test_diverged_in_the_first_epoch() -> None:
    found = told([math.nan], [math.nan])
    assert found.verdict == "diverged"
    assert not found.evidence
    assert found.findings


def test_without_validation_rows() -> None:
    found = told(falling(30, 0.1), None)
    assert found.verdict == "no validation data"
    assert found.evidence["gap"] is None


def test_ten_validation_rows_tell_nothing() -> None:
    rows = {"train": 500, "measured_train": 10, "validation": 10}
    assert told(falling(40, 0.4), falling(40, 0.5), rows=rows).verdict == "too noisy to tell"


def test_a_validation_loss_that_swings_tells_nothing() -> None:
    val = added(falling(40, 0.5), wave(0.9))
    assert told(falling(40, 0.4), val).verdict == "too noisy to tell"


def test_other_rows_might_have_given_another_answer() -> None:
    rows = {"train": 100, "measured_train": 30, "validation": 30}
    found = told(falling(40, 0.7), falling(40, 1.2), rows=rows)
    assert found.verdict == "too noisy to tell"
    assert told(falling(40, 0.7), falling(40, 1.2)).verdict == "overfit"


@pytest.mark.parametrize("epochs", [1, 2])
def test_one_or_two_epochs_have_just_begun(epochs: int) -> None:
    assert told([1.5, 1.0][:epochs], [1.5, 1.1][:epochs]).verdict == "not converged"


def test_only_the_start_was_measured() -> None:
    found = diagnose({"status": "completed"}, {"epoch": [0.0], "train_loss": [0.7], "val_loss": [0.7]})
    assert found.verdict is None
    assert found.findings[0].key == "verdict.start_only"


@pytest.mark.parametrize("status", ["running", "failed", "interrupted"])
def test_no_epoch_no_verdict(status: str) -> None:
    found = diagnose({"status": status, "reason": "out of memory"}, {})
    assert found.verdict is None
    assert found.findings


@pytest.mark.parametrize("status", ["running", "interrupted", "pruned", "failed"])
def test_an_unfinished_run_is_judged_as_far_as_it_came(status: str) -> None:
    found = told(falling(20, 0.2, 0.4), falling(20, 0.25, 0.4), status=status)
    assert found.verdict == "not converged"
    assert f"verdict.was_{status}" in [finding.key for finding in found.findings]


def test_without_a_record_nothing_is_called_learnt() -> None:
    curves = {"epoch": [float(n) for n in range(1, 41)], "train_loss": falling(40, 1.9), "val_loss": falling(40, 1.9)}
    found = diagnose({}, curves)
    assert found.verdict == "good fit"
    assert found.evidence["learnt"] is None


@pytest.mark.parametrize("trivial", [{}, {"train_loss": None, "val_loss": None}, {"train_loss": 0.0, "val_loss": 0.0}])
def test_a_missing_trivial_loss_is_said(trivial: dict[str, Any]) -> None:
    found = told(falling(40, 0.2), falling(40, 0.3), trivial=trivial)
    assert found.verdict == "good fit"
    assert "verdict.trivial_unknown" in [finding.key for finding in found.findings]


def test_a_score_as_monitor_is_judged_by_the_losses() -> None:
    val = added(falling(60, 0.2), rising_from(30, 0.02))
    assert told(falling(60, 0.05), val, monitor="val_accuracy", best_epoch=58, kept_epoch=58).verdict == "overfit"


def test_a_reference_is_named_and_decides_nothing() -> None:
    record: dict[str, Any] = {"trivial": {"train_loss": TRIVIAL, "val_loss": TRIVIAL}}
    curves = {"epoch": [1.0, 2.0, 3.0], "train_loss": [1.0, 0.5, 0.5], "val_loss": [1.0, 0.6, 0.6]}
    alone = diagnose(record, curves)  # type: ignore[arg-type]
    beside = diagnose(record, curves, {"metrics": {"val_loss": 0.1}})  # type: ignore[arg-type]
    assert beside.verdict == alone.verdict
    assert beside.evidence["reference_val_loss"] == 0.1


@pytest.mark.parametrize("value", [0.0, 1e-30, TRIVIAL, 5.0])
@pytest.mark.parametrize("epochs", [1, 2, 3, 4, 5, 60])
def test_constant_curves_have_a_verdict(value: float, epochs: int) -> None:
    found = told([value] * epochs, [value] * epochs)
    assert found.verdict in VERDICTS
    assert found.evidence["gap"] == 0


def test_losses_that_reach_zero() -> None:
    assert (
        told([max(0.0, 2 - n / 5) for n in range(40)], [max(0.0, 2 - n / 5) for n in range(40)]).verdict == "good fit"
    )


def test_losses_below_zero() -> None:
    train, val = ([value - 1.5 for value in falling(40, plateau)] for plateau in (0.2, 0.3))
    found = told(train, val, trivial={"train_loss": 0.5, "val_loss": 0.5})
    assert found.verdict == "good fit"
    assert found.evidence["learnt"] is None
    assert found.evidence["lost"] == pytest.approx(0.1 / 1.8, abs=0.01)


def test_every_rule_tells_a_known_verdict() -> None:
    assert {verdict for verdict, _ in RULES} <= set(VERDICTS)


# --- properties ------------------------------------------------------------------------------------------------------

plateaus = st.floats(0, 1.9)
lengths = st.integers(3, 200)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[float], list[float], int]:
    """Two smooth curves with a turn or without, and a kept epoch."""
    epochs, plateau = draw(lengths), draw(plateaus)
    ends = draw(st.sampled_from([0.001, 0.05, 0.3, 0.8]))
    train = falling(epochs, plateau, ends)
    gap, turn, rise = draw(st.floats(0, 1)), draw(st.integers(1, epochs)), draw(st.sampled_from([0.0, 0.001, 0.03]))
    val = added(falling(epochs, min(1.99, plateau + gap), ends), rising_from(turn, rise))
    return train, val, draw(st.integers(1, epochs))


@given(pairs(), st.floats(-9, 9))
@settings(max_examples=150, deadline=None)
def test_the_unit_of_the_loss_changes_no_verdict(pair: tuple[list[float], list[float], int], power: float) -> None:
    train, val, kept = pair
    scale = 10**power
    trivial = {"train_loss": TRIVIAL * scale, "val_loss": TRIVIAL * scale}
    scaled = told([v * scale for v in train], [v * scale for v in val], kept_epoch=kept, trivial=trivial)
    plain = told(train, val, kept_epoch=kept)
    assert scaled.verdict == plain.verdict
    assert scaled.turns == plain.turns


@given(pairs())
@settings(max_examples=100, deadline=None)
def test_equal_curves_are_never_overfit(pair: tuple[list[float], list[float], int]) -> None:
    train, _, kept = pair
    found = told(train, train, kept_epoch=kept)
    assert found.verdict != "overfit"
    assert found.evidence["gap"] == found.evidence["gap_best"] == 0


@given(st.floats(0, 1.5), st.integers(2, 5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_stretched_curves_are_told_the_same(plateau: float, times: int, turns: bool) -> None:
    def verdict(epochs: int) -> str | None:
        rise = rising_from(epochs // 2, 40 * 0.02 / epochs if turns else 0.0)
        val = added(falling(epochs, plateau + 0.1), rise)
        return told(falling(epochs, plateau), val, kept_epoch=epochs).verdict

    assert verdict(40) == verdict(40 * times)


@given(
    st.lists(st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-5, 5)), max_size=30),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_any_curves_have_evidence_that_json_can_hold(train: list[float], data: st.DataObject) -> None:
    val = data.draw(st.one_of(st.none(), st.lists(st.floats(), min_size=len(train), max_size=len(train))))
    trivial = data.draw(st.one_of(st.none(), st.floats()))
    found = told(
        train, val, trivial={"train_loss": trivial, "val_loss": trivial}, kept_epoch=data.draw(st.integers(0, 40))
    )
    assert found.verdict is None or found.verdict in VERDICTS
    json.dumps(dict(found.evidence), allow_nan=False)
    for language in ("en", "ko"):
        assert all(finding.text(language) for finding in found.findings)
