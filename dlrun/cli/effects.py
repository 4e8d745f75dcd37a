"""`dlrun effects`: what each swept key changes, with intervals."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.chosen import Lang, Runs
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.swept_runs import Anyway, say_all, swept_entries, swept_of
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, colors_allowed, print_json, terminal_width


def effects(
    runs: Runs = None,
    value: Annotated[
        str | None, typer.Option(help="val_loss, val_accuracy ...; the monitor when not given.", show_default=False)
    ] = None,
    log: Annotated[
        bool | None, typer.Option("--log/--no-log", help="Effects as factors; by default for losses above 0.")
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
    """Say what each swept key changes, the others averaged out, how much of the differences it explains, and which pair
    interacts most.

    Without runs: the newest sweep. An effect whose interval covers no change is called noise.

    Example: dlrun effects regularisation --png effects.png
    """
    from dlrun.insight.maps.documents import effects_document
    from dlrun.insight.maps.effect_findings import findings
    from dlrun.insight.maps.effects import effects as effects_of
    from dlrun.insight.maps.effects import metric_named
    from dlrun.store import Store

    store = Store.default(results)
    entries = swept_entries(store, runs, quiet)
    found = effects_of(swept_of(store, entries, metric_named(entries, value), anyway, verdicts=False), log)

    def figure() -> object:
        from dlrun.insight.figures.effects import chart

        return chart(found, lang)

    if as_json:
        print_json(effects_document(found, lang))
        return
    if not saved((png, svg, html), figure, "dlrun effects"):
        from dlrun.insight.maps.effects_terminal import effect_lines

        for line, heading in effect_lines(found, terminal_width(), colors_allowed(), lang):
            print(bold(line) if heading else line)
        for said in findings(found):
            print(said.text(lang))
    say_all(found.notes, lang, quiet)
