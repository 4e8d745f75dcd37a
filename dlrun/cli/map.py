"""`dlrun map`: two swept keys as a grid, in the terminal or as a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.chosen import Lang, Runs
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.swept_runs import Anyway, say_all, sweep_command, swept_entries, swept_of
from dlrun.cli.terminal import AsJson, Quiet, Results, colors_allowed, print_json, terminal_width

Key = typer.Option(metavar="KEY", help="A swept key, such as model.dropout.", show_default=False)


def map(
    runs: Runs = None,
    x: Annotated[str | None, Key] = None,
    y: Annotated[str | None, Key] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(help="val_loss, train_loss, gap, accuracy, parameters, seconds ...; may be given several times."),
    ] = None,
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    as_json: AsJson = False,
    anyway: Anyway = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Map a width x depth sweep, or two other keys: losses, gap, under- and overfit, the smallest net that will do.

    Without runs: the newest sweep. Each cell is the mean over seeds.

    Example: dlrun map width_depth --png map.png
    """
    from dlrun.insight.maps.capacity import capacity_map, findings, value_named
    from dlrun.insight.maps.documents import map_document
    from dlrun.store import Store

    store = Store.default(results)
    entries = swept_entries(store, runs, quiet)
    found = capacity_map(swept_of(store, entries, None, anyway, verdicts=True), x, y)
    values = [value_named(found, name) for name in value or ()]

    def figure() -> object:
        from dlrun.insight.figures.capacity_map import chart

        return chart(found, values, lang)

    if as_json:
        print_json(map_document(found, lang))
        return
    if not saved((png, svg, html), figure, "dlrun map"):
        from dlrun.insight.maps.capacity_terminal import grid_lines

        for line in grid_lines(found, values or [found.monitor], terminal_width(), colors_allowed(), lang):
            print(line)
        for said in findings(found, sweep_command(store, runs)):
            print(said.text(lang))
    say_all(found.notes, lang, quiet)
