"""What is being trained now, as plain rows, read from the store alone while others write it."""

from dlrun.insight.watching.states import BestSoFar, RunState, Seen, SweepState
from dlrun.insight.watching.watcher import Watcher
from dlrun.insight.watching.words import document, run_line, run_table, sweep_line

__all__ = [
    "BestSoFar",
    "RunState",
    "Seen",
    "SweepState",
    "Watcher",
    "document",
    "run_line",
    "run_table",
    "sweep_line",
]
