"""How many threads scikit-learn may use."""

from __future__ import annotations

import os
from typing import Any

MOST = 8
"""More make none of the methods faster on a table."""


def threads() -> Any:
    """A context in which linear algebra has one thread, so that its sums have one order, and loops over rows have the
    cores that nothing else uses: on a busy machine two threads took eight times as long as one, each waiting for the
    other at every step."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().limit(limits={"blas": 1, "openmp": free_cores()})


def free_cores() -> int:
    """Cores of this process that are idle, by the load of the last minute; at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, min(MOST, round(cores - busy)))
