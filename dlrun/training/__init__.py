"""Arrays and a spec -> curves and weights."""

from __future__ import annotations

from dlrun.training.curves import curve_columns
from dlrun.training.fitting_check import check_fit
from dlrun.training.job import Engine, EpochRow, Job, Network, OnEpoch, Outcome, Status, Stopping, never
from dlrun.training.metrics import metric_notes
from dlrun.training.objective import output_activation
from dlrun.training.trivial import trivial_metrics

__all__ = [
    "Engine",
    "EpochRow",
    "Job",
    "Network",
    "OnEpoch",
    "Outcome",
    "Status",
    "Stopping",
    "check_fit",
    "curve_columns",
    "load_engine",
    "metric_notes",
    "never",
    "output_activation",
    "trivial_metrics",
]


def load_engine(backend: str, device: str = "auto") -> Engine:
    """The engine that trains with this Keras backend on this device, a word of `--device`; loads Keras.

    Raises:
        BackendError: one of them is not there, or this process already computes on others.
    """
    from dlrun.training.keras_engine import KerasEngine

    return KerasEngine(backend, device)
