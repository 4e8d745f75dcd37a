"""Where a report goes, and that it takes nobody else's place."""

from __future__ import annotations

from pathlib import Path

from dlrun.errors import UsageError
from dlrun.insight.report.html import MARK as HTML_MARK
from dlrun.insight.report.markdown import MARK as MARKDOWN_MARK
from dlrun.store.files import write_whole, writing
from dlrun.store.names import visible

FORMATS = {"html": (".html", ".htm"), "markdown": (".md", ".markdown")}
"""Format -> the endings of a file's name that ask for it."""
_LOOKED_AT = 4096
"""Bytes in which the mark of a report stands."""


def format_of(wanted: str | None, path: Path | None) -> str:
    """The format that is asked for by name, or by the ending of the file's name; else html.

    Raises:
        UsageError: there is no such format, or the ending belongs to none.
    """
    if wanted is not None:
        if wanted not in FORMATS:
            raise UsageError(f"--format: must be one of {', '.join(FORMATS)}. Received: {visible(wanted)!r}")
        return wanted
    if path is None:
        return "html"
    for name, endings in FORMATS.items():
        if path.suffix.lower() in endings:
            return name
    raise UsageError(f"-o: must end in .html or .md, or be given with --format. Received: {visible(str(path))!r}")


def check_free(path: Path, force: bool = False) -> None:
    """Raises UsageError where something stands at the path that is no report, unless it may be replaced."""
    if path.is_dir():
        raise UsageError(f"-o: must be a file to write. Received: {visible(str(path))!r}, which is a folder")
    if path.exists() and not force and not is_report(path):
        raise UsageError(
            f"{visible(str(path))}: is there and is no report of dlrun, so it is not replaced. "
            "Choose another name with -o, or add --force"
        )


def is_report(path: Path) -> bool:
    """Whether a file is a report that dlrun wrote, or empty. Raises StoreNotWritable where it cannot be read."""
    with writing(path), path.open("rb") as file:
        begin = file.read(_LOOKED_AT).decode("utf-8", "replace")
    return not begin or begin.startswith(MARKDOWN_MARK) or HTML_MARK in begin


def save(text: str, path: Path) -> None:
    """Writes the report, whole or not at all. Raises StoreNotWritable where it cannot be written."""
    write_whole(path, lambda aside: _write(aside, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
