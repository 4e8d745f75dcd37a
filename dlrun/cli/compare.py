"""`dlrun compare`: runs side by side."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dlrun.cli.terminal import AsJson, Quiet, Results, print_json, print_table, say

NEWEST = 30
"""Runs compared when none is named."""


def compare(
    runs: Annotated[
        list[str] | None,
        typer.Argument(help="Runs by id, <name>-<id> or name (all of that name); the newest 30 when not given."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every run in the store.")] = False,
    sort: Annotated[str | None, typer.Option(metavar="COLUMN", help="Sort by this column, not by the monitor.")] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV, numbers in full.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print it as a Markdown table.")] = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Compare runs: what differs between them, both losses, their gap, the costs. The best one first.

    gap = val_loss - train_loss at the epoch whose weights are kept.

    Example: dlrun compare baseline wide deep --markdown
    """
    from dlrun.errors import UsageError
    from dlrun.insight import table_formats
    from dlrun.insight.comparison import compare as compare_entries
    from dlrun.store import Store

    if sum((as_json, as_csv, as_markdown)) > 1:
        raise UsageError("compare: takes one of --json, --csv, --markdown")
    store = Store.default(results)
    if runs:
        folders = dict.fromkeys(folder for run in runs for folder in store.find_all(run))
        entries = [store.entry(folder) for folder in folders]
    else:
        entries = store.entries(None if everything else NEWEST)
    table = compare_entries(entries, sort)
    if as_json:
        print_json({"columns": [column.key for column in table.columns], "runs": table_formats.to_rows(table)})
    elif as_csv:
        sys.stdout.write(table_formats.to_csv(table))
    elif as_markdown:
        sys.stdout.write(table_formats.to_markdown(table))
    elif not entries:
        say(f"No runs in {store.root} yet. `dlrun train CONFIG` makes the first", quiet)
    else:
        print_table(table, quiet)
