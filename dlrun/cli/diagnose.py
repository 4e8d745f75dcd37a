"""`dlrun diagnose`: what the curves say, and what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.chosen import Lang, Runs
from dlrun.cli.terminal import AsJson, Quiet, Results, bold, print_json, print_table, say
from dlrun.errors import StoreError, UsageError
from dlrun.store.names import visible

if TYPE_CHECKING:
    from dlrun.insight.verdict.telling import Group
    from dlrun.store import Entry


def diagnose(
    runs: Runs = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the next experiment as a config, for `dlrun train`.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Let --write replace a file.")] = False,
    as_json: AsJson = False,
    lang: Lang = "en",
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Say whether a run under- or overfits, by which evidence, and what to try next; the newest run when none is named.
    Of several configurations, a line each: the verdict of most of its runs.

    Example: dlrun diagnose wide-3f2a --write next.yaml
    """
    from dlrun.cli.chosen import chosen_entries
    from dlrun.insight.verdict.telling import grouped
    from dlrun.store import Store

    store = Store.default(results)
    entries = chosen_entries(store, runs) if runs else [store.entry(store.newest())]
    groups = grouped(store, entries) if len(entries) > 1 else []
    if write is not None:
        _write(write, groups, entries, force)
    if as_json:
        _print_json(groups, entries, lang)
    elif len(entries) == 1:
        _print_run(entries[0], lang)
    else:
        _print_groups(groups, entries, lang, quiet)
    if write is not None:
        shown = visible(str(write))
        say(f"Written: {shown}. `dlrun train {shown}` trains it", quiet)


def _write(path: Path, groups: Sequence[Group], entries: Sequence[Entry], force: bool) -> None:
    from dlrun.insight.verdict.child import write_child
    from dlrun.insight.verdict.telling import diagnosed

    if len(groups) > 1:
        raise UsageError(f"--write: takes the runs of one configuration. Received: {len(groups)} configurations")
    run = diagnosed(groups[0].typical if groups else entries[0])
    if run.damage is not None:
        raise StoreError(run.damage)
    write_child(path, run.entry.folder, run.next, force)


def _print_json(groups: Sequence[Group], entries: Sequence[Entry], lang: str) -> None:
    from dlrun.insight.verdict.telling import diagnosed, group_document, run_document

    document = {"runs": [run_document(diagnosed(entry), lang) for entry in entries]}
    print_json({**document, "configurations": [group_document(group) for group in groups]} if groups else document)


def _print_run(entry: Entry, lang: str) -> None:
    from dlrun.insight.verdict.telling import diagnosed, run_lines

    for line, heading in run_lines(diagnosed(entry), lang):
        print(bold(line) if heading else line)
    if entry.folder.health_path.is_file():
        from dlrun.insight.health.telling import hint

        if (told := hint(entry.folder, lang)) is not None:
            print(told)


def _print_groups(groups: Sequence[Group], entries: Sequence[Entry], lang: str, quiet: bool) -> None:
    from dlrun.insight.verdict.telling import damaged_lines, group_table

    if groups:
        print_table(group_table(groups, lang), quiet)
    for line in damaged_lines(entries, lang):
        print(line)
    if len(groups) == 1:
        _print_run(groups[0].typical, lang)
