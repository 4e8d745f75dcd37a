"""Names are labels, never paths: a safe folder name from any text, and any text made safe to print."""

from __future__ import annotations

import re
import unicodedata

ID_LENGTH = 12
LABEL_BYTES = 80
"""Longest folder label in UTF-8 bytes; file systems allow 255 for the whole name."""

_FOLDER = re.compile(rf"(?P<label>.+)-(?P<id>[0-9a-f]{{{ID_LENGTH}}})")
_UNSAFE = re.compile(r"[^\w.+=-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # device names on Windows
_JOINERS = "\u200d\ufe0f"  # emoji are made with these two


def safe_label(name: str) -> str:
    """A folder label that resembles the name: word characters of every script and `. + = -`.

    Everything else becomes `_`. Never empty, never hidden, never `.` or `..`, no name that Windows reserves,
    at most `LABEL_BYTES` bytes of UTF-8. Different names may share a label: the id tells them apart.
    """
    label = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip("._- ")
    label = label.encode()[:LABEL_BYTES].decode(errors="ignore").rstrip("._- ")
    if not label:
        return "run"
    return f"{label}_" if _RESERVED.fullmatch(label) else label


def folder_name(name: str, run_id: str) -> str:
    """`<safe label>-<id>`."""
    return f"{safe_label(name)}-{run_id}"


def split_folder_name(folder: str) -> tuple[str, str] | None:
    """The label and the id in a run folder's name; None where it is no run folder."""
    match = _FOLDER.fullmatch(folder)
    if match is None or folder.startswith("."):
        return None
    return match["label"], match["id"]


def visible(text: str, keep: str = "") -> str:
    r"""The text with every character that a terminal would obey as an escape: `\x1b`, `\n`, `\u202e`.

    Args:
        keep: characters left as they are, for example a newline in a message of several lines.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in keep or _shows(char) else _escape(char) for char in text)


def _shows(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
