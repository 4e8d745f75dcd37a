"""What `dlrun sweep` shows when it is done: its configurations, the best first, and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlrun.cli.sweeping import Group, Sweeping
from dlrun.cli.swept_values import swept_keys
from dlrun.cli.terminal import print_json, print_table, say
from dlrun.insight.configurations import best_line, configurations
from dlrun.insight.listing import run_document
from dlrun.insight.table import Table
from dlrun.insight.verdict import verdicts
from dlrun.store import Entry
from dlrun.store.names import visible

FAILED, DIVERGED = "failed", "diverged"
SOME_FAILED = 3
"""The exit code of a sweep with failed runs, or in which every run diverged."""
TITLES = {"continued": "trained for longer", "refit": "trained on train and validation rows together"}


def show_swept(sweeping: Sweeping, groups: Sequence[Group], as_json: bool) -> int:
    """Prints the tables, or all runs as JSON; gives the exit code."""
    parts = [(group, [sweeping.store.entry(folder) for folder in group.runs]) for group in groups]
    if as_json:
        print_json(document(sweeping, parts))
    else:
        for group, entries in parts:
            show_group(sweeping, group, entries)
    for problem in sweeping.problems:
        say(visible(f"dlrun: {problem}", keep="\n"))
    code = exit_code([entry for _, some in parts for entry in some])
    return code or (sweeping.problems[0].exit_code if sweeping.problems else 0)


def show_group(sweeping: Sweeping, group: Group, entries: Sequence[Entry]) -> None:
    """The table of its configurations and a line on the best."""
    if group.title in TITLES:
        print(f"\n{TITLES[group.title]}:")
    if not entries:
        say("no runs are finished")
        return
    table = table_of(sweeping, entries)
    print_table(table, sweeping.wishes.quiet)
    best = best_line(table, monitor_of(sweeping, entries))
    if best and len(table.rows) > 1:
        print(best)
    for reason, count in failures(entries).items():
        say(f"{count} failed: {visible(reason)}")


def table_of(sweeping: Sweeping, entries: Sequence[Entry]) -> Table:
    seeds = len({entry.record.get("seed") for entry in entries})
    told = verdicts(sweeping.store, entries)
    return configurations(entries, monitor_of(sweeping, entries), seeds, told)


def monitor_of(sweeping: Sweeping, entries: Sequence[Entry]) -> str:
    """The curve that decides, where the runs have it: those of a refit have no validation rows."""
    sweep = sweeping.loaded.experiment.sweep
    wanted = (sweep and sweep.search and sweep.search.monitor) or sweeping.loaded.experiment.monitor
    own = entries[0].record.get("monitor") or wanted
    return wanted if any(wanted in entry.record.get("metrics", {}) for entry in entries) else own


def failures(entries: Sequence[Entry]) -> dict[str, int]:
    """Why runs failed -> how many."""
    found: dict[str, int] = {}
    for entry in entries:
        if entry.record["status"] == FAILED:
            reason = entry.record.get("reason") or "no reason is known"
            found[reason] = found.get(reason, 0) + 1
    return found


def exit_code(entries: Sequence[Entry]) -> int:
    statuses = [entry.record["status"] for entry in entries]
    all_diverged = bool(statuses) and all(status == DIVERGED for status in statuses)
    return SOME_FAILED if FAILED in statuses or all_diverged else 0


def document(sweeping: Sweeping, parts: Sequence[tuple[Group, Sequence[Entry]]]) -> dict[str, Any]:
    """All of it as JSON: configurations and runs; what followed the sweep under names of its own."""
    found: dict[str, Any] = {}
    for group, entries in parts:
        content = {
            "configurations": table_of(sweeping, entries).rows if entries else [],
            "runs": [run_document(entry.folder, entry.record) for entry in entries],
        }
        found |= content if group.title == "sweep" else {group.title: content}
    return {"swept": list(swept_keys(sweeping.loaded.experiment)), "seconds": sweeping.seconds, **found}
