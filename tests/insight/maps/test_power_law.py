"""The power law against known curves and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from dlrun.insight.maps.power_law import outlook, power_law, relative_error

ROWS = np.array([50, 100, 200, 400, 800, 1600], float)


def law(n: np.ndarray, floor: float, scale: float, exponent: float) -> np.ndarray:
    return floor + scale * n**-exponent


@pytest.mark.parametrize(
    ("floor", "scale", "exponent"), [(0.1, 5.0, 0.5), (0.0, 2.0, 0.3), (0.4, 50.0, 1.0), (0.02, 3.0, 0.75)]
)
def test_a_curve_without_noise_is_found_again(floor: float, scale: float, exponent: float) -> None:
    found = power_law(list(ROWS), list(law(ROWS, floor, scale, exponent)))
    assert found.exponent == pytest.approx(exponent, rel=1e-3)
    assert found.floor == pytest.approx(floor, abs=1e-4)
    assert found.at(3200) == pytest.approx(float(law(np.array([3200.0]), floor, scale, exponent)[0]), rel=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_noisy_curves_are_fitted_as_by_scipy(seed: int) -> None:
    """scipy's bounded least squares from several starts ends nowhere lower, and at the same prediction."""
    random = np.random.default_rng(seed)
    truth = law(ROWS, 0.1, 6.0, 0.6)
    errors = 0.05 * truth
    losses = truth + random.normal(0, errors)
    found = power_law(list(ROWS), list(losses), list(errors))

    def squares(values: np.ndarray) -> float:
        return float((((losses - values) / errors) ** 2).sum())

    fits = [
        curve_fit(law, ROWS, losses, start, errors, bounds=([0, 0, 0.02], [np.inf, np.inf, 3.0]), max_nfev=20000)[0]
        for start in ((0.1, 5.0, 0.5), (0.01, 1.0, 0.2), (0.0, 20.0, 1.0))
    ]
    best = min(fits, key=lambda fit: squares(law(ROWS, *fit)))
    ours = np.array([found.at(n) for n in ROWS])
    assert squares(ours) <= squares(law(ROWS, *best)) * (1 + 1e-4)
    assert found.at(3200) == pytest.approx(float(law(np.array([3200.0]), *best)[0]), rel=5e-3)


def test_a_rising_curve_is_flat_and_nothing_is_below_zero() -> None:
    rising = power_law([1, 2, 3], [0.1, 0.2, 0.3])
    assert (rising.scale, rising.floor) == (0.0, pytest.approx(0.2))
    assert power_law(list(ROWS), list(law(ROWS, -0.05, 5.0, 0.5))).floor == 0.0


@pytest.mark.slow
@pytest.mark.parametrize(("floor", "scale"), [(0.1, 5.0), (0.3, 1.0)])
def test_intervals_cover_what_twice_the_rows_bring(floor: float, scale: float) -> None:
    """95 % of them should hold the truth; of 100 at least 85 (the floor at 0 and the bounds of c cost some)."""
    random = np.random.default_rng(11)
    truth = law(ROWS, floor, scale, 0.5)
    then = float(law(np.array([3200.0]), floor, scale, 0.5)[0])
    hits = 0
    for _ in range(100):
        errors = 0.03 * truth
        ahead = outlook(list(ROWS), list(truth + random.normal(0, errors)), list(errors))
        hits += ahead.low <= then <= ahead.high
    assert hits >= 85


def test_an_outlook_is_the_same_every_time() -> None:
    first, second = (outlook([100, 200, 400], [0.5, 0.4, 0.35], [0.01] * 3) for _ in range(2))
    assert first == second


def test_the_spread_is_pooled_as_a_share_of_the_mean() -> None:
    assert relative_error([[1.0, 1.2], [10.0, 12.0]]) == pytest.approx(np.std([1.0, 1.2], ddof=1) / 1.1)
    assert relative_error([[1.0], [2.0]]) is None
