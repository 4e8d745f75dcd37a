"""`dlrun sweep --plan`: what would be trained, how, and how long it would take."""

from __future__ import annotations

from typing import Any

from dlrun.cli.sweep_progress import counted
from dlrun.cli.sweeping import BACKEND, Sweeping
from dlrun.cli.swept_values import swept_keys, swept_values, titles
from dlrun.cli.terminal import print_json, print_table, say
from dlrun.insight.numbers import seconds as time_span
from dlrun.insight.numbers import size
from dlrun.insight.table import Column, Table
from dlrun.runner.budget import START_SECONDS
from dlrun.store.names import visible
from dlrun.sweeps import how_many, search_of
from dlrun.sweeps.plan import PlannedTrial, SweepPlan, sweep_plan
from dlrun.training.pace import measured_pace


def show_plan(sweeping: Sweeping, as_json: bool) -> None:
    """Prints the plan; times a few epochs of one net for it, trains and writes nothing else.

    Raises:
        ConfigError, DataError: what the sweep itself would raise.
    """
    first = search_of(sweeping.loaded).next_round([])
    if first is None:
        say("nothing to try: no configuration is left")
        return
    found = sweep_plan(first, sweeping.store, BACKEND, sweeping.blocks, sweeping.crew.size)
    pace = measured_pace(sweeping.crew, found.blocks) if found.done < found.runs else 1.0
    keys = swept_keys(sweeping.loaded.experiment)
    if as_json:
        print_json(document(found, pace, keys, how_many(sweeping.loaded)))
        return
    print_table(table(found, pace, keys))
    for line in lines(found, pace, how_many(sweeping.loaded)):
        print(visible(line))


def rows(found: SweepPlan, pace: float, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """One per configuration."""
    return [{**swept_values(trial.trial.experiments[0], keys), **facts(trial, pace)} for trial in found.trials]


def facts(trial: PlannedTrial, pace: float) -> dict[str, Any]:
    return {
        "parameters": trial.parameters,
        "runs": trial.runs,
        "done": trial.done,
        "engine": trial.engine or None,
        "program": trial.program or None,
        "seconds": trial.seconds * pace,
    }


def table(found: SweepPlan, pace: float, keys: tuple[str, ...]) -> Table:
    """The configurations as a table; the time is that of one core."""
    settings = (Column(key, word, "setting", rank=9) for key, word in titles(keys).items())
    columns = (
        *settings,
        Column("parameters", "parameters", "count", rank=5),
        Column("runs", "runs", "count", rank=7),
        *([Column("done", "done", "count", rank=8)] if found.done else []),
        Column("seconds", "core time", "seconds", rank=6),
        Column("engine", "engine", "text", rank=3),
        Column("program", "program", "text", rank=2),
    )
    return Table(columns, rows(found, pace, keys))


def lines(found: SweepPlan, pace: float, configurations: int) -> list[str]:
    """What the table does not say."""
    left = found.runs - found.done
    done = f", {found.done:,} of them done already" if found.done else ""
    told = ["", f"{counted(len(found.trials), 'configuration')}, {counted(found.runs, 'run')}{done}"]
    if configurations > len(found.trials):
        told.append(f"the first round of a search over {configurations:,}: later rounds follow from what it gives")
    if left:
        workers, programs = counted(found.workers, "worker"), counted(len(found.programs), "program")
        told.append(
            f"about {time_span(found.seconds(pace))} on {workers}: {time_span(START_SECONDS)} to load JAX, {programs} "
            f"to compile ({time_span(sum(found.programs.values()))} of one core where none is cached), "
            f"then {time_span(sum(block.seconds for block in found.blocks) * pace)} of one core to train"
        )
    told += [
        f"{counted(runs, 'run')} not fused, but trained one by one by the keras engine: {why}"
        for why, runs in found.reasons.items()
    ]
    told.append(f"about {size(found.bytes)} on disk")
    return told


def document(found: SweepPlan, pace: float, keys: tuple[str, ...], configurations: int) -> dict[str, Any]:
    """The plan as JSON."""
    return {
        "plan": rows(found, pace, keys),
        "configurations": configurations,
        "runs": found.runs,
        "done": found.done,
        "workers": found.workers,
        "programs": [{"program": name, "compile_seconds": value} for name, value in found.programs.items()],
        "not_fused": found.reasons,
        "pace": pace,
        "seconds": found.seconds(pace),
        "bytes": found.bytes,
    }
