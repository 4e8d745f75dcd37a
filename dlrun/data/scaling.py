"""The two numbers that scale a column: scaled = (value - center) / scale."""

from __future__ import annotations

import numpy as np


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
    return middle, high - low


_FITS = {"standard": _standard, "minmax": _minmax, "robust": _robust}
