"""The interval of a configuration's mean over its validation rows, from stored predictions."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlrun.insight.comparable import loss_of
from dlrun.insight.configurations import Configuration
from dlrun.insight.metrics import bare
from dlrun.insight.statistics.rows import bootstrap_half, row_values
from dlrun.store import Entry

if TYPE_CHECKING:
    import numpy as np

_CLOSE = 1e-3
"""Rows must give the recorded value back, relative to it: else they are not what was measured."""


def row_interval(group: Configuration) -> float | None:
    """Half of the 95 % interval of the mean over the validation rows, all seeds' nets kept as they are.

    Rows are drawn again, with every seed's value of a row at once, so that it is the interval of the mean over seeds.
    None where no run has stored predictions, the metric is no mean over rows, or runs are validated on different rows.
    """
    found = [values for entry in group.usable if (values := measured_rows(group, entry)) is not None]
    if (
        not found
        or any(len(values) != len(found[0]) for values in found)
        or len(group.sample(group.monitor).partitions) > 1
    ):
        return None
    root = bare(group.monitor) == "root_mean_squared_error"
    return bootstrap_half(_mean(found), root)


def _mean(found: Sequence[np.ndarray]) -> np.ndarray:
    import numpy as np

    return np.asarray(np.mean(np.stack(found), axis=0))


def measured_rows(group: Configuration, entry: Entry) -> np.ndarray | None:
    """One value per validation row, if they give the recorded metric."""
    if group.last or not group.monitor.startswith("val_"):
        return None
    metric, target = bare(group.monitor), entry.record.get("target")
    try:
        arrays = _arrays(entry)
        values = row_values(metric, loss_of(entry.record), arrays, target["spread"] if target else None)
    except (OSError, ValueError, KeyError, IndexError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return None
    recorded = entry.record.get("metrics", {}).get(group.monitor)
    if values is None or recorded is None or not len(values):
        return None
    mean = float(values.mean())
    mean = math.sqrt(mean) if metric == "root_mean_squared_error" else mean
    return values if math.isclose(mean, recorded, rel_tol=_CLOSE, abs_tol=1e-6) else None


def _arrays(entry: Entry) -> dict[str, np.ndarray]:
    import numpy as np

    with np.load(entry.folder.predictions_path, allow_pickle=False) as stored:
        return {name: stored[name] for name in ("targets", "outputs")}
