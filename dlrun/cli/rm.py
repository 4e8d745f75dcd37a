"""`dlrun rm`: removes runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dlrun.cli.terminal import Quiet, Results, say

if TYPE_CHECKING:
    from dlrun.store import RunFolder, Store


def rm(
    runs: Annotated[list[str], typer.Argument(help="Runs by id, <name>-<id> or name.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    quiet: Quiet = False,
    results: Results = None,
) -> None:
    """Remove runs from the store: curves, record and weights. A run that is being trained is refused; an ensemble that
    loses a member by it is named.

    Example: dlrun rm wide-3f2a baseline --yes
    """
    from dlrun.errors import StoreBusy, UsageError
    from dlrun.store import Store
    from dlrun.store.names import visible

    store = Store.default(results)
    folders = list(dict.fromkeys(store.find(run) for run in runs))  # all are found before any is removed
    busy = [visible(folder.path.name) for folder in folders if folder.busy]
    if busy:
        raise StoreBusy(f"{', '.join(busy)}: running. End the training first; nothing was removed")
    for line in lost_members(store, folders):
        say(line)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("rm: asks before it removes, and there is no terminal to ask on. --yes removes without")
        for folder in folders:
            say(f"  {visible(folder.path.name)}  {folder.status}")
        if not typer.confirm(f"Remove {len(folders)} of the runs in {visible(str(store.root))}?", err=True):
            say("Nothing was removed", quiet)
            return
    for folder in folders:
        store.remove(folder)
        print(f"removed {visible(str(folder.path))}")


def lost_members(store: Store, folders: Sequence[RunFolder]) -> list[str]:
    """A line per ensemble that stays and would lose a member."""
    from dlrun.store.ensemble_file import ensembles_with
    from dlrun.store.names import visible

    found = ensembles_with(store.folders(), {folder.id for folder in folders})
    return [
        f"{visible(ensemble.path.name)} has {'1 of them as a member' if len(ids) == 1 else f'{len(ids)} as members'}: "
        "without, it predicts and evaluates no more"
        for ensemble, ids in found.items()
        if ensemble not in folders
    ]
