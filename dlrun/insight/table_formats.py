"""A table as CSV, Markdown or plain JSON rows."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from dlrun.insight import numbers
from dlrun.insight.table import LEFT, Column, Table
from dlrun.store.names import visible
from dlrun.store.record import finite

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is run as a formula by spreadsheets."""
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~&@$]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
"""What Markdown or HTML obeys; also what begins a mention, a formula, an emoji or a link."""
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", ":": "&#58;", "$": "&#36;", ".": "&#46;"}


def to_csv(table: Table) -> str:
    """Comma-separated values, numbers in full, absent values empty. Texts cannot become formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_harmless(column.key) for column in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(column, row.get(column.key)) for column in table.columns])
    return out.getvalue()


def to_markdown(table: Table) -> str:
    """A Markdown table (pipes and markup in names escaped), numbers aligned to the right."""
    head = [escaped(column.title) for column in table.columns]
    rule = [":---" if column.kind in LEFT else "---:" for column in table.columns]
    body = [[escaped(text) for text in texts] for texts in table.texts()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *body))


def escaped(text: str) -> str:
    """The text with everything that Markdown or HTML would obey taken literally."""
    return _MARKUP.sub(_literal, visible(text))


def _literal(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0], f"\\{match[0]}")


def to_rows(table: Table) -> list[dict[str, Any]]:
    """The rows as JSON can hold them: the columns' keys, null for what is absent or not finite."""
    return [{column.key: finite(row.get(column.key)) for column in table.columns} for row in table.rows]


def _csv_cell(column: Column, cell: Any) -> str:
    if cell is None:
        return ""
    if column.kind == "text" or isinstance(cell, str):
        return _harmless(str(cell))
    if isinstance(cell, (list, tuple, dict, bool)):
        return _harmless(numbers.setting(cell))
    return repr(cell)


def _harmless(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA) else shown
