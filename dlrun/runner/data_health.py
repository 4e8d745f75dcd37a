"""The layers of a stored net on rows of a file: which units say nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dlrun.data import stream
from dlrun.errors import UsageError
from dlrun.runner.new_rows import new_rows
from dlrun.runner.stored_run import kind_of, open_run
from dlrun.store import RunFolder
from dlrun.training.health import health_of
from dlrun.training.health.document import document_of
from dlrun.training.precision import numbers_in

MOST_ROWS: Final = 4096
"""Rows that are looked at; of fewer all."""
MOST_NUMBERS: Final = 2**25
"""Rows x units that are held at once: 128 MB."""


@dataclass(frozen=True)
class DataHealth:
    """What was seen."""

    document: Mapping[str, Any]
    """As `health.json`, of one epoch, without gradients."""
    rows: int
    """That were looked at."""
    all_rows: int
    notes: tuple[str, ...]
    """What a user should know of the rows."""


def health_on(folder: RunFolder, source: str, backend: str | None = None) -> DataHealth:
    """The layers of a run's kept net on the rows of a file (or built-in set), normalised as in prediction.

    Raises:
        UsageError: the run has no net, or is of another kind.
        DataError: the file cannot be read, lacks columns or has no rows.
        BackendError, StoreError: as `StoredRun.network`.
    """
    record = folder.record()
    if kind_of(record) != "mlp":
        raise UsageError(f"{folder.path.name} is a run of the kind {kind_of(record)}: it has no layers to look at")
    run = open_run(folder)
    rows = new_rows(run, source)
    x = run.preprocessing.apply(rows.table)
    network = run.network(backend)
    seen = sampled(x, sum(run.experiment.model.hidden) + run.task.outputs)
    with numbers_in(network.precision):
        found = health_of(network.model, seen, batch_statistics=False)
    epoch = int(record.get("kept_epoch") or 0)
    document = document_of([epoch], [found], len(seen), 0, run.experiment.model.batch_normalization)
    return DataHealth(document, len(seen), len(x), rows.notes)


def sampled(x: np.ndarray, units: int) -> np.ndarray:
    """At most so many of the rows that their activations can be held."""
    most = max(1, min(MOST_ROWS, MOST_NUMBERS // units))
    return x if len(x) <= most else x[np.sort(stream(0, "health").choice(len(x), most, replace=False))]
