"""The columns of `curves.csv`."""

from __future__ import annotations

from dlrun.data import Task
from dlrun.spec import Experiment
from dlrun.training.metrics import metric_names


def curve_columns(experiment: Experiment, task: Task) -> tuple[str, ...]:
    """The columns of a run's curves, in order; no `val_` ones where no rows are held out.

    - epoch: counted from 1; 0 stands for the start, measured with `fit.epochs: 0`.
    - learning_rate: of the epoch's steps.
    - loss: what Keras reports while weights move: dropout on, penalty, class weights and smoothing in.
    - train_loss, val_loss, train_<metric>, val_<metric>: measured at the epoch's end, on the same weights, dropout off,
      plain data loss. Regression: in the target's own unit (mean_squared_error: its square).
    - penalty: the L1/L2 term at the epoch's end.
    - seconds: wall time of this epoch, measuring included.
    """
    sides = ("train", "val") if experiment.has_validation else ("train",)
    measures = ("loss", *metric_names(experiment, task))
    measured = [f"{side}_{name}" for name in measures for side in sides]
    by_side = sorted(measured[len(sides) :], key=lambda column: column.startswith("val_"))
    return ("epoch", "learning_rate", "loss", *measured[: len(sides)], *by_side, "penalty", "seconds")
