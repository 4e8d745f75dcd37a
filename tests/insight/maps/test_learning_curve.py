"""Learning curves with known laws: what is said of more rows, more capacity, more regularisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlrun.errors import UsageError
from dlrun.insight.maps.documents import curve_document
from dlrun.insight.maps.learning_curve import (
    ROWS_HELP,
    ROWS_LITTLE,
    ROWS_UNKNOWN,
    LearningCurve,
    findings,
    learning_curve,
    rows_verdict,
)
from dlrun.insight.maps.learning_curve_terminal import curve_table, plot_lines
from dlrun.insight.maps.swept import Swept
from dlrun.insight.statistics import mean_interval
from tests.insight.maps.made import made

SIZES = (50, 100, 200, 400, 800)
Law = Callable[[float], float]


def curve(
    val: Law, train: Law, spread: float = 0.02, seeds: int = 5, sizes: tuple[int, ...] = SIZES, seed: int = 1,
    more: dict[str, Any] | None = None,
) -> list[tuple[dict[str, Any], list[float], list[float], int]]:  # fmt: skip
    random = np.random.default_rng(seed)
    return [
        (
            {"data.train_fraction": size / max(sizes), **(more or {})},
            [val(size) * float(np.exp(random.normal(0, spread))) for _ in range(seeds)],
            [train(size) * float(np.exp(random.normal(0, spread))) for _ in range(seeds)],
            size,
        )
        for size in sizes
    ]


def swept_of(rows: list[tuple[dict[str, Any], list[float], list[float], int]]) -> Swept:
    return made([(row[0], row[1]) for row in rows], train=[row[2] for row in rows], sizes=[row[3] for row in rows])


def found_of(*words: Any, **more: Any) -> LearningCurve:
    return learning_curve(swept_of(curve(*words, **more)))


def test_points_are_means_with_intervals_over_seeds() -> None:
    rows = curve(lambda n: 0.1 + 5 / n**0.5, lambda n: 0.05)
    (series,) = learning_curve(swept_of(rows[::-1])).series
    assert [point["rows"] for point in series.points] == list(SIZES)
    for point, (_, values, train, _) in zip(series.points, rows, strict=True):
        expected = mean_interval(values)
        assert expected is not None
        assert (point["val_loss"], point["val_loss_low"]) == (pytest.approx(expected.mean), pytest.approx(expected.low))
        assert point["gap"] == pytest.approx(expected.mean - np.mean(train))
        assert point["runs"] == "5 of 5"


def test_a_falling_curve_with_a_wide_gap_wants_rows() -> None:
    (series,) = found_of(lambda n: 8 / n**0.6, lambda n: 0.01).series
    assert rows_verdict(series) == ROWS_HELP
    assert series.outlook is not None
    assert series.outlook.doubled == pytest.approx(8 / 1600**0.6, rel=0.1)
    assert series.outlook.gain == pytest.approx(1 - 2**-0.6, abs=0.1)
    assert [said.key for said in findings(series)] == ["maps.rows_help", "maps.gap_wide_rows"]


def test_curves_that_have_met_high_want_capacity() -> None:
    (series,) = found_of(lambda n: 1.0 + 3 / n, lambda n: 0.98 - 1 / n).series
    assert [said.key for said in findings(series)] == ["maps.rows_little", "maps.curves_met"]


def test_curves_that_have_met_low_are_done() -> None:
    (series,) = found_of(lambda n: 0.05 + 0.5 / n, lambda n: 0.049).series
    assert [said.key for said in findings(series)][-1] == "maps.curves_met_low"


def test_a_wide_gap_that_does_not_close_wants_regularisation() -> None:
    (series,) = found_of(lambda n: 0.8 + 5 / n, lambda n: 0.1).series
    assert rows_verdict(series) == ROWS_LITTLE
    assert findings(series)[-1].key == "maps.gap_wide_open"


def test_noise_that_hides_the_fall_is_admitted() -> None:
    (series,) = found_of(lambda n: 0.5 + 2 / n**0.7, lambda n: 0.3, spread=0.4, seeds=3, sizes=(100, 300, 800)).series
    assert rows_verdict(series) == ROWS_UNKNOWN
    assert "cannot be told" in findings(series)[0].text()


def test_one_seed_takes_its_noise_from_the_law() -> None:
    found = found_of(lambda n: 8 / n**0.6, lambda n: 0.01, seeds=1)
    assert found.series[0].outlook is not None
    assert found.notes[-1].key == "maps.curve_one_seed"


@pytest.mark.parametrize("sizes", [(100,), (100, 200)])
def test_two_sizes_make_no_law(sizes: tuple[int, ...]) -> None:
    (series,) = learning_curve(swept_of(curve(lambda n: 1 / n, lambda n: 0.001, sizes=sizes))).series
    assert (series.outlook, rows_verdict(series)) == (None, None)
    assert findings(series)[0].key == "maps.rows_no_law"


def test_several_configurations_each_have_a_curve() -> None:
    rows = [
        row
        for width, floor in ((16, 0.5), (64, 0.1))
        for row in curve(lambda n, floor=floor: floor + 1 / n**0.5, lambda n: 0.05, more={"model.width": width})
    ]
    found = learning_curve(swept_of(rows))
    assert [series.label for series in found.series] == ["width 64", "width 16"]
    assert "width 64" in found.notes[0].text()
    assert len(curve_table(found).rows) == 10


def test_diverged_sizes_are_left_out() -> None:
    rows: list[Any] = curve(lambda n: 8 / n**0.6, lambda n: 0.01)
    rows[0] = (rows[0][0], [None] * 5, rows[0][2], rows[0][3])
    found = learning_curve(swept_of(rows))
    assert [point["rows"] for point in found.series[0].points] == list(SIZES[1:])
    assert found.notes[0].key == "maps.curve_lost"


def test_runs_without_fractions_are_refused() -> None:
    with pytest.raises(UsageError, match=r"must differ in data.train_fraction. They differ in: model.width"):
        learning_curve(made([({"model.width": 16}, [0.5]), ({"model.width": 32}, [0.5])]))
    with pytest.raises(UsageError, match="no run came to a validation loss"):
        learning_curve(made([({"data.train_fraction": 0.5}, [None]), ({"data.train_fraction": 1.0}, [None])]))


def test_terminal_and_document() -> None:
    found = found_of(lambda n: 8 / n**0.6, lambda n: 0.01)
    table, plot = curve_table(found), plot_lines(found, 80, color=False)
    assert [row["rows"] for row in table.rows] == list(SIZES)
    assert all(len(line) <= 80 for line in plot)
    assert not any("\x1b" in line for line in plot)
    assert any("train rows" in line for line in plot)
    document = curve_document(found)
    assert document["series"][0]["more_rows"] == ROWS_HELP
    assert document["series"][0]["outlook"]["rows"] == 800


def test_splits_share_rows() -> None:
    """Intervals over splits are those of Nadeau and Bengio, as in `compare`; the outlook is less sure by as much."""
    rows = curve(lambda n: 8 / n**0.6, lambda n: 0.01)
    plain = [(row[0], row[1]) for row in rows]
    more = {"train": [row[2] for row in rows], "sizes": [row[3] for row in rows]}
    seeds, splits = (learning_curve(made(plain, by_split=split, **more)).series[0] for split in (False, True))
    for point, (_, values, train, _) in zip(splits.points, rows, strict=True):
        for key, found in (("val_loss", values), ("train_loss", train)):
            expected = mean_interval(found, overlap=0.5)
            assert expected is not None
            assert (point[key], point[f"{key}_high"]) == (pytest.approx(expected.mean), pytest.approx(expected.high))
    assert seeds.outlook is not None
    assert splits.outlook is not None
    assert splits.outlook.doubled == pytest.approx(seeds.outlook.doubled)
    width, sure = (one.high - one.low for one in (splits.outlook, seeds.outlook))
    assert width == pytest.approx(sure * ((1 / 5 + 0.5) / (1 / 5)) ** 0.5, rel=0.3)


def test_a_configuration_that_always_diverged_is_counted() -> None:
    rows: list[Any] = curve(lambda n: 8 / n**0.6, lambda n: 0.01, more={"model.width": 16})
    rows += [(row[0] | {"model.width": 64}, [None] * 5, row[2], row[3]) for row in rows]
    found = learning_curve(swept_of(rows))
    assert len(found.series) == 1
    assert (found.notes[0].key, found.notes[0].values) == ("maps.curve_lost", {"count": len(SIZES)})
