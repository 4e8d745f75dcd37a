"""`dlrun lr-range`: the learning-rate range test of a config, in the terminal or as a picture. Nothing is stored."""

from __future__ import annotations

from typing import Annotated

import typer

from dlrun.cli.chosen import Lang
from dlrun.cli.options import Config, OnBackend, Sets, Target
from dlrun.cli.pictures import Html, Png, Svg, saved
from dlrun.cli.terminal import PIPE_WIDTH, AsJson, Quiet, colors_allowed, print_json, print_table, say, terminal_width
from dlrun.errors import UsageError

MOST = 1e9


def lr_range(
    config: Config = None,
    low: Annotated[float, typer.Option(help="The first learning rate.")] = 1e-6,
    high: Annotated[float, typer.Option(help="The last one.")] = 10.0,
    steps: Annotated[int, typer.Option(min=30, max=100_000, help="Training steps from the first to the last.")] = 200,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="How many seeds, counted up from the config's.")] = 3,
    sets: Sets = None,
    target: Target = None,
    backend: OnBackend = "tensorflow",
    png: Png = None,
    svg: Svg = None,
    html: Html = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Raise the learning rate step by step and see where the loss falls and where it blows up (Smith 2017).

    Example: dlrun lr-range configs/wide.yaml --png lr.png
    """
    if not 0 < low < high < MOST:
        raise UsageError(
            f"lr-range: --low must be above 0 and below --high, and --high below {MOST:g}. Received: "
            f"--low {low:g} --high {high:g}"
        )
    from dlrun.cli.stopping import Stopping

    stopping = Stopping()
    stopping.listen()
    from dlrun.cli.configs import judge, load_config, show_warnings
    from dlrun.data import prepare
    from dlrun.insight.explore.lr_range import document, findings, table
    from dlrun.insight.explore.lr_range_config import highest_rate, keys_for, train_again
    from dlrun.runner import facts_of
    from dlrun.runner.train import folds_of
    from dlrun.spec import rules_of_data
    from dlrun.training import check_fit
    from dlrun.training.backend import require
    from dlrun.training.lr_range import SMOOTHING, range_tests

    require(backend)
    loaded = load_config(config, sets or [], target)
    if not quiet:
        show_warnings(loaded)
    experiment = loaded.experiment
    data = prepare(experiment, folds_of(experiment)[0])
    judge(loaded, rules_of_data(experiment, facts_of(data)))
    check_fit(experiment, data)
    say(f"Trying learning rates from {low:g} to {high:g}, {seeds} x at most {steps} steps", quiet)
    with stopping.heeded():
        tests = range_tests(experiment, data, backend, low, high, steps, seeds, stopping)
    found = document(tests, highest_rate(experiment), experiment.name, experiment.optimizer.name, SMOOTHING)

    def command(rate: float) -> list[str]:
        return train_again(str(config), target, sets or [], keys_for(experiment, rate))

    told = findings(found, low, high, command if keys_for(experiment, low) else None)

    def figure() -> object:
        from dlrun.insight.figures.lr_range import chart

        if not found["mean"]["rate"]:
            raise UsageError("lr-range: there is no finite loss to draw. " + told[0].text(lang))
        return chart(found, [one.text(lang) for one in told], lang)

    if as_json:
        print_json({**found, "findings": [one.text(lang) for one in told]})
        return
    if not saved((png, svg, html), figure, "dlrun lr-range"):
        from dlrun.insight.explore.lr_range_terminal import plot_lines

        for line in plot_lines(found, terminal_width() or PIPE_WIDTH, colors_allowed()):
            print(line)
        print_table(table(found, lang), quiet)
    for one in told:
        print(one.text(lang))
