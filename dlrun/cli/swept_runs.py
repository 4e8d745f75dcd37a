"""Which runs `map`, `effects` and `learning-curve` look at, and where their pictures go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlrun.cli.chosen import chosen_entries
from dlrun.cli.terminal import say
from dlrun.errors import NoSuchRun, UsageError
from dlrun.store import Entry, Store
from dlrun.store.names import visible

if TYPE_CHECKING:
    from dlrun.insight.maps import Swept
    from dlrun.insight.words import Said

Png = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture.")]
Svg = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a vector picture.")]
Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write an offline page with tooltips.")]
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


def saved(files: Sequence[Path | None], figure: Callable[[], Any], title: str) -> bool:
    """Writes the figure to each file that is named and prints its path; says whether there was one."""
    wanted = [(path, ending) for path, ending in zip(files, (".png", ".svg", ".html"), strict=True) if path is not None]
    for path, ending in wanted:
        if path.suffix.lower() != ending:
            raise UsageError(f"--{ending[1:]}: a file's name must end in {ending}. Received: {visible(str(path))!r}")
    if wanted:
        from dlrun.insight.figures.saving import save

        drawn = figure()
        for path, _ in wanted:
            save(drawn, path, title)
            print(visible(str(path)))
    return bool(wanted)


def say_all(notes: Sequence[Said], language: str, quiet: bool) -> None:
    """Writes notes to stderr."""
    for note in notes:
        say(note.text(language), quiet)
