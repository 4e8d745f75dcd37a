"""`dlrun check`: what a config means, without training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.options import Backend, Config, Sets, Target
from dlrun.cli.terminal import AsJson, Results, print_json

if TYPE_CHECKING:
    from dlrun.runner.preview import Preview


def check(
    config: Config = None,
    sets: Sets = None,
    target: Target = None,
    backend: Annotated[Backend, typer.Option(help="For the id that the run would have.")] = "tensorflow",
    full: Annotated[bool, typer.Option("--full", help="Show every key, defaults too.")] = False,
    results: Results = None,
    as_json: AsJson = False,
) -> None:
    """Check a config: the resolved experiment, its layers, rows and steps. Nothing is trained.

    Example: dlrun check configs/wide.yaml --set model.depth=6
    """
    from dlrun.cli.configs import judge, load_config, show_warnings
    from dlrun.runner.preview import preview
    from dlrun.spec import rules_of_data
    from dlrun.store import Store
    from dlrun.store.names import visible
    from dlrun.training import check_fit

    loaded = load_config(config, sets or [], target)
    show_warnings(loaded)
    found = preview(loaded.experiment, backend)
    judge(loaded, rules_of_data(loaded.experiment, found.facts))
    check_fit(found.experiment, found.data)
    done = Store.default(results).by_id(found.id)
    status = done.status if done is not None else "not trained yet"
    if as_json:
        print_json(found.to_json(status))
    else:
        print("\n".join(visible(line) for line in check_lines(found, status, full)))


def check_lines(found: Preview, status: str, full: bool) -> list[str]:
    """The page for the terminal."""
    from dlrun.insight.table import Column, Table
    from dlrun.insight.terminal_table import lines

    columns = (Column("layer", "layer", "text"), Column("shape", "output shape", "text"),
               Column("parameters", "parameters", "count"))  # fmt: skip
    rows = [
        {"layer": row.layer, "shape": f"(batch, {row.units})", "parameters": row.trainable + row.fixed}
        for row in found.layers
    ]
    return [
        *found.spec_lines(full),
        "",
        *lines(Table(columns, rows), None)[0],
        "",
        *found.summary_lines(),
        *(f"note: {note}" for note in found.data.notes),
        f"run {found.experiment.name}-{found.id}: {status}",
    ]
