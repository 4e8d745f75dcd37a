"""`dlrun compare`: configurations side by side."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from dlrun.cli.chosen import NEWEST, Lang, Runs, chosen_entries
from dlrun.cli.terminal import AsJson, Quiet, Results, print_json, print_table, say
from dlrun.errors import UsageError
from dlrun.insight.table import Table
from dlrun.store import Entry, Store


def compare(
    runs: Runs = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="RUN|best", help="Paired differences from this one: better, worse or tie."),
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="What is compared: accuracy, val_f1 ...; the monitor when not given.")
    ] = None,
    last: Annotated[bool, typer.Option("--last", help="Values of the last epoch, not of the best one.")] = False,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION", help="Only rows of which it is true: \"width >= 64 and verdict == 'overfit'\""
        ),
    ] = None,
    sort: Annotated[str | None, typer.Option(metavar="COLUMN", help="Sort by this column, not by the metric.")] = None,
    newest: Annotated[
        str, typer.Option(metavar="N|all", help="How many configurations where none is named, or all.")
    ] = str(NEWEST),
    everything: Annotated[bool, typer.Option("--all", help="All columns, not only what differs.")] = False,
    each_run: Annotated[bool, typer.Option("--runs", help="One row per run, not per configuration.")] = False,
    rows: Annotated[
        bool, typer.Option("--rows", help="Also intervals over validation rows, where predictions are stored.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Compare runs of different data all the same.")] = False,
    lang: Lang = "en",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV, numbers in full.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print it as a Markdown table.")] = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Compare configurations: means over seeds with intervals, what differs, verdicts, costs. The best one first.

    gap = val_loss - train_loss at the epoch whose weights are kept. docs/compare.md explains the statistics.

    Example: dlrun compare width_depth --against best --where "width >= 32"
    """
    from dlrun.insight.comparing import Wishes, comparing
    from dlrun.insight.configurations import View

    if sum((as_json, as_csv, as_markdown)) > 1:
        raise UsageError("compare: takes one of --json, --csv, --markdown")
    store = Store.default(results)
    entries = chosen_entries(store, runs, newest_of(newest))
    if not entries and not as_json:
        say(f"No runs in {store.root} yet. `dlrun train CONFIG` makes the first", quiet)
        return
    view = View(last, everything, lang)
    wishes = Wishes(metric, sort, where, against, anyway, bool(runs), rows, view)
    if each_run:
        if against or rows:
            raise UsageError("compare: --runs shows single runs, which have neither --against nor --rows")
        _print_runs(store, entries, wishes, as_json, as_csv, as_markdown, quiet)
        return
    found = comparing(store, entries, wishes)
    if as_json:
        print_json(found.document)
        return
    _print(found.table, as_csv, as_markdown, quiet)
    if found.last_line and not (as_csv or as_markdown):
        print(found.last_line)


def newest_of(text: str) -> int | None:
    """How many configurations; None for all.

    Raises:
        UsageError: it is neither `all` nor a whole number above 0.
    """
    if text == "all":
        return None
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise UsageError(f"--newest: must be a whole number above 0, or all. Received: {text!r}")
    return int(text)


def _print_runs(
    store: Store, entries: list[Entry], wishes: Any, as_json: bool, as_csv: bool, as_markdown: bool, quiet: bool
) -> None:
    from dlrun.insight import table_formats
    from dlrun.insight.comparing import comparing_runs

    table = comparing_runs(store, entries, wishes)
    if as_json:
        print_json({"columns": [column.key for column in table.columns], "runs": table_formats.to_rows(table)})
    else:
        _print(table, as_csv, as_markdown, quiet)


def _print(table: Table, as_csv: bool, as_markdown: bool, quiet: bool) -> None:
    from dlrun.insight import table_formats

    if as_csv:
        sys.stdout.write(table_formats.to_csv(table))
    elif as_markdown:
        sys.stdout.write(table_formats.to_markdown(table))
    else:
        print_table(table, quiet)
