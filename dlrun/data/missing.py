"""Texts in files that mean: no value."""

from __future__ import annotations

MISSING = (
    "", "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NAN", "-nan", "null", "NULL", "Null"
)  # fmt: skip
"""`None` and `none` are not among them: in many files they are a category."""
