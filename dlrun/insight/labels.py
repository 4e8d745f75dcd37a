"""Short labels for runs, in tables and legends."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.insight.terminal_table import cut
from dlrun.store import Entry
from dlrun.store.names import visible

SHORTEST_ID = 6


def short_ids(ids: Sequence[str]) -> list[str]:
    """Beginnings of the ids, six characters or as many as tell them apart."""
    length = SHORTEST_ID
    while len({run_id[:length] for run_id in ids}) < len(set(ids)):
        length += 1
    return [run_id[:length] for run_id in ids]


def labels(entries: Sequence[Entry], width: int = 36) -> list[str]:
    """`<name>-<short id>` per run; a long name loses its middle."""
    ids = short_ids([entry.folder.id for entry in entries])
    names = [visible(entry.record["name"]) for entry in entries]
    return [f"{cut(name, width - len(short) - 1)}-{short}" for name, short in zip(names, ids, strict=True)]
