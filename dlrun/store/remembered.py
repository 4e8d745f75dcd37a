"""What was worked out of a finished run and is kept beside it in the index: a verdict, say. Valid as long as the run's
`result.json` is the same and the rule that worked it out is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from dlrun.store.index_database import transaction
from dlrun.store.index_rows import AT_ONCE, parts, storable


def values(database: sqlite3.Connection, topic: str, version: int, stamps: Mapping[str, str]) -> dict[str, Any]:
    """Folder -> value, of those of these folders whose value is valid.

    Args:
        stamps: of the folders as they are now.
    """
    found = {}
    for part in parts(filter(storable, stamps), AT_ONCE):
        places = ", ".join("?" * len(part))
        query = f"SELECT folder, stamp, value FROM remembered WHERE topic = ? AND version = ? AND folder IN ({places})"
        for folder, stamp, value in database.execute(query, (topic, version, *part)):
            if stamp == stamps[folder]:
                found[folder] = json.loads(value)
    return found


def keep(
    database: sqlite3.Connection, topic: str, version: int, stamps: Mapping[str, str], found: Mapping[str, Any]
) -> None:
    """Keeps values of runs that are in the index, all of them or none; they leave it with their runs.

    Args:
        stamps: of the folders as they were before the values were worked out.
    """
    rows = [
        (folder, topic, version, stamps[folder], json.dumps(value), folder)
        for folder, value in found.items()
        if storable(folder)
    ]
    with transaction(database):
        database.executemany(
            "INSERT OR REPLACE INTO remembered SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM runs WHERE folder = ?)",
            rows,
        )
