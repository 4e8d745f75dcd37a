"""`dlrun sweep`: many configurations, trained together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from dlrun.cli.options import Config, Sets, Target
from dlrun.cli.terminal import AsJson, Results, print_json, print_table, say
from dlrun.errors import UsageError

SearchName = Literal["random", "zoom", "tpe", "halving"]


def sweep(
    config: Config = None,
    sets: Sets = None,
    target: Target = None,
    grids: Annotated[
        list[str] | None,
        typer.Option("--grid", metavar="KEY=VALUES", help="Try every combination: model.width=16,32 model.depth=1..4."),
    ] = None,
    spaces: Annotated[
        list[str] | None,
        typer.Option("--space", metavar="KEY=RANGE", help="Draw from a range: optimizer.learning_rate=1e-4..1e-1:log."),
    ] = None,
    search: Annotated[SearchName | None, typer.Option(help="How configurations are drawn from --space.")] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="How many configurations a search tries.")] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Seeds per configuration.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be trained, and for how long.")] = False,
    keep: Annotated[str, typer.Option(metavar="WHOSE", help="Whose weights: best, all, none, or the best N.")] = "best",
    refit: Annotated[
        bool, typer.Option("--refit", help="Then train the best on train and validation rows together.")
    ] = False,
    longer: Annotated[
        int, typer.Option("--continue", min=0, metavar="N", help="Then train the best N for more epochs.")
    ] = 0,
    epochs: Annotated[int | None, typer.Option(min=1, help="For --continue: how many; else twice as many.")] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Begin nothing that would not end in this time: 10m, 1h30m.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers; one per core, or per GPU, when not given.")] = None,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="For all workers: 4G; half of what is free when not given.")
    ] = None,
    device: Annotated[str, typer.Option(metavar="WORD", help="auto, cpu, gpu, gpu:1, gpus (all) or tpu.")] = "auto",
    failed: Annotated[bool, typer.Option("--failed", help="Train only the runs that failed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Train again what is finished.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before very many configurations.")] = False,
    results: Results = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try many configurations, each with several seeds, and see which is best. The same command again goes on where it
    was ended.

    Example: dlrun sweep configs/baseline.yaml --grid model.width=16,32,64 --grid model.depth=1..4 --seeds 3
    """
    from dlrun.cli.stopping import Stopping

    stopping = Stopping()
    stopping.listen()
    from dlrun.cli.amounts import duration, kept, size
    from dlrun.cli.configs import show_warnings
    from dlrun.cli.sweep_configs import agree, load_sweep
    from dlrun.spec.sweep_words import SweepWords

    if config is None:
        list_sweeps(as_json)
        return
    words = SweepWords(grids or [], spaces or [], search, trials, seeds)
    refuse_conflicts(epochs, longer, failed, force)
    wishes: dict[str, Any] = {
        "results": results,
        "jobs": jobs,
        "device": device,
        "memory": None if memory is None else size(memory, "--memory"),
        "budget": None if budget is None else duration(budget, "--budget"),
        "keep": kept(keep, "--keep"),
        "force": force,
        "only_failed": failed,
        "refit": refit,
        "continued": longer,
        "epochs": epochs,
        "quiet": quiet,
    }
    loaded = load_sweep(config, sets or [], target, words, quiet)
    if not quiet:
        show_warnings(loaded)
    if not agree(loaded, yes or plan):
        raise UsageError("nothing was begun. --search random --trials 200 tries some of a --space")
    from dlrun.cli.sweeping import Sweeping, Wishes
    from dlrun.cli.swept import show_swept

    with Sweeping.begin(loaded, Wishes(**wishes), stopping) as sweeping:
        if plan:
            from dlrun.cli.sweep_plan import show_plan

            show_plan(sweeping, as_json)
            return
        groups = sweeping.run()
    raise typer.Exit(show_swept(sweeping, groups, as_json))


def refuse_conflicts(epochs: int | None, longer: int, failed: bool, force: bool) -> None:
    """Raises UsageError for options that cannot stand together."""
    if epochs is not None and not longer:
        raise UsageError("--epochs is for --continue, which is not given. For all runs: --set fit.epochs=N")
    if failed and force:
        raise UsageError("--failed trains failed runs alone, --force all. Keep one of them")


def list_sweeps(as_json: bool) -> None:
    """Prints the configs here and in ./configs that have a `sweep:`."""
    from dlrun.cli.sweep_configs import sweeps_here

    table = sweeps_here()
    if as_json:
        print_json({"configs": table.rows})
    elif table.rows:
        print_table(table)
        say("`dlrun sweep CONFIG` runs one; --plan shows first what it would do")
    else:
        say("no config here or in ./configs has a `sweep:`. Any config can be swept: --grid model.width=16,32,64")
