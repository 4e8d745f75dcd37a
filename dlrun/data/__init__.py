"""Rows and pixels -> arrays."""

from dlrun.data.fingerprint import fingerprint
from dlrun.data.prepare import Source, prepare, read
from dlrun.data.prepared import Prepared, Rows, Task
from dlrun.data.preprocessing import Preprocessing
from dlrun.data.streams import seed_sequence, stream
from dlrun.data.table import Table

__all__ = [
    "Prepared",
    "Preprocessing",
    "Rows",
    "Source",
    "Table",
    "Task",
    "fingerprint",
    "prepare",
    "read",
    "seed_sequence",
    "stream",
]
