"""Maps and effects as terminals see them."""

from __future__ import annotations

import numpy as np
import pytest

from dlrun.insight.maps.capacity import capacity_map
from dlrun.insight.maps.capacity_terminal import grid_lines
from dlrun.insight.maps.effects import effects
from dlrun.insight.maps.effects_terminal import effect_lines
from dlrun.insight.maps.swept import Swept
from dlrun.insight.terminal_table import cells
from tests.insight.maps.made import made


def swept(widths: int = 3, depths: int = 2) -> Swept:
    random = np.random.default_rng(0)
    rows = [
        ({"model.width": 8 * 2**w, "model.depth": d + 1}, [1 / (w + d + 1), 1 / (w + d + 1) + random.uniform(0, 0.01)])
        for w in range(widths)
        for d in range(depths)
    ]
    return made(rows)


def test_the_grid_is_aligned_and_in_order() -> None:
    lines = grid_lines(capacity_map(swept()), ["val_loss"], None, color=False)
    assert lines[0] == "validation loss, width → × depth ↑"
    assert [line.split()[0] for line in lines[1:3]] == ["2", "1"]
    assert lines[3].split() == ["8", "16", "32"]
    assert len({cells(line) for line in lines[1:3]}) == 1
    assert "★" in lines[1]
    assert not any("\x1b" in line for line in lines)


def test_better_cells_are_denser() -> None:
    lines = grid_lines(capacity_map(swept(5, 1 + 1)), ["val_loss"], None, color=False)
    assert lines[1].rstrip().endswith("★")
    assert "█" in lines[1]
    assert "░" in lines[2] or "  1.0" in lines[2]


def test_colours_are_for_terminals_that_have_them() -> None:
    lines = grid_lines(capacity_map(swept()), ["val_loss"], 80, color=True)
    assert lines[1].count("\x1b[48;5;") == 3
    assert lines[1].endswith("\x1b[0m")


@pytest.mark.parametrize("width", [80, 120])
def test_a_large_grid_fits_the_window(width: int) -> None:
    lines = grid_lines(capacity_map(swept(12, 10)), ["val_loss"], width, color=False)
    assert max(cells(line) for line in lines[:12]) <= width


def test_every_value_has_a_grid() -> None:
    found = capacity_map(swept())
    titles = [line for line in grid_lines(found, ["val_loss", "seconds"], None, color=False) if "→" in line]
    assert titles == ["validation loss, width → × depth ↑", "seconds per run, width → × depth ↑"]


def test_labels_cannot_be_obeyed_by_a_terminal() -> None:
    rows = [
        ({"model.activation": name, "model.width": w}, [0.5, w / 100])
        for name in ("\x1b[31mred", "가" * 40)
        for w in (1, 2)
    ]
    found = capacity_map(made(rows), "activation", "width")
    for line in grid_lines(found, ["val_loss"], 80, color=False):
        assert "\x1b" not in line
        assert cells(line) <= 100
    assert not any("\x1b" in line for line, _ in effect_lines(effects(made(rows)), 80, color=False))


def test_effects_show_levels_on_one_axis() -> None:
    lines = effect_lines(effects(swept(4, 2)), 80, color=False)
    headings = [line for line, heading in lines if heading]
    assert len(headings) == 2
    assert headings[0].startswith("width: explains ")
    assert all(cells(line) <= 80 for line, _ in lines)
    dots = [line.index("●") for line, _ in lines if "●" in line and line.split()[0] in ("8", "16", "32", "64")]
    assert dots == sorted(dots, reverse=True)
    assert all("─" in line for line, _ in lines if "●" in line)
