"""What `dlrun sweep` left in its store: whether all was done, and where its time went."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.workloads import Workload

Record = Mapping[str, Any]


def records(store: Path) -> list[Record]:
    """The `result.json` of every finished run."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in (store / "runs").glob("*/result.json")]


def checked(store: Path, sweep: Workload) -> list[Record]:
    """The records, once it is sure that the sweep did what the other sides did.

    Raises:
        RuntimeError: runs are missing, did not complete, or have other epochs or train rows.
    """
    found = records(store)
    expected = Counter({("completed", sweep.epochs, sweep.shape.train): len(sweep.runs())})
    came = Counter((one["status"], one["epochs"], one["rows"]["train"]) for one in found)
    if came != expected:
        raise RuntimeError(
            f"{sweep.name}: (status, epochs, train rows) -> runs must be {dict(expected)}. Received: {dict(came)}"
        )
    return found


def mean_accuracy(found: Sequence[Record]) -> float:
    """Validation accuracy after the last epoch."""
    return statistics.mean(float(one["metrics_last"]["val_accuracy"]) for one in found)


def phase_seconds(found: Iterable[Record]) -> dict[str, float]:
    """Phase -> seconds, summed over the runs. Programs run beside each other, so the sum may exceed the wall time."""
    total: Counter[str] = Counter()
    for one in found:
        total.update({phase: span for phase, span in one["seconds"].items() if phase != "total"})
    return dict(total)
