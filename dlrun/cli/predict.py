"""`dlrun predict`: what a run's net says of new rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlrun.cli.options import Backend
from dlrun.cli.terminal import AsJson, Quiet, Results, print_json, print_table, say

if TYPE_CHECKING:
    from dlrun.runner.prediction import Predictions

SHOWN = 20
"""Rows that a terminal shows."""


def predict(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run by id, <name>-<id> or name.")],
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="New rows: any file that can be trained on; one image, arrays without y."),
    ],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Where the CSV goes; - is stdout.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="COLUMN", help="A column of FILE that comes along, say an id.")
    ] = None,
    backend: Annotated[Backend | None, typer.Option(help="What Keras runs on; the run's own when not given.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Predict new rows: the class with the probability of each class, or the value in its own unit.

    Rows go through the run's own preprocessing; the training data need not be there. Without -o a terminal shows the
    first rows, and a pipe gets the CSV. Labels stand in the CSV exactly as they were trained: a spreadsheet would run
    one that begins with = as a formula.

    Example: dlrun predict wide-3f2a new.csv -o predicted.csv
    """
    from dlrun.runner.prediction import predict as predict_rows
    from dlrun.runner.prediction import refuse_input, save
    from dlrun.runner.retrain import bring_weights
    from dlrun.runner.stored_run import open_run
    from dlrun.store import Store
    from dlrun.store.names import visible

    path = None if output in (None, "-") else Path(str(output)).expanduser()
    if path is not None:
        refuse_input(path, file)
    store = Store.default(results)
    folder = store.find(run)
    bring_weights(store, folder, lambda text: say(visible(text), quiet))
    found = predict_rows(open_run(folder), file, backend, keep or [])
    for note in found.rows.notes:
        say(visible(note), quiet)
    if path is not None:
        save(found, path)
    if as_json:
        print_json(to_json(found))
    elif path is not None:
        say(f"{len(found.rows):,} rows in {visible(str(path))}", quiet)
    elif output is None and sys.stdout.isatty():
        show(found, quiet)
    else:
        for text in found.csv_text():
            sys.stdout.write(text)


def to_json(found: Predictions) -> dict[str, Any]:
    names = found.names
    return {
        "target": found.target,
        "rows": [dict(zip(names, values, strict=True)) for values in found.table()],
        "notes": list(found.rows.notes),
    }


def show(found: Predictions, quiet: bool) -> None:
    """The first rows as a table."""
    from dlrun.insight.table import Column, Table
    from dlrun.store.names import visible

    values = found.table(0, SHOWN)
    first = values[0] if values else ()
    columns = tuple(
        Column(name, visible(name), "text" if isinstance(value, str) else "count" if name == "row" else "number")
        for name, value in zip(found.names, first, strict=False)
    )
    print_table(Table(columns, [dict(zip(found.names, row, strict=True)) for row in values]), quiet)
    if len(found.rows) > SHOWN:
        say(f"The first {SHOWN} of {len(found.rows):,} rows; -o FILE writes them all", quiet)
