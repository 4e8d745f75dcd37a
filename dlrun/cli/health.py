"""`dlrun health`: what goes on in the layers of a net, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.options import Backend
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, print_json, print_table, say

if TYPE_CHECKING:
    from dlrun.insight.health import Health
    from dlrun.store import RunFolder, Store


def health(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A run by id, <name>-<id> or name.", show_default=False)
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="FILE", help="Look at the kept net on these rows, without gradients."),
    ] = None,
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    backend: Annotated[
        Backend | None, typer.Option(help="With --data, what Keras runs on; the run's own when not given.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Show each layer's activations, gradients and steps, say what is ill, and what would mend it; the newest run when
    none is named. `dlrun train --health` writes the records; --data needs none.

    Example: dlrun health deep-3f2a --png health.png
    """
    from dlrun.insight.health import findings, health_document, health_lines, health_table
    from dlrun.insight.health.telling import heading
    from dlrun.store import Store

    store = Store.default(results)
    folder = store.find(run) if run is not None else store.newest()
    seen = records(folder) if data is None else looked_at(store, folder, data, backend, lang, quiet)
    found = findings(seen, folder.spec())
    title = heading(folder.path.name, seen, data)
    if as_json:
        print_json({"id": folder.id, "name": folder.record()["name"], **health_document(seen, found, lang)})
        return

    def figure() -> object:
        from dlrun.insight.figures.health import chart

        return chart(seen, found, title.text(lang), lang)

    if saved((png, svg, html), figure, "dlrun health"):
        return
    print(bold(title.text(lang)))
    print_table(health_table(seen, lang), quiet)
    for line, strong in health_lines(found, lang):
        print(bold(line) if strong else line)


def records(folder: RunFolder) -> Health:
    """What was measured while it trained. Raises UsageError where nothing was."""
    from dlrun.insight.health import read_health

    return read_health(folder)


def looked_at(store: Store, folder: RunFolder, data: str, backend: str | None, language: str, quiet: bool) -> Health:
    """The kept net on the rows of a file."""
    from dlrun.insight.health.records import health_from, refuse_other_kinds
    from dlrun.insight.words import said
    from dlrun.runner.data_health import health_on
    from dlrun.runner.retrain import bring_weights
    from dlrun.store.names import visible

    refuse_other_kinds(folder)
    bring_weights(store, folder, lambda text: say(visible(text), quiet))
    found = health_on(folder, data, backend)
    for note in found.notes:
        say(visible(note), quiet)
    if found.rows < found.all_rows:
        say(said("health.sampled", language, rows=f"{found.rows:,}", all=f"{found.all_rows:,}"), quiet)
    return health_from(found.document)
