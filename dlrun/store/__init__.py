"""What is on disk: run folders, records, an index, locks. Importing it loads the standard library only."""

from dlrun.store.record import FORMAT, DataOrigin, Record, RowCounts, TargetScale
from dlrun.store.run_folder import RunFolder
from dlrun.store.store import Entry, Store
from dlrun.store.sweep_folder import SweepFolder
from dlrun.store.writer import Ending, RunWriter, finish_many

__all__ = [
    "FORMAT",
    "DataOrigin",
    "Ending",
    "Entry",
    "Record",
    "RowCounts",
    "RunFolder",
    "RunWriter",
    "Store",
    "SweepFolder",
    "TargetScale",
    "finish_many",
]
