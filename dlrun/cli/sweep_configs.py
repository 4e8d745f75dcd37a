"""Which sweep a command line means; which configs have one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlrun.cli.configs import CONFIG_SUFFIXES, load_config
from dlrun.cli.terminal import say
from dlrun.errors import ConfigError, DlrunError, UsageError
from dlrun.insight.table import Column, Table
from dlrun.spec import Loaded, load
from dlrun.spec.around import around
from dlrun.spec.load import read_file
from dlrun.spec.points import one_line
from dlrun.spec.sweep_words import SweepWords, with_words
from dlrun.store.names import visible
from dlrun.sweeps import how_many, how_many_runs

ASKED_FROM = 10_000
"""Of more configurations than these it is asked whether they are meant."""


def load_sweep(named: str, sets: Sequence[str], target: str | None, words: SweepWords, quiet: bool) -> Loaded:
    """The config with the sweep that is meant; says so where nobody chose one.

    Raises:
        ConfigError: with every problem of config and words.
    """
    loaded = load_config(named, sets, target)
    if loaded.experiment.sweep is not None or words.name_a_search:
        return with_words(loaded, words)
    chosen = around(loaded.experiment)
    tried = " x ".join(f"{key} {', '.join(map(one_line, values))}" for key, values in chosen["grid"].items())
    say(f"{visible(named)} has no `sweep:`, so widths and depths around it are tried: {tried}. "
        "--grid or --space choose something else", quiet)  # fmt: skip
    return with_words(loaded, words, chosen)


def agree(loaded: Loaded, yes: bool) -> bool:
    """Whether so many configurations are meant.

    Raises:
        UsageError: there is nobody to ask.
    """
    configurations = how_many(loaded)
    if yes or configurations <= ASKED_FROM:
        return True
    count = f"{configurations:,} configurations, {how_many_runs(loaded):,} runs"
    if not sys.stdin.isatty():
        raise UsageError(f"sweep: asks before it tries {count}, and there is no terminal to ask on. --yes tries them")
    import typer

    return typer.confirm(f"Try {count}?", err=True)


# --- bare `dlrun sweep` ----------------------------------------------------------------------------------------------


def sweeps_here() -> Table:
    """The configs in ./configs and in this folder that have a `sweep`: how it searches, and how many configurations and
    runs it has at most."""
    found = [path for folder in (Path("configs"), Path()) for path in sorted(folder.glob("*"))]
    rows = [row for path in found if path.suffix.lower() in CONFIG_SUFFIXES and (row := _row(path)) is not None]
    columns = (
        Column("config", "config", "text", rank=9),
        Column("search", "search", "text", rank=6),
        Column("keys", "keys", "text", rank=5),
        Column("configurations", "configurations", "count", rank=8),
        Column("runs", "runs", "count", rank=7),
    )
    return Table(columns, rows)


def _row(path: Path) -> dict[str, Any] | None:
    """A config with a sweep; None where there is none in it, or it is no config."""
    try:
        loaded = load(path)
    except DlrunError as error:
        return _broken(path, error)
    sweep = loaded.experiment.sweep
    if sweep is None:
        return None
    return {
        "config": str(path),
        "search": "grid" if sweep.search is None else sweep.search.name,
        "keys": ", ".join(sweep.grid or sweep.space or ()),
        "configurations": how_many(loaded),
        "runs": how_many_runs(loaded),
    }


def _broken(path: Path, error: DlrunError) -> dict[str, Any] | None:
    """A config whose own text has a sweep, but that does not hold."""
    try:
        tree = read_file(path).tree
    except ConfigError:
        return None
    problems = error.problems if isinstance(error, ConfigError) else ()
    first = problems[0].text if problems else str(error)
    return {"config": str(path), "search": "does not hold", "keys": first} if "sweep" in tree else None
