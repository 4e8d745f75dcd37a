"""What the curves say, from the store alone: rows first, drawing second. Heavy libraries load where they draw."""

from dlrun.insight.comparison import compare
from dlrun.insight.curve_rows import CurveRows, curve_rows
from dlrun.insight.difference import difference
from dlrun.insight.listing import listing, run_document
from dlrun.insight.summary import summary
from dlrun.insight.table import Column, Table

__all__ = [
    "Column",
    "CurveRows",
    "Table",
    "compare",
    "curve_rows",
    "difference",
    "listing",
    "run_document",
    "summary",
]
