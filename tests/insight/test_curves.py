"""Curves as rows, as a picture and in the terminal."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlrun.errors import StoreNotWritable, UsageError
from dlrun.insight.curve_rows import CurveRows, Point, curve_rows, thinned
from dlrun.insight.figures import chart, colors, save_png, save_svg
from dlrun.insight.terminal_plot import HEIGHT, terminal_plot
from dlrun.insight.terminal_table import cells
from dlrun.store import RunFolder, Store
from tests.stored import HOSTILE, curves_of, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def rows_of(store: Store, *folders: RunFolder, metric: str = "loss", log: bool | None = None) -> CurveRows:
    return curve_rows([store.entry(folder) for folder in folders], metric, log)


def test_both_curves_are_there_and_the_best_epoch(store: Store) -> None:
    folder = keep_run(store, "x", rows=curves_of(5, best=3))
    rows = rows_of(store, folder)
    assert rows.runs == (f"x-{folder.id[:6]}",)
    for curve, column in (("train", "train_loss"), ("validation", "val_loss")):
        values = [point["value"] for point in rows.points if point["curve"] == curve]
        assert values == folder.curves()[column]
    assert [(p["epoch"], p["curve"], p["value"]) for p in rows.best] == [
        (3, "validation", folder.curves()["val_loss"][2])
    ]
    assert rows.rates == []
    assert rows.value_title == "loss (data loss)"


def test_a_metric(store: Store) -> None:
    folder = keep_run(store, "x")
    rows = rows_of(store, folder, metric="accuracy")
    assert [p["value"] for p in rows.points if p["curve"] == "validation"] == folder.curves()["val_accuracy"]
    assert rows.value_title == "accuracy (share)"
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
    rows = rows_of(store, falling, constant)
    assert {point["run"] for point in rows.rates} == {rows.runs[0]}
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
    rows = rows_of(store, keep_run(store, "x", rows=[], finish=False))
    assert rows.points == []
    assert rows.notes == [f"{rows.runs[0]}: no epochs yet"]
    assert terminal_plot(rows, 80, color=False)
    chart(rows).to_dict()


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
    points = [Point(run="x", curve="train", epoch=epoch, value=value) for epoch, value in enumerate(values)]
    kept = thinned(points, most)
    assert len(kept) <= max(most, 4)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert [point["epoch"] for point in kept] == sorted(point["epoch"] for point in kept)
    for extreme in (min, max):
        assert extreme(point["value"] for point in kept) == extreme(values)


def test_the_picture_holds_the_rows(store: Store) -> None:
    folders = [keep_run(store, name, rows=curves_of(rate_falls=True)) for name in ("a", "한글 이름", "<script>")]
    rows = rows_of(store, *folders)
    figure = chart(rows).to_dict()
    drawn = (
        [row for data in figure["datasets"].values() for row in data] if "datasets" in figure else json.dumps(figure)
    )
    assert "한글 이름" in json.dumps(drawn, ensure_ascii=False)
    values, rates = figure["vconcat"]
    lines = values["layer"][0]["encoding"]
    assert lines["y"]["title"] == "loss (data loss)"
    assert lines["color"]["scale"]["domain"] == list(rows.runs)
    assert rates["encoding"]["y"]["title"] == "learning rate"
    assert rates["encoding"]["x"]["title"] == "epoch"


@pytest.mark.parametrize("number", [1, 7, 8, 12])
def test_colours_are_different(number: int) -> None:
    assert len(set(colors(number))) == number
    assert len(colors(40)) == 40


def test_png_and_svg(store: Store, tmp_path: Path) -> None:
    rows = rows_of(store, *(keep_run(store, name) for name in HOSTILE[:4]))
    save_png(rows, tmp_path / "c.png")
    save_svg(rows, tmp_path / "c.svg")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "[/x]" in svg
    assert sorted(path.name for path in tmp_path.glob("*c.*")) == ["c.png", "c.svg"]


def test_a_hostile_name_is_text_in_an_svg(store: Store, tmp_path: Path) -> None:
    rows = rows_of(store, keep_run(store, "<script>alert(1)</script>"))
    save_svg(rows, tmp_path / "c.svg")
    assert "<script" not in (tmp_path / "c.svg").read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_written_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    rows = rows_of(store, keep_run(store, "x"))
    for place in (tmp_path / "file" / "c.png", tmp_path / "absent" / "c.png", tmp_path / ("n" * 300 + ".png")):
        with pytest.raises(StoreNotWritable, match="cannot be written"):
            save_png(rows, place)


@pytest.mark.parametrize("width", [30, 60, 80, 200])
@pytest.mark.parametrize("color", [False, True])
def test_the_terminal_plot_fits(store: Store, width: int, color: bool) -> None:
    folders = [keep_run(store, name, rows=curves_of(30, best=9, lowest=0.001)) for name in HOSTILE[:9]]
    lines = terminal_plot(rows_of(store, *folders), width, color)
    text = "\n".join(lines)
    assert ("\x1b[" in text) is color
    assert HEIGHT <= len(lines) <= HEIGHT + len(folders) + 3
    assert "◆ best epoch" in text
    assert "best epoch 9: validation 0.0010" in text or width < 80
    if not color:
        assert all(cells(line) <= max(width, 40) for line in lines)


def test_runs_are_told_apart_without_colours(store: Store) -> None:
    low, high = (keep_run(store, name, rows=curves_of(lowest=lowest)) for name, lowest in (("low", 0.1), ("high", 3.0)))
    plot = terminal_plot(rows_of(store, low, high), 80, color=False)
    assert sum("a" in line for line in plot[2:HEIGHT]) >= 1
    assert plot[-2].startswith("a low-")
    assert plot[-1].startswith("b high-")
