"""What only spec and data together show to be wrong, found before anything is trained or written. Loads no Keras."""

from __future__ import annotations

from dlrun.data import Prepared
from dlrun.spec import Experiment
from dlrun.training.class_weights import row_weights
from dlrun.training.given_weights import given_weights
from dlrun.training.network import dense_names, dense_shapes


def check_fit(experiment: Experiment, data: Prepared) -> None:
    """Checks given weights against the layers, and class weights against the classes.

    Raises:
        ConfigError: naming what does not fit.
    """
    row_weights(experiment.fit.class_weight, data.task, data.train.y)
    if experiment.model.weights is not None:
        shapes = dense_shapes(experiment.model, data.train.x.shape[1], data.task.outputs)
        given_weights(experiment.model, shapes, dense_names(experiment.model))
