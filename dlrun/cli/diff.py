"""`dlrun diff`: how two runs differ."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.terminal import AsJson, Quiet, Results, print_json, print_table, say


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A run by id, <name>-<id> or name.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The run to compare it with.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Show how two runs differ: settings, environment, and the metrics with their difference.

    Example: dlrun diff baseline wide
    """
    from dlrun.insight.difference import difference
    from dlrun.insight.labels import labels
    from dlrun.insight.listing import run_document
    from dlrun.insight.table_formats import to_rows
    from dlrun.store import Store

    store = Store.default(results)
    entries = [store.entry(store.find(run)) for run in (a, b)]
    table = difference(*entries)
    if as_json:
        documents = [run_document(entry.folder, entry.record) for entry in entries]
        print_json({"runs": documents, "differences": to_rows(table)})
        return
    for letter, label in zip("AB", labels(entries), strict=True):
        print(f"{letter}  {label}")
    if not any(row["a"] != row["b"] for row in table.rows):
        say("They do not differ in settings, environment or result", quiet)
    print()
    print_table(table, quiet)
