"""How sure a mean is over the validation rows it was measured on: the bootstrap. Loads numpy where it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

RESAMPLES = 2000
_AT_ONCE = 4_000_000
"""Row numbers drawn at once: 32 MB."""
_SMALLEST = 1e-7
"""Keras keeps probabilities so far from 0 and 1."""


def bootstrap_half(values: np.ndarray, root: bool = False, resamples: int = RESAMPLES) -> float | None:
    """Half of the 95 % percentile interval of the mean over rows (Efron 1979); the same for the same values.

    Args:
        values: one per validation row.
        root: whether the root of the mean is what is reported (RMSE).
    """
    import numpy as np

    count = len(values)
    if count < 2:
        return None
    draws, part = np.random.default_rng(0), max(1, _AT_ONCE // count)
    means = np.concatenate(
        [
            values[draws.integers(0, count, (min(part, resamples - begin), count))].mean(axis=1)
            for begin in range(0, resamples, part)
        ]
    )
    low, high = np.quantile(np.sqrt(means) if root else means, [0.025, 0.975])
    return float(high - low) / 2


def row_values(metric: str, loss: str, arrays: Mapping[str, Any], spread: float | None) -> np.ndarray | None:
    """What each validation row contributes to a metric whose value is the mean over rows (for RMSE its root); None for
    other metrics.

    Args:
        metric: without `val_`.
        loss: Keras' name of the loss.
        arrays: `targets` and `outputs` of a `predictions.npz`.
        spread: of a regression's target, which was standardised for training; None for classification.
    """
    import numpy as np

    targets, outputs = np.asarray(arrays["targets"]), np.asarray(arrays["outputs"], np.float64)
    kind = loss if metric == "loss" else metric
    count = None if spread is not None else outputs.shape[1]
    known: dict[tuple[str, bool], Callable[[], np.ndarray]] = {
        ("accuracy", True): lambda: (outputs[:, 0] > 0.5) == targets,
        ("accuracy", False): lambda: outputs.argmax(axis=1) == targets,
        ("binary_crossentropy", True): lambda: -np.log(np.where(targets == 1, _inner(outputs), 1 - _inner(outputs))),
        ("categorical_crossentropy", False): lambda: -np.log(_clipped(outputs[np.arange(len(targets)), targets])),
    }
    errors: dict[str, Callable[[float], np.ndarray]] = {
        "mean_squared_error": lambda unit: (unit * (outputs[:, 0] - targets)) ** 2,
        "root_mean_squared_error": lambda unit: (unit * (outputs[:, 0] - targets)) ** 2,
        "mean_absolute_error": lambda unit: abs(unit * (outputs[:, 0] - targets)),
    }
    if spread is not None:
        return errors[kind](spread) if kind in errors else None
    rule = known.get((kind, count == 1))
    return None if rule is None else np.asarray(rule(), np.float64)


def _inner(outputs: np.ndarray) -> np.ndarray:
    return _clipped(outputs[:, 0])


def _clipped(shares: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.asarray(np.clip(shares, _SMALLEST, 1 - _SMALLEST))
