"""What stored runs answer for their own test rows: for benchmarks that compare runs row by row."""

from __future__ import annotations

import numpy as np

from dlrun.runner.own_rows import prepared_again
from dlrun.runner.predictors import open_predictor
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import StoredRun
from dlrun.training.metrics import Scored


def on_test_rows(stored: StoredRun, rows: RunData, backend: str) -> Scored:
    """The run's answers for the test rows out of its own source."""
    predictor = open_predictor(stored, backend)
    test = prepared_again(stored.readers[0], rows).test
    assert test is not None, f"{stored.folder.path.name} has no test rows"
    return Scored(test.y, predictor.of_test_rows(rows), stored.task, predictor.objective.threshold)


def right(scored: Scored) -> np.ndarray:
    """float64 (rows,): 1 where the answer is the true class."""
    return np.asarray(scored.classes == scored.targets, dtype=np.float64)
