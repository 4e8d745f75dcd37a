"""`dlrun curves`: train and validation curves in the terminal, as PNG or SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dlrun.cli.terminal import PIPE_WIDTH, Quiet, Results, colors_allowed, say, terminal_width
from dlrun.errors import UsageError
from dlrun.insight.curve_rows import CurveRows, curve_rows
from dlrun.store import Store
from dlrun.store.names import visible


def curves(
    runs: Annotated[
        list[str] | None,
        typer.Argument(help="Runs by id, <name>-<id> or name (all of that name); the newest when not given."),
    ] = None,
    metric: Annotated[str, typer.Option(help="loss, accuracy or another metric that was recorded.")] = "loss",
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture in place of the plot.")] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a vector picture.")] = None,
    log: Annotated[
        bool | None, typer.Option("--log/--no-log", help="A logarithmic axis; by default where it helps.")
    ] = None,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Draw train and validation curves, the best epoch marked; several runs over each other.

    Example: dlrun curves baseline wide --png curves.png
    """

    store = Store.default(results)
    folders = [folder for run in dict.fromkeys(runs or []) for folder in store.find_all(run)] or [store.newest()]
    rows = curve_rows([store.entry(folder) for folder in dict.fromkeys(folders)], metric, log)
    if png or svg:
        _save(rows, png, svg)
    else:
        from dlrun.insight.terminal_plot import terminal_plot

        for line in terminal_plot(rows, terminal_width() or PIPE_WIDTH, colors_allowed()):
            print(line)
    for note in rows.notes:
        say(note, quiet)


def _save(rows: CurveRows, png: Path | None, svg: Path | None) -> None:
    from dlrun.insight.figures import save_png, save_svg

    if not rows.points:
        raise UsageError(
            "curves: there is no finite value to draw; the table of `dlrun compare` says what became of it"
        )
    for path, save in ((png, save_png), (svg, save_svg)):
        if path is not None:
            if path.is_dir() or not path.name:
                raise UsageError(f"curves: must be a file to write. Received: {str(path)!r}, which is a folder")
            save(rows, path)
            print(visible(str(path)))
