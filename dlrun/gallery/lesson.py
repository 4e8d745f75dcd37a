"""A lesson: what is run, what was measured, what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dlrun.insight.table import Table
from dlrun.insight.words import Said

if TYPE_CHECKING:
    from dlrun.gallery.studio import Studio


@dataclass(frozen=True)
class Claim:
    """What the textbook says should come out, and whether it did."""

    text: Said
    holds: bool


@dataclass(frozen=True)
class Shown:
    """What a lesson came to."""

    numbers: Mapping[str, Any]
    """Name -> number, text, or lists and mappings of them: JSON-able, as measured. Losses are plain data losses."""
    sentences: tuple[Said, Said, Said]
    """The lesson, with the numbers just measured in it."""
    claims: tuple[Claim, ...]
    """At least one; where one does not hold, the page says so."""
    picture: Callable[[str], Any] | None = None
    """language -> an altair chart, styled (`insight.figures.style.styled`)."""
    table: Callable[[str], Table] | None = None
    """language -> a table of at most a dozen rows."""
    notes: tuple[Said, ...] = field(default=())
    """What else a reader should know: what was made small so that it runs in seconds."""


@dataclass(frozen=True)
class Lesson:
    """One idea of an introduction to deep learning."""

    number: int
    """From 1, in the order in which they are taught."""
    name: str
    """Of its file in `configs/gallery/`, without `.yaml`."""
    title: Said
    teach: Callable[[Studio], Shown]
    """Runs it."""
    long: bool = False
    """Whether it takes minutes and data sets of its own: `--all` leaves it out."""
