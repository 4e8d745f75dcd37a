"""`dlrun watch`: what is being trained now, from another shell."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from dlrun.cli.terminal import Quiet, Results, print_json, print_table, say

if TYPE_CHECKING:
    from dlrun.insight.watching import Seen, Watcher
    from dlrun.store import Store

BAR = 60
"""Cells of the bar of a sweep."""
BEGINNING = "A process is at work in this store; there is no epoch yet"
LAST = 5
"""Runs that are listed where nothing is being trained."""


def watch(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            help="Runs and sweeps by id, <name>-<id> or name; all that is being trained when not given.",
            metavar="[RUN|SWEEP]...",
            show_default=False,
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Show how far it is now, and end.")] = False,
    interval: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="SECONDS", help="Between two looks: 1 in a terminal, 5 elsewhere if not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: print it as JSON.")] = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Follow what is being trained, in this process or any other: epochs, losses, the best so far, the time left; of
    sweeps how many runs are done and which configuration leads.

    It ends when the training does, saying what came of it. Ctrl-C ends the watching alone, with exit code 0: the
    training goes on. Where the output is no terminal, a line is printed for what changed.

    Example: dlrun watch
    """
    from dlrun.errors import UsageError
    from dlrun.insight.watching import Watcher, document
    from dlrun.store import Store

    if as_json and not once:
        raise UsageError("watch: --json needs --once. It then prints one state")
    store = Store.default(results)
    watcher = Watcher(store, runs or [])
    seen = watcher.look()
    if as_json:
        print_json(document(seen))
    elif not seen.alive and not runs:
        show_nothing(store, quiet)
    elif once or not seen.alive:
        show_once(seen, quiet)
    else:
        follow(watcher, seen, interval, quiet)


def show_nothing(store: Store, quiet: bool) -> None:
    """Says that nothing is being trained, and lists what ended last."""
    from dlrun.insight.listing import listing
    from dlrun.store.names import visible

    entries = store.entries(LAST)
    hint = "The latest runs:" if entries else "It has no runs yet"
    say(f"Nothing is being trained in {visible(str(store.root))}. {hint}", quiet)
    if entries:
        print_table(listing(entries), quiet)


def show_once(seen: Seen, quiet: bool) -> None:
    """Prints a state: a line per sweep, a table of runs."""
    from dlrun.insight.watching import run_table, sweep_line

    for sweep in seen.sweeps:
        print(sweep_line(sweep))
    if seen.runs:
        print_table(run_table(seen.runs), quiet)
    if not seen.sweeps and not seen.runs:
        say(BEGINNING, quiet)


def follow(watcher: Watcher, seen: Seen, interval: float | None, quiet: bool) -> None:
    """Shows state after state, until nothing is being trained at two looks in a row: between two runs of one process
    there may be a moment without any."""
    in_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    view = LiveView() if in_terminal else LineView()
    pause = interval or (1.0 if in_terminal else 5.0)
    try:
        with view:
            was_alive = True
            while seen.alive or was_alive:
                view.show(seen)
                was_alive = seen.alive
                time.sleep(pause)
                seen = watcher.look()
            view.show(seen)
    except KeyboardInterrupt:
        say("no longer watched; the training goes on", quiet)
        return
    if in_terminal:
        show_once(seen, quiet)


class LineView:
    """A line for each sweep and each run that changed since it was shown."""

    def __init__(self) -> None:
        self._shown: dict[str, object] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def show(self, seen: Seen) -> None:
        from dlrun.insight.watching import run_line, sweep_line

        for sweep in seen.sweeps:
            if self._is_new(sweep.id, (sweep.done, sweep.in_training, sweep.running)):
                print(sweep_line(sweep), flush=True)
        for run in seen.runs:
            if run.sweep is None and self._is_new(run.id, (run.epoch, run.status)):
                print(run_line(run), flush=True)

    def _is_new(self, one: str, state: object) -> bool:
        known, self._shown[one] = self._shown.get(one), state
        return known != state


class LiveView:
    """A picture at the foot of the terminal: a bar for each sweep, a table of what is in training."""

    def __enter__(self) -> Self:
        from rich.live import Live

        self._live = Live(auto_refresh=False, transient=True)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, seen: Seen) -> None:
        """Puts a state in the place of the one before."""
        console = self._live.console
        self._live.update(picture(seen, console.width, console.height), refresh=True)


def picture(seen: Seen, width: int, height: int) -> Any:
    """What fits into so many cells and lines; what does not is counted."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    from dlrun.insight.terminal_table import lines
    from dlrun.insight.watching import run_table, sweep_line

    def line(text: str, style: str = "") -> Text:
        return Text(text, style=style, no_wrap=True, overflow="ellipsis")

    parts: list[Any] = []
    for sweep in seen.sweeps:
        bar = Table.grid()  # a bar by itself ends no line
        bar.add_row(ProgressBar(total=1.0, completed=sweep.share, width=min(width, BAR)))
        parts += [line(sweep_line(sweep)), bar]
    room = max(1, height - len(parts) - 4)
    head, *rows = lines(run_table(seen.runs[:room]), width)[0]
    if rows:
        parts += [line(head, "bold"), *map(line, rows)]
    if len(seen.runs) > room:
        parts.append(line(f"... and {len(seen.runs) - room:,} more in training"))
    return Group(*parts or [line(BEGINNING)])
