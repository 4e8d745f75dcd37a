"""`dlrun ls`: the runs in the store."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.terminal import AsJson, Quiet, Results, print_json, print_table, say

SHOWN = 50
"""Runs in a table when no number is given; JSON has them all."""


def ls(
    number: Annotated[
        int | None,
        typer.Option("-n", "--number", min=1, metavar="N", help="At most so many; a table shows 50, JSON all."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """List runs, the newest first.

    Example: dlrun ls -n 10
    """
    from dlrun.insight.listing import listing, run_document
    from dlrun.insight.verdict import verdicts
    from dlrun.store import Store

    store = Store.default(results)
    entries, in_all = store.newest_entries(number if as_json else number or SHOWN)
    if as_json:
        print_json({"runs": [run_document(entry.folder, entry.record) for entry in entries]})
        return
    if not entries:
        say(f"No runs in {store.root} yet. `dlrun train CONFIG` makes the first", quiet)
        return
    print_table(listing(entries, verdicts(store, entries)), quiet)
    if len(entries) < in_all:
        say(f"The newest {len(entries)} of {in_all:,} runs; -n shows more", quiet)
