"""What several seeds come to together: means with intervals, paired differences, mean curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dlrun.gallery.studio import Trained
from dlrun.insight.statistics.interval import Interval, mean_interval


def interval(values: Sequence[float]) -> Interval:
    """The mean and its 95 % interval by Student's t.

    Raises:
        ValueError: there are no values.
    """
    found = mean_interval(values)
    if found is None:
        raise ValueError("a mean needs at least one value. Received: none")
    return found


def mean_row(values: Sequence[float]) -> dict[str, float]:
    """`mean`, `low` and `high` of the 95 % interval; of a single value three times that value."""
    found = interval(values)
    half = found.half or 0.0
    return {"mean": found.mean, "low": found.mean - half, "high": found.mean + half}


def paired(one: Sequence[float], other: Sequence[float]) -> dict[str, float]:
    """`mean_row` of one - other, seed by seed."""
    return mean_row([left - right for left, right in zip(one, other, strict=True)])


def metrics(runs: Sequence[Trained], name: str) -> list[float]:
    """A number of each run at its kept epoch; NaN where it diverged."""
    return [run.metric(name) for run in runs]


def last(runs: Sequence[Trained], column: str) -> list[float]:
    """A curve's last value in each run."""
    return [run.curves[column][-1] for run in runs]


def mean_curve(runs: Sequence[Trained], column: str) -> list[float | None]:
    """The mean over the runs, epoch by epoch; None where one of them is not finite."""
    by_epoch = zip(*(run.curves[column] for run in runs), strict=True)
    return [sum(values) / len(values) if all(map(math.isfinite, values)) else None for values in by_epoch]


def curve_rows(runs: Sequence[Trained], column: str, **rest: Any) -> list[dict[str, Any]]:
    """`mean_curve` as plain rows: `epoch`, `value` and what else is given."""
    curve = enumerate(mean_curve(runs, column), 1)
    return [{"epoch": epoch, "value": value, **rest} for epoch, value in curve if value is not None]


def first_below(values: Sequence[float], limit: float) -> int | None:
    """The epoch, from 1, at which a curve is first below a limit; None where it never is."""
    return next((epoch for epoch, value in enumerate(values, 1) if value < limit), None)
