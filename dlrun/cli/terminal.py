"""How commands write: data on stdout, everything else on stderr, colours and widths only for a terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from dlrun.insight.table import Table
from dlrun.insight.terminal_table import lines

Results = Annotated[
    Path | None, typer.Option("--results", metavar="DIR", help="The store; ./results or DLRUN_RESULTS when not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Leave out hints.")]

PIPE_WIDTH = 100
"""Cells per line of a plot that does not go to a terminal."""
_OBEYED = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def terminal_width() -> int | None:
    """Cells per line of the terminal that stdout is; None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def colors_allowed() -> bool:
    """Whether stdout is a terminal that may show colours (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def bold(text: str) -> str:
    """The text in bold where colours are allowed."""
    return f"\x1b[1m{text}\x1b[0m" if colors_allowed() else text


def say(text: str, quiet: bool = False) -> None:
    """Writes a hint to stderr."""
    if not quiet:
        sys.stdout.flush()
        print(text, file=sys.stderr)


def print_table(table: Table, quiet: bool = False) -> None:
    """Writes a table as wide as the terminal; a hint names the columns that found no place."""
    (head, *body), left_out = lines(table, terminal_width())
    print(bold(head))
    for line in body:
        print(line)
    if left_out:
        titles = ", ".join(column.title for column in left_out)
        say(f"No room for: {titles}. A wider terminal shows them, --json has them all", quiet)
    for note in table.notes:
        say(note, quiet)


def print_json(document: dict[str, Any]) -> None:
    """Writes a JSON document, to which `format` is added."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16")
    text = json.dumps({"format": 1, **document}, ensure_ascii=not plain, allow_nan=False, indent=2)
    print(_OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
