"""How each configuration's settings differ from those of the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlrun.insight.table import Column
from dlrun.insight.words import said


def setting_changes(settings: Sequence[Column], rows: Sequence[Mapping[str, Any]], language: str) -> list[list[str]]:
    """Per configuration what is not as in the first: `width 64 → 16`."""
    return [
        [
            said("report.change", language, key=column.title, before=_text(column, rows[0]), after=_text(column, row))
            for column in settings
            if row.get(column.key) != rows[0].get(column.key)
        ]
        for row in rows
    ]


def _text(column: Column, row: Mapping[str, Any]) -> str:
    value = row.get(column.key)
    return "null" if value is None else column.text(value)
