"""`dlrun boundary`: what a net of two features answers where, in the terminal or as a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.terminal import PIPE_WIDTH, AsJson, Quiet, Results, bold, colors_allowed, print_json, say, terminal_width
from dlrun.errors import UsageError
from dlrun.store.names import visible


def boundary(
    run: Annotated[str, typer.Argument(help="A run by its id, <name>-<id> or name.", metavar="RUN")],
    strip: Annotated[
        bool, typer.Option("--strip", help="Train it again and draw it after epochs 0, 1, 3, 10, 30 ... and the last.")
    ] = False,
    epochs: Annotated[
        str | None,
        typer.Option(metavar="EPOCHS", help="The epochs of the strip, with commas: 0,5,20.", show_default=False),
    ] = None,
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Draw the decision boundary of a run with two numeric features, over its points; of a net also how it came about.

    Example: dlrun boundary moons --strip --png moons.png
    """
    from dlrun.cli.stopping import Stopping

    stopping = Stopping()
    stopping.listen()
    from dlrun.insight.explore.boundary import document, findings
    from dlrun.runner import boundary as drawn
    from dlrun.runner.plane import refuse_other_features
    from dlrun.runner.retrain import bring_weights
    from dlrun.runner.stored_run import kind_of, open_run, stored_preprocessing
    from dlrun.store import Store

    chosen = epochs_in(epochs)
    store = Store.default(results)
    folder = store.find(run)
    looked_at_again = strip or chosen is not None
    if folder.finished and looked_at_again:
        drawn.refuse_without_epochs(folder.path.name, kind_of(folder.record()))
    if folder.preprocessing_path.is_file():
        refuse_other_features(folder.path.name, stored_preprocessing(folder))
    with stopping.heeded():
        bring_weights(store, folder, lambda text: say(visible(text), quiet), stopping)
        stored = open_run(folder)
        if looked_at_again:
            refuse_other_features(stored.name, stored.preprocessing)
            drawn.epochs_of(stored, chosen)  # refuses before anything is said or trained
            say(f"Training {visible(stored.name)} again, to look at it on the way", quiet)
            found = drawn.strip(stored, chosen, stopping)
        else:
            found = drawn.boundary(stored)

    def figure() -> object:
        from dlrun.insight.figures.boundary import chart

        return chart(found, lang)

    if as_json:
        print_json(document(found, lang))
        return
    if saved((png, svg, html), figure, "dlrun boundary"):
        return
    from dlrun.insight.explore.boundary_terminal import boundary_lines

    for panel, finding in zip(found["panels"], findings(found), strict=True):
        print(bold(f"{visible(found['run'])}: {finding.text(lang)}"))
        for line in boundary_lines(found, panel, terminal_width() or PIPE_WIDTH, colors_allowed(), lang):
            print(line)


def epochs_in(text: str | None) -> list[int] | None:
    """The epochs of `--epochs`, from 0. Raises UsageError."""
    if text is None:
        return None
    words = [word.strip() for word in text.split(",")]
    if not all(word.isascii() and word.isdigit() for word in words):
        raise UsageError(f"--epochs: must be whole numbers with commas, such as 0,5,20. Received: {visible(text)!r}")
    return sorted({int(word) for word in words})
