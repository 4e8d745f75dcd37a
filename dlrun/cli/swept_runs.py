"""Which runs `map`, `effects` and `learning-curve` look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.chosen import chosen_entries
from dlrun.cli.terminal import say
from dlrun.errors import NoSuchRun
from dlrun.store import Entry, Store
from dlrun.store.names import visible

if TYPE_CHECKING:
    from dlrun.insight.maps import Swept
    from dlrun.insight.words import Said

Anyway = Annotated[bool, typer.Option("--anyway", help="Take runs of different data together.")]


def swept_entries(store: Store, references: Sequence[str] | None, quiet: bool) -> list[Entry]:
    """The runs that are meant; without references those of the newest sweep, else of the newest configurations."""
    if references:
        return chosen_entries(store, references)
    written = [sweep for sweep in store.sweeps() if sweep.runs_path.is_file()]
    newest = max(written, key=lambda sweep: sweep.runs_path.stat().st_mtime, default=None)
    if newest is not None:
        try:
            found = chosen_entries(store, [newest.path.name])
        except NoSuchRun:  # its runs were removed
            found = []
        if found:
            say(f"The newest sweep: {visible(newest.path.name)}", quiet)
            return found
    return chosen_entries(store, None)


def sweep_command(store: Store, references: Sequence[str] | None) -> str:
    """The command that sweeps around the same experiment: `dlrun sweep CONFIG`."""
    found = [sweep for reference in references or () if (sweep := store.sweep(reference)) is not None]
    return f"dlrun sweep {visible(str(found[0].spec_path))}" if len(found) == 1 else "dlrun sweep CONFIG"


def swept_of(store: Store, entries: Sequence[Entry], monitor: str | None, anyway: bool, verdicts: bool) -> Swept:
    """The runs as configurations, with their verdicts where these are asked for."""
    from dlrun.insight.maps import swept
    from dlrun.insight.verdict import verdicts as told

    return swept(entries, told(store, entries) if verdicts else None, monitor, anyway)


def say_all(notes: Sequence[Said], language: str, quiet: bool) -> None:
    """Writes notes to stderr."""
    for note in notes:
        say(note.text(language), quiet)
