"""Which runs a command is about, and in which language it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from dlrun.errors import UsageError
from dlrun.insight.words import LANGUAGES
from dlrun.store import Entry, Store
from dlrun.store.names import visible

NEWEST = 30
"""Configurations that a command takes when no run is named."""

Runs = Annotated[
    list[str] | None,
    typer.Argument(
        help="Runs and sweeps: a run by its id or <name>-<id>, all runs of a name, all runs of a sweep.",
        metavar="[RUN|SWEEP]...",
        show_default=False,
    ),
]


def language(text: str) -> str:
    """The language, as the option gives it.

    Raises:
        UsageError: dlrun does not speak it.
    """
    if text not in LANGUAGES:
        raise UsageError(f"--lang: must be one of {', '.join(LANGUAGES)}. Received: {visible(text)!r}")
    return text


Lang = Annotated[
    str, typer.Option("--lang", metavar="LANGUAGE", callback=language, help="Speak English (en) or Korean (ko).")
]


def chosen_entries(store: Store, references: Sequence[str] | None, newest: int | None = NEWEST) -> list[Entry]:
    """The runs that are meant, each once: those that answer to the references, in their order; without references all
    runs of the newest configurations, the newest first.

    Args:
        newest: how many configurations; every run in the store when None.
    Raises:
        NoSuchRun: nothing answers to a reference, or several things do.
        StoreError: a sweep's list of runs is damaged.
    """
    if references:
        folders = dict.fromkeys(folder for reference in references for folder in store.runs_named(reference))
        return store.entries_of(list(folders))
    return store.entries() if newest is None else store.recent(newest)
