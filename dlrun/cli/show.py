"""`dlrun show`: one run on one screen."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.terminal import AsJson, Results, bold, print_json


def show(
    run: Annotated[
        str | None, typer.Argument(help="A beginning of its id, <name>-<id> or its name; the newest when not given.")
    ] = None,
    as_json: AsJson = False,
    results: Results = None,
) -> None:
    """Show one run: settings, metrics beside the trivial predictor's, data, environment, files.

    Example: dlrun show wide-3f2a
    """
    from dlrun.insight.summary import document, summary, summary_lines
    from dlrun.store import Store

    store = Store.default(results)
    folder = store.find(run) if run is not None else store.newest()
    entry = store.entry(folder)
    if as_json:
        print_json({"runs": [document(entry)]})
        return
    for line, heading in summary_lines(summary(entry)):
        print(bold(line) if heading else line)
