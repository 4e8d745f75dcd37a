"""Sentences below a figure's title, broken into lines as wide as the figure."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.insight.terminal_table import cells

_PER_CELL = 6.2
"""Points that a narrow character takes on average; Hangul takes two of them."""


def wrapped(sentences: Sequence[str], width: float) -> list[str]:
    """The sentences, each begun on a new line.

    Args:
        width: in points.
    """
    room = max(40, int(width / _PER_CELL))
    return [line for sentence in sentences for line in _lines(sentence, room)]


def _lines(sentence: str, room: int) -> list[str]:
    lines = [""]
    for word in sentence.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if cells(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
