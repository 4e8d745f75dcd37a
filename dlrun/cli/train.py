"""`dlrun train`: one experiment, one or several seeds, to curves in the store."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from dlrun.cli.options import OnBackend, Sets, Target
from dlrun.cli.terminal import AsJson, Results, say


def train(
    config: Annotated[
        str | None, typer.Argument(help="A config (.yaml), a data file, or a built-in name such as digits.")
    ] = None,
    sets: Sets = None,
    target: Target = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, counted up from the config's.")] = 1,
    backend: OnBackend = "tensorflow",
    device: Annotated[
        str,
        typer.Option(metavar="WORD", help="What it computes on: auto, cpu, gpu, gpu:1, gpus (all) or tpu."),
    ] = "auto",
    health: Annotated[
        bool, typer.Option("--health", help="Look at every layer too, for `dlrun health`; changes no number.")
    ] = False,
    results: Results = None,
    force: Annotated[
        bool, typer.Option("--force", help="Train again what is finished, and replace it at its end.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train an experiment and keep its curves.

    Example: dlrun train configs/wide.yaml --set model.dropout=0.5 --seeds 5
    """
    from dlrun.cli.stopping import Stopping

    stopping = Stopping()
    stopping.listen()
    from dlrun.cli.configs import judge, load_config, show_warnings
    from dlrun.cli.progress import listener_for
    from dlrun.cli.trained import show_trained
    from dlrun.runner import Trainer, plan
    from dlrun.store import Store
    from dlrun.store.names import visible
    from dlrun.training import load_engine
    from dlrun.training.device_words import parse

    parse(device, backend)
    loaded = load_config(config, sets or [], target)
    if not quiet:
        show_warnings(loaded)
    experiments = [loaded.experiment.with_seed(loaded.experiment.seed + step) for step in range(seeds)]
    store = Store.default(results)
    listener = listener_for(quiet, backend, seeds)
    trainer = Trainer(
        store,
        load_engine=lambda: load_engine(backend, device, () if health else experiments),
        backend=backend,
        listener=listener,
        judge=lambda findings: judge(loaded, findings),
        force=force,
        stopping=stopping,
        health=health,
        tell=lambda text: say(visible(text), quiet),
    )
    if health and backend == "jax" and seeds > 1:
        say("--health: seeds are trained one after the other, not as one program", quiet)
    with stopping.heeded(), closing(listener):
        folders = trainer.train(plan(experiments, backend))
    raise typer.Exit(show_trained(store, folders, as_json))
