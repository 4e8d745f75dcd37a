"""`dlrun learning-curve`: losses against the number of train rows, and what would help."""

from __future__ import annotations

from dlrun.cli.chosen import Lang, Runs
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.swept_runs import Anyway, say_all, swept_entries, swept_of
from dlrun.cli.terminal import (
    PIPE_WIDTH,
    AsJson,
    Quiet,
    Results,
    colors_allowed,
    print_json,
    print_table,
    terminal_width,
)


def learning_curve(
    runs: Runs = None,
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    as_json: AsJson = False,
    anyway: Anyway = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Say whether more rows, more capacity or more regularisation would help, from a sweep of data.train_fraction.

    Without runs: the newest sweep.

    Example: dlrun learning-curve train_fraction --png learning_curve.png
    """
    from dlrun.insight.maps.documents import curve_document
    from dlrun.insight.maps.learning_curve import findings
    from dlrun.insight.maps.learning_curve import learning_curve as curve_of
    from dlrun.store import Store

    store = Store.default(results)
    entries = swept_entries(store, runs, quiet)
    found = curve_of(swept_of(store, entries, "val_loss", anyway, verdicts=False))

    def figure() -> object:
        from dlrun.insight.figures.learning_curve import chart

        return chart(found, lang)

    if as_json:
        print_json(curve_document(found, lang))
        return
    if not saved((png, svg, html), figure, "dlrun learning-curve"):
        from dlrun.insight.maps.learning_curve_terminal import curve_table, plot_lines

        print_table(curve_table(found), quiet)
        for line in plot_lines(found, terminal_width() or PIPE_WIDTH, colors_allowed()):
            print(line)
        for said in findings(found.series[0]):
            print(said.text(lang))
    say_all(found.notes, lang, quiet)
