"""`dlrun curves`: train and validation curves, their gap, settings beside results; in the terminal or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dlrun.cli.chosen import NEWEST, Runs, chosen_entries
from dlrun.cli.terminal import (
    PIPE_WIDTH,
    AsJson,
    Quiet,
    Results,
    colors_allowed,
    print_json,
    say,
    terminal_width,
)
from dlrun.errors import NoSuchRun, UsageError
from dlrun.store import Entry, Store
from dlrun.store.names import visible


def curves(
    runs: Runs = None,
    metric: Annotated[
        str | None, typer.Option(help="loss, accuracy or another metric that was recorded.", show_default="loss")
    ] = None,
    gap: Annotated[bool, typer.Option("--gap", help="Draw validation minus train.")] = False,
    parallel: Annotated[
        bool, typer.Option("--parallel", help="Draw the settings that differ beside the result, a line each.")
    ] = False,
    each: Annotated[
        bool, typer.Option("--each", help="Draw every run; by default seeds of a configuration are one line.")
    ] = False,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture in place of the plot.")] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a vector picture.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page that shows values under the mouse, offline.")
    ] = None,
    log: Annotated[
        bool | None, typer.Option("--log/--no-log", help="A logarithmic axis; by default where it helps.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Draw train and validation curves, the best epoch marked; the newest configuration when no run is named.

    Seeds of one configuration are one line, their mean, with a band from the lowest to the highest.

    Example: dlrun curves width_depth --png curves.png
    """
    if parallel and (gap or each or log is not None):
        raise UsageError("curves: --parallel has no use for --gap, --each and --log: leave them out")
    store = Store.default(results)
    entries = chosen_entries(store, runs, NEWEST if parallel else 1)
    if not entries:
        raise NoSuchRun(f"{store.root}: no runs yet. `dlrun train CONFIG` makes the first")
    files = {".png": png, ".svg": svg, ".html": html}
    wanted = {ending: path for ending, path in files.items() if path is not None}
    _check(wanted)
    if parallel:
        notes = _parallel(entries, metric, wanted, as_json)
    else:
        notes = _curves(entries, metric or "loss", log, each, gap, wanted, as_json)
    for note in notes:
        say(note, quiet)


def _curves(
    entries: list[Entry],
    metric: str,
    log: bool | None,
    each: bool,
    gap: bool,
    files: dict[str, Path],
    as_json: bool,
) -> list[str]:
    """Draws curves; gives what is to be said about them."""
    from dlrun.insight.curve_rows import curve_rows

    rows = curve_rows(entries, metric, log, each, gap)
    if files and not rows.points:
        raise UsageError("; ".join(["curves: there is no finite value to draw", *rows.notes]))
    if files:
        from dlrun.insight.figures.curves import chart

        _save(lambda hover: chart(rows, hover), files, rows.title)
    elif as_json:
        from dlrun.insight.curve_document import document

        print_json(document(rows))
    else:
        from dlrun.insight.terminal_plot import terminal_plot

        _print(terminal_plot(rows, terminal_width() or PIPE_WIDTH, colors_allowed()))
    return rows.notes


def _parallel(entries: list[Entry], metric: str | None, files: dict[str, Path], as_json: bool) -> list[str]:
    """Draws settings beside results; gives what is to be said about them."""
    from dlrun.insight.parallel_rows import parallel_rows

    rows = parallel_rows(entries, metric)
    if files:
        from dlrun.insight.figures.parallel import parallel_chart

        _save(lambda hover: parallel_chart(rows, hover), files, rows.title)
    elif as_json:
        from dlrun.insight.curve_document import parallel_document

        print_json(parallel_document(rows))
    else:
        from dlrun.insight.terminal_parallel import terminal_parallel

        _print(terminal_parallel(rows, terminal_width() or PIPE_WIDTH, colors_allowed()))
    return rows.notes


def _check(files: dict[str, Path]) -> None:
    """Raises UsageError for a name that says another format than its option."""
    for ending, path in files.items():
        if path.suffix.lower() != ending:
            raise UsageError(f"--{ending[1:]}: must name a file that ends in {ending}. Received: {str(path)!r}")


def _save(chart: Any, files: dict[str, Path], title: str) -> None:
    from dlrun.insight.figures.saving import save

    for ending, path in files.items():
        save(chart(ending == ".html"), path, title)
        print(visible(str(path)))


def _print(lines: list[str]) -> None:
    for line in lines:
        print(line)
