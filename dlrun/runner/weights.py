"""Weights of runs that were finished without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlrun.errors import StoreError
from dlrun.runner.records import files_of, metrics_at
from dlrun.store import Record, RunFolder, Store
from dlrun.training import Outcome

if TYPE_CHECKING:
    from dlrun.runner.train import Planned

TOLERANCE = 1e-5
"""Relative difference of two trainings of one run that still counts as none."""


def without_weights(runs: Sequence[tuple[Planned, RunFolder]]) -> list[tuple[Planned, RunFolder]]:
    """Those of these finished runs that have a net worth keeping, but no files of it."""
    return [(run, folder) for run, folder in runs if not has_weights(folder) and has_net(folder)]


def has_weights(folder: RunFolder) -> bool:
    return all(path.is_file() for path in (folder.preprocessing_path, folder.predictions_path, folder.model_path))


def has_net(folder: RunFolder) -> bool:
    """Whether some epoch's weights are kept by its record; not so where it failed or diverged."""
    try:
        record = folder.record()
    except StoreError:
        return False
    return record["status"] not in ("failed", "diverged") and record.get("kept_epoch") is not None


def add_weights(store: Store, folder: RunFolder, outcome: Outcome) -> None:
    """Puts the files of the outcome's net into its folder; the net itself last, so that where it is all are.

    Raises:
        StoreBusy: another process writes the run.
        StoreNotWritable: no space left, or no permission.
    """
    files = dict(files_of(outcome))
    model = {name: files.pop(name) for name in list(files) if name == folder.model_path.name}
    store.add_files(folder, files | model)


def is_as_recorded(outcome: Outcome, record: Record, tolerance: float = TOLERANCE, same_epoch: bool = True) -> bool:
    """Whether training a run again gave what its record says.

    Args:
        tolerance: relative difference of a measure that counts as none.
        same_epoch: the kept epoch must be the same too.
    """
    if outcome.status != record["status"]:
        return False
    if outcome.kept_epoch != record.get("kept_epoch") and same_epoch:
        return False
    found, kept = metrics_at(outcome.curves, outcome.kept_epoch), record.get("metrics", {})
    return all(alike(value, found.get(key), tolerance) for key, value in kept.items())


def alike(one: float | None, other: float | None, tolerance: float = TOLERANCE) -> bool:
    """Equal within rounding; None stands for what is not finite."""
    if one is None or other is None or not math.isfinite(other):
        return one is None and (other is None or not math.isfinite(other))
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=1e-9)
