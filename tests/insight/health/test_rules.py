"""Findings as a pure function of the records: limits, order, words, and records that know little."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlrun.insight.health import findings, health_document, health_lines, health_table
from dlrun.insight.health.records import Health, health_from
from dlrun.insight.health.rules import RULES, named
from dlrun.insight.health.telling import heading
from dlrun.insight.health.thresholds import LIMITS, THRESHOLDS
from dlrun.insight.words import LANGUAGES, messages

SPEC: dict[str, Any] = {
    "model": {"kernel_initializer": "he_normal", "activation": "relu", "batch_normalization": False},
    "optimizer": {"name": "adam", "learning_rate": 0.001},
    "schedule": {"name": "constant"},
}
SOUND = {
    "mean": 0.4, "spread": 0.6, "mean_before": 0.0, "spread_before": 1.0, "dead": 0.1, "saturated": None,
    "gradient": 1.0, "signal": 0.1, "weight": 8.0, "update": 0.001, "alike": 0.1,
}  # fmt: skip


def records(
    changed: Mapping[str, Sequence[float | None]] | None = None, depth: int = 3, activation: str = "relu",
    epochs: Sequence[int] = (0, 1, 2), ends: Mapping[str, Sequence[float | None]] | None = None,
) -> Health:  # fmt: skip
    """A sound net with an output layer.

    Args:
        changed: measure -> a value per layer, at all epochs.
        ends: the same at the last epoch alone.
    """
    names = [f"hidden_{place + 1}" for place in range(depth)] + ["output"]
    measures = {
        name: [[(changed or {}).get(name, [value] * (depth + 1))[place]] * len(epochs) for place in range(depth + 1)]
        for name, value in SOUND.items()
    }
    for name, values in (ends or {}).items():
        for column, value in zip(measures[name], values, strict=True):
            column[-1] = value
    layers = [{"name": name, "activation": activation, "inputs": 64, "units": 64} for name in names]
    bins = {"low": 0.0, "high": 1.0, "counts": [3, 0, 2]}
    return health_from(
        {
            "format": 1, "rows": 100, "steps_per_epoch": 10, "batch_normalization": False, "layers": layers,
            "epochs": list(epochs), "measures": measures,
            "histograms": [{"epoch": epoch, "layers": [bins] * (depth + 1)} for epoch in epochs],
        }
    )  # fmt: skip


def kinds(health: Health, **model: Any) -> list[str]:
    return [one.kind for one in findings(health, {**SPEC, "model": {**SPEC["model"], **model}})]


def test_a_sound_net_is_well() -> None:
    assert kinds(records()) == ["well"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"signal": [0.0009, 0.01, 0.1, 0.3]}, "vanishing"),
        ({"signal": [11.0, 1.0, 0.1, 0.3]}, "exploding"),
        ({"spread": [0.6, 0.2, 0.05, 0.1]}, "shrinking"),
        ({"spread": [0.6, 2.0, 7.0, 0.1]}, "growing"),
        ({"dead": [0.1, 0.41, 0.1, None]}, "dead"),
        ({"update": [0.011] * 4}, "large_steps"),
        ({"update": [9e-6] * 4}, "small_steps"),
        ({"alike": [1.0, 1.0, 1.0, 0.1]}, "symmetric"),
        ({"weight": [1.0, 1.0, 8.0, 8.0]}, "tiny"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_beyond_its_limit_is_said(changed: dict[str, list[float]], kind: str) -> None:
    assert kinds(records(changed))[0] == kind


@pytest.mark.parametrize(
    "changed",
    [
        {"signal": [0.0011, 0.01, 0.1, 0.3]},
        {"spread": [0.6, 0.2, 0.07, 0.1]},
        {"dead": [0.1, 0.39, 0.1, None]},
        {"update": [0.0099] * 4},
        {"update": [9e-6, 9e-6, 9e-6, 2e-5]},
        {"alike": [0.999, 0.9, 0.9, 0.9]},
        {"weight": [1.0, 8.0, 8.0, 8.0]},
    ],
)
def test_what_is_within_its_limit_is_not(changed: dict[str, list[float]]) -> None:
    assert kinds(records(changed)) == ["well"]


def test_units_of_one_input_are_not_equal_for_that() -> None:
    """Any two of them point the same or the opposite way."""
    health = records({"alike": [1.0, 0.1, 0.1, 0.1]})
    narrow = replace(health, layers=(replace(health.layers[0], inputs=1), *health.layers[1:]))
    assert kinds(health)[0] == "symmetric"
    assert kinds(narrow) == ["well"]
    zeros = records({"alike": [1.0, 0.1, 0.1, 0.1], "weight": [0.0, 8.0, 8.0, 8.0]})
    assert kinds(replace(zeros, layers=narrow.layers))[0] == "symmetric"


def test_saturation_and_likeness_at_the_end() -> None:
    assert kinds(records(ends={"saturated": [0.5, 0.1, 0.1, None]}, activation="tanh"))[0] == "saturated"
    assert kinds(records(ends={"alike": [0.6, 0.1, 0.1, 0.1]})) == ["alike"]
    assert kinds(records({"alike": [0.5] * 4}, ends={"alike": [0.6] * 4})) == ["well"], "alike from the start"


def test_a_cause_hides_its_consequences() -> None:
    zero = {"alike": [1.0] * 4, "signal": [1e-9, 1e-5, 0.1, 0.3], "dead": [1.0, 1.0, 1.0, None]}
    assert kinds(records(zero)) == ["symmetric"]
    small = {"weight": [0.1] * 4, "spread": [0.1, 0.01, 0.001, 0.1], "signal": [1e-9, 1e-5, 0.1, 0.3]}
    assert kinds(records(small)) == ["tiny"]


@pytest.mark.parametrize(
    ("activation", "model", "patch"),
    [
        ("relu", {"kernel_initializer": "glorot_uniform"}, {"model.kernel_initializer": "he_normal"}),
        ("relu", {"kernel_initializer": "he_uniform"}, {"model.batch_normalization": True}),
        ("relu", {"kernel_initializer": "he_normal", "batch_normalization": True}, {}),
        ("relu", {"weights": [[[1.0]]]}, {}),
        ("selu", {"kernel_initializer": "he_normal"}, {"model.kernel_initializer": "lecun_normal"}),
        ("tanh", {"kernel_initializer": "he_normal"}, {"model.kernel_initializer": "glorot_uniform"}),
        ("sigmoid", {}, {"model.activation": "relu", "model.kernel_initializer": "he_normal"}),
    ],
)
def test_the_fix_suits_activation_and_initializer(
    activation: str, model: dict[str, Any], patch: dict[str, Any]
) -> None:
    health = records({"signal": [1e-9, 1e-5, 0.1, 0.3]}, activation=activation)
    (first, *_) = findings(health, {**SPEC, "model": {**SPEC["model"], **model}})
    assert (first.kind, first.patch) == ("vanishing", patch)


def test_a_fix_is_a_config_that_holds(tmp_path: Path) -> None:
    from dlrun.spec import load

    for changed in ({"signal": [1e-9, 1e-5, 0.1, 0.3]}, {"dead": [0.9] * 4}, {"weight": [0.1] * 4}):
        for one in findings(records(changed), SPEC):
            sets = [f"{key}={'true' if value is True else value}" for key, value in one.patch.items()]
            load(None, sets, {"name": "x", "data": {"source": "digits"}})


def test_records_that_know_little() -> None:
    nothing = {name: [None] * 4 for name in SOUND}
    assert kinds(records(nothing)) == ["well"]
    assert kinds(records(epochs=(0,))) == ["well"]
    assert kinds(records(depth=0)) == ["well"]
    assert kinds(records(depth=1)) == ["well"]
    now = records({"dead": [0.9, 0.9, 0.9, None]}, epochs=(7,))
    assert [one.what.key for one in findings(now, SPEC)] == ["health.dead_now"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said(language: str) -> None:
    ill = records(
        {"signal": [11.0, 1.0, 0.1, 0.3], "spread": [0.6, 2.0, 7.0, 0.1], "update": [0.5] * 4},
        ends={"dead": [0.9] * 4, "alike": [0.9] * 4},
    )
    found = findings(ill, SPEC)
    assert [one.kind for one in found] == ["exploding", "growing", "dead"]
    lines = [line for line, _ in health_lines(found, language)]
    assert any("learning_rate: 0.0001" in line for line in lines)
    table = health_table(ill, language)
    assert len(table.texts()) == 4
    assert "saturated" not in [column.key for column in table.columns]
    document = health_document(ill, found, language)
    assert [one["kind"] for one in document["findings"]] == ["exploding", "growing", "dead"]
    assert document["layers"][0]["inputs"] == 64
    assert "한글" in heading("한글-0123456789ab", ill, "rows.csv").text(language)


def test_names_of_many_layers() -> None:
    health = records(depth=9)
    names = [layer.name for layer in health.layers]
    assert named(names[:2], health) == "hidden_1, hidden_2"
    assert named(names[:5], health) == "hidden_1–hidden_5"
    assert named([*names[:3], names[7]], health) == "hidden_1 … hidden_8 (4)"


def test_every_rule_has_words_and_limits_are_numbers() -> None:
    assert {f"title_{kind}" for kind in ("well", "symmetric", "tiny", "dead")} <= set(messages("en", "health"))
    hiding = {kind for hides, _ in RULES for kind in hides}
    assert all(f"title_{kind}" in messages("en", "health") for kind in hiding)
    assert all(math.isfinite(value) for value in LIMITS.values())


def test_the_page_shows_the_table_of_limits() -> None:
    page = (Path(__file__).parents[3] / "docs" / "health.md").read_text(encoding="utf-8")
    for name, threshold in THRESHOLDS.items():
        assert f"| `{name}` | {threshold.value:g} | {threshold.of} | {threshold.why} |" in page, name
