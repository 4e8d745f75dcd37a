"""Drawn rows as JSON."""

from __future__ import annotations

from typing import Any

from dlrun.insight.curve_rows import CurveRows
from dlrun.insight.parallel_rows import ParallelRows


def document(rows: CurveRows) -> dict[str, Any]:
    """The lines with their runs and settings, the points, bands and best epochs, as they are drawn."""
    lines = [
        {
            "label": line.label,
            "runs": [entry.folder.id for entry in line.entries],
            "settings": dict(line.settings),
            "best_value": line.score,
        }
        for line in rows.lines
    ]
    return {
        "value": rows.value_title,
        "lines": lines,
        "points": rows.points,
        "band": rows.band,
        "best": rows.best,
        "learning_rates": rows.rates,
        "trivial": rows.baseline,
        "notes": rows.notes,
    }


def parallel_document(rows: ParallelRows) -> dict[str, Any]:
    """The axes, and the configurations with their places on them, the best first."""
    return {
        "axes": [{"key": axis.key, "title": axis.title, "log": axis.log} for axis in rows.axes],
        "lines": [
            {"label": line.label, "places": list(line.places), "value": line.value, "runs": line.runs}
            for line in rows.lines
        ],
        "notes": rows.notes,
    }
