"""The two numbers that scale a column: scaled = (value - center) / scale."""

from __future__ import annotations

import numpy as np

NORMAL_SPREAD = 1.349
"""Interquartile range of a normal distribution with standard deviation 1."""
HEAVY = 10.0
"""A standard deviation so many times the one that the middle half of the values suggests is made by a few outliers."""
SMALLEST = 1e-12
"""An interquartile range below this share of the whole range counts as 0."""
LIMIT = 5.0
"""Standard deviations from the center within which no value is ever drawn in."""


def center_and_scale(kind: str, values: np.ndarray) -> tuple[float, float]:
    """What `data.scaling` makes of a column's train values, none of them missing.

    standard: mean and population standard deviation. minmax: minimum and range. robust: median and interquartile range.
    none: 0 and 1. As in scikit-learn, a scale of 0 becomes 1. Either may come out infinite for values near 1e308.
    """
    if kind == "none":
        return 0.0, 1.0
    constant = values.min() == values.max()  # a mean of equal numbers can be off in the last digit
    with np.errstate(over="ignore", invalid="ignore"):
        center, scale = (float(number) for number in _FITS[kind](values))
    return center, 1.0 if constant or scale == 0 else scale


def _standard(values: np.ndarray) -> tuple[np.floating, np.floating]:
    return values.mean(), values.std()


def _minmax(values: np.ndarray) -> tuple[np.floating, np.floating]:
    return values.min(), values.max() - values.min()


def _robust(values: np.ndarray) -> tuple[np.floating, np.floating]:
    low, middle, high = np.percentile(values, [25, 50, 75])
    spread = high - low
    return middle, spread if spread > SMALLEST * (values.max() - values.min()) else np.float64(0)


_FITS = {"standard": _standard, "minmax": _minmax, "robust": _robust}


def outlier_scale(values: np.ndarray) -> tuple[float, float] | None:
    """Median and robust standard deviation of a column whose standard deviation a few outliers make; None for others.

    With a code such as 999999 among its values, or a tail as long as Cauchy's, a column scaled by standard deviation
    is nearly constant but for the outliers.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        low, middle, high = np.percentile(values, [25, 50, 75])
        robust = (high - low) / NORMAL_SPREAD
        heavy = robust > 0 and not values.std() <= HEAVY * robust
    return (float(middle), float(robust)) if heavy else None


def limit_of(scaled: np.ndarray, outliers: bool) -> float:
    """How far from 0 a column's scaled values may be before they are drawn in: as far as any train value, so that only
    new rows are, and at least `LIMIT`; of a column with outliers `LIMIT`."""
    return LIMIT if outliers else max(LIMIT, float(np.abs(scaled).max()))


def drawn_in(scaled: np.ndarray, limit: float) -> np.ndarray:
    """The same values with those beyond the limit drawn in, their order kept: limit + log(1 + distance beyond it)."""
    beyond = np.maximum(np.abs(scaled) - limit, 0)
    return np.where(beyond > 0, np.sign(scaled) * (limit + np.log1p(beyond)), scaled)
