"""The rules that read learning rates from made curves whose answer is known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from dlrun.insight.explore.lr_range import document, findings, reading, table
from dlrun.insight.explore.lr_range_terminal import plot_lines
from dlrun.insight.figures.lr_range import chart
from dlrun.insight.figures.saving import png

LOW, HIGH = 1e-6, 10.0


@dataclass(frozen=True)
class Made:
    seed: int
    rates: list[float]
    losses: list[float]
    smoothed: list[float]
    ended: str = "highest rate"


def made(loss: Callable[[np.ndarray], np.ndarray], seed: int = 0, noise: float = 0.0, steps: int = 200) -> Made:
    """A curve over log10 of the rate."""
    powers = np.linspace(-6, 1, steps)
    clean = loss(powers)
    noisy = clean + noise * np.random.default_rng(seed).normal(size=steps)
    return Made(seed, (10**powers).tolist(), noisy.tolist(), (clean + 0.23 * (noisy - clean)).tolist())


def valley(powers: np.ndarray) -> np.ndarray:
    """1 until 1e-4, down to 0 at 1e-2, then up."""
    return np.interp(powers, [-6, -4, -2, -1, 1], [1, 1, 0, 0.5, 3])


def test_a_valley_is_read_as_it_was_made() -> None:
    found = reading(made(valley), 0.9)
    assert math.log10(found["begins"]) == pytest.approx(-3.8, abs=0.05)  # a tenth of the fall
    assert math.log10(found["at_lowest"]) == pytest.approx(-2.04, abs=0.05)  # all but 2 % of it
    assert -4 < math.log10(found["steepest"]) < -2
    assert found["high"] == pytest.approx(found["at_lowest"] / 10)
    assert found["suggested"] == pytest.approx(math.sqrt(found["low"] * found["high"]))
    assert found["turned"] is True


def test_a_fall_within_a_factor_of_ten_still_gives_a_range() -> None:
    found = reading(made(lambda powers: np.interp(powers, [-6, -3, -2.5, 1], [1, 1, 0, 5])), 0.9)
    assert found["low"] <= found["suggested"] <= found["high"] < found["at_lowest"]


@pytest.mark.parametrize(
    "loss",
    [
        lambda powers: np.ones_like(powers),
        lambda powers: np.interp(powers, [-6, -2, 1], [1, 1, 9]),
        lambda powers: np.interp(powers, [-6, -2, 1], [1, 0.99, 0.99]),
    ],
    ids=["flat", "rises", "hardly falls"],
)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_where_nothing_was_learnt_nothing_is_suggested(loss: Callable[[np.ndarray], np.ndarray], noise: float) -> None:
    tests = [made(loss, seed, noise) for seed in range(3)]
    found = document(tests, 0.001, "net", "adam", 0.9)
    assert found["suggestion"] is None
    assert [said.key for said in findings(found, LOW, HIGH)] == ["explore.lr_never_fell"]
    assert plot_lines(found, 80, False)


def test_noise_does_not_hide_a_fall() -> None:
    found = document([made(valley, seed, 0.3) for seed in range(5)], 0.001, "net", "adam", 0.9)
    assert found["suggestion"]["seeds"] >= 3
    assert 1e-4 < found["suggestion"]["low"] < found["suggestion"]["high"] < 1e-2


@pytest.mark.parametrize(("rate", "place"), [(1e-5, "below"), (4e-4, "inside"), (0.5, "above")])
def test_the_config_is_told_where_it_stands(rate: float, place: str) -> None:
    found = document([made(valley)], rate, "net", "adam", 0.9)
    assert found["place"] == place
    said = findings(found, LOW, HIGH, lambda rate: ["dlrun", "train", "my net.yaml", "--set", f"a.b={rate:g}"])
    assert f"explore.lr_{place}" in [one.key for one in said]
    command = said[-1].text()
    assert command.startswith("Try: dlrun train 'my net.yaml' --set a.b=") == (place != "inside")
    without = findings(found, LOW, HIGH, None)
    assert [one.key for one in without] == [one.key for one in said if one.key != "explore.lr_command"]


def test_a_seed_that_ended_at_once_does_not_cut_the_mean() -> None:
    whole, other = made(valley), made(valley, 1, 0.01)
    short = [Made(seed, whole.rates[:n], whole.losses[:n], whole.smoothed[:n], "rose") for seed, n in ((2, 5), (3, 0))]
    for tests in ([whole, other, short[0]], [short[1], whole, other]):
        found = document(tests, 0.001, "net", "adam", 0.9)
        assert found["suggestion"]["seeds"] == 2
        assert len(found["mean"]["rate"]) == len(found["mean"]["smoothed"]) == 200
        np.testing.assert_allclose(found["mean"]["smoothed"], np.mean([whole.smoothed, other.smoothed], axis=0))
        chart(found, []).to_dict()
        assert plot_lines(found, 80, False)
    none = document(short, 0.001, "net", "adam", 0.9)["mean"]
    assert len(none["rate"]) == 5


def test_an_end_that_is_no_end_is_told() -> None:
    falling = made(lambda powers: np.interp(powers, [-6, -3, 1], [1, 1, 0]))
    keys = [said.key for said in findings(document([falling], 0.1, "net", "sgd", 0.9), LOW, HIGH)]
    assert "explore.lr_still_falling" in keys
    at_once = made(lambda powers: np.interp(powers, [-6, -2, 1], [1, 0, 3]))
    keys = [said.key for said in findings(document([at_once], 0.1, "net", "sgd", 0.9), LOW, HIGH)]
    assert "explore.lr_still_falling" not in keys


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_a_test_that_ended_at_once_says_so(steps: int) -> None:
    whole = made(valley)
    short = Made(0, whole.rates[:steps], whole.losses[:steps], whole.smoothed[:steps], "not finite")
    found = document([short], 0.001, "net", "adam", 0.9)
    assert [said.key for said in findings(found, LOW, HIGH)] == ["explore.lr_at_once"]
    json.dumps(found, allow_nan=False)


def test_everything_can_be_shown_in_both_languages() -> None:
    found = document([made(valley, seed, 0.1) for seed in range(2)], 0.001, "망", "adam", 0.9)
    for language in ("en", "ko"):
        told = [said.text(language) for said in findings(found, LOW, HIGH)]
        assert table(found, language).texts()[0][0] == "0"
        chart(found, told, language).to_dict()
    assert png(chart(found, told, "ko"))[:4] == b"\x89PNG"
    assert any("|" in line for line in plot_lines(found, 80, False))
