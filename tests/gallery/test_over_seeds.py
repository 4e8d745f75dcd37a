"""Means, intervals and paired differences over seeds, against scipy."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy import stats

from dlrun.gallery.over_seeds import curve_rows, first_below, interval, last, mean_curve, mean_row, metrics, paired
from dlrun.gallery.studio import Studio, Trained
from dlrun.store import RunFolder, Store

VALUES, OTHERS = [0.2, 0.25, 0.31, 0.22], [0.1, 0.3, 0.2, 0.2]


def trained(losses: list[float], best: float | None) -> Trained:
    experiment = Studio(Store(Path("nowhere"))).experiment("linear-layers")
    record = {"metrics": {} if best is None else {"val_loss": best}}
    return Trained(experiment, RunFolder(Path("nowhere")), record, {"val_loss": losses})


def test_mean_row_is_students_interval() -> None:
    found = mean_row(VALUES)
    low, high = stats.t.interval(0.95, len(VALUES) - 1, loc=found["mean"], scale=stats.sem(VALUES))
    assert found["low"] == pytest.approx(low)
    assert found["high"] == pytest.approx(high)


def test_paired_is_the_interval_of_the_differences() -> None:
    found, oracle = paired(VALUES, OTHERS), stats.ttest_rel(VALUES, OTHERS).confidence_interval()
    assert (found["low"], found["high"]) == pytest.approx((oracle.low, oracle.high))
    with pytest.raises(ValueError, match="shorter"):
        paired(VALUES, OTHERS[:2])


def test_one_value_has_no_width_and_none_no_mean() -> None:
    assert mean_row([0.5]) == {"mean": 0.5, "low": 0.5, "high": 0.5}
    with pytest.raises(ValueError, match="at least one value"):
        interval([])


def test_curves_of_several_seeds() -> None:
    runs = [trained([1.0, 0.5, 0.4], 0.4), trained([3.0, float("nan"), 0.2], None)]
    assert mean_curve(runs, "val_loss") == [2.0, None, pytest.approx(0.3)]
    assert [row["epoch"] for row in curve_rows(runs, "val_loss", net="a")] == [1, 3]
    assert curve_rows(runs, "val_loss", net="a")[0] == {"epoch": 1, "value": 2.0, "net": "a"}
    assert last(runs, "val_loss") == [0.4, 0.2]
    one, other = metrics(runs, "val_loss")
    assert one == 0.4
    assert other != other  # a run that diverged has none


def test_first_below_counts_epochs_from_one() -> None:
    assert first_below([0.9, 0.5, 0.4], 0.5) == 3
    assert first_below([0.4], 0.5) == 1
    assert first_below([0.9, float("nan")], 0.5) is None
