"""`dlrun report`: all that the curves say, as one offline page or as Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dlrun.cli.chosen import Lang, Runs, chosen_entries
from dlrun.cli.terminal import Quiet, Results, say

DEFAULT = Path("report.html")


def report(
    runs: Runs = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; report.html, Markdown to stdout, when not given."
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="html or markdown; by FILE's ending when not given."),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What stands above it.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Report on runs of different data, with a warning.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE even if it is no report.")] = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Write a report on runs or sweeps: what was tried, verdicts, table, curves, map, effects, how to reproduce.

    The page is one file, which needs no network. An older report is replaced, any other file is not.

    Example: dlrun report width_depth -o report.html
    """
    from dlrun.insight.report.document import report_document
    from dlrun.insight.report.writing import check_free, format_of, save
    from dlrun.store import Store

    chosen = format_of(form, output)
    path = output or (DEFAULT if chosen == "html" else None)
    if path is not None:
        check_free(path, force)
    store = Store.default(results)
    entries = chosen_entries(store, runs)
    sweeps = [sweep for run in runs or [] if (sweep := store.sweep(run)) is not None]
    document = report_document(store, entries, sweeps, lang, title, anyway)
    if chosen == "html":
        from dlrun.insight.report.html import to_html as write
    else:
        from dlrun.insight.report.markdown import to_markdown as write
    text = write(document)
    if path is None:
        sys.stdout.write(text)
        return
    save(text, path)
    print(path)
    for note in document.warnings:
        say(note, quiet)
