"""`dlrun ensemble`: several finished runs as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.options import Backend
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, print_json, print_table, say

if TYPE_CHECKING:
    from dlrun.runner.ensemble.making import Made
    from dlrun.store import Store

Method = Literal["vote", "mean", "weighted", "stack"]


def ensemble(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Runs and sweeps: a run by its id or <name>-<id>, all runs of a name, all runs of a sweep.",
            metavar="RUN|SWEEP...",
        ),
    ],
    method: Annotated[
        Method,
        typer.Option(
            help="vote: the class most members name; mean: of probabilities or predictions; weighted: by 1 / "
            "validation loss; stack: a final layer, trained on what members say of rows that they were not trained on."
        ),
    ] = "mean",
    top: Annotated[
        int | None,
        typer.Option(min=2, help="Join the best so many of the runs alone, by their monitored curve; seeds count."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the ensemble is called; mean-of-5-NAME when not given.")
    ] = None,
    backend: Annotated[
        Backend | None, typer.Option(help="What Keras runs on; the first net's own when not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make it again where it is there.")] = False,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Join runs that have the same rows into one: nets, folds, seeds and baselines. The result is a run of its own, to
    be compared, evaluated and asked for predictions.

    Runs with data.folds join with all of their folds. Members whose weights were not kept are trained again first.

    Example: dlrun ensemble width_depth --top 5 --method mean
    """
    from dlrun.cli.stopping import Stopping
    from dlrun.errors import UsageError
    from dlrun.store import Store
    from dlrun.store.names import visible

    if name is not None and not name.strip():
        raise UsageError("--name: must hold a character. Received: an empty text")
    stopping = Stopping()
    stopping.listen()
    from dlrun.runner.ensemble.candidates import choose
    from dlrun.runner.ensemble.making import EnsembleMaker

    store = Store.default(results)
    choice = choose([store.runs_named(reference) for reference in runs], top)
    maker = EnsembleMaker(store, lambda text: say(visible(text), quiet), backend, force, stopping)
    with stopping.heeded():
        made = maker.make(choice, method, name)
    show(store, [made], name, as_json, lang, quiet)


def show(store: Store, found: Sequence[Made], name: str | None, as_json: bool, lang: str, quiet: bool) -> None:
    """Prints ensembles.

    Args:
        name: that was asked for; one that was there before may have another.
    """
    from dlrun.insight.ensemble import document_of, page
    from dlrun.insight.words import said
    from dlrun.store.names import visible

    entries = [(store.entry(made.folder), made) for made in found]
    for entry, made in entries:
        known = entry.record["name"]
        if made.again and name is not None and name != known:
            say(said("ensemble.again_named", lang, name=visible(known)), quiet)
        elif made.again:
            say(said("ensemble.again", lang), quiet)
    if as_json:
        print_json({"runs": [document_of(entry, made.again, lang, made.notes) for entry, made in entries]})
        return
    for entry, made in entries:
        heading, table, findings = page(entry, lang)
        print(bold(visible(heading)))
        print_table(table, quiet)
        for line in findings:
            print(line)
        for note in (*entry.record.get("notes", []), *made.notes):
            say(visible(str(note)), quiet)
