"""What is on disk: run folders, records, an index, locks. Importing it loads the standard library only."""

from dlrun.store.record import FORMAT, DataOrigin, Record, RowCounts, TargetScale
from dlrun.store.run_folder import RunFolder
from dlrun.store.store import Entry, Store
from dlrun.store.writer import RunWriter

__all__ = [
    "FORMAT",
    "DataOrigin",
    "Entry",
    "Record",
    "RowCounts",
    "RunFolder",
    "RunWriter",
    "Store",
    "TargetScale",
]
