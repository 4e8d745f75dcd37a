"""Rows and pixels -> arrays."""

from dlrun.data.fingerprint import fingerprint
from dlrun.data.prepare import prepare
from dlrun.data.prepared import Prepared, Rows, Task
from dlrun.data.preprocessing import Preprocessing
from dlrun.data.streams import seed_sequence, stream
from dlrun.data.table import Table

__all__ = ["Prepared", "Preprocessing", "Rows", "Table", "Task", "fingerprint", "prepare", "seed_sequence", "stream"]
