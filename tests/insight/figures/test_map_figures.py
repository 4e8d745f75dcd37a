"""The figures of maps, effects and learning curves: what is in their rows, and that they are sound Vega-Lite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlrun.insight.figures.capacity_map import chart as map_chart
from dlrun.insight.figures.effects import chart as effects_chart
from dlrun.insight.figures.learning_curve import chart as curve_chart
from dlrun.insight.figures.round_ticks import ticks_within
from dlrun.insight.figures.subtitle import wrapped
from dlrun.insight.maps.capacity import capacity_map
from dlrun.insight.maps.effects import effects
from dlrun.insight.maps.learning_curve import learning_curve
from dlrun.insight.maps.swept import Swept
from tests.insight.maps.made import made


def values_of(spec: Any) -> list[dict[str, Any]]:
    """All inline rows of a figure."""
    if isinstance(spec, list):
        return [row for part in spec for row in values_of(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("data", {}).get("values", []) if isinstance(spec.get("data"), dict) else []
    sets = [row for rows in spec.get("datasets", {}).values() for row in rows]
    return [
        *own,
        *sets,
        *(row for key, part in spec.items() if key not in ("data", "datasets") for row in values_of(part)),
    ]


def grid(lost: bool = False) -> Swept:
    rows: list[Any] = [
        ({"model.width": w, "model.dropout": d}, [1 / w + d, 1 / w + d + 0.001])
        for w in (16, 32, 64)
        for d in (0.0, 0.1)
    ]
    if lost:
        rows[0] = (rows[0][0], [None, None])
        del rows[3]
    return made(rows, train=[[0.01, 0.01] for _ in rows])


def test_every_cell_is_drawn_with_its_value() -> None:
    found = capacity_map(grid(), "width", "dropout")
    spec = map_chart(found).to_dict()
    titles = [panel["title"]["text"] for panel in spec["concat"]]
    assert titles == ["validation loss", "train loss", "gap"]
    shown = {
        (row["x"], row["y"]): row["value"]
        for row in values_of(map_chart(found, ["val_loss"]).to_dict())
        if "value" in row
    }
    assert shown == {(cell["x"], cell["y"]): pytest.approx(cell["val_loss"]) for cell in found.cells}


def test_lost_and_missing_cells_are_drawn_without_a_value() -> None:
    spec = map_chart(capacity_map(grid(lost=True), "width", "dropout"), ["val_loss"]).to_dict()
    rows = {(row["x"], row["y"]): row for row in values_of(spec) if "shape" in row}
    assert (rows["16", "0"]["value"], rows["16", "0"]["shape"]) == (None, "diverged")
    assert (rows["32", "0.1"]["value"], rows["32", "0.1"]["shown"]) == (None, "–")


def test_a_value_that_is_the_same_everywhere_can_be_drawn() -> None:
    found = capacity_map(made([({"a.b": x, "c.d": y}, [0.5, 0.5]) for x in (1, 2) for y in (1, 2)]), "b", "d")
    assert map_chart(found, ["val_loss"]).to_dict()["concat"]


def test_effects_draw_levels_intervals_and_configurations() -> None:
    found = effects(grid())
    spec = effects_chart(found).to_dict()
    assert [panel["title"]["text"] for panel in spec["concat"]] == [key.title for key in found.keys]
    levels = [row for row in values_of(spec) if "configurations" in row]
    assert {row["mean"] for row in levels} == {level.mean for key in found.keys for level in key.levels}


def test_effects_of_ranges_are_drawn_over_numbers() -> None:
    random = np.random.default_rng(1)
    found = effects(
        made([({"optimizer.learning_rate": 10 ** random.uniform(-4, -1)}, [random.uniform(0.1, 1)]) for _ in range(30)])
    )
    (panel,) = effects_chart(found).to_dict()["concat"]
    assert any(layer["encoding"]["x"]["type"] == "quantitative" for layer in panel["layer"] if "x" in layer["encoding"])


def test_the_learning_curve_draws_points_bands_and_the_outlook() -> None:
    sizes = (50, 100, 200, 400)
    found = learning_curve(
        made(
            [({"data.train_fraction": n / 400}, [5 / n**0.5, 5.1 / n**0.5]) for n in sizes],
            train=[[0.1, 0.11] for _ in sizes],
            sizes=sizes,
        )
    )
    rows = values_of(curve_chart(found).to_dict())
    assert {row["rows"] for row in rows if row.get("curve") == "validation"} == set(sizes)
    assert max(row["rows"] for row in rows) == 800
    assert any("words" in row for row in rows)


def test_sentences_are_broken_by_their_width() -> None:
    assert wrapped(["a short one"], 400) == ["a short one"]
    assert all(len(line) <= 64 for line in wrapped(["word " * 60], 400))
    assert len(wrapped(["낱말 " * 40], 400)) > len(wrapped(["ab " * 40], 400))


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.5), (0.11, 0.18), (1e-5, 10)])
def test_short_logarithmic_axes_have_ticks_too(low: float, high: float) -> None:
    ticks = ticks_within(low, high, 8, True)
    assert len(ticks) >= 3
    assert all(low <= tick <= high for tick in ticks)
