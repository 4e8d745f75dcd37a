"""Arrays and a spec -> curves and weights."""

from __future__ import annotations

from dlrun.training.curves import curve_columns
from dlrun.training.job import Engine, EpochRow, Job, Network, OnEpoch, Outcome, Status
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
    "curve_columns",
    "load_engine",
    "output_activation",
    "trivial_metrics",
]


def load_engine(backend: str) -> Engine:
    """The engine that trains with this Keras backend; loads Keras.

    Raises:
        BackendError: the backend is not there, or Keras already runs on another one.
    """
    from dlrun.training.keras_engine import KerasEngine

    return KerasEngine(backend)
