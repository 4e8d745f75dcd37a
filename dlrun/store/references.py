"""How a run or a sweep is found by what a user types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlrun.errors import NoSuchRun, StoreError
from dlrun.store import meant
from dlrun.store.names import ID_LENGTH, visible
from dlrun.store.run_folder import RunFolder
from dlrun.store.sweep_folder import SweepFolder

if TYPE_CHECKING:
    from dlrun.store.store import Store


def find(store: Store, reference: str) -> RunFolder:
    """See `Store.find`."""
    return _only(reference, _answering(store, reference))


def find_all(store: Store, reference: str) -> list[RunFolder]:
    """See `Store.find_all`."""
    found = _answering(store, reference)
    if len({folder.label for folder in found}) == 1:
        return sorted(found, key=lambda folder: folder.path.name)
    return [_only(reference, found)]


def sweep(store: Store, reference: str) -> SweepFolder | None:
    """See `Store.sweep`."""
    folders = {folder.path.name: folder for folder in store.sweeps()}
    found = meant.matching(folders, _without_path(reference, store.root / "sweeps"))
    if len(found) > 1 and len({_runs(folders[name]) for name in found}) > 1:
        raise NoSuchRun(f"`{visible(reference)}` names {len(found)} sweeps. Say more of the id:{meant.listed(found)}")
    return folders[found[0]] if found else None


def sweep_or_runs(store: Store, reference: str) -> SweepFolder | list[RunFolder]:
    """See `Store.sweep_or_runs`."""
    names = store.names()
    bare = _without_path(reference, store.runs)
    if bare in names or (len(bare) == ID_LENGTH and meant.by_id(names, bare)):
        return find_all(store, reference)
    found = sweep(store, reference)
    if found is None:
        return find_all(store, reference)
    by_its_id = bare != found.path.name and meant.by_id([found.path.name], bare)
    rivals = meant.by_id(names, bare) if by_its_id else []
    if rivals:
        shown = meant.listed([*rivals, f"{found.path.name} (a sweep)"])
        raise NoSuchRun(f"`{visible(reference)}` names runs and a sweep. Say more of the id:{shown}")
    return found


def runs_named(store: Store, reference: str) -> list[RunFolder]:
    """See `Store.runs_named`."""
    found = sweep_or_runs(store, reference)
    return _runs_of(store, found) if isinstance(found, SweepFolder) else found


def _runs_of(store: Store, folder: SweepFolder) -> list[RunFolder]:
    """The runs of a sweep that are there; of one in two folders the finished one."""
    ids = folder.runs()
    folders = store.folders_of(ids)
    found = [min(folders[run], key=lambda folder: not folder.finished) for run in ids if run in folders]
    if not found:
        raise NoSuchRun(f"{folder.path}: none of its {len(ids):,} runs is in the store. `dlrun sweep` trains them")
    return found


def _answering(store: Store, reference: str) -> list[RunFolder]:
    """All runs that answer to a reference, at least one."""
    names = store.names()
    bare = _without_path(reference, store.runs)
    found = store.folders_named(meant.matching(names, bare)) or store.folders_named(meant.beginning_like(names, bare))
    if len(found) > 1:  # two names may share a label
        found = _truly_named(store, found, reference) or found
    if not found:
        shown = visible(reference)
        raise NoSuchRun(f"{store.root}: no run answers to `{shown}`.{meant.nearest(names, reference)}")
    return found


def _truly_named(store: Store, folders: Sequence[RunFolder], name: str) -> list[RunFolder]:
    """Those whose name is this one, letter by letter."""
    ends = store.index.endings([folder.path.name for folder in folders])
    true = {folder: ended.name for folder, ended in ends.items()}
    return [folder for folder in folders if (true.get(folder.path.name) or _true_name(folder)) == name]


def _true_name(folder: RunFolder) -> str | None:
    try:
        return folder.record()["name"]
    except StoreError:
        return None


def _only(reference: str, found: Sequence[RunFolder]) -> RunFolder:
    if len(found) == 1:
        return found[0]
    shown = meant.listed(folder.path.name for folder in found)
    raise NoSuchRun(f"`{visible(reference)}` names {len(found)} runs. Say more of the id:{shown}")


def _without_path(reference: str, parent: Path) -> str:
    """The folder's name where the reference is the path of a folder in `parent`."""
    path = Path(reference)
    if len(path.parts) > 1 and path.absolute().parent.resolve() == parent.resolve():
        return path.name
    return reference


def _runs(folder: SweepFolder) -> tuple[str, ...]:
    """Equal for sweeps that have the same runs."""
    try:
        return tuple(sorted(folder.runs()))
    except StoreError:
        return (folder.path.name,)
