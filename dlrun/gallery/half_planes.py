"""Where one unit draws its line through the plane, and which gates it is then."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from dlrun.data.generators import CORNERS, GATE_OUTPUTS
from dlrun.gallery.drawing import Axis, Groups, Rows, points

SQUARE = (-0.5, 1.5)
"""The part of the plane that is drawn around the corners of a gate."""


def answers(weights: Sequence[float], threshold: float, x: np.ndarray = CORNERS) -> tuple[int, ...]:
    """1 for each row of x (rows, 2) whose weighted sum is above the threshold, else 0."""
    return tuple(int(one) for one in x @ np.asarray(weights, float) > threshold)


def gate_of(truth: Sequence[int]) -> str | None:
    """`and`, `or`, `nand` ...: the gate with these answers at `CORNERS`; None where it has no such name."""
    return next((name for name, known in GATE_OUTPUTS.items() if tuple(truth) == known), None)


def thresholds(weights: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Gate -> the thresholds (from, below) at which a unit with these weights is that gate."""
    sums = sorted(float(one) for one in CORNERS @ np.asarray(weights, float))
    found = {gate_of(answers(weights, (low + high) / 2)): (low, high) for low, high in pairwise(sums) if low < high}
    return {gate: between for gate, between in found.items() if gate is not None}


def line_ends(weights: Sequence[float], threshold: float, ends: tuple[float, float] = SQUARE) -> list[dict[str, float]]:
    """Two points of the line on which the weighted sum is the threshold; none where all weights are 0."""
    first, second = (float(one) for one in weights)
    if abs(first) < 1e-9 and abs(second) < 1e-9:
        return []
    if abs(second) >= abs(first):
        return [{"x1": x, "x2": (threshold - first * x) / second} for x in ends]
    return [{"x1": (threshold - second * x) / first, "x2": x} for x in ends]


def axes(ends: tuple[float, float] = SQUARE, ticks: tuple[float, ...] = (0.0, 1.0)) -> tuple[Axis, Axis]:
    """Those of x1 and x2, over the same values."""
    return (
        Axis("x1", domain=ends, values=ticks, format="d", grid=False),
        Axis("x2", domain=ends, values=ticks, format="d", grid=False),
    )


def marked(x: np.ndarray, truth: Sequence[int], groups: Groups, ends: tuple[Axis, Axis], size: float = 150) -> Any:
    """The rows of x (rows, 2) as points in the colour of their answer ("0" or "1")."""
    rows: Rows = [
        {"x1": float(one), "x2": float(two), groups.field: str(answer)}
        for (one, two), answer in zip(x, truth, strict=True)
    ]
    return points(rows, "x1", "x2", *ends, groups, size=size, outline="white")
