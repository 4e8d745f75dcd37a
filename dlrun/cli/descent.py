"""`dlrun descent`: paths of Keras' optimizers down a surface of two numbers, in the terminal or as a picture."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.options import OnBackend
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.terminal import PIPE_WIDTH, AsJson, Quiet, bold, colors_allowed, print_json, print_table, terminal_width
from dlrun.errors import UsageError
from dlrun.store.names import visible


def descent(
    surfaces: Annotated[
        list[str] | None,
        typer.Option(
            "--surface",
            metavar="NAME",
            help="bowl, plateau, funnel, saddle, two_wells or himmelblau; several "
            "may be given. By default the first three.",
            show_default=False,
        ),
    ] = None,
    optimizers: Annotated[
        str, typer.Option(metavar="NAMES", help="Of sgd, momentum, nesterov, adagrad, rmsprop and adam, with commas.")
    ] = "sgd,momentum,adagrad,rmsprop,adam",
    steps: Annotated[
        int | None,
        typer.Option(min=1, max=10_000, help="How many; by default 30 to 100, by surface.", show_default=False),
    ] = None,
    learning_rates: Annotated[
        list[str] | None,
        typer.Option(
            "--learning-rate",
            metavar="[NAME=]RATE",
            show_default=False,
            help="For all, or for one: adam=0.1; several may be given. By default by surface and optimizer.",
        ),
    ] = None,
    starts: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=5_000,
            metavar="N",
            help="Descend from so many random places, and say which minimum each reached.",
            show_default=False,
        ),
    ] = None,
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    as_json: AsJson = False,
    backend: OnBackend = "jax",
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Draw how SGD, momentum, AdaGrad, RMSProp and Adam walk down a bowl, a plateau and a funnel: Keras' own.

    Example: dlrun descent --surface bowl --png bowl.png
    """
    from dlrun.insight.explore.descent_document import document, findings_of, starts_document
    from dlrun.training.backend import choose
    from dlrun.training.descent import known, many_starts, paths, relief
    from dlrun.training.surfaces import SURFACES

    chosen = [surface_named(SURFACES, name) for name in dict.fromkeys(surfaces or ["bowl", "plateau", "funnel"])]
    names = list(dict.fromkeys(name.strip() for name in optimizers.split(",")))
    for name in names:
        known(name)
    rates = rates_of(learning_rates or [], names)
    choose(backend)
    if starts is not None:
        found = [
            starts_document(one, relief(one), {
                name: many_starts(one, name, starts, steps, rates.get(name)) for name in names
            }) for one in chosen
        ]  # fmt: skip
    else:
        found = [document(one, relief(one), paths(one, names, steps, rates)) for one in chosen]

    def figure() -> object:
        told = [{**one, "findings": [said.text(lang) for said in findings_of(one)]} for one in found]
        if starts is not None:
            from dlrun.insight.figures.starts import chart as starts_chart

            return starts_chart(told, lang)
        from dlrun.insight.figures.descent import chart

        return chart(told, lang)

    if as_json:
        print_json({"surfaces": [
            {**{key: value for key, value in one.items() if key not in ("relief", "levels")},
             "findings": [said.text(lang) for said in findings_of(one)]}
            for one in found
        ]})  # fmt: skip
    elif not saved((png, svg, html), figure, "dlrun descent"):
        for one in found:
            show(one, lang, quiet)


def show(one: dict[str, Any], lang: str, quiet: bool) -> None:
    """A surface in the terminal: the paths, a table, what they show."""
    from dlrun.insight.explore.descent import table
    from dlrun.insight.explore.descent_document import findings_of, starts_table
    from dlrun.insight.explore.descent_terminal import path_lines
    from dlrun.insight.words import said

    print(bold(f"{said('explore.surface_' + one['surface'], lang)}: {one['formula']}"))
    if "paths" in one:
        for line in path_lines(one, terminal_width() or PIPE_WIDTH, colors_allowed()):
            print(line)
        print_table(table(one["rows"], lang), quiet)
    else:
        print_table(starts_table(one, lang), quiet)
    for finding in findings_of(one):
        print(finding.text(lang))
    print()


def surface_named(known: dict[str, Any], name: str) -> Any:
    """Raises UsageError for a name that is not in the table."""
    found = known.get(name.replace("-", "_"))
    if found is None:
        raise UsageError(f"--surface: must be one of {', '.join(known)}. Received: {visible(name)!r}")
    return found


def rates_of(texts: list[str], names: list[str]) -> dict[str, float]:
    """Optimizer -> the learning rate that is given for it, or for all.

    Raises:
        UsageError: no positive number, or an optimizer that is not drawn.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        if name and name not in names:
            raise UsageError(f"--learning-rate: {visible(name)!r} is not among --optimizers {','.join(names)}")
        try:
            rate = float(number)
        except ValueError:
            rate = 0.0
        if not 0 < rate < 1e6:
            raise UsageError(f"--learning-rate: must be a number above 0, or NAME=NUMBER. Received: {visible(text)!r}")
        found |= dict.fromkeys([name] if name else names, rate)
    return found
