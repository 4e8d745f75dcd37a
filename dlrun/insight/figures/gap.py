"""The gap over epochs: validation minus train."""

from __future__ import annotations

from typing import Any

from dlrun.errors import UsageError
from dlrun.insight.curve_rows import CurveRows
from dlrun.insight.figures.curves import chart


def gap_chart(rows: CurveRows, hover: bool = False) -> Any:
    """The figure of rows made with `gap=True`: a line at 0, above which validation is the higher one."""
    if rows.points and not rows.is_gap:
        raise UsageError("a figure of the gap needs rows of the gap: curve_rows(..., gap=True)")
    return chart(rows, hover)
