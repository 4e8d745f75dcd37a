"""Colours and rows of figures."""

from __future__ import annotations

import json

import altair as alt
import pytest

from dlrun.insight.figures.saving import definition
from dlrun.insight.figures.style import MOST_AS_LIST, colors, inline_rows, steps


@pytest.mark.parametrize("number", [1, 7, 8, 12])
def test_colours_are_different(number: int) -> None:
    assert len(set(colors(number))) == number
    assert len(set(steps(number))) == number
    assert len(colors(40)) == 40


@pytest.mark.parametrize("color", [*colors(7), *colors(12), *steps(12)])
def test_a_line_of_any_colour_is_seen_on_white(color: str) -> None:
    assert contrast_with_white(color) >= 1.35


def test_steps_grow_lighter() -> None:
    contrasts = [contrast_with_white(color) for color in steps(9)]
    assert contrasts == sorted(contrasts, reverse=True)


def contrast_with_white(color: str) -> float:
    """As WCAG 2.1 defines it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("number", [1, 3, MOST_AS_LIST + 1])
def test_rows_come_back_as_lists(number: int) -> None:
    rows = [{"x": float(place), "name": "</script> 한글"} for place in range(number)]
    chart = alt.Chart(inline_rows(rows)).mark_point().encode(x="x:Q")
    (found,) = definition(chart)["datasets"].values()
    assert found == rows
    json.dumps(definition(chart), allow_nan=False)
