"""Curves as rows and in the terminal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.errors import StoreError, UsageError
from dlrun.insight.curve_document import document
from dlrun.insight.curve_rows import CurveRows, curve_rows
from dlrun.insight.terminal_plot import HEIGHT, terminal_plot
from dlrun.insight.terminal_table import cells
from dlrun.insight.thinning import points_each, thinned
from dlrun.store import RunFolder, Store
from tests.stored import COLUMNS, HOSTILE, curves_of, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def rows_of(store: Store, *folders: RunFolder, metric: str = "loss", **more: Any) -> CurveRows:
    return curve_rows([store.entry(folder) for folder in folders], metric, **more)


def labels_of(rows: CurveRows) -> list[str]:
    return [line.label for line in rows.lines]


def row(epoch: int, train: float, val: float) -> dict[str, float]:
    return dict.fromkeys(COLUMNS, 0.5) | {"epoch": epoch, "train_loss": train, "val_loss": val, "learning_rate": 0.1}


def test_both_curves_are_there_and_the_best_epoch(store: Store) -> None:
    folder = keep_run(store, "x", rows=curves_of(5, best=3))
    rows = rows_of(store, folder)
    assert labels_of(rows) == ["x"]
    assert rows.title == "x"
    for curve, column in (("train", "train_loss"), ("validation", "val_loss")):
        values = [point["value"] for point in rows.points if point["curve"] == curve]
        assert values == folder.curves()[column]
    assert [(p["epoch"], p["curve"], p["value"]) for p in rows.best] == [
        (3, "validation", folder.curves()["val_loss"][2])
    ]
    assert rows.rates == []
    assert rows.value_title == "loss (cross-entropy, nats)"


def test_a_metric(store: Store) -> None:
    folder = keep_run(store, "x")
    rows = rows_of(store, folder, metric="accuracy")
    assert [p["value"] for p in rows.points if p["curve"] == "validation"] == folder.curves()["val_accuracy"]
    assert (rows.value_title, rows.percent) == ("accuracy (%)", True)
    assert rows.baseline == 0.1
    with pytest.raises(UsageError, match=r"--metric: must be one of loss, accuracy\. Received: f1"):
        rows_of(store, folder, metric="f1")


def test_the_axis_names_the_targets_unit(store: Store) -> None:
    renamed = [
        {key.replace("accuracy", "mean_absolute_error"): value for key, value in row.items()} for row in curves_of()
    ]
    identity = "0123456789ab"
    with store.writer(identity, "x") as writer:
        writer.begin("name: x", list(renamed[0]))
        for row in renamed:
            writer.append(row)
        target = {"name": "progression", "mean": 1.0, "spread": 2.0}
        writer.finish({"format": 1, "id": identity, "name": "x", "status": "completed", "target": target})  # type: ignore[typeddict-item]
    rows = rows_of(store, store.find("x"), metric="mean_absolute_error")
    assert rows.value_title == "mean absolute error (in units of progression)"


def test_a_diverged_run_ends_where_it_diverged(store: Store) -> None:
    rows = curves_of(4)
    for row in rows[2:]:
        row |= {"train_loss": math.nan, "val_loss": math.inf}
    found = rows_of(store, keep_run(store, "x", rows=rows, status="diverged"))
    assert {point["epoch"] for point in found.points} == {1, 2}
    assert all(math.isfinite(point["value"]) for point in found.points)


def test_learning_rates_are_shown_where_they_change(store: Store) -> None:
    falling = keep_run(store, "falling", rows=curves_of(rate_falls=True))
    constant = keep_run(store, "constant")
    rows = rows_of(store, falling, constant, each=True)
    assert {point["line"] for point in rows.rates} == {labels_of(rows)[0]}
    assert [point["value"] for point in rows.rates] == falling.curves()["learning_rate"]


@pytest.mark.parametrize(
    ("lowest", "asked", "log"), [(0.1, None, False), (0.001, None, True), (0.001, False, False), (0.1, True, True)]
)
def test_the_axis_is_logarithmic_where_it_helps(store: Store, lowest: float, asked: bool | None, log: bool) -> None:
    rows = curves_of(5, best=3, lowest=lowest)
    assert rows_of(store, keep_run(store, "x", rows=rows), log=asked).log is log


def test_zero_has_no_place_on_a_logarithmic_axis(store: Store) -> None:
    folder = keep_run(store, "x", rows=curves_of(5, best=3, lowest=0.0))
    assert rows_of(store, folder).log is False
    rows = rows_of(store, folder, log=True)
    assert rows.log
    assert all(point["value"] > 0 for point in rows.points)
    assert "2 values of 0 or below" in rows.notes[0]


def test_an_unfinished_run_shows_its_best_so_far(store: Store) -> None:
    folder = keep_run(store, "x", rows=curves_of(4, best=2), finish=False)
    assert [point["epoch"] for point in rows_of(store, folder).best] == [2]


def test_a_run_without_epochs_is_named(store: Store) -> None:
    folder = keep_run(store, "x", rows=[], finish=False)
    rows = rows_of(store, folder)
    assert rows.points == []
    assert rows.notes == [f"{folder.path.name}: no epochs yet"]
    assert terminal_plot(rows, 80, color=False)


def test_without_validation_the_best_epoch_lies_on_the_train_curve(store: Store) -> None:
    with store.writer("0123456789ab", "x") as writer:
        writer.begin("name: x", ["epoch", "train_loss"])
        writer.append({"epoch": 1, "train_loss": 0.5})
        writer.append({"epoch": 2, "train_loss": 0.25})
    rows = rows_of(store, store.find("x"))
    assert [(point["curve"], point["epoch"]) for point in rows.best] == [("train", 2)]
    assert "validation" not in "".join(terminal_plot(rows, 80, color=False))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=500), st.integers(10, 60))
def test_thinned_curves_keep_ends_and_extremes(values: list[float], most: int) -> None:
    points = list(enumerate(values))
    kept = thinned(points, lambda point: point[1], most)
    assert len(kept) <= max(most, 4)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert [epoch for epoch, _ in kept] == sorted(epoch for epoch, _ in kept)
    for extreme in (min, max):
        assert extreme(value for _, value in kept) == extreme(values)


@pytest.mark.parametrize(("curves", "each"), [(0, 600), (2, 600), (200, 200), (1000, 40), (100_000, 40)])
def test_many_curves_have_fewer_points_each(curves: int, each: int) -> None:
    assert points_each(curves) == each


def test_a_long_curve_is_thinned(store: Store) -> None:
    rows = rows_of(store, keep_run(store, "x", rows=curves_of(2000, best=700)))
    assert len(rows.points) <= 1200
    assert [point["epoch"] for point in rows.best] == [700]


# --- seeds, configurations, labels ------------------------------------------------------------------------------------


def test_seeds_of_a_configuration_are_one_line_with_a_band(store: Store) -> None:
    one = [row(1, 0.5, 0.6), row(2, 0.3, 0.4), row(3, 0.1, 0.5)]
    other = [row(1, 0.7, 0.8), row(2, 0.5, 0.8), row(3, 0.3, 0.7)]
    rows = rows_of(store, *(keep_run(store, "x", seed=seed, rows=values) for seed, values in enumerate((one, other))))
    assert labels_of(rows) == ["x"]
    mean = {(p["curve"], p["epoch"]): p["value"] for p in rows.points}
    assert mean == pytest.approx(
        {("train", 1): 0.6, ("train", 2): 0.4, ("train", 3): 0.2,
         ("validation", 1): 0.7, ("validation", 2): 0.6, ("validation", 3): 0.6}
    )  # fmt: skip
    band = {(r["curve"], r["epoch"]): (r["low"], r["high"]) for r in rows.band}
    assert band[("validation", 2)] == (0.4, 0.8)
    assert len(band) == 6
    assert rows.lines[0].score == pytest.approx((0.4 + 0.7) / 2)
    assert rows.best == [{"line": "x", "curve": "validation", "epoch": 2, "value": pytest.approx(0.6)}]
    each = rows_of(store, *store.folders(), each=True)
    assert labels_of(each) == ["seed 0", "seed 1"]
    assert each.band == []


def test_a_mean_ends_where_fewer_than_half_of_the_seeds_still_train(store: Store) -> None:
    folders = [keep_run(store, "x", seed=seed, rows=curves_of(length)) for seed, length in enumerate((4, 6, 8, 9))]
    rows = rows_of(store, *folders)
    assert max(point["epoch"] for point in rows.points) == 8
    assert rows.notes == [
        "Where seeds ended at different epochs, a mean is over those still training, while they are at least half"
    ]


def test_a_diverged_seed_leaves_the_mean_where_it_diverged(store: Store) -> None:
    broken = curves_of(4)
    broken[2] |= {"val_loss": math.inf}
    broken[3] |= {"val_loss": math.nan}
    folders = [keep_run(store, "x", rows=curves_of(4)), keep_run(store, "x", seed=1, rows=broken)]
    rows = rows_of(store, *folders)
    low = [r["low"] for r in rows.band if r["curve"] == "validation"]
    assert [p["value"] for p in rows.points if p["curve"] == "validation"] == pytest.approx(low)


def test_labels_say_what_differs_in_the_order_of_the_settings(store: Store) -> None:
    folders = [
        keep_run(store, "x", changed={"model.units": [width] * depth}) for width in (128, 16) for depth in (2, 1)
    ]
    rows = rows_of(store, *folders)
    assert labels_of(rows) == [
        "width 16, depth 1", "width 16, depth 2", "width 128, depth 1", "width 128, depth 2",
    ]  # fmt: skip
    assert rows.title == "x: 4 configurations"
    assert [column.title for column in rows.settings] == ["width", "depth"]
    assert rows.lines[0].settings == {"model.width": 16, "model.depth": 1}


def test_uneven_layers_are_named_by_their_units(store: Store) -> None:
    units = [[64, 32], [64, 64], [64, 16]]
    rows = rows_of(store, *(keep_run(store, "x", changed={"model.units": row}) for row in units))
    assert sorted(labels_of(rows)) == ["units [64, 16]", "units [64, 32]", "units [64, 64]"]


@pytest.mark.parametrize("number", [2, 5])
def test_runs_that_do_not_differ_have_their_names(store: Store, number: int) -> None:
    folders = [keep_run(store, "가" * 300, identity=f"{place:012x}") for place in range(number)]
    rows = rows_of(store, *folders, each=True)
    assert len(set(labels_of(rows))) == number
    assert all(cells(label) <= 100 for label in labels_of(rows))


def test_the_best_come_first_by_the_metric(store: Store) -> None:
    for width, lowest in ((8, 0.5), (16, 0.1), (32, 0.3)):
        keep_run(store, "x", changed={"model.units": [width]}, rows=curves_of(lowest=lowest))
    entries = store.entries()
    assert [line.label for line in curve_rows(entries).ranked] == ["width 16", "width 32", "width 8"]
    assert [line.label for line in curve_rows(entries, "accuracy").ranked] == ["width 16", "width 32", "width 8"]


# --- the gap, units, what cannot be drawn -----------------------------------------------------------------------------


def test_the_gap_is_validation_minus_train(store: Store) -> None:
    rows = rows_of(store, keep_run(store, "x", rows=[row(1, 0.5, 0.6), row(2, 0.5, 0.4)]), gap=True)
    assert [(p["curve"], p["epoch"], p["value"]) for p in rows.points] == [
        ("gap", 1, pytest.approx(0.1)),
        ("gap", 2, pytest.approx(-0.1)),
    ]
    assert rows.is_gap
    assert not rows.log
    assert rows.value_title == "loss gap: validation minus train (nats)"
    assert "validation minus train" in "".join(terminal_plot(rows, 80, color=False))
    with pytest.raises(UsageError, match="--gap"):
        rows_of(store, *store.folders(), gap=True, log=True)


REGRESSION: dict[str, Any] = {"classes": None, "target": {"name": "price", "mean": 1.0, "spread": 2.0}}


def test_losses_of_different_measures_share_no_axis(store: Store) -> None:
    folders = [keep_run(store, "c"), keep_run(store, "r", seed=1, **REGRESSION)]
    with pytest.raises(UsageError, match=r"cross-entropy, nats .* and mean squared error, squared units of price"):
        rows_of(store, *folders)
    assert rows_of(store, *folders, metric="accuracy").points


def test_the_unit_of_a_loss(store: Store) -> None:
    def title(**more: Any) -> str:
        return rows_of(store, keep_run(store, "x", **more)).value_title

    assert title(seed=1, **REGRESSION) == "loss (mean squared error, squared units of price)"
    assert title(seed=2, changed={"fit.loss": "mean_absolute_error"}, **REGRESSION) == (
        "loss (mean absolute error, units of price)"
    )
    assert title(seed=3, changed={"fit.loss": "huber"}, **REGRESSION) == "loss (huber)"
    assert title(seed=4, changed={"fit.loss": "binary_crossentropy"}) == "loss (cross-entropy, nats)"
    assert title(seed=5, classes=None) == "loss (data loss)"


def test_different_data_are_said(store: Store) -> None:
    folders = [
        keep_run(store, "x", seed=seed, data={"source": "digits", "fingerprint": print_ * 16})
        for seed, print_ in enumerate(("ab", "cd"))
    ]
    rows = rows_of(store, *folders)
    assert len(rows.lines) == 2
    assert any("2 different data sets" in note for note in rows.notes)


def test_what_is_wrong_with_a_curve_is_said(store: Store) -> None:
    fine, damaged, missing, empty = (keep_run(store, "x", seed=seed) for seed in range(4))
    damaged.curves_path.write_text("epoch,train_loss\nx,y\n1,2\n")
    missing.curves_path.unlink()
    empty.curves_path.write_text("epoch,train_loss\n")
    rows = rows_of(store, fine, damaged, missing, empty)
    assert len(rows.lines[0].entries) == 1
    assert rows.notes[0].startswith(f"{damaged.path.name}: its curves cannot be drawn. ")
    assert "curves.csv:2: needs 2 numbers per row. Received: 'x,y'" in rows.notes[0]
    assert "is missing" in rows.notes[1]
    assert rows.notes[2] == f"{empty.path.name}: its curves.csv has no rows, though the run had 5 epochs"
    for alone, words in ((damaged, "needs 2 numbers"), (missing, "is missing"), (empty, "has no rows")):
        with pytest.raises(StoreError, match=words):
            rows_of(store, alone)


def test_the_document_holds_what_is_drawn(store: Store) -> None:
    folders = [keep_run(store, "x", seed=seed) for seed in range(2)]
    found = document(rows_of(store, *folders))
    assert found["lines"][0]["runs"] == [folder.id for folder in folders]
    assert len(found["points"]) == len(found["band"]) == 10
    assert found["trivial"] == 2.3


# --- the terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [30, 60, 80, 200])
@pytest.mark.parametrize("color", [False, True])
def test_the_terminal_plot_fits(store: Store, width: int, color: bool) -> None:
    folders = [keep_run(store, name, rows=curves_of(30, best=9, lowest=0.001)) for name in HOSTILE[:9]]
    lines = terminal_plot(rows_of(store, *folders, each=True), width, color)
    text = "\n".join(lines)
    assert ("\x1b[" in text) is color
    assert HEIGHT <= len(lines) <= HEIGHT + len(folders) + 3
    assert "◆ best epoch" in text
    assert "best epoch 9: validation 0.0010" in text or width < 100
    if not color:
        assert all(cells(line) <= max(width, 40) for line in lines)


def test_runs_are_told_apart_without_colours(store: Store) -> None:
    low, high = (keep_run(store, name, rows=curves_of(lowest=lowest)) for name, lowest in (("low", 0.1), ("high", 3.0)))
    plot = terminal_plot(rows_of(store, low, high, each=True), 80, color=False)
    assert sum("a" in line for line in plot[2:HEIGHT]) >= 1
    assert plot[-2].startswith("a low-")
    assert plot[-1].startswith("b high-")


@pytest.mark.parametrize("color", [False, True])
def test_of_many_lines_the_best_are_named(store: Store, color: bool) -> None:
    for width in range(1, 31):
        keep_run(store, "x", changed={"model.units": [width]}, rows=curves_of(9, 4, lowest=0.1 + width / 10))
    plot = terminal_plot(curve_rows(store.entries()), 80, color)
    named = [line for line in plot if "best epoch 4" in line]
    assert len(named) == 5
    assert "width 1 " in named[0]
    assert plot[-1] == ". 25 others; `--png` shows them well"


def test_a_run_of_no_epochs_shows_its_start(store: Store) -> None:
    rows = rows_of(store, keep_run(store, "x", rows=[row(0, 2.3, 2.4)]))
    assert [(point["curve"], point["epoch"]) for point in rows.points] == [("train", 0), ("validation", 0)]
    assert "best epoch 0: validation 2.4000, train 2.3000" in "\n".join(terminal_plot(rows, 80, color=False))


def test_a_rate_drawn_at_random_has_four_digits_in_a_label(store: Store) -> None:
    rates = (0.004083090992074887, 0.0040834, 0.1)
    rows = rows_of(store, *(keep_run(store, "x", changed={"optimizer.learning_rate": rate}) for rate in rates))
    labels = labels_of(rows)
    assert labels[2] == "learning rate 0.1"
    assert labels[0].startswith("learning rate 0.004083, x-")
    assert len(set(labels)) == 3
