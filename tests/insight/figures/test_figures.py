"""The figures of curves: what stands in their definitions, and that these are Vega-Lite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dlrun.errors import UsageError
from dlrun.insight.curve_rows import CurveRows, curve_rows
from dlrun.insight.figures.coloring import Coloring
from dlrun.insight.figures.curves import chart
from dlrun.insight.figures.gap import gap_chart
from dlrun.insight.figures.parallel import parallel_chart
from dlrun.insight.figures.saving import definition
from dlrun.insight.parallel_rows import parallel_rows
from dlrun.store import Store
from tests.stored import COLUMNS, HOSTILE, curves_of, keep_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def keep_widths(store: Store, number: int, seeds: int = 1, **more: Any) -> None:
    for width in range(1, number + 1):
        for seed in range(seeds):
            rows = curves_of(6, 4, lowest=0.1 + width / 10 + seed / 50, **more)
            keep_run(store, "x", seed=seed, changed={"model.units": [width]}, rows=rows)


def drawn(store: Store, **more: Any) -> CurveRows:
    return curve_rows(store.entries(), **more)


def parts(figure: Any, data: Any = None) -> Iterator[dict[str, Any]]:
    """Every part of a definition that is a mapping, itself first; a frame's data stand in its layers too."""
    if isinstance(figure, dict):
        data = figure.get("data", data)
        yield figure | {"data": data}
        for key, item in figure.items():
            if key != "datasets":
                yield from parts(item, data)
    elif isinstance(figure, list):
        for item in figure:
            yield from parts(item, data)


def layers(figure: Any, mark: str) -> list[dict[str, Any]]:
    """The layers with this mark, each with its rows beside it."""
    whole = definition(figure)
    marked = [part for part in parts(whole) if isinstance(part.get("mark"), dict) and part["mark"]["type"] == mark]
    return [part | {"rows": whole["datasets"][part["data"]["name"]]} for part in marked]


def texts(figure: Any) -> list[str]:
    return [row["text"] for layer in layers(figure, "text") for row in layer["rows"]]


@pytest.mark.slow  # altair takes seconds to check a definition against the JSON Schema
@pytest.mark.parametrize(
    ("number", "more"),
    [
        (1, {}),
        (1, {"gap": True}),
        (2, {"log": True}),
        (7, {"metric": "accuracy"}),
        (8, {}),
        (13, {"gap": True}),
        (30, {}),
    ],
    ids=str,
)
def test_the_figures_are_vega_lite(store: Store, number: int, more: dict[str, Any]) -> None:
    keep_widths(store, number, seeds=1 + (number < 8), rate_falls=True)
    rows = drawn(store, **more)
    for hover in (False, True):
        chart(rows, hover).to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 9])
def test_parallel_coordinates_are_vega_lite(store: Store, number: int) -> None:
    keep_widths(store, number)
    rows = parallel_rows(store.entries())
    for hover in (False, True):
        parallel_chart(rows, hover).to_dict()


def test_a_lone_run_has_both_curves_and_its_best_epoch_in_words(store: Store) -> None:
    folder = keep_run(store, "x", rows=curves_of(6, 4))
    figure = chart(drawn(store))
    lines = next(layer for layer in layers(figure, "line") if "color" in layer["encoding"])
    for curve, column in (("train", "train_loss"), ("validation", "val_loss")):
        assert [row["value"] for row in lines["rows"] if row["curve"] == curve] == folder.curves()[column]
    assert lines["encoding"]["color"]["scale"]["domain"] == ["train", "validation"]
    assert lines["encoding"]["y"]["title"] == "loss (cross-entropy, nats)"
    assert lines["encoding"]["x"]["title"] == "epoch"
    assert "best epoch 4: 0.1000" in texts(figure)


def test_of_several_lines_the_legend_says_what_differs(store: Store) -> None:
    keep_widths(store, 3, seeds=2)
    figure = chart(drawn(store))
    (lines,) = layers(figure, "line")
    assert lines["encoding"]["color"]["scale"]["domain"] == ["width 1", "width 2", "width 3"]
    (band,) = layers(figure, "area")
    assert {row["curve"] for row in band["rows"]} == {"validation"}
    (lowest,) = (row for row in band["rows"] if row["line"] == "width 1" and row["epoch"] == 4)
    assert (lowest["low"], lowest["high"]) == pytest.approx((0.2, 0.22))
    title = definition(figure)["title"]
    assert title["text"] == "x: 3 configurations"
    assert title["subtitle"] == ["dot: best epoch; line: mean, band: lowest to highest of 2 runs"]


def test_the_learning_rate_stands_below_where_it_changes(store: Store) -> None:
    keep_widths(store, 2, rate_falls=True)
    figure = definition(chart(drawn(store)))
    values, rates = figure["vconcat"]
    assert rates["layer"][0]["encoding"]["y"]["title"] == "learning rate"
    assert rates["layer"][0]["encoding"]["x"]["title"] == "epoch"
    assert values["layer"][-1]["encoding"]["x"].get("title") is None
    keep_run(store, "flat", changed={"model.dropout": 0.5})
    assert "vconcat" not in definition(chart(curve_rows([store.entry(store.find("flat"))])))


def test_the_trivial_predictor_is_shown_where_it_is_near(store: Store) -> None:
    keep_run(store, "near", trivial={"val_loss": 1.1})
    keep_run(store, "far", trivial={"val_loss": 40.0})
    near, far = (chart(curve_rows([store.entry(store.find(name))])) for name in ("near", "far"))
    assert "trivial predictor 1.10" in texts(near)
    assert not any("trivial" in text for text in texts(far))


def test_accuracy_has_an_axis_of_percent(store: Store) -> None:
    keep_run(store, "x")
    lines = next(
        layer for layer in layers(chart(drawn(store, metric="accuracy")), "line") if "color" in layer["encoding"]
    )
    assert lines["encoding"]["y"]["axis"]["format"] == ".0%"
    assert lines["encoding"]["y"]["title"] == "accuracy (%)"


def test_eight_to_twelve_lines_have_a_frame_per_curve_and_names_beside_them(store: Store) -> None:
    keep_widths(store, 12)
    figure = chart(drawn(store))
    frames = definition(figure)["hconcat"]
    assert [frame["title"]["text"] for frame in frames] == ["train", "validation"]
    assert {f"width {width}" for width in range(1, 13)} <= set(texts(figure))
    scales = {str(line["encoding"]["y"]["scale"]) for line in layers(figure, "line")}
    assert len(scales) == 1


def test_of_many_lines_the_best_three_are_named_and_a_setting_colours_the_rest(store: Store) -> None:
    keep_widths(store, 40)
    rows = drawn(store)
    figure = chart(rows)
    names = [text for text in texts(figure) if "width" in text]
    assert names == ["1.  0.2000  width 1", "2.  0.3000  width 2", "3.  0.4000  width 3"]
    legends = [part["legend"] for part in parts(definition(figure)) if isinstance(part.get("legend"), dict)]
    assert {legend["title"] for legend in legends if "title" in legend} == {"width"}
    assert Coloring.of(rows).is_continuous
    lines = {row["line"] for layer in layers(figure, "line") for row in layer["rows"] if "setting" in row}
    assert len(lines) == 40


def test_a_setting_of_few_values_has_a_colour_for_each(store: Store) -> None:
    for activation in ("relu", "tanh"):
        for dropout in range(8):
            changed = {"model.activation": activation, "model.dropout": dropout / 10}
            lowest = 0.1 + (activation == "tanh") + dropout / 100
            keep_run(store, "x", changed=changed, rows=curves_of(lowest=lowest))
    coloring = Coloring.of(drawn(store))
    assert coloring.setting is not None
    assert coloring.setting.title == "activation"
    assert coloring.color("activation relu, dropout 0") != coloring.color("activation tanh, dropout 0")
    assert coloring.color("activation relu, dropout 0") == coloring.color("activation relu, dropout 0.7")


def test_far_values_are_drawn_at_the_edge_and_said(store: Store) -> None:
    keep_widths(store, 39)
    bad = [{**row, "train_loss": 2000.0, "val_loss": 3000.0} if row["epoch"] == 1 else row for row in curves_of(6)]
    keep_run(store, "x", changed={"model.units": [999]}, rows=bad)
    figure = chart(drawn(store, log=False))
    assert "are drawn at the edge" in definition(figure)["title"]["subtitle"][0]
    values = [row["value"] for layer in layers(figure, "line") for row in layer["rows"] if "epoch" in row]
    assert max(values) < 20


def test_the_gap_has_a_line_at_0(store: Store) -> None:
    keep_widths(store, 3)
    figure = gap_chart(drawn(store, gap=True))
    (rule,) = layers(figure, "rule")
    assert [row["value"] for row in rule["rows"]] == [0]
    assert "no gap" in texts(figure)
    with pytest.raises(UsageError, match="gap=True"):
        gap_chart(drawn(store))


@pytest.mark.parametrize("number", [1, 3, 9])
def test_the_start_alone_is_drawn_as_points(store: Store, number: int) -> None:
    start = [dict.fromkeys(COLUMNS, 0.5) | {"epoch": 0}]
    for width in range(number):
        keep_run(store, "x", changed={"model.units": [width + 1]}, rows=start)
    figure = chart(drawn(store))
    assert layers(figure, "point")
    assert all(row["epoch"] == 0 for layer in layers(figure, "point") for row in layer["rows"])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_rows_like_others(store: Store, name: str) -> None:
    for seed in range(2):
        keep_run(store, name, seed=seed)
    text = str(definition(chart(drawn(store, each=True))))
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)


def test_parallel_coordinates_hold_the_places(store: Store) -> None:
    keep_widths(store, 4)
    rows = parallel_rows(store.entries())
    figure = parallel_chart(rows)
    points = {(row["line"], row["axis"]): row["place"] for layer in layers(figure, "line") for row in layer["rows"]}
    for line in rows.lines:
        assert [points[(line.label, axis)] for axis in range(2)] == list(line.places)
    assert definition(figure)["title"]["subtitle"].startswith("best: width 1: 0.2000")
