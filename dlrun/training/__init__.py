"""Arrays and a spec -> curves and weights."""

from __future__ import annotations

from collections.abc import Sequence

from dlrun.spec import Experiment
from dlrun.training.backend import require
from dlrun.training.curves import curve_columns
from dlrun.training.fitting_check import check_fit
from dlrun.training.fused.refusal import cannot_fuse
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
    "cannot_fuse",
    "check_fit",
    "curve_columns",
    "load_engine",
    "metric_notes",
    "never",
    "output_activation",
    "trivial_metrics",
]


def load_engine(backend: str, device: str = "auto", experiments: Sequence[Experiment] = ()) -> Engine:
    """The engine that trains with this Keras backend on this device, a word of `--device`; loads Keras.

    On JAX several experiments are trained together by the fused engine, where all of them can be.

    Raises:
        BackendError: one of them is not there, or this process already computes on others.
    """
    if backend == "jax":
        from dlrun.training.device_words import parse
        from dlrun.training.program_cache import cache_folder, keep_compiled

        require(backend)
        keep_compiled(cache_folder())
        if len(experiments) > 1 and not parse(device, backend).several and not any(map(cannot_fuse, experiments)):
            from dlrun.training.fused.engine import FusedEngine

            return FusedEngine(device)
    from dlrun.training.keras_engine import KerasEngine

    return KerasEngine(backend, device)
