"""Which folders a user means by what is typed: runs and sweeps have names of one form, `<label>-<id>`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dlrun.store.names import ID_LENGTH, safe_label, split_folder_name, visible

_LISTED = 10
"""How many candidates a message names."""
_PREFIX = re.compile(rf"[0-9a-f]{{1,{ID_LENGTH}}}")
_TAIL = ID_LENGTH + 1
"""Characters after the label: `-` and the id."""
_MOST_COMPARED = 2000
"""Looking for the nearest among more names than these takes too long."""


def matching(names: Iterable[str], reference: str) -> list[str]:
    """The folder with exactly this name; else those with this label, whose id begins so, or both: `<name>-<beginning>`.

    Args:
        names: of folders, and of whatever else lies beside them.
    """
    known = list(names)
    if split_folder_name(reference) and reference in known:
        return [reference]
    label, bare = safe_label(reference), reference.strip()
    prefix = reference if _PREFIX.fullmatch(reference) else None
    both = _label_and_prefix(reference)
    found = [
        name
        for name in known
        if (prefix is not None and name.startswith(prefix, -ID_LENGTH))
        or (bare and name[:-_TAIL] == label)
        or (both is not None and name.startswith(both[1], -ID_LENGTH) and name[:-_TAIL] == both[0])
    ]
    return [name for name in found if split_folder_name(name)]


def by_id(names: Iterable[str], reference: str) -> list[str]:
    """Those whose id begins so, where the reference gives an id or `<name>-<beginning of the id>`."""
    label = safe_label(reference)
    return [name for name in matching(names, reference) if name[:-_TAIL] != label]


def beginning_like(names: Iterable[str], reference: str) -> list[str]:
    """Those whose label begins so."""
    label = safe_label(reference)
    if not reference.strip():
        return []
    return [name for name in names if name[:-_TAIL].startswith(label) and split_folder_name(name)]


def listed(names: Iterable[str]) -> str:
    """The names, a line each; of many the first."""
    ordered = sorted(names)
    more = f"\n  ... and {len(ordered) - _LISTED} more" if len(ordered) > _LISTED else ""
    return "".join(f"\n  {visible(name)}" for name in ordered[:_LISTED]) + more


def nearest(names: Sequence[str], reference: str) -> str:
    """The end of a message about a reference that nothing answers to: what is spelled like it."""
    from difflib import get_close_matches

    folders = [name for name in names if split_folder_name(name)]
    if not folders:
        return " It has no runs yet"
    labels = {name[:-_TAIL]: name for name in folders}
    compared = [*labels, *folders][:_MOST_COMPARED]
    near = get_close_matches(safe_label(reference), compared, n=3, cutoff=0.5)
    found = dict.fromkeys(labels.get(name, name) for name in near)
    return f" The nearest:{listed(found)}" if found else " `dlrun ls` lists them all"


def _label_and_prefix(reference: str) -> tuple[str, str] | None:
    name, _, prefix = reference.rpartition("-")
    return (safe_label(name), prefix) if name and _PREFIX.fullmatch(prefix) else None
