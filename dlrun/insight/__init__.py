"""What the curves say, from the store alone: rows first, drawing second. Heavy libraries load where they draw.

Its public names are loaded when they are asked for: each command needs few of them, and must start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlrun.insight.configurations import compared, configurations
    from dlrun.insight.curve_rows import CurveRows, curve_rows
    from dlrun.insight.difference import difference
    from dlrun.insight.listing import listing, run_document
    from dlrun.insight.summary import summary
    from dlrun.insight.table import Column, Table
    from dlrun.insight.verdict import diagnose

_PLACES = {
    "Column": "table",
    "CurveRows": "curve_rows",
    "Table": "table",
    "compared": "configurations",
    "configurations": "configurations",
    "curve_rows": "curve_rows",
    "diagnose": "verdict",
    "difference": "difference",
    "listing": "listing",
    "run_document": "listing",
    "summary": "summary",
}

__all__ = [
    "Column",
    "CurveRows",
    "Table",
    "compared",
    "configurations",
    "curve_rows",
    "diagnose",
    "difference",
    "listing",
    "run_document",
    "summary",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
